import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BARE_ENVIRONMENT, type Binaries, cannotRun } from './binaries.js';
import { type ClusterHome, logFile } from './cluster-home.js';
import { databaseError, DataFolderError } from './data-folder-error.js';
import { processesIn, processStart } from './process-identity.js';

const POLL_MS = 10;
const START_LIMIT_MS = 60_000; // recovery after a crash replays at most max_wal_size
const FAST_STOP_LIMIT_MS = 20_000;
const START_ATTEMPTS = 5;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const LOG_CHECK_MS = 60_000;

/** Durable first (every acknowledged commit is on disk), then few and small processes. */
const SETTINGS: Record<string, string | number> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_logical_replication_workers: 0,
  max_wal_size: '1GB',
  shared_buffers: '128MB',
  // Every process has a pool for each role, and the services of a trial run on it too.
  max_connections: 100,
  io_method: 'sync',
  // A tenant's first import makes empty tables large at once; until they are analysed, plans read the whole tenant.
  autovacuum_naptime: '10s',
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  // Statements and the values in error details may hold what users said: they do not belong in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** A running PostgreSQL that this process started. */
export interface Postmaster {
  port: number;
  /** Ends it in order: clients are disconnected, everything is on disk when the promise resolves. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a loopback port, a free one unless it is given, and waits until it takes connections.
 * @param onExit called if it ends without being asked to
 * @throws DataFolderError with the end of its log if it does not start
 */
export async function startPostmaster(
  binaries: Binaries,
  home: ClusterHome,
  cluster: string,
  { port: wantedPort, onExit }: { port?: number | undefined; onExit: (sentence: string) => void },
): Promise<Postmaster> {
  await shortenLog(home.path);
  for (let attempt = 1; ; attempt += 1) {
    const port = wantedPort ?? (await freePort());
    const logStart = (await stat(logFile(home.path)).catch(() => null))?.size ?? 0;
    const child = await spawnPostgres(binaries, home, cluster, port);
    if (await becomesReady(child, cluster)) return supervise(child, port, home, onExit);
    const complaint = (await readFile(logFile(home.path))).subarray(logStart).toString('utf8').trim();
    // Another program may take the port first, and workers of a killed server need a moment to notice its death.
    const mayPass = /could not bind|could not create any TCP\/IP sockets|still in use/.test(complaint);
    if (!mayPass || attempt === START_ATTEMPTS)
      throw databaseError(`PostgreSQL did not start in ${home.path}`, complaint);
    await sleep(attempt * 200);
  }
}

/** The operating system picks the port; between this and the start somebody else may take it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function spawnPostgres(
  binaries: Binaries,
  home: ClusterHome,
  cluster: string,
  port: number,
): Promise<ChildProcess> {
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(logFile(home.path), 'a', 0o600);
  try {
    // Detached: Ctrl-C in a terminal must reach only us, so that we can finish our requests before the database ends.
    const child = spawn(binaries.postgres, ['-D', cluster, ...settings], {
      ...home.user,
      cwd: '/',
      env: BARE_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve).once('error', (err) => reject(cannotRun(binaries.postgres, err)));
    });
    return child;
  } finally {
    await log.close();
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  for (const endMs = Date.now() + START_LIMIT_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    if (hasEnded(child)) return false;
    const status = await readStatus(cluster);
    if (status?.pid === child.pid && status?.isReady) return true;
  }
  child.kill('SIGQUIT');
  return false;
}

function supervise(
  child: ChildProcess,
  port: number,
  home: ClusterHome,
  onExit: (sentence: string) => void,
): Postmaster {
  const watchdog = startWatchdog(child.pid!, home);
  const logTimer = setInterval(() => void shortenLog(home.path).catch(() => undefined), LOG_CHECK_MS).unref();
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  let isStopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      clearInterval(logTimer);
      process.removeListener('exit', endWithUs);
      watchdog?.kill('SIGKILL'); // before its pipe closes, or it would signal whoever gets this process id next
      if (!isStopping) onExit(`PostgreSQL ended by itself (${signal ?? code}); its log is ${logFile(home.path)}`);
      resolve();
    });
  });
  child.unref();
  return {
    port,
    stop: async () => {
      isStopping = true;
      if (hasEnded(child)) return ended;
      child.ref();
      child.kill('SIGINT');
      const isSlow = await Promise.race([ended.then(() => false), sleep(FAST_STOP_LIMIT_MS, true, { ref: false })]);
      if (isSlow) child.kill('SIGQUIT'); // as a crash: the next start recovers from the write-ahead log
      return ended;
    },
  };
}

/**
 * Ends PostgreSQL when this process dies without a word (kill -9): a shell of 1 MB waits on a pipe that the kernel
 * closes with us. Systems without a shell do without; the next start then finds the orphan and stops it.
 */
function startWatchdog(postmasterPid: number, home: ClusterHome): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(postmasterPid)], {
    ...home.user,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.once('error', () => undefined);
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return watchdog;
}

/** PostgreSQL appends to an open file: copying it away and cutting it to nothing keeps at most two of the limit. */
async function shortenLog(home: string): Promise<void> {
  const log = logFile(home);
  const size = (await stat(log).catch(() => null))?.size ?? 0;
  if (size <= LOG_LIMIT_BYTES) return;
  await copyFile(log, `${log}.1`);
  await truncate(log);
}

/** What `postmaster.pid` says: line 1 the process, line 4 the port, line 8 the state. Null if there is no such file. */
export async function readStatus(cluster: string): Promise<{ pid: number; port: number; isReady: boolean } | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/**
 * Ends the PostgreSQL that a killed server left behind on this cluster. The caller holds the data folder's lock, so
 * whoever still works there is an orphan.
 * @throws DataFolderError if it does not end
 */
export async function stopOrphan(cluster: string, onProgress: (sentence: string) => void): Promise<void> {
  const status = await readStatus(cluster);
  if (status === null) return;
  const workers = await processesIn(cluster);
  // Where the system cannot tell, PostgreSQL's own lock file decides: it refuses to start beside a living server.
  const isOurs = workers === null ? (await processStart(status.pid)) !== null : workers.includes(status.pid);
  if (isOurs) {
    onProgress(`Stopping the PostgreSQL that a killed server left behind (process ${status.pid})`);
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      signalProcess(status.pid, signal, cluster);
      if (await endsWithin(status.pid, FAST_STOP_LIMIT_MS)) break;
    }
  }
  for (const endMs = Date.now() + FAST_STOP_LIMIT_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    const left = (await processesIn(cluster)) ?? [];
    if (left.length > 0) continue;
    // Nobody is left, but a stranger may have the old process id, which PostgreSQL would take for a living server.
    if (workers !== null) await rm(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  throw new DataFolderError(`A former PostgreSQL (process ${status.pid}) still works in ${cluster} and does not end`);
}

function signalProcess(pid: number, signal: NodeJS.Signals, cluster: string): void {
  try {
    process.kill(pid, signal);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw new DataFolderError(
      `A former PostgreSQL (process ${pid}) still works in ${cluster} and may not be stopped by us`,
    );
  }
}

async function endsWithin(pid: number, limitMs: number): Promise<boolean> {
  for (const endMs = Date.now() + limitMs; Date.now() < endMs; await sleep(POLL_MS)) {
    if ((await processStart(pid)) === null) return true;
  }
  return false;
}

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const STACK = fileURLToPath(new URL('../../tools/stack/', import.meta.url));
const pollMs = 50;

/** For the `beforeAll` that asks for servers: the first may have to install them. */
export const serversLimitMs = 180_000;

/** How each server is reached; `qdrantApiKey` is for a server of the tester's own, named by QDRANT_URL. */
interface Reached {
  kafka: { kafkaBrokers: string[] };
  redis: { redisUrl: string };
  qdrant: { qdrantUrl: string; qdrantApiKey: string | null };
}
type ServerName = keyof Reached;
type All<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer Every) => void
  ? Every
  : never;

/**
 * Real servers that all tests of this jest run share. The first test that asks for one starts it. Tests keep out of each
 * other's way by a namespace of their own (see freshNamespace); nobody stops or flushes what is shared.
 */
export async function sharedServers<Name extends ServerName>(...names: Name[]): Promise<All<Reached[Name]>> {
  const reached = await Promise.all(names.map(async (name) => reachedAs(name, await sharedUrl(name))));
  return Object.assign({}, ...reached) as All<Reached[Name]>;
}

/** A prefix for topics, groups, collections and keys that no other test has. */
export const freshNamespace = () => `t${randomBytes(5).toString('hex')}-`;

function reachedAs(name: ServerName, url: string): Partial<All<Reached[ServerName]>> {
  if (name === 'kafka') return { kafkaBrokers: [url] };
  if (name === 'redis') return { redisUrl: url };
  return { qdrantUrl: url, qdrantApiKey: process.env['QDRANT_API_KEY'] || null };
}

async function sharedUrl(name: ServerName): Promise<string> {
  if (name === 'qdrant' && process.env['QDRANT_URL']) return process.env['QDRANT_URL'];
  const { TEST_SERVERS_FOLDER: folder, TEST_SERVERS_OWNER: owner } = process.env;
  if (!folder || !owner) throw new Error('Shared servers belong to a jest run; see servers-setup.mjs');
  if (isFirst(join(folder, `${name}.claim`))) hold(name, folder, owner);
  for (const endMs = Date.now() + serversLimitMs; Date.now() < endMs; await sleep(pollMs)) {
    const failure = await readFile(join(folder, `${name}.failed`), 'utf8').catch(() => null);
    if (failure !== null) throw new Error(`The shared ${name} failed: ${failure}`);
    const ready = await readFile(join(folder, `${name}.ready`), 'utf8').catch(() => null);
    if (ready !== null) return (JSON.parse(ready) as { url: string }).url;
  }
  throw new Error(`The shared ${name} was not ready within ${serversLimitMs / 1000} s; see ${folder}/${name}.log`);
}

/** Only one process can make a file. */
function isFirst(claim: string): boolean {
  try {
    closeSync(openSync(claim, 'wx'));
    return true;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw err;
  }
}

/** Detached: this worker may end long before the run does. */
function hold(name: ServerName, folder: string, owner: string): void {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const words = [join(STACK, 'hold-shared.mjs'), name, folder, owner];
  spawn(process.execPath, words, { detached: true, stdio: ['ignore', log, log] }).unref();
  closeSync(log);
}

interface Reply {
  id: number;
  url?: string;
  pid?: number;
  error?: string;
}

/** A server that belongs to one test, which may do to it what it likes. `remove` leaves neither process nor files. */
export class OwnServer {
  /** `host:port` of the broker for Kafka. The same over every restart. */
  url = '';
  /** Of the server's process now, or of the last one: for signals that do not end it (SIGSTOP, SIGCONT). */
  pid = 0;
  private calls = 0;

  constructor(
    private readonly holder: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Sends a signal that ends it, and waits until it has ended. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    return this.ask('kill', signal);
  }

  /** Ends it in order. */
  stop(): Promise<void> {
    return this.ask('stop');
  }

  /** Starts it again on its port and data, and waits until it answers; stops it in order before, if it runs. */
  restart(): Promise<void> {
    return this.ask('restart');
  }

  async remove(): Promise<void> {
    if (this.holder.exitCode === null && this.holder.signalCode === null) {
      const ended = once(this.holder, 'exit');
      this.holder.disconnect();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }

  /** @throws Error saying what the server said */
  async ask(call: 'start' | 'kill' | 'stop' | 'restart', argument?: string): Promise<void> {
    const id = (this.calls += 1);
    const { promise, resolve, reject } = withResolvers<Reply>();
    const hear = (reply: Reply) => reply.id === id && resolve(reply);
    const end = () => reject(new Error(`The process that holds the server has ended (${this.folder})`));
    this.holder.on('message', hear).once('exit', end);
    if (this.holder.connected) this.holder.send({ id, call, argument }, (err) => err && end());
    else end();
    const { url, pid, error } = await promise.finally(() => this.holder.off('message', hear).off('exit', end));
    if (error !== undefined) throw new Error(error);
    Object.assign(this, { url, pid });
  }
}

function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<Value>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}

/** A Kafka that dies is believed dead by its cluster for nine seconds, in which it cannot come back: here for three. */
const KAFKA_SETTINGS = { 'broker.session.timeout.ms': 3000, 'broker.heartbeat.interval.ms': 500 };

/**
 * Starts a server for tests that kill it; one for Qdrant is always the stand-in. Remove it when the test is done.
 * @param settings more settings of a Kafka broker
 */
export async function startOwnServer(
  name: ServerName | 'postgres',
  settings: Record<string, string | number> = {},
): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), `memorystack-${name}-`));
  // PostgreSQL does not run as root, so its user has to get to its data.
  await chmod(folder, 0o711);
  const options = name === 'kafka' ? { settings: { ...KAFKA_SETTINGS, ...settings } } : {};
  const words = [name, join(folder, name), JSON.stringify(options)];
  const holder = fork(join(STACK, 'hold-own.mjs'), words, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const server = new OwnServer(holder, folder);
  try {
    await server.ask('start');
    return server;
  } catch (err) {
    await server.remove();
    throw err;
  }
}

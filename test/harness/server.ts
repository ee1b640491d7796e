import { afterAll, beforeAll } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CommandRun, createdKey, type Exit, runCommand } from './operator-commands.js';
import { ServerClient } from './server-client.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const startLimitMs = 60_000;
const stopLimitMs = 30_000;
const pollMs = 20;

/**
 * The built server as a process of its own, on a free port and a data folder of its own. It can be killed and started
 * again on the same folder; `remove` leaves neither processes nor files.
 */
export class TestServer {
  /** Of the first key. */
  readonly tenant = 'default';
  readonly key = `test-${randomBytes(16).toString('hex')}`;
  /** Everything that the server printed since its last start. */
  output = '';
  private folder: string | null = null;
  private child: ChildProcess | null = null;
  private exited: Promise<Exit> | null = null;
  private clients: ServerClient[] = [];
  private address = '';

  /** @param settings environment variables of the server, besides those of the harness */
  constructor(private readonly settings: Record<string, string> = {}) {}

  get url(): string {
    return this.address;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  get dataDir(): string {
    return this.folder!;
  }

  /** What the server's process, and the operator's commands beside it, find in their environment. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...withoutServerVariables(process.env),
      PORT: '0',
      MEMORYSTACK_DATA_DIR: this.dataDir,
      MEMORYSTACK_API_KEY: this.key,
      MEMORYSTACK_LOG_LEVEL: 'warn',
      MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1000000',
      MEMORYSTACK_RATE_LIMIT_BURST: '1000000',
      ...this.settings,
    };
  }

  /** Starts the server on its folder. Resolves when it says that it takes requests and its search index is loaded. */
  async start(): Promise<void> {
    await this.spawn();
    const { exited } = this;
    for (const endMs = Date.now() + startLimitMs; Date.now() < endMs; await sleep(pollMs)) {
      const url = /Memorystack is ready at (http\S+)/.exec(this.output)?.[1];
      const exit = await Promise.race([exited!, sleep(0, null)]);
      if (exit !== null) throw new Error(`The server ended (${exit.signal ?? exit.code}) and said:\n${this.output}`);
      if (url === undefined) continue;
      this.address = url;
      if (await this.isReady()) return;
    }
    throw new Error(`The server was not ready within ${startLimitMs / 1000} s and said:\n${this.output}`);
  }

  /** Starts the process without waiting for anything: for starts that are meant to fail. */
  async spawn(): Promise<void> {
    this.folder ??= await mkdtemp(join(tmpdir(), 'memorystack-server-'));
    this.output = '';
    const child = spawn(process.execPath, [join(ROOT, 'dist/apps/standalone/main.js')], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.child = child;
    this.exited = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Exit);
  }

  /** A client with this key; without one, with the server's first key. */
  client(key: string | null = this.key): ServerClient {
    const client = new ServerClient(this.url, key);
    this.clients.push(client);
    return client;
  }

  /** Sends a signal and waits until the process has ended. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.child!.kill(signal);
    return this.exit();
  }

  /** Waits until the process has ended by itself, or after a signal. @throws Error after half a minute */
  async exit(): Promise<Exit> {
    const exit = await Promise.race([this.exited!, sleep(stopLimitMs, null, { ref: false })]);
    if (exit !== null) return exit;
    this.child!.kill('SIGKILL');
    throw new Error(`The server did not end within ${stopLimitMs / 1000} s and said:\n${this.output}`);
  }

  /** Runs `npm run <name> -- <words>` on the server's folder. */
  command(name: string, ...words: string[]): Promise<CommandRun> {
    return runCommand({ cwd: this.dataDir, env: this.environment }, name, words);
  }

  /** Makes an API key with `npm run keys -- create`, while the server runs or without it. */
  async createKey(...words: string[]): Promise<{ keyId: string; secret: string }> {
    return createdKey(await this.command('keys', 'create', ...words));
  }

  /** Ends the process in whatever state it is, and removes the folder. */
  async remove(): Promise<void> {
    for (const client of this.clients) client.close();
    try {
      if (this.child) await this.end('SIGTERM');
    } finally {
      // A PostgreSQL whose server was killed may be about to end, and still write.
      if (this.folder) await rm(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    }
  }

  private async isReady(): Promise<boolean> {
    const client = new ServerClient(this.url, null);
    try {
      return (await client.get('//readyz')).status === 200;
    } finally {
      client.close();
    }
  }
}

/** A server for all tests of the `describe` around, or of the file. */
export function useServer(settings: Record<string, string> = {}): TestServer {
  const server = new TestServer(settings);
  beforeAll(async () => {
    buildServer();
    await server.start();
  }, startLimitMs);
  afterAll(() => server.remove(), startLimitMs);
  return server;
}

/** Brings `dist` up to date; takes a fraction of a second when it is. */
export function buildServer(): void {
  const build = spawnSync(process.execPath, [join(ROOT, 'tools/build.mjs')], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr);
}

/** The tests may run in a shell that is set up for a server of its own. */
function withoutServerVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isForServer = (name: string) => /^(?:(?:MEMORYSTACK|KAFKA|QDRANT)_\w+|DATABASE_URL|REDIS_URL|PORT)$/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isForServer(name)));
}

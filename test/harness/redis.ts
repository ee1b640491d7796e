import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimitMs = 20_000;

/** A real redis-server on a free port of the loopback address, in a folder of its own. */
export interface TestRedis {
  url: string;
  /** Ends it; SIGKILL is a crash, SIGSTOP a server that keeps its connections and says nothing. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again on the same port: empty, unless further options of redis-server say otherwise. */
  start(options?: readonly string[]): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export async function startTestRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'memorystack-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  };
  // Also when the test process ends without stopping it.
  process.once('exit', () => child?.kill('SIGKILL'));
  const start = async (options: readonly string[] = []): Promise<void> => {
    child = await startServer(folder, port, options);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}/0`,
    end,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    stop: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(folder: string, port: number, more: readonly string[]): Promise<ChildProcess> {
  const settings = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'no', daemonize: 'no' };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn('redis-server', [...options, ...more], { stdio: 'ignore' });
  const failure = new Promise<never>((_, reject) => {
    child.once('error', (error) =>
      reject(new Error(`redis-server cannot be started (${error.message}); install the package redis-server`)),
    );
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code} at its start`)));
  });
  failure.catch(() => undefined);
  await Promise.race([failure, answering(port)]);
  return child;
}

async function answering(port: number): Promise<void> {
  for (const endMs = Date.now() + startLimitMs; Date.now() < endMs; await sleep(20)) {
    if (await ping(port)) return;
  }
  throw new Error(`redis-server has not answered within ${startLimitMs} ms`);
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for a condition, which a slow machine only delays. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  for (const endMs = Date.now() + limitMs; Date.now() < endMs; await sleep(20)) {
    if (await condition()) return;
  }
  throw new Error(`not within ${limitMs} ms: ${what}`);
}

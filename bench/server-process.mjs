// The server as a user starts it, in a process of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readyLimitMs = 300_000;
const pollMs = 20;

/** Runs `work(dataDir)` on an empty folder and removes it afterwards. */
export async function withDataFolder(work) {
  const dataDir = mkdtempSync(join(tmpdir(), 'memorystack-bench-'));
  try {
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Starts the server on `dataDir`, runs `work({ url, headers, pid, readyMs })` when it is ready, and stops it.
 * `readyMs` counts from the start of the process to the first 200 of /readyz.
 */
export async function withServer(dataDir, work) {
  const key = `bench-${randomBytes(24).toString('hex')}`;
  return withServerAndKey(dataDir, key, work);
}

/** As `withServer`, with the API key that the data folder was first started with. */
export async function withServerAndKey(dataDir, key, work) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = process.env.BENCH_SERVER_FLAGS?.split(' ').filter(Boolean) ?? [];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...flags, join(root, 'tools', 'start.mjs')], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      MEMORYSTACK_DATA_DIR: dataDir,
      MEMORYSTACK_API_KEY: key,
      MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1000000',
      MEMORYSTACK_RATE_LIMIT_BURST: '1000000',
      MEMORYSTACK_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // The welcome is for people, and comes when the first key is made; the log (JSON lines) tells what went wrong.
  const welcomed = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) console.error(line);
      else if (line.startsWith('Try it')) resolve();
    });
  });
  try {
    await becomesReady(url, child, startedMs);
    const readyMs = performance.now() - startedMs;
    await welcomed;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return await work({ url, headers, pid: child.pid, readyMs });
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function becomesReady(url, child, startedMs) {
  while (performance.now() - startedMs < readyLimitMs) {
    if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode} before it was ready.`);
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    await ready?.arrayBuffer();
    if (ready?.status === 200) return;
    await sleep(pollMs);
  }
  throw new Error(`The server was not ready after ${readyLimitMs / 1000} s.`);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One request; the body of the answer. Throws what the server said when it is not 2xx. */
export async function ask(server, method, path, body) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: server.headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

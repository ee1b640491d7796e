// `npm run demo`: plays the demonstration on a server of its own, whose data is thrown away, or on the one that
// MEMORYSTACK_BASE_URL and MEMORYSTACK_API_KEY name.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain, prepare, ROOT } from '../preparation.mjs';
import { demonstrate } from './demonstration.mjs';

const HELP = `usage: npm run demo

Plays a story on a server that it starts for it, and throws away: a belief is wrongly retired, lineage says who, when and
why, undo brings it back, and searches as of each moment give different right answers.

With MEMORYSTACK_BASE_URL and MEMORYSTACK_API_KEY it plays on that server instead, under an end user of its own.`;
const READY_SECONDS = 120;

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(HELP);
} else {
  await play().catch((error) => {
    explain(error);
    process.exitCode = 1;
  });
}

async function play() {
  const { MEMORYSTACK_BASE_URL: baseUrl, MEMORYSTACK_API_KEY: apiKey } = process.env;
  if (baseUrl) {
    if (!apiKey) throw new Error('Set MEMORYSTACK_API_KEY beside MEMORYSTACK_BASE_URL.');
    await demonstrate({ baseUrl: baseUrl.replace(/\/$/, ''), apiKey, tell: console.log });
    return;
  }
  await prepare((line) => console.log(line));
  const dataDir = await mkdtemp(join(tmpdir(), 'memorystack-demo-'));
  const server = await startServer(dataDir);
  try {
    await demonstrate({ ...server, tell: console.log });
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A standalone server on a free port of loopback, with a key of its own. */
async function startServer(dataDir) {
  const apiKey = `demo-${crypto.randomUUID()}`;
  const { MEMORYSTACK_MASTER_KEY: _masterKey, DATABASE_URL: _database, ...inherited } = process.env;
  const env = { ...inherited, PORT: '0', MEMORYSTACK_DATA_DIR: dataDir, MEMORYSTACK_API_KEY: apiKey };
  const child = spawn(process.execPath, ['dist/apps/standalone/main.js'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The server was not ready in time:\n${printed}`)),
      READY_SECONDS * 1000,
    );
    const listen = (chunk) => {
      printed += chunk;
      const ready = /Memorystack is ready at (http\S+)/.exec(printed);
      if (!ready) return;
      clearTimeout(timer);
      resolve(ready[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { baseUrl: url, apiKey, stop };
}

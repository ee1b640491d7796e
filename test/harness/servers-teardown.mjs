// After a jest run: ends the servers that its tests shared. They would end by themselves too, a little later.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 30_000;

const isThere = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

export default async function tearDown() {
  const folder = process.env.TEST_SERVERS_FOLDER;
  const holders = readdirSync(folder).filter((name) => name.endsWith('.holder'));
  const pids = holders.map((name) => Number(readFileSync(join(folder, name), 'utf8'))).filter(isThere);
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  for (const endMs = Date.now() + LIMIT_MS; pids.some(isThere) && Date.now() < endMs; await sleep(50));
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

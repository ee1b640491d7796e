// How long `npm start` takes on a data folder that is there, with 10,000 memories in it, and what the server's own
// process holds in memory when nobody asks anything.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { statement, withLedger } from './ledger-writing.mjs';
import { concurrently, report } from './measuring.mjs';
import { ask, withDataFolder, withServerAndKey } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const memories = 10_000;
const atOnce = 60;
const idleMs = 5_000;

const residentMiB = (pid) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

const random = seededRandom(4);
const texts = Array.from({ length: memories }, (_, number) => `${number} ${sentence(random, between(random, 6, 18))}`);
const key = `bench-${randomBytes(24).toString('hex')}`;

await withDataFolder(async (dataDir) => {
  await withLedger(dataDir, ({ send }) => concurrently(memories, atOnce, (number) => send(statement(texts[number]))));
  // The first start brings the read model up to the log and makes the key; it is no measurement.
  await withServerAndKey(dataDir, key, async (server) => {
    const { totals } = await ask(server, 'GET', '/stats');
    console.log(`${totals.memories} memories`);
  });
  await report(
    'start',
    {
      readyMs: { unit: 'ms', bar: 3_000, better: 'lower' },
      idleMiB: { unit: 'MiB', bar: 250, better: 'lower' },
    },
    () =>
      withServerAndKey(dataDir, key, async ({ pid, readyMs }) => {
        await sleep(idleMs);
        return { readyMs: Math.round(readyMs), idleMiB: Math.round(residentMiB(pid)) };
      }),
  );
});

// How fast the started server writes all memories of a tenant to a file, and how much memory that takes.
// usage: npm run bench -- export [MEMORIES]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { concurrently, report } from './measuring.mjs';
import { noPlace, statement, withLedger } from './ledger-writing.mjs';
import { withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const memories = Number(process.argv[2] ?? 100_000);
const atOnce = 60;
const users = 200;
const sampleMs = 50;
const random = seededRandom(5);

async function fill(send) {
  await concurrently(memories, atOnce, (number) => {
    const content = `Note ${number}: ${sentence(random, between(random, 8, 16))}`;
    return send(statement(content, { ...noPlace, userId: `user-${number % users}` }));
  });
}

/** Resident memory of a process in MiB. */
function residentMib(pid) {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kib) / 1024;
}

/** Reads one export to its end, and checks it by its own trailer. */
async function exported({ url, headers, pid }, more) {
  const before = residentMib(pid);
  let highest = before;
  const sampling = setInterval(() => (highest = Math.max(highest, residentMib(pid))), sampleMs);
  const startedMs = performance.now();
  const answer = await fetch(`${url}/api/v1/memories/export`, {
    ...{ method: 'POST', headers: { ...headers, accept: 'application/x-ndjson' }, body: JSON.stringify(more) },
  });
  const hash = createHash('sha256');
  let held = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    // The trailer is the last line: whatever comes before the last line but one is of the memories.
    const all = Buffer.concat([held, chunk]);
    const cut = all.lastIndexOf(10, -2) + 1;
    hash.update(all.subarray(0, cut));
    held = all.subarray(cut);
  }
  clearInterval(sampling);
  const seconds = (performance.now() - startedMs) / 1000;
  const { trailer } = JSON.parse(held.toString());
  if (answer.status !== 200 || trailer.count !== memories) throw new Error(`${trailer.count} memories were exported.`);
  if (trailer.digest !== `sha256:${hash.digest('hex')}`) throw new Error('The digest is another one.');
  return { perSecond: Math.round(memories / seconds), growthMib: Math.round(highest - before), bytes };
}

await withDataFolder(async (dataDir) => {
  await withLedger(dataDir, ({ send }) => fill(send));
  await withServer(dataDir, async (server) => {
    const figures = {
      memoriesPerSecond: { unit: 'memories/s', bar: 20_000, better: 'higher' },
      growthMib: { unit: 'MiB', bar: 150, better: 'lower' },
      withHistoryPerSecond: { unit: 'memories/s' },
    };
    await report(
      'export',
      figures,
      async () => {
        const plain = await exported(server, {});
        const whole = await exported(server, { include_history: true });
        const growthMib = Math.max(plain.growthMib, whole.growthMib);
        return { memoriesPerSecond: plain.perSecond, growthMib, withHistoryPerSecond: whole.perSecond };
      },
      { more: () => ({ memories }) },
    );
  });
});

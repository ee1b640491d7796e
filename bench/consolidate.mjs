// Consolidation of one believer's memories while the service answers searches: how long it takes, how many of the known
// repetitions it merges, what it costs the searches beside it, and how long it takes to take the run back.
import { setTimeout as sleep } from 'node:timers/promises';
import { concurrently, percentile, report } from './measuring.mjs';
import { statement, withLedger } from './ledger-writing.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence, word } from './spoken-words.mjs';

const memories = Number(process.argv[2] ?? 10_000);
/** One memory in so many says again what the one before it said. */
const repeatedEvery = 10;
const seconds = { total: 20, idle: 8 };
const searchEveryMs = 25;
const pollMs = 20;
const most = { p95Ratio: 1.5 };

const name = (number) => word(number * 7 + 5).replace(/^./, (letter) => letter.toUpperCase());
/** What is told of somebody, and the same in other words. */
const tellings = [
  (who, what) => [`${who} works at ${what}.`, `${who} is working at ${what}`],
  (who, what) => [`${who} lives in ${what}.`, `${who} is living in ${what}`],
  (who, what) => [`${who} likes ${what.toLowerCase()}.`, `${who} really likes ${what.toLowerCase()}`],
  (who, what) => [`${who} is allergic to ${what.toLowerCase()}.`, `${who} has a ${what.toLowerCase()} allergy`],
  (who, what) => [`${who} has a dog called ${what}.`, `The dog of ${who} is called ${what}`],
];

/** The same texts on every machine: one believer's, half of them with claims, half only with words. */
function textsOf(count) {
  const random = seededRandom(count);
  const texts = [];
  for (let number = 0; texts.length < count; number += 1) {
    const [first, again] =
      number % 2 === 0
        ? tellings[(number / 2) % tellings.length](name(number), name(number + 20_000))
        : [`${sentence(random, between(random, 6, 18))} (${number})`];
    texts.push(first);
    if (again !== undefined && number % repeatedEvery === 0) texts.push(again);
  }
  return texts;
}

/** Asks one question after another, at a steady pace, until it is told to stop. */
function searching(server, seed) {
  const random = seededRandom(seed);
  const times = [];
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      const startedMs = performance.now();
      await ask(server, 'GET', `/memories/search?limit=10&query=${encodeURIComponent(sentence(random, 6))}`);
      times.push(performance.now() - startedMs);
      await sleep(Math.max(0, searchEveryMs - times.at(-1)));
    }
  })();
  return async () => {
    isOver = true;
    await running;
    return times;
  };
}

/** Waits for a run, or for its job when it takes long. @returns the summary of its job */
async function finished(server, path, body) {
  const { job_id: id } = await ask(server, 'POST', path, body);
  for (;;) {
    const job = await ask(server, 'GET', `/batch-jobs/${id}`);
    if (job.status === 'failed') throw new Error(`${path} failed: ${job.error}`);
    if (job.finished_at !== null) return job.summary;
    await sleep(pollMs);
  }
}

async function measure(server, run) {
  const idle = searching(server, run);
  await sleep(seconds.idle * 1000);
  const idleTimes = await idle();
  const busy = searching(server, 1_000 + run);
  const startedMs = performance.now();
  const summary = await finished(server, '/memories/consolidate', { max_retired_share: 1 });
  const totalSeconds = (performance.now() - startedMs) / 1000;
  const busyTimes = await busy();
  if (summary.status !== 'applied') throw new Error(`The run is ${summary.status}.`);
  const revertedMs = performance.now();
  await finished(server, `/maintenance/runs/${summary.planned.runId}/revert`, {});
  const figures = {
    totalSeconds,
    merged: summary.planned.retired,
    idleP95Ms: percentile(idleTimes, 0.95),
    searchP95Ms: percentile(busyTimes, 0.95),
    revertSeconds: (performance.now() - revertedMs) / 1000,
  };
  return { ...figures, p95Ratio: figures.searchP95Ms / figures.idleP95Ms };
}

await withDataFolder(async (dataDir) => {
  const texts = textsOf(memories);
  await withLedger(dataDir, ({ send }) => concurrently(texts.length, 60, (number) => send(statement(texts[number]))));
  await withServer(dataDir, async (server) => {
    console.log(
      `${memories} memories of one believer, ${Math.floor(memories / (2 * repeatedEvery) / 1.05)} said again or so`,
    );
    await report(
      'consolidate',
      {
        totalSeconds: { unit: 's', bar: seconds.total, better: 'lower' },
        merged: { unit: 'memories' },
        idleP95Ms: { unit: 'ms' },
        searchP95Ms: { unit: 'ms' },
        p95Ratio: { unit: '×', bar: most.p95Ratio, better: 'lower' },
        revertSeconds: { unit: 's' },
      },
      (run) => measure(server, run),
    );
  });
});

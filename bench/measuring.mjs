// What every benchmark shares: runs after a warm-up, minimum, median and maximum, and the raw numbers beside them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const standardRuns = Number(process.env.BENCH_RUNS ?? 5);
const resultsFolder = fileURLToPath(new URL('results/', import.meta.url));

/** The middle of an odd number of values; the mean of the two middle ones otherwise. */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * Runs `measure` `runs` times after one warm-up, prints each figure's minimum, median and maximum, and keeps the raw
 * numbers in `bench/results/<name>.json`.
 *
 * @param figures what `measure` returns: name of the figure → `{ unit, bar, better: 'higher' | 'lower' }`
 * @param options.runs 1 for what comes out the same each time; it needs no warm-up either
 * @param options.more what else the results say, asked when all runs are done
 */
export async function report(name, figures, measure, { runs = standardRuns, more = () => ({}) } = {}) {
  // What else keeps the machine busy, before we do.
  const loadBefore = loadavg()[0];
  if (runs > 1) await measure(0);
  const raw = [];
  for (let run = 1; run <= runs; run += 1) {
    raw.push(await measure(run));
    console.log(`  run ${run}: ${JSON.stringify(raw.at(-1))}`);
  }
  const rows = Object.entries(figures).map(([figure, { unit, bar, better }]) => {
    const values = raw.map((row) => row[figure]);
    const middle = median(values);
    const met = bar === undefined ? null : better === 'higher' ? middle >= bar : middle <= bar;
    return {
      ...{ figure, unit, min: Math.min(...values), median: middle, max: Math.max(...values) },
      ...{ bar: bar ?? null, better: better ?? null, met },
    };
  });
  console.table(rows);
  mkdirSync(resultsFolder, { recursive: true });
  const machine = {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore,
  };
  writeFileSync(
    `${resultsFolder}${name}.json`,
    `${JSON.stringify({ name, measuredAt: new Date().toISOString(), machine, rows, raw, ...more() }, null, 2)}\n`,
  );
  return rows;
}

/** Keeps `concurrency` calls of `work(index)` under way until `total` have finished. @returns milliseconds of each */
export async function concurrently(total, concurrency, work) {
  const times = new Float64Array(total);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < total; index = next++) {
      const startedMs = performance.now();
      await work(index);
      times[index] = performance.now() - startedMs;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return times;
}

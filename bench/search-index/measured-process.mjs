// One search index in a process of its own, so that its memory and its event loop can be measured: bench/search.mjs
// starts it, hears what the writing of the documents cost, and asks for one run of searches after another.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measuring.mjs';
import { between, seededRandom } from '../spoken-words.mjs';
import { documentsOf, english, filters, questionsOf } from './made-documents.mjs';
import { keepAndRestore, withIndex } from './opened-index.mjs';

const { searchDocuments } = await import('../../dist/apps/search/queries/ranked-search.js');

const { kind, embedderName, documents } = JSON.parse(process.argv[2]);
const isInProcess = kind === 'in-process';
const searchesPerRun = 200;
const warmUpSearches = 100;
const documentsPerChange = 500;
const smallDocuments = 1_000;
const [large, small] = ['large', 'small'];
const [seed, smallSeed] = [20_261_123, 20_261_124];
/** The least pause of the client of the small tenant beside a busy one, and the most. */
const pauseMs = [5, 50];
const collectGarbage = () => globalThis.gc?.();

await withIndex(kind, embedderName, [large, small], async ({ index, embedder }) => {
  await expectVectors(embedder);
  const built = { ...(await build(index)), ...(isInProcess ? await keep(index, embedder) : {}) };
  const client = clientOf(index, embedder);
  await warmUp(client);
  process.send({ built });
  for (;;) {
    const { run } = await new Promise((resolve) => process.once('message', resolve));
    if (run === undefined) break;
    process.send({ figures: { ...built, ...(await measure(index, client, run)) } });
  }
});
process.disconnect();

/** Texts without a vector would make every figure too good. It also reads the table, which is no document's memory. */
async function expectVectors(embedder) {
  if (embedder.dimensions === 0) return;
  const random = seededRandom(seed);
  const vectors = await embedder.embed(
    Array.from({ length: 100 }, () => english(random, 12)),
    'document',
  );
  const known = vectors.filter(({ scale }) => scale > 0).length;
  if (known < 95) throw new Error(`Only ${known} of 100 made texts mean something to the embedder.`);
}

/** Writes both tenants. @returns what it cost */
async function build(index) {
  collectGarbage();
  const bytesBefore = heldBytes();
  const startedMs = performance.now();
  const standstill = await standstillDuring(() => write(index, large, documents, seed));
  const perSecond = documents / ((performance.now() - startedMs) / 1_000);
  collectGarbage();
  const bytes = (heldBytes() - bytesBefore) / documents;
  await write(index, small, smallDocuments, smallSeed);
  return isInProcess ? { writtenPerSecond: perSecond, bytes, ...standstillFigures('writing', standstill) } : {};
}

/** What it costs to write the large tenant to the disk, and to have it back. */
async function keep(index, embedder) {
  const figures = {};
  await keepAndRestore(index, embedder, large, async (work, act) => {
    const startedMs = performance.now();
    const standstill = await standstillDuring(async () => {
      await act();
      figures[`${work}Ms`] = performance.now() - startedMs;
    });
    Object.assign(figures, standstillFigures(work, standstill));
  });
  return figures;
}

async function write(index, tenantId, total, withSeed) {
  const make = documentsOf(total, withSeed);
  for (let first = 0; first < total; first += documentsPerChange) {
    const upsert = make(first, Math.min(documentsPerChange, total - first));
    await index.apply(tenantId, { upsert, remove: [] });
    await nextTurn();
  }
}

/** What JavaScript objects, typed arrays and WebAssembly hold. */
function heldBytes() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * How long the event loop stood still at most during `work`: `wallMs` as another request would feel it, with what other
 * processes took of the cores, and `cpuMs`, the most processor time that this process spent between two turns.
 */
async function standstillDuring(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // What comes before the monitor's first look, or after its last one, would not be seen.
  await sleep(5);
  let isOver = false;
  const turns = longestTurn(() => isOver);
  await work();
  isOver = true;
  await sleep(5);
  delay.disable();
  return { wallMs: delay.max / 1e6, cpuMs: await turns };
}

async function longestTurn(isOver) {
  let longestMs = 0;
  while (!isOver()) {
    const [cpu, startedMs] = [process.cpuUsage(), performance.now()];
    await nextTurn();
    const { user, system } = process.cpuUsage(cpu);
    // Threads that help, as with garbage, are counted too: no turn took more than its time.
    longestMs = Math.max(longestMs, Math.min((user + system) / 1_000, performance.now() - startedMs));
  }
  return longestMs;
}

function standstillFigures(work, { wallMs, cpuMs }) {
  return { [`${work}StandstillMs`]: wallMs, [`${work}TurnCpuMs`]: cpuMs };
}

/** @returns a function that searches a tenant and resolves with the number of results */
function clientOf(index, embedder) {
  return async (tenantId, filter, query) => {
    const wanted = { limit: 10, mode: 'hybrid', explain: false, includeEpisodes: true, keepSuperseded: false };
    const { hits } = await searchDocuments(index, embedder, { tenantId, query, filter, ...wanted });
    return hits.length;
  };
}

async function warmUp(search) {
  for (const filter of Object.values(filters)) await timesOf(search, large, filter, warmUpSearches, 1);
  await timesOf(search, small, filters.all, warmUpSearches, 1);
}

/** One search after another. @returns milliseconds of each */
async function timesOf(search, tenantId, filter, count, withSeed) {
  const questions = questionsOf(count, tenantId === large ? documents : smallDocuments, withSeed);
  const times = new Float64Array(count);
  let found = 0;
  for (const [at, question] of questions.entries()) {
    const startedMs = performance.now();
    found += await search(tenantId, filter, question);
    times[at] = performance.now() - startedMs;
    // As between two requests: the event loop turns.
    await nextTurn();
  }
  if (found === 0) throw new Error(`${count} questions found nothing.`);
  return times;
}

async function measure(index, search, run) {
  collectGarbage();
  const figures = {};
  const note = (name, times) => {
    figures[`${name}P50Ms`] = percentile(times, 0.5);
    figures[`${name}P95Ms`] = percentile(times, 0.95);
  };
  const searching = await standstillDuring(async () => {
    for (const [name, filter] of Object.entries(filters)) {
      note(name, await timesOf(search, large, filter, searchesPerRun, 1_000 + run));
    }
    note('small', await timesOf(search, small, filters.all, searchesPerRun, 2_000 + run));
    note('smallBesideBusy', await timesBesideBusy(search, 3_000 + run));
  });
  if (!isInProcess) return figures;
  const rewriting = await standstillDuring(() => rewrite(index));
  return { ...figures, ...standstillFigures('searching', searching), ...standstillFigures('rewriting', rewriting) };
}

/**
 * Searches the small tenant at moments of its own while another client searches the large one without a pause.
 * @returns milliseconds of each from the moment that it came, so with the time until the process looked at it
 */
async function timesBesideBusy(search, withSeed) {
  let isOver = false;
  const busy = (async () => {
    const questions = questionsOf(searchesPerRun, documents, withSeed);
    for (let at = 0; !isOver; at += 1) {
      await search(large, filters.all, questions[at % searchesPerRun]);
      await nextTurn();
    }
  })();
  const random = seededRandom(withSeed);
  const times = new Float64Array(searchesPerRun);
  for (const [at, question] of questionsOf(searchesPerRun, smallDocuments, withSeed + 1).entries()) {
    const pause = between(random, ...pauseMs);
    const cameMs = performance.now() + pause;
    await sleep(pause);
    await search(small, filters.all, question);
    times[at] = performance.now() - cameMs;
  }
  isOver = true;
  await busy;
  return times;
}

/** The first documents once more, as they are: each is taken out and written again. */
function rewrite(index) {
  return index.apply(large, { upsert: documentsOf(documents, seed)(0, documentsPerChange), remove: [] });
}

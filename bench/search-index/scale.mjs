// How long a whole search takes in one process, and what a document costs in memory: random conversations whose words
// are distributed as in speech (Zipf), searched with and without a filter.
// usage: npm run build && node --expose-gc bench/search-index/scale.mjs [documents = 10000]
import { cpus } from 'node:os';

const { searchDocuments } = await import('../../dist/apps/search/queries/ranked-search.js');
const { embedderOf } = await import('../../dist/libs/profiles/embedder.js');
const { InProcessSearchIndex } = await import('../../dist/libs/adapters/in-process/search-index.js');

const DOCUMENTS = Number(process.argv[2] ?? 10_000);
const SEARCHES = 400;
const WARM_UP = 100;
const VOCABULARY = 30_000;
const STOP_WORDS = 50;
const TURNS_PER_CONVERSATION = 25;
const CONVERSATIONS_PER_USER = 20;
const TENANT = 'scale';
const SEED = 20_261_122;

/** Numerical Recipes' linear congruential generator: 0 to 1, the same on every machine. */
let state = SEED;
const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** A pronounceable word for a number: no word of a language, so that no stemmer or stop list shortens the work. */
function word(number) {
  let text = '';
  for (let rest = number + 70; rest > 0; rest = Math.floor(rest / 70)) {
    text += CONSONANTS[rest % 14] + VOWELS[Math.floor((rest % 70) / 14)];
  }
  return text;
}

/** A word whose rank is distributed as 1 / rank, below the ranks of the stop words, which are not indexed. */
const spoken = () => word(Math.floor(STOP_WORDS * (VOCABULARY / STOP_WORDS) ** random()));
const sentence = (length) => Array.from({ length }, spoken).join(' ');

function episode(number) {
  const conversation = Math.floor(number / TURNS_PER_CONVERSATION);
  const user = `user-${Math.floor(conversation / CONVERSATIONS_PER_USER)}`;
  const saidAt = new Date(1.7e12 + number * 60_000).toISOString();
  return {
    id: `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    kind: 'episode',
    text: sentence(4 + Math.floor(random() * 12)),
    caption: null,
    speaker: number % 2 === 0 ? `${user} person` : 'Helper',
    role: number % 2 === 0 ? 'user' : 'assistant',
    conversationId: `01930000-0000-7000-9000-${String(conversation).padStart(12, '0')}`,
    ordinal: number % TURNS_PER_CONVERSATION,
    saidAt,
    createdAt: saidAt,
    sourceEpisodeIds: [],
    scope: 'personal',
    projectId: 'project',
    teamId: null,
    agentId: null,
    ownerTeamId: null,
    ownerAgentId: null,
    userId: user,
    sessionId: `session-${conversation}`,
    memoryType: 'episode',
    status: 'active',
    confidence: 1,
    metadata: {},
  };
}

const memoryBytes = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const percentile = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(2);

const embedder = embedderOf(process.env.MEMORYSTACK_EMBEDDER || 'static');
const index = new InProcessSearchIndex(embedder);
const before = memoryBytes();
const startedMs = performance.now();
const PAGE = 500;
for (let first = 0; first < DOCUMENTS; first += PAGE) {
  const count = Math.min(PAGE, DOCUMENTS - first);
  // As from a store: no two documents share a string.
  const page = JSON.stringify(Array.from({ length: count }, (_, offset) => episode(first + offset)));
  await index.apply(TENANT, { upsert: JSON.parse(page), remove: [] });
}
const perSecond = Math.round(DOCUMENTS / ((performance.now() - startedMs) / 1000));
const bytes = globalThis.gc ? `${Math.round((memoryBytes() - before) / DOCUMENTS)} bytes a document` : 'no --expose-gc';
console.log(
  `${DOCUMENTS} documents, ${cpus().length} cores: ${perSecond} written a second (texts made included), ${bytes}`,
);

const user = { field: 'userId', equals: 'user-1' };
const filters = {
  'one user': { and: [user, { field: 'kind', anyOf: ['episode', 'memory'] }] },
  'whole tenant': { or: [user, { field: 'scope', anyOf: ['personal', 'project'] }] },
};
for (const [name, filter] of Object.entries(filters)) {
  const [wallMs, cpuMs] = [[], []];
  for (let search = 0; search < SEARCHES; search += 1) {
    const request = { tenantId: TENANT, query: `what did the Helper say about ${sentence(6)}?`, filter, limit: 10 };
    const cpu = process.cpuUsage();
    const searchStartedMs = performance.now();
    await searchDocuments(index, embedder, {
      ...{ ...request, mode: 'hybrid', explain: false, includeEpisodes: true, keepSuperseded: false },
    });
    const spent = process.cpuUsage(cpu);
    if (search < WARM_UP) continue;
    wallMs.push(performance.now() - searchStartedMs);
    cpuMs.push((spent.user + spent.system) / 1000);
  }
  for (const [kind, times] of [
    ['wall', wallMs],
    ['cpu', cpuMs],
  ]) {
    times.sort((left, right) => left - right);
    console.log(`${name}, ${kind}: p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms`);
  }
}

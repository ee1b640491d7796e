// How well the ranker finds the evidence of questions about two long conversations, without a server: episodes straight
// into the in-process index, both conversations in one tenant, each question asked of its own conversation.
// With --memories every sentence of a turn is a memory too, as a careless extractor would have it: putting a memory and
// its turn together must not lose the turn.
// usage: npm run build && node bench/locomo/offline.mjs [--memories] [--embedder none|static|onnx] [--folder <model>]
import { parseArgs } from 'node:util';
import { loadDataset, ANSWERABLE } from './dataset.mjs';
import { summarise, turnsOf } from './metrics.mjs';

const { searchDocuments } = await import('../../dist/apps/search/queries/ranked-search.js');
const { embedderOf } = await import('../../dist/libs/profiles/embedder.js');
const { InProcessSearchIndex } = await import('../../dist/libs/adapters/in-process/search-index.js');
const { InstantVectors } = await import('../../dist/libs/adapters/in-process/instant-vectors.js');

const BARS = { 'recall@5': 77, 'recall@10': 84, 'nDCG@10': 69 };
const TENANT = 'locomo';
const MIN_MEMORY_WORDS = 4;

const dataset = loadDataset();
if (!dataset) {
  console.log('skipped: ../shared/data/locomo-dev is absent');
  process.exit(0);
}

const { values: options } = parseArgs({
  options: {
    memories: { type: 'boolean', default: false },
    embedder: { type: 'string', default: 'static' },
    folder: { type: 'string' },
  },
});
const embedder = await embedderOf({ name: options.embedder, folder: options.folder });
const index = new InProcessSearchIndex(new InstantVectors(embedder));
const memories = options.memories ? dataset.turns.flatMap(memoriesOf) : [];
await index.apply(TENANT, { upsert: [...dataset.turns.map(episodeOf), ...memories], remove: [] });
console.log(`${dataset.turns.length} turns, ${memories.length} memories, ${dataset.questions.length} questions`);

const judged = [];
const spentMs = [];
for (const question of dataset.questions) {
  const startedMs = performance.now();
  const { hits } = await searchDocuments(index, embedder, {
    tenantId: TENANT,
    query: question.text,
    filter: { field: 'userId', equals: question.conv },
    limit: 50,
    explain: false,
    mode: 'hybrid',
    includeEpisodes: true,
    keepSuperseded: false,
  });
  spentMs.push(performance.now() - startedMs);
  judged.push({ ...question, ranked: turnsOf(hits.map((hit) => hit.episodeIds)) });
}

const answerable = judged.filter(({ category, evidence }) => ANSWERABLE.has(category) && evidence.size > 0);
const rows = { 'categories 1-4': summarise(answerable) };
for (const category of [1, 2, 3, 4, 5]) {
  const members = judged.filter((question) => question.category === category && question.evidence.size > 0);
  if (members.length > 0) rows[`category ${category}`] = summarise(members);
}
console.table(rounded(rows));
spentMs.sort((left, right) => left - right);
console.log(`search: p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms over ${index.constructor.name}`);
const missed = Object.entries(BARS).filter(([name, bar]) => rows['categories 1-4'][name] < bar);
for (const [name, bar] of missed) console.error(`${name} is below its bar of ${bar}`);
process.exitCode = missed.length > 0 ? 1 : 0;
await embedder.close();

function episodeOf(turn) {
  return {
    id: turn._id,
    kind: 'episode',
    text: turn.text,
    caption: turn.caption || null,
    speaker: turn.speaker,
    role: 'user',
    conversationId: `${turn.conv}/${turn.session}`,
    ordinal: turn.pos,
    saidAt: `${turn.date}Z`,
    createdAt: `${turn.date}Z`,
    sourceEpisodeIds: [],
    scope: 'personal',
    projectId: 'project',
    teamId: null,
    agentId: null,
    ownerTeamId: null,
    ownerAgentId: null,
    userId: turn.conv,
    sessionId: String(turn.session),
    memoryType: 'episode',
    status: 'active',
    confidence: 1,
    metadata: {},
  };
}

/** Every longer sentence of a turn, spoken of by name. */
function memoriesOf(turn) {
  const sentences = turn.text.split(/(?<=[.!?])\s+/).filter((text) => text.split(' ').length >= MIN_MEMORY_WORDS);
  return sentences.map((text, number) => ({
    ...episodeOf(turn),
    id: `${turn._id}/memory/${number}`,
    kind: 'memory',
    text: `${turn.speaker}: ${text}`,
    caption: null,
    speaker: null,
    role: null,
    conversationId: null,
    ordinal: 0,
    sourceEpisodeIds: [turn._id],
    memoryType: 'fact',
  }));
}

function rounded(table) {
  const shorten = (row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Math.round(value * 10) / 10]));
  return Object.fromEntries(Object.entries(table).map(([name, row]) => [name, shorten(row)]));
}

function percentile(share) {
  return spentMs[Math.floor(share * (spentMs.length - 1))].toFixed(2);
}

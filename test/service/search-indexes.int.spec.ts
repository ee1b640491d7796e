import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchDocuments } from '#apps/search/queries/ranked-search.js';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import { openedIndex, preparedDocuments } from '#libs/adapters/qdrant/opened-index.fixture.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { episode, memory } from '#libs/ports/contracts/search-documents.fixture.js';
import type { IndexChange, IndexedDocument, SearchIndex, SearchRequest } from '#libs/ports/search-index.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';

const words =
  'tea cake boat rain Lyon Paris music film dog cat walk run yesterday tomorrow last week plan hope I my the very'.split(
    ' ',
  );
const names = ['Ann', 'Bob', 'Caroline Smith', 'Zoë'];
const times = [3, 9, 40, 41, 200].map((day) => new Date(Date.UTC(2024, 0, day, 12)).toISOString());
const conversationSize = 60;
const sizes = { conversations: 12, memories: 150 };

/** Short texts of few words: many of them score the same, which is what makes two indexes differ. */
const anyText = fc
  .tuple(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 9 }), fc.constantFrom('', '?', '.', '!'))
  .map(([some, end]) => some.join(' ') + end);
const belonging = {
  userId: fc.constantFrom('u1', 'u2', null),
  saidAt: fc.constantFrom(...times),
  metadata: fc.record({ tier: fc.constantFrom('gold', 'silver', 3), due: fc.constantFrom(...times) }),
};

const anyEpisode = (conversation: number, ordinal: number): fc.Arbitrary<IndexedDocument> =>
  fc
    .record({
      ...belonging,
      text: anyText,
      speaker: fc.constantFrom(...names),
      caption: fc.constantFrom(null, null, 'a red boat'),
      role: fc.constantFrom('user', 'assistant'),
    })
    .map((parts) =>
      episode(idOf(conversation, ordinal), { ...parts, conversationId: `c${conversation}`, ordinal: 2 * ordinal }),
    );
const anyMemory = (number: number): fc.Arbitrary<IndexedDocument> =>
  fc
    .record({
      ...belonging,
      text: anyText,
      status: fc.constantFrom('active', 'active', 'superseded'),
      confidence: fc.constantFrom(0.3, 0.9),
      sourceEpisodeIds: fc.array(
        fc.tuple(fc.nat(sizes.conversations - 1), fc.nat(conversationSize - 1)).map(([c, o]) => idOf(c, o)),
        { maxLength: 2 },
      ),
    })
    .map((parts) => memory(`m${number}`, parts));

const anyFilter = fc.constantFrom<Filter>(
  { and: [] },
  { field: 'userId', equals: 'u1' },
  {
    or: [
      { field: 'userId', equals: null },
      { field: 'metadata.tier', equals: 3 },
    ],
  },
  { not: { field: 'metadata.due', atLeast: times[3]! } },
  {
    and: [
      { field: 'saidAt', atMost: '2024-02-10' },
      { field: 'confidence', atLeast: 0.5 },
    ],
  },
  { field: 'kind', equals: 'memory' },
);
const anyQuestion: fc.Arbitrary<Omit<SearchRequest, 'tenantId'>> = fc.record({
  query: fc
    .tuple(fc.constantFrom('', 'What did Caroline', 'When will ann', 'Who in February 2024', 'I'), anyText)
    .map((parts) => parts.join(' ')),
  filter: anyFilter,
  limit: fc.constantFrom(5, 20, 50),
  explain: fc.constant(true),
  includeEpisodes: fc.boolean(),
  mode: fc.constantFrom('hybrid', 'hybrid', 'text', 'vector'),
  keepSuperseded: fc.boolean(),
});

describe('a search', () => {
  let database: TestDatabase;
  let indexes: { inProcess: SearchIndex; qdrant: SearchIndex };
  const tenantId = 'acme';
  const embedder = new StaticEmbedder();
  const seed = Date.now();
  console.info(`seed ${seed}`);

  beforeAll(async () => {
    const [{ qdrantUrl: url, qdrantApiKey: apiKey }, started] = await Promise.all([
      sharedServers('qdrant'),
      startTestDatabase(),
    ]);
    database = started;
    const server = { url, apiKey, namespace: freshNamespace() };
    const qdrant = await openedIndex(server, await preparedDocuments(database.db), embedder);
    indexes = { inProcess: servedBy(embedder).now.index, qdrant };
    for (const change of anyHistory(seed)) {
      await indexes.inProcess.apply(tenantId, change);
      await indexes.qdrant.apply(tenantId, change);
    }
  }, serversLimitMs);
  afterAll(() => database.stop());

  it('answers the same documents with the same scores, whichever index it asks', async () => {
    let hits = 0;
    const agreement = fc.asyncProperty(anyQuestion, async (question) => {
      const request = { tenantId, ...question };
      const expected = await searchDocuments(indexes.inProcess, embedder, request);
      hits += expected.hits.length;
      expect(await searchDocuments(indexes.qdrant, embedder, request)).toEqual(expected);
    });
    await fc.assert(agreement, { numRuns: 100, seed, endOnFailure: true });
    expect(hits).toBeGreaterThan(500);
  }, 240_000);

  it('takes the same candidates with the same scores at any cut', async () => {
    const views = ['turn', 'window', 'windowBack', 'session'] as const;
    const terms = [
      { term: 'tea', weight: 1.25 },
      { term: 'boat', weight: 0.4 },
    ];
    for (const limitPerView of [1, 2, 7, 30, 100, 400, 5_000]) {
      for (const some of [terms, terms.slice(1)]) {
        for (const filter of [{ and: [] }, { field: 'userId', equals: 'u2' } as const]) {
          const query = { tenantId, terms: some, views, filter, limitPerView };
          expect(await indexes.qdrant.candidates(query)).toEqual(await indexes.inProcess.candidates(query));
        }
      }
    }
  }, 120_000);
});

/** All documents in batches that mix conversations, some written twice, some taken away again. */
function anyHistory(seed: number): IndexChange[] {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, at: number): T =>
    fc.sample(arbitrary, { numRuns: 1, seed: seed + at })[0]!;
  const documents: IndexedDocument[] = [];
  for (let ordinal = 0; ordinal < conversationSize; ordinal++) {
    for (let conversation = 0; conversation < sizes.conversations; conversation++)
      documents.push(sample(anyEpisode(conversation, ordinal), documents.length));
  }
  for (let number = 0; number < sizes.memories; number++) documents.push(sample(anyMemory(number), documents.length));
  const changes: IndexChange[] = [];
  for (let from = 0; from < documents.length; from += 130) {
    const upsert = documents.slice(Math.max(0, from - 9), from + 130);
    changes.push({ upsert, remove: documents.slice(from - 60, from - 55).map(({ id }) => id) });
  }
  return changes;
}

function idOf(conversation: number, ordinal: number): string {
  return `c${conversation}-e${ordinal}`;
}

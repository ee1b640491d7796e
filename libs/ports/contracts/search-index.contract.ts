import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import { type Filter, trueAt } from '#libs/domain/scope/filter.js';
import type { CandidateQuery, IndexChange, IndexedDocument, SearchIndex } from '../search-index.js';
import { episode, memory } from './search-documents.fixture.js';
import { SearchIndexOracle, tokensOf } from './search-index-oracle.fixture.js';
import { tinyVector } from './tiny-embedder.fixture.js';

const EVERYTHING: Filter = { and: [] };
const VIEWS = ['turn', 'window', 'windowBack', 'session'] as const;
/** Wide enough for a loaded machine; a quadratic reader needs minutes. */
const HUGE_TEXT_MAX_MS = 20_000;

/** Random histories to try, and the longest that they may take. */
export interface SearchIndexContractOptions {
  histories: number;
  timeoutMs: number;
}

/** Promises of the port, one test each; every adapter runs them. What `create` makes shares no tenant with what it made. */
export function searchIndexContract(
  name: string,
  create: Create,
  options: SearchIndexContractOptions = { histories: 300, timeoutMs: 30_000 },
): void {
  describe(`SearchIndex contract: ${name}`, () => {
    describeViews(create);
    describeChanges(create);
    describeContexts(create);
    describeHistories(create, options);
  });
}

type Create = () => SearchIndex | Promise<SearchIndex>;

function describeViews(create: Create): void {
  const conversation = ['apple', 'banana', 'cherry', 'damson', 'elderberry'].map((text, ordinal) =>
    episode(`e${ordinal}`, { text, ordinal }),
  );
  const found = async (index: SearchIndex, view: CandidateQuery['views'][number], term: string): Promise<string[]> => {
    const candidates = await index.candidates(query({ terms: [{ term, weight: 1 }], views: [view] }));
    return candidates.map(({ id }) => id).sort();
  };

  it('finds an episode by its own words, by those around it, before it and of its conversation', async () => {
    const index = await filled(create, conversation);
    const [word] = tokensOf(conversation[2]!);
    expect(await found(index, 'turn', word!)).toEqual(['e2']);
    expect(await found(index, 'window', word!)).toEqual(['e1', 'e2', 'e3']);
    expect(await found(index, 'windowBack', word!)).toEqual(['e2', 'e3', 'e4']);
    expect(await found(index, 'session', word!)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  });

  it('closes the hole of a forgotten episode, and opens it for a late one', async () => {
    const index = await filled(create, conversation);
    const [word] = tokensOf(conversation[2]!);
    await index.apply('tenant', { upsert: [], remove: ['e3'] });
    expect(await found(index, 'window', word!)).toEqual(['e1', 'e2', 'e4']);
    await index.apply('tenant', { upsert: [conversation[3]!], remove: [] });
    expect(await found(index, 'window', word!)).toEqual(['e1', 'e2', 'e3']);
  });

  it('answers equal scores by id, and each view by itself', async () => {
    const ids = ['c', 'a', 'd', 'b'];
    const index = await filled(
      create,
      ids.map((id) => episode(id, { text: 'same words', conversationId: id })),
    );
    const candidates = await index.candidates(
      query({ terms: [{ term: 'word', weight: 2 }], views: ['windowBack', 'turn'], limitPerView: 3 }),
    );
    expect(candidates.map(({ id, view }) => `${view} ${id}`)).toEqual([
      ...['windowBack a', 'windowBack b', 'windowBack c'],
      ...['turn a', 'turn b', 'turn c'],
    ]);
  });

  it('evaluates the filter before the cut', async () => {
    const foreign = Array.from({ length: 40 }, (_, at) => episode(`a${at}`, { text: 'tea tea tea', userId: 'other' }));
    const own = episode('z', { text: 'some tea in a long sentence about many other things', userId: 'me' });
    const index = await filled(create, [...foreign, own]);
    const filter: Filter = { field: 'userId', equals: 'me' };
    for (const view of ['turn', 'window'] as const) {
      const terms = [{ term: 'tea', weight: 1 }];
      const candidates = await index.candidates(query({ terms, views: [view], filter, limitPerView: 1 }));
      expect(candidates.map(({ id }) => id)).toEqual(['z']);
    }
  });
}

function describeChanges(create: Create): void {
  it('keeps tenants apart in every call', async () => {
    const index = await filled(create, [episode('e1', { text: 'green tea', speaker: 'Ann' })]);
    await index.apply('other', { upsert: [episode('e2', { text: 'black tea', speaker: 'Bob' })], remove: ['e1'] });
    const answers = async (tenantId: string): Promise<unknown> => ({
      size: await index.size(tenantId),
      speakers: await index.speakers(tenantId, EVERYTHING),
      statistics: await index.statistics(tenantId, ['tea', 'green', 'black', 'green_tea', 'black_tea']),
      candidates: await index.candidates(query({ tenantId, terms: [{ term: 'tea', weight: 1 }], views: VIEWS })),
      contexts: await index.contexts({ tenantId, ids: ['e1', 'e2'], filter: EVERYTHING, terms: ['tea'] }),
      newest: await index.newest(tenantId, EVERYTHING, 10),
    });
    const alone = await filled(create, [episode('e1', { text: 'green tea', speaker: 'Ann' })]);
    const both = index;
    expect(JSON.stringify(await answers('other'))).not.toMatch(/e1|green|Ann/);
    expect(await both.candidates(query({ terms: [{ term: 'tea', weight: 1 }], views: VIEWS }))).toEqual(
      await alone.candidates(query({ terms: [{ term: 'tea', weight: 1 }], views: VIEWS })),
    );
    await index.clear('other');
    expect(await index.size('other')).toBe(0);
    expect(await index.size('tenant')).toBe(1);
  });

  it('keeps the last upsert of an id, however often it comes', async () => {
    const index = await filled(create, [episode('e1', { text: 'green tea', status: 'active' })]);
    const changed = episode('e1', { text: 'black coffee', status: 'superseded' });
    await index.apply('tenant', { upsert: [changed, changed], remove: [] });
    await index.apply('tenant', { upsert: [changed], remove: [] });
    expect(await index.size('tenant')).toBe(1);
    const { documentFrequencies } = await index.statistics('tenant', ['tea', 'green_tea', 'coffe', 'black_coffe']);
    expect([...documentFrequencies]).toEqual([
      ['coffe', 1],
      ['black_coffe', 1],
    ]);
    expect(await index.newest('tenant', { field: 'status', equals: 'superseded' }, 10)).toMatchObject([
      { id: 'e1', text: 'black coffee' },
    ]);
  });

  it('does nothing for the removal of an unknown id, and keeps what one change both writes and removes', async () => {
    const index = await filled(create, [episode('e1', { text: 'tea' })]);
    await index.apply('tenant', { upsert: [episode('e2', { text: 'tea' })], remove: ['unknown', 'e1', 'e2'] });
    expect((await index.newest('tenant', EVERYTHING, 10)).map(({ id }) => id)).toEqual(['e2']);
    await index.apply('nobody', { upsert: [], remove: ['e2'] });
    expect(await index.size('nobody')).toBe(0);
  });

  it('applies changes in the order of the calls', async () => {
    const index = await create();
    const documents = Array.from({ length: 300 }, (_, at) => episode(`e${at}`, { text: `tea ${at}`, ordinal: at }));
    await Promise.all([
      index.apply('tenant', { upsert: documents, remove: [] }),
      index.apply('tenant', { upsert: [], remove: documents.slice(1).map(({ id }) => id) }),
    ]);
    expect((await index.newest('tenant', EVERYTHING, 10)).map(({ id }) => id)).toEqual(['e0']);
  });

  it('takes huge and foreign texts', async () => {
    const startedMs = performance.now();
    const texts = [
      'a'.repeat(200_000),
      'in '.repeat(66_000),
      'y'.repeat(200_000),
      '🎉 '.repeat(9),
      '',
      '猫'.repeat(60_000),
    ];
    const index = await filled(
      create,
      texts.map((text, ordinal) => episode(`e${ordinal}`, { text, ordinal })),
    );
    const terms = [{ term: '猫', weight: 1 }];
    expect((await index.candidates(query({ terms, views: ['turn'] }))).map(({ id }) => id)).toEqual(['e5']);
    await index.apply('tenant', { upsert: [], remove: ['e5', 'e0'] });
    expect(await index.candidates(query({ terms, views: VIEWS }))).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(HUGE_TEXT_MAX_MS);
  });
}

function describeContexts(create: Create): void {
  it('puts a memory where its first source that is there was said, and takes related documents along', async () => {
    const turns = ['hello', 'where do you live', 'in Lyon, and I like tea'].map((text, ordinal) =>
      episode(`e${ordinal}`, { text, ordinal, speaker: ordinal === 1 ? 'Ann' : 'Bob', role: 'user' }),
    );
    const learned = memory('m1', { text: 'Bob lives in Lyon', sourceEpisodeIds: ['gone', 'e2'] });
    const hidden = memory('m2', { text: 'Bob likes tea', sourceEpisodeIds: ['e2'], scope: 'team' });
    const index = await filled(create, [hidden, learned, ...turns]);
    const filter: Filter = { field: 'scope', equals: 'personal' };
    const asked = { tenantId: 'tenant', filter, terms: ['tea', 'lyon'] };
    const { documents: fromMemory } = await index.contexts({ ...asked, ids: ['m1', 'nobody', 'm2'] });
    expect(fromMemory.map(({ document }) => document.id)).toEqual(['e2', 'm1']);
    const [source, context] = fromMemory.map((each) => each.context);
    expect(context!.turn).toMatchObject({ text: 'Bob lives in Lyon', speaker: 'Bob', role: 'user', ordinal: 2 });
    expect(context!.before.map(({ text }) => text)).toEqual(['where do you live', 'hello']);
    expect(context!.conversation).toEqual(source!.conversation);
    expect(context!.conversation.termCounts).toEqual([1, 1]);
    const { documents: fromTurn } = await index.contexts({ ...asked, ids: ['e2'] });
    expect(fromTurn.map(({ document }) => document.id)).toEqual(['e2', 'm1']);
  });

  it('leaves a memory without a source alone, as a conversation of one turn', async () => {
    const alone = memory('m1', { text: 'Tea, tea and cake' });
    const index = await filled(create, [alone, episode('e1', { text: 'tea', ordinal: 0 })]);
    const asked = { tenantId: 'tenant', ids: ['m1'], filter: EVERYTHING, terms: ['tea', 'rum'] };
    const { documents } = await index.contexts(asked);
    const { document, context } = documents[0]!;
    expect(document).toEqual(alone);
    expect(context).toMatchObject({ before: [], after: [], conversation: { length: 3, termCounts: [2, 0] } });
  });
}

/** Random writes and removals, judged by an index that works everything out from the documents. */
function describeHistories(create: Create, { histories, timeoutMs }: SearchIndexContractOptions): void {
  const words = ['tea', 'cake', 'lyon', 'rain', 'boat', 'the', 'Ann'];
  const ids = Array.from({ length: 12 }, (_, at) => `d${at}`);
  const document = fc
    .record({
      id: fc.constantFrom(...ids),
      isMemory: fc.boolean(),
      text: fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((texts) => texts.join(' ')),
      caption: fc.constantFrom(null, 'a red boat'),
      conversationId: fc.constantFrom('c1', 'c2'),
      ordinal: fc.nat(5),
      userId: fc.constantFrom('u1', 'u2', null),
      speaker: fc.constantFrom('Ann', 'Bob', null),
      confidence: fc.constantFrom(0.2, 0.8),
      saidAt: fc.constantFrom('2024-01-01T00:00:00.000Z', '2024-02-01T00:00:00.000Z'),
      validFrom: fc.constantFrom('2024-01-01T00:00:00.000Z', '2024-02-01T00:00:00.000Z'),
      validTo: fc.constantFrom(null, '2024-01-20T00:00:00.000Z', '2024-03-01T00:00:00.000Z'),
      status: fc.constantFrom('active', 'superseded'),
      priority: fc.constantFrom('high', 'low'),
      sources: fc.subarray(ids, { maxLength: 2 }),
    })
    .map(({ isMemory, sources, priority, conversationId, ...rest }) =>
      isMemory
        ? memory(rest.id, { ...rest, ordinal: 0, sourceEpisodeIds: sources, metadata: { priority } })
        : episode(rest.id, { ...rest, conversationId, metadata: { priority } }),
    );
  const change: fc.Arbitrary<IndexChange> = fc.record({
    upsert: fc.array(document, { maxLength: 6 }),
    remove: fc.subarray(ids, { maxLength: 3 }),
  });
  const { filter } = fc.letrec<{ filter: Filter; leaf: Filter }>((tie) => ({
    leaf: fc.constantFrom<Filter>(
      { field: 'userId', equals: 'u1' },
      { field: 'userId', equals: null },
      { field: 'userId', anyOf: ['u2', null] },
      { field: 'kind', equals: 'memory' },
      { field: 'kind', anyOf: [] },
      { field: 'status', equals: 'unheard of' },
      { field: 'confidence', atLeast: 0.5 },
      { field: 'saidAt', atLeast: '2024-01-15', atMost: '2024-03-01' },
      { field: 'saidAt', atLeast: '2024-01-15' },
      { field: 'metadata.priority', equals: 'high' },
      { field: 'validTo', equals: null },
      { field: 'validFrom', atLeast: '2024-01-15' },
      trueAt('2024-01-20T00:00:00.000Z'),
      trueAt('2024-02-15T00:00:00.000Z'),
    ),
    filter: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      tie('leaf'),
      fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ not: tie('filter') }),
    ),
  }));

  it('finds what points most in a direction, and passes over vectors of another model', async () => {
    const index = await filled(create, [
      episode('e1', { text: 'tea' }),
      episode('e2', { text: 'boat' }),
      episode('e3', { text: 'tea boat' }),
      episode('e4', { text: '🙂' }),
    ]);
    const nearest = async (numbers: number[], tenantId = 'tenant') => {
      const found = await index.nearest({
        tenantId,
        direction: Float64Array.from(numbers),
        filter: EVERYTHING,
        limit: 9,
      });
      return found.map(({ id, score }) => [id, Math.round(score * 1000) / 1000]);
    };
    // "tea" has three letters, "boat" four.
    expect(await nearest([0, 0, 0, 1])).toEqual([
      ['e1', 1],
      ['e3', 0.707],
    ]);
    expect(await nearest([0, 0, 0, -1])).toEqual([]);
    expect(await nearest([0, 1, 0])).toEqual([]);
    expect(await nearest([0, 0, 0, 1], 'other')).toEqual([]);
  });

  it(
    'answers every call after any history as the documents say',
    async () => {
      const terms = ['tea', 'cake', 'lyon', 'boat'].map((term, at) => ({ term, weight: 1 + at / 3 }));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 6 }), filter, fc.nat(8), async (changes, asked, limit) => {
          const index = await create();
          const oracle = new SearchIndexOracle();
          for (const each of changes) {
            await index.apply('tenant', each);
            oracle.apply(each);
          }
          const request = query({ terms, views: VIEWS, filter: asked, limitPerView: limit + 1 });
          const [candidates, expected] = [await index.candidates(request), oracle.candidates(request)];
          expect(candidates.map(({ id, view }) => [view, id])).toEqual(expected.map(({ id, view }) => [view, id]));
          candidates.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]!.score, 9));
          expect(await index.size('tenant')).toBe(oracle.size);
          expect(await index.speakers('tenant', asked)).toEqual(oracle.speakers(asked));
          const newest = await index.newest('tenant', asked, limit + 1);
          expect(newest.map(({ id }) => id)).toEqual(oracle.newest(asked, limit + 1));
          await expectNearest(index, oracle, asked, limit + 1);
          await expectStatistics(index, oracle);
          await expectContexts(index, oracle, asked, ids.slice(limit));
          await index.clear('tenant');
        }),
        { numRuns: histories },
      );
    },
    timeoutMs,
  );
}

async function expectNearest(
  index: SearchIndex,
  oracle: SearchIndexOracle,
  filter: Filter,
  limit: number,
): Promise<void> {
  const direction = unitVector(tinyVector('red tea on a boat'))!;
  const found = await index.nearest({ tenantId: 'tenant', direction, filter, limit });
  const expected = oracle.nearest(direction, filter, limit);
  expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  found.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]!.score, 9));
}

async function expectStatistics(index: SearchIndex, oracle: SearchIndexOracle): Promise<void> {
  const asked = ['tea', 'cake', 'boat', 'tea_cake', 'cake_tea', 'tea_tea', 'red_boat', 'unheard'];
  const { documentCount, documentFrequencies } = await index.statistics('tenant', asked);
  expect(documentCount).toBe(oracle.originals().length);
  for (const word of asked)
    expect([word, documentFrequencies.get(word) ?? 0]).toEqual([word, oracle.documentFrequency(word)]);
}

async function expectContexts(
  index: SearchIndex,
  oracle: SearchIndexOracle,
  filter: Filter,
  ids: string[],
): Promise<void> {
  const { documents: contexts, words } = await index.contexts({ tenantId: 'tenant', ids, filter, terms: ['tea'] });
  const said = new Set(contexts.flatMap(({ document }) => tokensOf(document)));
  expect(words.documentCount).toBe(oracle.originals().length);
  for (const word of said)
    expect([word, words.documentFrequencies.get(word) ?? 0]).toEqual([word, oracle.documentFrequency(word)]);
  expect(contexts.map(({ document }) => document.id)).toEqual(oracle.related(ids, filter));
  const textOf = new Map(oracle.passing(EVERYTHING).map(({ id, text }) => [id, text]));
  for (const { document, context } of contexts) {
    const { before, after } = oracle.neighbours(document.id);
    expect(context.before.map(({ text }) => text)).toEqual(before.map((id) => textOf.get(id)));
    expect(context.after.map(({ text }) => text)).toEqual(after.map((id) => textOf.get(id)));
    expect(context.turn.reading.tokens).toEqual(tokensOf(document));
    expect(context.turn.vector ?? tinyVector('')).toEqual(tinyVector(embedded(document)));
    expect(context.isOriginal).toBe(document.sourceEpisodeIds.length === 0);
  }
}

async function filled(create: Create, documents: readonly IndexedDocument[]): Promise<SearchIndex> {
  const index = await create();
  await index.apply('tenant', { upsert: documents, remove: [] });
  return index;
}

function embedded({ text, caption }: IndexedDocument): string {
  return caption ? `${text} [shares ${caption}]` : text;
}

function query(parts: Partial<CandidateQuery>): CandidateQuery {
  return { tenantId: 'tenant', terms: [], views: ['turn'], filter: EVERYTHING, limitPerView: 50, ...parts };
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyFilter, anyFilterable } from '#libs/domain/scope/filter.fixture.js';
import { type Filter, matches } from '#libs/domain/scope/filter.js';
import type { IndexedDocuments, PlacedDocument, Rewriting } from '../indexed-documents.js';
import type { IndexChange, IndexedDocument } from '../search-index.js';
import { tinyVector } from './tiny-embedder.fixture.js';
import { episode, memory } from './search-documents.fixture.js';
import { SearchIndexOracle, tokensOf } from './search-index-oracle.fixture.js';

export interface IndexedDocumentsUnderTest {
  documents: IndexedDocuments;
  /** The same documents in another process. */
  documentsElsewhere: IndexedDocuments;
  newTenant(): string;
  stop(): Promise<void>;
}

const everything: Filter = { and: [] };
const nothingToWrite = async (): Promise<void> => undefined;
const historyTimeoutMs = 120_000;

/** The promises of `IndexedDocuments`, one test each. */
export function indexedDocumentsContract(name: string, start: () => Promise<IndexedDocumentsUnderTest>): void {
  describe(`${name} keeps the promises of IndexedDocuments`, () => {
    let subject: IndexedDocumentsUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());
    const given = () => subject;

    describeIsolation(given);
    describeReplacing(given);
    describeReading(given);
  });
}

type Given = () => IndexedDocumentsUnderTest;

function describeIsolation(given: Given): void {
  it('reads, counts and writes no document of another tenant', async () => {
    const { documents, newTenant } = given();
    const [one, other] = [newTenant(), newTenant()];
    const own = [episode('e1', { text: 'green tea', speaker: 'Ann' }), memory('m1', { sourceEpisodeIds: ['e1'] })];
    await documents.replace(one, { upsert: own, remove: [] }, nothingToWrite);
    const before = await answers(documents, one, ['e1', 'm1']);
    expect(JSON.stringify(await answers(documents, other, ['e1', 'm1']))).not.toMatch(/e1|m1|green|Ann/);
    await documents.replace(other, { upsert: [], remove: ['e1', 'm1'] }, nothingToWrite);
    await documents.clear(other, nothingToWrite);
    expect(await answers(documents, one, ['e1', 'm1'])).toEqual(before);
    expect(await documents.size(one)).toBe(2);
  });

  it('forgets a tenant once that was written, and nothing before', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    await documents.replace(tenantId, { upsert: [episode('e1', { text: 'tea' })], remove: [] }, nothingToWrite);
    await expect(documents.clear(tenantId, () => Promise.reject(new Error('out of reach')))).rejects.toThrow(/reach/);
    expect(await documents.size(tenantId)).toBe(1);
    await documents.clear(tenantId, nothingToWrite);
    expect(await answers(documents, tenantId, ['e1'])).toEqual(await answers(documents, newTenant(), ['e1']));
  });
}

function describeReplacing(given: Given): void {
  it('changes nothing when what is beside it could not be written, and tells the same again', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const turns = ['one', 'two', 'three'].map((text, ordinal) => episode(`e${ordinal}`, { text, ordinal }));
    await documents.replace(tenantId, { upsert: turns, remove: [] }, nothingToWrite);
    const before = await answers(documents, tenantId, ['e0', 'e1', 'e2']);
    const told: Rewriting[] = [];
    const change = { upsert: [episode('e3', { text: 'four', ordinal: 3 })], remove: ['e1'] };
    const failing = documents.replace(tenantId, change, async (rewriting) => {
      told.push(rewriting);
      throw new Error('out of reach');
    });
    await expect(failing).rejects.toThrow(/reach/);
    expect(await answers(documents, tenantId, ['e0', 'e1', 'e2'])).toEqual(before);
    await documents.replace(tenantId, change, async (rewriting) => void told.push(rewriting));
    expect(inOrder(told[1]!)).toEqual(inOrder(told[0]!));
    expect(told[1]!.removed).toEqual(['e1']);
    expect(told[1]!.documents.map(({ document }) => document.id).sort()).toEqual(['e0', 'e2', 'e3']);
    expect(told[1]!.conversations.map(({ id, length }) => [id, length])).toEqual([['conversation', 3]]);
  });

  it('is idempotent, and tells all of a change that was made before', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const change = { upsert: [episode('e1', { text: 'green tea' }), memory('m1', { text: 'tea' })], remove: ['e9'] };
    const told: Rewriting[] = [];
    const write = async (rewriting: Rewriting): Promise<void> => void told.push(rewriting);
    await documents.replace(tenantId, change, write);
    const before = await answers(documents, tenantId, ['e1', 'm1']);
    await documents.replace(tenantId, change, write);
    expect(await answers(documents, tenantId, ['e1', 'm1'])).toEqual(before);
    expect(inOrder(told[1]!)).toEqual(inOrder(told[0]!));
    expect(told[0]!.documents).toHaveLength(2);
  });

  it('keeps the last upsert of an id, and what a change both writes and removes', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const versions = ['green tea', 'black coffee'].map((text) => episode('e1', { text }));
    await documents.replace(tenantId, { upsert: versions, remove: ['e1'] }, nothingToWrite);
    expect(await documents.newest(tenantId, everything, 9)).toEqual([versions[1]]);
    const { documentFrequencies } = await documents.statistics(tenantId, ['tea', 'coffe', 'black_coffe']);
    expect(documentFrequencies).toEqual(new Map(Object.entries({ coffe: 1, black_coffe: 1 })));
  });

  it('runs the changes of a tenant one after the other, from any number of processes', async () => {
    const { documents, documentsElsewhere, newTenant } = given();
    const tenantId = newTenant();
    let writing = 0;
    let most = 0;
    const write = async (): Promise<void> => {
      most = Math.max(most, (writing += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      writing -= 1;
    };
    const changes = Array.from({ length: 12 }, (_, at) => ({
      upsert: [episode(`e${at}`, { text: `tea ${at % 2 === 0 ? 'green' : 'black'}`, ordinal: at })],
      remove: [],
    }));
    await Promise.all(
      changes.map((change, at) => (at % 3 === 0 ? documents : documentsElsewhere).replace(tenantId, change, write)),
    );
    expect(most).toBe(1);
    expect(await documents.size(tenantId)).toBe(12);
    const { documentCount, documentFrequencies } = await documents.statistics(tenantId, ['tea', 'green']);
    expect([documentCount, documentFrequencies.get('tea'), documentFrequencies.get('green')]).toEqual([12, 12, 6]);
  });
}

function describeReading(given: Given): void {
  it('decides as the filters of the domain do', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const seed = Date.now();
    const items = fc.sample(anyFilterable, { numRuns: 120, seed }).map((item, at) => ({
      ...episode(`e${String(at).padStart(3, '0')}`, { ordinal: at, text: 'tea', speaker: `speaker ${at}` }),
      ...item,
      conversationId: item.kind === 'episode' ? 'conversation' : null,
    }));
    await documents.replace(tenantId, { upsert: items, remove: [] }, nothingToWrite);
    const agreement = fc.asyncProperty(anyFilter, async (filter) => {
      const passing = items.filter((item) => matches(item, filter));
      const ids = passing.map(({ id }) => id);
      const found = await documents.passing(tenantId, [...items.map(({ id }) => id), 'unknown'], filter);
      expect([...found].sort()).toEqual(ids);
      expect((await documents.newest(tenantId, filter, 999)).map(({ id }) => id).sort()).toEqual(ids);
      expect(await documents.speakers(tenantId, filter)).toEqual(passing.map(({ speaker }) => speaker).sort());
      const episodes = passing.filter(({ kind }) => kind === 'episode').slice(0, 3);
      expect(await documents.episodes(tenantId, ['conversation', 'unknown'], filter, 3)).toEqual(
        episodes.map(({ id }) => ({ id, conversationId: 'conversation' })),
      );
    });
    await fc.assert(agreement, { numRuns: 100, seed, endOnFailure: true });
  }, 60_000);

  it('gives back the vectors that were written', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const vector = tinyVector('tea on a boat');
    const upsert = [{ ...episode('e1', { text: 'tea' }), vector }, episode('e2', { text: 'tea' })];
    await documents.replace(tenantId, { upsert, remove: [] }, nothingToWrite);
    expect([...(await documents.vectors(tenantId, ['e1', 'e2', 'unknown', 'nul \0']))]).toEqual([['e1', vector]]);
    const related = await documents.related(tenantId, ['e1', 'e2']);
    expect(new Map(related.map(({ document, vector }) => [document.id, vector]))).toEqual(
      new Map([
        ['e1', vector],
        ['e2', null],
      ]),
    );
  });

  it('reads half a letter at the end of a word as it was, and ids and words that no row could have as unknown', async () => {
    const { documents, newTenant } = given();
    const tenantId = newTenant();
    const text = `${'a'.repeat(63)}\u{1d538} tea`;
    const cut = episode('e1', { text });
    await documents.replace(tenantId, { upsert: [cut], remove: ['nul \0', 'half \ud800'] }, nothingToWrite);
    const [word] = tokensOf(cut);
    expect(word!.isWellFormed()).toBe(false);
    expect((await documents.statistics(tenantId, [word!, 'nul \0'])).documentFrequencies).toEqual(
      new Map([[word!, 1]]),
    );
    expect((await documents.tokens(tenantId, ['e1', 'nul \0'])).get('e1')!.tokens).toEqual(tokensOf(cut));
    const conversations = await documents.conversations(tenantId, ['conversation', 'nul \0'], [word!, 'rum']);
    expect(conversations).toEqual(new Map([['conversation', { id: 'conversation', length: 2, termCounts: [1, 0] }]]));
    expect(await documents.related(tenantId, ['half \ud800'])).toEqual([]);
  });

  it(
    'answers every call after any history as the documents say, and tells all that a change concerns',
    async () => {
      const { documents, newTenant } = given();
      const history = fc.asyncProperty(fc.array(anyChange, { minLength: 1, maxLength: 6 }), async (changes) => {
        const tenantId = newTenant();
        const oracle = new SearchIndexOracle();
        const mirror = new Mirror();
        for (const change of changes) {
          oracle.apply(change);
          await documents.replace(tenantId, change, async (rewriting) => mirror.apply(rewriting));
        }
        await expectAnswers(documents, tenantId, oracle);
        mirror.expectToBe(oracle);
      });
      await fc.assert(history, { numRuns: 100 });
    },
    historyTimeoutMs,
  );
}

/** What a search engine holds that was told of every change. */
class Mirror {
  private readonly documents = new Map<string, PlacedDocument>();
  private readonly conversations = new Map<string, Rewriting['conversations'][number]>();

  apply({ documents, removed, conversations, ended }: Rewriting): void {
    for (const id of removed) this.documents.delete(id);
    for (const id of ended) this.conversations.delete(id);
    for (const document of documents) this.documents.set(document.document.id, document);
    for (const conversation of conversations) this.conversations.set(conversation.id, conversation);
  }

  expectToBe(oracle: SearchIndexOracle): void {
    const all = oracle.passing(everything);
    expect([...this.documents.keys()].sort()).toEqual(all.map(({ id }) => id).sort());
    for (const document of all) expectPlaced(this.documents.get(document.id)!, document, oracle);
    const episodes = all.filter(({ kind }) => kind === 'episode');
    const ids = new Set(episodes.map(({ conversationId }) => conversationId!));
    expect([...this.conversations.keys()].sort()).toEqual([...ids].sort());
    for (const { id, length, counts, belongings } of this.conversations.values()) {
      const members = episodes.filter(({ conversationId }) => conversationId === id);
      const tokens = members.flatMap((member) => tokensOf(member));
      expect(length).toBe(tokens.length);
      for (const token of new Set(tokens)) {
        expect([token, counts.get(token)]).toEqual([token, tokens.filter((other) => other === token).length]);
      }
      expect(counts.size).toBe(new Set(tokens).size);
      expect(new Set(belongings.map(({ userId }) => userId))).toEqual(new Set(members.map(({ userId }) => userId)));
    }
  }
}

function expectPlaced(placed: PlacedDocument, document: IndexedDocument, oracle: SearchIndexOracle): void {
  expect(placed.document).toEqual(document);
  expect(placed.reading.tokens).toEqual(tokensOf(document));
  const { before, after } = document.kind === 'episode' ? oracle.neighbours(document.id) : { before: [], after: [] };
  expect(placed.before.map((each) => each.document.id)).toEqual(before);
  expect(placed.after.map((each) => each.document.id)).toEqual(after);
}

async function expectAnswers(documents: IndexedDocuments, tenantId: string, oracle: SearchIndexOracle): Promise<void> {
  expect(await documents.size(tenantId)).toBe(oracle.size);
  const words = ['tea', 'boat', 'tea_cake', 'cake_tea', 'red_boat', 'unheard'];
  const { documentCount, documentFrequencies } = await documents.statistics(tenantId, words);
  expect(documentCount).toBe(oracle.originals().length);
  const expected = words.map((word) => [word, oracle.documentFrequency(word)] as const);
  expect([...documentFrequencies]).toEqual(expected.filter(([, frequency]) => frequency > 0));
  expect((await documents.newest(tenantId, everything, 5)).map(({ id }) => id)).toEqual(oracle.newest(everything, 5));
  const asked = ids.slice(0, 4);
  const found = new Map((await documents.related(tenantId, asked)).map((each) => [each.document.id, each]));
  expect([...found.keys()]).toEqual(expect.arrayContaining(oracle.related(asked, everything)));
  const byId = new Map(oracle.passing(everything).map((document) => [document.id, document]));
  for (const [id, placed] of found) expectPlaced(placed, byId.get(id)!, oracle);
  const tokens = await documents.tokens(tenantId, ids);
  expect([...tokens.keys()].sort()).toEqual([...byId.keys()].sort());
  for (const [id, { before, after }] of tokens) {
    const document = byId.get(id)!;
    const around = document.kind === 'episode' ? oracle.neighbours(id) : { before: [], after: [] };
    expect(before).toEqual(around.before.map((other) => tokensOf(byId.get(other)!)));
    expect(after).toEqual(around.after.map((other) => tokensOf(byId.get(other)!)));
  }
}

/** Everything that a tenant's documents answer, to be compared. */
async function answers(documents: IndexedDocuments, tenantId: string, asked: string[]): Promise<unknown> {
  return {
    size: await documents.size(tenantId),
    statistics: [...(await documents.statistics(tenantId, ['tea', 'green', 'green_tea', 'one'])).documentFrequencies],
    related: (await documents.related(tenantId, asked)).sort(byId),
    tokens: [...(await documents.tokens(tenantId, asked))].sort(([left], [right]) => (left < right ? -1 : 1)),
    conversations: [...(await documents.conversations(tenantId, ['conversation'], ['tea', 'one']))],
    episodes: await documents.episodes(tenantId, ['conversation'], everything, 9),
    passing: [...(await documents.passing(tenantId, asked, everything))].sort(),
    newest: await documents.newest(tenantId, everything, 9),
    speakers: await documents.speakers(tenantId, everything),
  };
}

function inOrder({ documents, ...rest }: Rewriting): unknown {
  return { ...rest, documents: [...documents].sort(byId) };
}

function byId(left: PlacedDocument, right: PlacedDocument): number {
  return left.document.id < right.document.id ? -1 : 1;
}

const ids = Array.from({ length: 10 }, (_, at) => `d${at}`);

const anyDocument: fc.Arbitrary<IndexedDocument> = fc
  .record({
    id: fc.constantFrom(...ids),
    isMemory: fc.boolean(),
    text: fc.array(fc.constantFrom('tea', 'cake', 'boat', 'the'), { maxLength: 5 }).map((words) => words.join(' ')),
    caption: fc.constantFrom(null, 'a red boat'),
    conversationId: fc.constantFrom('c1', 'c2'),
    ordinal: fc.nat(6),
    userId: fc.constantFrom('u1', null),
    saidAt: fc.constantFrom('2024-01-01T00:00:00.000Z', '2024-02-01T00:00:00.000Z'),
    sources: fc.subarray(ids, { maxLength: 2 }),
  })
  .map(({ isMemory, sources, conversationId, ...rest }) =>
    isMemory
      ? memory(rest.id, { ...rest, ordinal: 0, sourceEpisodeIds: sources })
      : episode(rest.id, { ...rest, conversationId }),
  );

const anyChange: fc.Arbitrary<IndexChange> = fc.record({
  upsert: fc.array(anyDocument, { maxLength: 6 }),
  remove: fc.subarray(ids, { maxLength: 3 }),
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Filter, trueAt } from '#libs/domain/scope/filter.js';
import { type PastIndexes, PastIndexNotReady } from '../past-indexes.js';
import type { PastMemories } from '../past-memories.js';
import type { ReadModelStore } from '../read-model-store.js';
import type { IndexedDocument, SearchIndex } from '../search-index.js';
import { History, type HistoryStep } from './history.fixture.js';
import { SearchIndexOracle } from './search-index-oracle.fixture.js';

export interface PastIndexesUnderTest {
  /** With room for few documents, so that they have to make room; `patienceMs` is how long a call waits for one. */
  indexes(past: PastMemories, patienceMs: number): PastIndexes;
  past: PastMemories;
  store: ReadModelStore;
  newTenant(): Promise<string>;
  stop(): Promise<void>;
}

const views = ['turn', 'window', 'windowBack', 'session'] as const;
const filters: readonly Filter[] = [
  { and: [] },
  { field: 'scope', equals: 'team' },
  { not: { field: 'status', equals: 'superseded' } },
  trueAt('2026-02-09T00:00:00.000Z'),
];
const longMs = 30_000;
const conversation: HistoryStep = [0, 0, 2];
const eraseSecond: readonly HistoryStep[] = [[6, 2, 4]];
const steps: fc.Arbitrary<HistoryStep[]> = fc.array(
  fc.tuple(fc.nat({ max: 44 }), fc.nat({ max: 7 }), fc.nat({ max: 200 })),
  { minLength: 8, maxLength: 40 },
);

/** The promises of `PastIndexes`, one test each. */
export function pastIndexesContract(name: string, start: () => Promise<PastIndexesUnderTest>): void {
  describe(`${name} keeps the promises of PastIndexes`, () => {
    let subject: PastIndexesUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('answers as the index of that day did, in whatever order and however many days are asked for', async () => {
      const indexes = subject.indexes(subject.past, longMs);
      const property = fc.asyncProperty(steps, fc.array(fc.nat(), { maxLength: 30 }), async (history, asked) => {
        const { tenantId, days, erased } = await live(subject, history);
        const waiting = asked.map(async (number, at) => {
          // Some at once, some after others.
          if (at % 3 === 0) await new Promise((resolve) => setTimeout(resolve, at));
          const position = number % days.length;
          await indexes.use(tenantId, position, (index) =>
            expectDay(index, tenantId, without(days[position]!, erased)),
          );
        });
        await Promise.all(waiting);
        for (const number of asked.slice(0, 8)) {
          const position = number % days.length;
          await indexes.use(tenantId, position, (index) =>
            expectDay(index, tenantId, without(days[position]!, erased)),
          );
        }
      });
      await fc.assert(property, { numRuns: 12, endOnFailure: true });
    }, 120_000);

    it('does not find what was erased since it was made', async () => {
      const tenantId = await subject.newTenant();
      const history = new History(tenantId);
      for (const step of [[1, 1, 1], [1, 2, 2], conversation] as const) await history.take(step, subject.store);
      const indexes = subject.indexes(subject.past, longMs);
      const sizeAt = (position: number) => indexes.use(tenantId, position, (index) => index.size(tenantId));
      const sizes = [await sizeAt(2), await sizeAt(3)];
      for (const step of eraseSecond) await history.take(step, subject.store);
      expect(history.erasedIds.size).toBe(1);
      expect([await sizeAt(2), await sizeAt(3)]).toEqual(sizes.map((size) => size - 1));
    });

    it('is made once for all who ask while it is made', async () => {
      const { tenantId, days, erased } = await live(subject, fc.sample(steps, { numRuns: 1, seed: 5 })[0]!);
      const { past, makings } = counted(subject.past);
      const indexes = subject.indexes(past, longMs);
      const position = days.length - 1;
      await Promise.all(
        Array.from({ length: 20 }, () =>
          indexes.use(tenantId, position, (index) => expectDay(index, tenantId, without(days[position]!, erased))),
        ),
      );
      expect(makings()).toBe(1);
    });

    it('tells that it takes long, and is made all the same', async () => {
      const { tenantId, days, erased } = await live(subject, fc.sample(steps, { numRuns: 1, seed: 6 })[0]!);
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const { past, makings } = counted(subject.past, held);
      const indexes = subject.indexes(past, 20);
      const position = days.length - 1;
      const asking = () =>
        indexes.use(tenantId, position, (index) => expectDay(index, tenantId, without(days[position]!, erased)));
      await expect(asking()).rejects.toBeInstanceOf(PastIndexNotReady);
      await expect(asking()).rejects.toBeInstanceOf(PastIndexNotReady);
      letGo();
      for (let isDone = false; !isDone;) {
        isDone = await asking().then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof PastIndexNotReady)) throw error;
            return false;
          },
        );
      }
      expect(makings()).toBe(1);
    });
  });
}

/** Counts how often everything is read, which may not begin before `held`. */
function counted(real: PastMemories, held: Promise<void> = Promise.resolve()) {
  let count = 0;
  const past = new Proxy(real, {
    get(target, name) {
      if (name !== 'allDocuments') return (target[name as keyof PastMemories] as () => unknown).bind(target);
      return async function* (...words: Parameters<PastMemories['allDocuments']>) {
        count += 1;
        await held;
        yield* target.allDocuments(...words);
      };
    },
  });
  return { past, makings: () => count };
}

async function live({ store, newTenant }: PastIndexesUnderTest, history: readonly HistoryStep[]) {
  const tenantId = await newTenant();
  const happening = new History(tenantId);
  const days: IndexedDocument[][] = [[]];
  for (const step of history) {
    await happening.take(step, store);
    days.push(await store.documents(tenantId, [...happening.memoryIds, ...happening.episodeIds]));
  }
  return { tenantId, days, erased: happening.erasedIds };
}

function without(documents: readonly IndexedDocument[], erased: ReadonlySet<string>): IndexedDocument[] {
  return documents.filter(({ id }) => !erased.has(id));
}

async function expectDay(index: SearchIndex, tenantId: string, documents: readonly IndexedDocument[]): Promise<void> {
  const oracle = new SearchIndexOracle();
  oracle.apply({ upsert: documents, remove: [] });
  expect(await index.size(tenantId)).toBe(oracle.size);
  const terms = ['tea', 'lyon', 'boat', 'like'].map((term, at) => ({ term, weight: 1 + at / 3 }));
  for (const filter of filters) {
    const query = { tenantId, terms, views, filter, limitPerView: 10 };
    const [found, expected] = [await index.candidates(query), oracle.candidates(query)];
    expect(found.map(({ id, view }) => [view, id])).toEqual(expected.map(({ id, view }) => [view, id]));
    found.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]!.score, 6));
    expect((await index.newest(tenantId, filter, 9)).map(({ id }) => id)).toEqual(oracle.newest(filter, 9));
  }
  expect((await index.statistics(tenantId, ['tea'])).documentFrequencies.get('tea') ?? 0).toBe(
    oracle.documentFrequency('tea'),
  );
}

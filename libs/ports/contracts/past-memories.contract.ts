import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { EpisodeRow, ListQuery, MemoryReader, MemoryRow, PageStart } from '../memory-reader.js';
import type { ExportQuery, ExportStart, MemoryChange, PastMemories, Span, WholeMemory } from '../past-memories.js';
import type { ReadModelStore } from '../read-model-store.js';
import type { IndexedDocument } from '../search-index.js';
import { History, type HistoryStep } from './history.fixture.js';
import { absentRow } from './read-model.fixture.js';

export interface PastMemoriesUnderTest {
  past: PastMemories;
  /** Reads the days while they are the present. */
  reader: MemoryReader;
  store: ReadModelStore;
  newTenant(): Promise<string>;
  stop(): Promise<void>;
}

const everything: Filter = { and: [] };
const all: ListQuery = { filter: everything, order: 'asc', after: null, limit: 1_000 };
const steps: fc.Arbitrary<HistoryStep[]> = fc.array(
  fc.tuple(fc.nat({ max: 44 }), fc.nat({ max: 7 }), fc.nat({ max: 200 })),
  { minLength: 8, maxLength: 40 },
);
const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
const byId = <Row extends { id: string }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));

/** What the read model answered on a day. */
interface Day {
  memories: MemoryRow[];
  episodes: EpisodeRow[];
  documents: IndexedDocument[];
}

/** The promises of `PastMemories`, one test each. */
export function pastMemoriesContract(name: string, start: () => Promise<PastMemoriesUnderTest>): void {
  describe(`${name} keeps the promises of PastMemories`, () => {
    let subject: PastMemoriesUnderTest;
    let past: PastMemories;
    beforeAll(async () => {
      subject = await start();
      past = subject.past;
    });
    afterAll(() => subject.stop());

    it('answers on any later day as it was answered then, without what was erased since', async () => {
      const property = fc.asyncProperty(steps, async (history) => {
        const { tenantId, days, erased } = await live(subject, history);
        for (const [position, day] of days.entries()) {
          const rows = past.asOf(position);
          const kept = day.memories.filter(({ id }) => !erased.has(id));
          expect(await rows.listMemories(tenantId, all)).toEqual(kept);
          expect(byId(await rows.memories(tenantId, [...ids(day.memories), absentRow, 'x']))).toEqual(byId(kept));
          expect(await rows.listEpisodes(tenantId, all)).toEqual(day.episodes);
          const documents = day.documents.filter(({ id }) => !erased.has(id));
          const asked = [...ids(day.documents), absentRow];
          expect(byId(await past.documents(tenantId, position, asked))).toEqual(byId(documents));
          const pages: IndexedDocument[] = [];
          for await (const page of past.allDocuments(tenantId, position, 3)) pages.push(...page);
          expect(byId(pages)).toEqual(byId(documents));
          expect(await past.totals(tenantId, position, everything)).toEqual(totalsOf(kept, day.episodes));
          const told = kept.filter(({ status }) => status === 'superseded');
          const filter: Filter = { field: 'status', equals: 'superseded' };
          expect(await past.totals(tenantId, position, filter)).toEqual(totalsOf(told, []));
        }
      });
      await fc.assert(property, { numRuns: 8, endOnFailure: true });
    }, 120_000);

    it('knows which documents changed between two positions, and counts those that were not erased', async () => {
      const property = fc.asyncProperty(steps, fc.nat(), fc.nat(), async (history, one, other) => {
        const { tenantId, days, erased, memoryIds } = await live(subject, history);
        const [from, to] = [one % days.length, other % days.length].toSorted((left, right) => left - right);
        const changed = new Set(await past.changedDocuments(tenantId, { from: from!, to: to! }));
        const [before, after] = [days[from!]!, days[to!]!].map(
          ({ documents }) => new Map(documents.map((document) => [document.id, JSON.stringify(document)])),
        );
        for (const id of [...before!.keys(), ...after!.keys()].filter((each) => !erased.has(each)))
          if (!changed.has(id)) expect([id, after!.get(id)]).toEqual([id, before!.get(id)]);
        const learnt = memoryIds.length - erased.size;
        const last = days.length - 1;
        expect(await past.remaining(tenantId, last)).toBe(learnt + days[last]!.episodes.length);
        expect(await past.remaining(tenantId, 0)).toBe(0);
        expect((await past.changedDocuments(tenantId, { from: last, to: last })).length).toBe(0);
      });
      await fc.assert(property, { numRuns: 20, endOnFailure: true });
    }, 60_000);

    it('gives every memory of a position once and in whole, page by page from the oldest on', async () => {
      const property = fc.asyncProperty(steps, fc.nat(), fc.boolean(), async (history, one, isFiltered) => {
        const { tenantId, days, erased } = await live(subject, history);
        const position = one % days.length;
        const believed: Filter = { not: { field: 'status', equals: 'superseded' } };
        const filter = isFiltered ? believed : everything;
        const expected = days[position]!.memories.filter(
          ({ id, status }) => !erased.has(id) && (!isFiltered || status !== 'superseded'),
        );
        const told: WholeMemory[] = [];
        for (let after: ExportStart | null = null; ;) {
          const query: ExportQuery = { position, filter, after, limit: 2, withVersions: true };
          const page = await past.wholeMemories(tenantId, query);
          expect(page.rows.length).toBeLessThanOrEqual(2);
          told.push(...page.rows);
          if (page.next === null) break;
          after = page.next;
        }
        const oldestFirst = (left: MemoryRow, right: MemoryRow) =>
          `${left.createdAt} ${left.id}` < `${right.createdAt} ${right.id}` ? -1 : 1;
        expect(told.map(({ memory }) => memory)).toEqual(expected.toSorted(oldestFirst));
        for (const { memory, evidence, versions } of told) {
          expect(evidence).toHaveLength(memory.evidenceCount);
          const all = await subject.reader.history(tenantId, memory.id);
          expect(versions).toEqual(all.filter((version) => version.position <= position));
        }
        const without = await past.wholeMemories(tenantId, {
          ...{ position, filter, after: null, limit: 1_000, withVersions: false },
        });
        expect(without.rows).toEqual(told.map((whole) => ({ ...whole, versions: [] })));
        expect(without.next).toBeNull();
      });
      await fc.assert(property, { numRuns: 20, endOnFailure: true });
    }, 120_000);

    it('tells page by page to which memories something happened, and what', async () => {
      const property = fc.asyncProperty(steps, fc.nat(), fc.nat(), async (history, one, other) => {
        const { tenantId, days, erased, memoryIds } = await live(subject, history);
        const [from, to] = [one % days.length, other % days.length].toSorted((left, right) => left - right);
        const span: Span = { from: from!, to: to! };
        const kept = memoryIds.filter((id) => !erased.has(id));
        const happened: MemoryChange[] = await past.changes(tenantId, kept, span, 1_000);
        for (const id of kept) {
          const versions = await subject.reader.history(tenantId, id);
          const expected = versions.filter(({ position }) => position > span.from && position <= span.to);
          const told = happened.filter(({ memoryId }) => memoryId === id);
          expect(told).toMatchObject(expected.map(({ version, eventId, reason }) => ({ version, eventId, reason })));
          const [last] = await past.changes(tenantId, [id], span, 1);
          expect(last?.version).toBe(expected.at(-1)?.version);
        }
        const paged: PageStart[] = [];
        for (let after: PageStart | null = null; ;) {
          const page = await past.changedMemories(tenantId, { ...span, filter: everything, after, limit: 2 });
          paged.push(...page);
          if (page.length < 2) break;
          after = page.at(-1)!;
        }
        const positionThenId = (left: PageStart, right: PageStart) =>
          left.createdPosition - right.createdPosition || (left.id < right.id ? -1 : 1);
        expect(paged).toEqual(paged.toSorted(positionThenId));
        expect(ids(paged).toSorted()).toEqual([...new Set(happened.map(({ memoryId }) => memoryId))].toSorted());
      });
      await fc.assert(property, { numRuns: 12, endOnFailure: true });
    }, 60_000);

    it('lists an earlier day in pages of any size, in both directions, under any filter', async () => {
      const history = fc.sample(steps, { numRuns: 1, seed: 11 })[0]!;
      const { tenantId, days, erased } = await live(subject, history);
      for (const [position, day] of days.entries()) {
        const filter: Filter = { field: 'scope', anyOf: ['team', 'personal'] };
        const wanted = day.memories.filter(({ id, ownership }) => !erased.has(id) && ownership.scope !== 'project');
        for (const order of ['asc', 'desc'] as const) {
          const paged: string[] = [];
          for (let after: PageStart | null = null; ;) {
            const page = await past.asOf(position).listMemories(tenantId, { filter, order, after, limit: 2 });
            paged.push(...ids(page));
            if (page.length < 2) break;
            after = page.at(-1)!;
          }
          expect(paged).toEqual(order === 'asc' ? ids(wanted) : ids(wanted).reverse());
        }
      }
    });

    it('never answers a row of another tenant, nor a position that is none', async () => {
      const history = fc.sample(steps, { numRuns: 1, seed: 12 })[0]!;
      const { tenantId, days, memoryIds } = await live(subject, history);
      const other = await subject.newTenant();
      const last = days.length - 1;
      expect(await past.asOf(last).listMemories(tenantId, all)).not.toEqual([]);
      expect(await past.asOf(last).listMemories(other, all)).toEqual([]);
      expect(await past.asOf(last).memories(other, memoryIds)).toEqual([]);
      expect(await past.asOf(last).listEpisodes(other, all)).toEqual([]);
      expect(await past.documents(other, last, memoryIds)).toEqual([]);
      expect(await past.changedDocuments(other, { from: 0, to: last })).toEqual([]);
      expect(await past.changes(other, memoryIds, { from: 0, to: last }, 10)).toEqual([]);
      const query = { from: 0, to: last, filter: everything, after: null, limit: 10 };
      expect(await past.changedMemories(other, query)).toEqual([]);
      expect(await past.remaining(other, last)).toBe(0);
      expect(await past.totals(other, last, everything)).toEqual({ memories: 0, episodes: 0, contentBytes: 0 });
      for (const position of [-1, 0.5, NaN, Infinity]) expect(() => past.asOf(position)).toThrow(RangeError);
    });
  });
}

/** Lets a history happen and notes every day. Day 0 is the one before it. */
async function live({ store, reader, newTenant }: PastMemoriesUnderTest, steps: readonly HistoryStep[]) {
  const tenantId = await newTenant();
  const history = new History(tenantId);
  const days: Day[] = [{ memories: [], episodes: [], documents: [] }];
  for (const step of steps) {
    await history.take(step, store);
    days.push({
      memories: await reader.listMemories(tenantId, all),
      episodes: await reader.listEpisodes(tenantId, all),
      documents: await store.documents(tenantId, [...history.memoryIds, ...history.episodeIds]),
    });
  }
  return { tenantId, days, erased: history.erasedIds, memoryIds: history.memoryIds };
}

function totalsOf(memories: readonly MemoryRow[], episodes: readonly EpisodeRow[]) {
  const bytes = [...memories, ...episodes].reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { memories: memories.length, episodes: episodes.length, contentBytes: bytes };
}

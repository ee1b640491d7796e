import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { ListQuery, MemoryReader, PageStart } from '../memory-reader.js';
import { at, contradictions, directory, episodes, memories } from './memory-reader.fixture.js';
import type { ReadModelStore } from '../read-model-store.js';
import { absentRow, emptyChanges, projectedMemory, rowId, somewhere, versionRow } from './read-model.fixture.js';

export interface MemoryReaderUnderTest {
  reader: MemoryReader;
  /** Writes what the reader reads. */
  store: ReadModelStore;
  newTenant(): Promise<string>;
  stop(): Promise<void>;
}

const everything: Filter = { and: [] };
const newestContradictions = { filter: everything, isResolved: null, after: null, limit: 100 };
const all: ListQuery = { filter: everything, order: 'asc', after: null, limit: 1_000 };
const startOf = (row: PageStart): PageStart => ({ createdPosition: row.createdPosition, id: row.id });

/** The promises of `MemoryReader`, one test each. */
export function memoryReaderContract(name: string, start: () => Promise<MemoryReaderUnderTest>): void {
  describe(`${name} keeps the promises of MemoryReader`, () => {
    let subject: MemoryReaderUnderTest;
    let reader: MemoryReader;
    let tenantId: string;
    let other: string;
    beforeAll(async () => {
      subject = await start();
      reader = subject.reader;
      [tenantId, other] = [await subject.newTenant(), await subject.newTenant()];
      await subject.store.apply(tenantId, 0, 9, directory());
    });
    afterAll(() => subject.stop());

    const active = memories.filter(({ status }) => status === 'active');
    const positionThenId = (left: PageStart, right: PageStart) =>
      left.createdPosition - right.createdPosition || (left.id < right.id ? -1 : 1);

    it('lists every row once in a total order, in pages of any size, in both directions, under any filter', async () => {
      const filters = fc.constantFrom<Filter>(
        everything,
        { field: 'memoryType', equals: 'plan' },
        { not: { field: 'memoryType', equals: 'plan' } },
        { field: 'scope', equals: 'team' },
      );
      const property = fc.asyncProperty(
        filters,
        fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
        fc.integer({ min: 1, max: 70 }),
        async (filter, order, limit) => {
          const whole = await reader.listMemories(tenantId, { ...all, filter, order });
          const wanted = active
            .filter(({ memoryType }) => filter === everything || isPlanAsAsked(filter, memoryType))
            .sort(positionThenId)
            .map(({ id }) => id);
          expect(whole.map(({ id }) => id)).toEqual(order === 'asc' ? wanted : wanted.reverse());
          const paged: string[] = [];
          for (let after: PageStart | null = null; ;) {
            const page = await reader.listMemories(tenantId, { filter, order, after, limit });
            expect(page.length).toBeLessThanOrEqual(limit);
            paged.push(...page.map(({ id }) => id));
            if (page.length < limit) break;
            after = startOf(page.at(-1)!);
          }
          expect(paged).toEqual(whole.map(({ id }) => id));
        },
      );
      await fc.assert(property, { numRuns: 15 });
    });

    function isPlanAsAsked(filter: Filter, memoryType: string): boolean {
      if ('not' in filter) return memoryType !== 'plan';
      return 'equals' in filter && filter.field === 'memoryType' && memoryType === 'plan';
    }

    it('lists episodes in the same way', async () => {
      const paged: string[] = [];
      for (let after: PageStart | null = null; ;) {
        const page = await reader.listEpisodes(tenantId, { ...all, after, limit: 4 });
        paged.push(...page.map(({ id }) => id));
        if (page.length < 4) break;
        after = startOf(page.at(-1)!);
      }
      expect(paged).toEqual([...episodes].sort(positionThenId).map(({ id }) => id));
    });

    it('tells a memory as each of its versions left it, also when it is forgotten, and of whom it speaks', async () => {
      const fresh = await subject.newTenant();
      const learned = projectedMemory(1, { createdPosition: 1, content: 'first' });
      const { id: memoryId } = learned;
      const versionOf = (version: number, content: string, status: string) => ({
        ...versionRow(memoryId, version),
        ...{ content, status },
      });
      const claimSlots = ['leeds', 'kate', 'kate'].map((name, number) => ({
        ...{ memoryId, believer: 'b', subject: name, slot: `slot ${number}` },
      }));
      await subject.store.apply(fresh, 0, 1, {
        ...emptyChanges(),
        ...{ memories: [learned], versions: [versionOf(1, 'first', 'active')], claimSlots },
      });
      await subject.store.apply(fresh, 1, 2, {
        ...emptyChanges(),
        memories: [{ ...learned, version: 2, content: 'second', status: 'forgotten', updatedPosition: 2 }],
        versions: [versionOf(2, 'second', 'forgotten')],
      });
      const wanted = [1, 2, 3].map((version) => ({ memoryId, version }));
      const found = await reader.memoriesAt(fresh, [...wanted, { memoryId: 'no id', version: 1 }]);
      const told = found.map(({ id, version, content, status }) => [id, version, content, status]);
      expect(told.sort((left, right) => Number(left[1]) - Number(right[1]))).toEqual([
        [memoryId, 1, 'first', 'active'],
        [memoryId, 2, 'second', 'forgotten'],
      ]);
      expect(await reader.memoriesAt(other, wanted)).toEqual([]);
      expect(await reader.subjectsOf(fresh, [memoryId])).toEqual([
        { memoryId, subject: 'kate' },
        { memoryId, subject: 'leeds' },
      ]);
      expect(await reader.subjectsOf(other, [memoryId])).toEqual([]);
    });

    it('does not show a page again what was added before it meanwhile, nor miss what was there', async () => {
      const fresh = await subject.newTenant();
      const batch = (from: number, position: number) => ({
        ...emptyChanges(),
        memories: [0, 1, 2, 3].map((index) => projectedMemory(from + index, { createdPosition: position })),
      });
      await subject.store.apply(fresh, 0, 1, batch(0, 1));
      const first = await reader.listMemories(fresh, { ...all, order: 'desc', limit: 2 });
      await subject.store.apply(fresh, 1, 2, batch(10, 2));
      const rest = await reader.listMemories(fresh, { ...all, order: 'desc', after: startOf(first.at(-1)!) });
      expect([...first, ...rest].map(({ id }) => id)).toEqual([3, 2, 1, 0].map((number) => rowId('memory', number)));
    });

    it('has no forgotten memory anywhere, and no absent one', async () => {
      const forgotten = memories.find(({ status }) => status === 'forgotten')!;
      expect(await reader.memory(tenantId, forgotten.id)).toBeNull();
      for (const id of [absentRow, '', 'x', "' OR true --", rowId('memory', 1).toUpperCase() + '0', '\0']) {
        expect(await reader.memory(tenantId, id)).toBeNull();
        expect(await reader.history(tenantId, id)).toEqual([]);
      }
      const ids = memories.map(({ id }) => id);
      const found = await reader.memories(tenantId, [...ids, 'x', absentRow]);
      expect(found.map(({ id }) => id).sort()).toEqual(active.map(({ id }) => id).sort());
      expect(await reader.memories(tenantId, [])).toEqual([]);
    });

    it('gives a memory with its evidence counted and its sources', async () => {
      const fresh = await subject.newTenant();
      const span = { messageId: rowId('episode', 1), externalId: 'm', start: 2, end: 5 };
      const [piece] = projectedMemory(1).evidence;
      const evidence = [
        { ...piece!, id: rowId('evidence', 1), sourceType: 'message' as const, sources: [span] },
        { ...piece!, id: rowId('evidence', 2) },
      ];
      const whole = projectedMemory(1, {
        evidence,
        ownership: { ...somewhere, scope: 'team', ownerTeamId: 't', teamId: 'label' },
        metadata: { a: [1, { b: null }] },
        validFrom: { instant: at, precision: 'day' },
        updatedAt: '2026-03-02T10:00:00.123Z',
      });
      await subject.store.apply(fresh, 0, 1, { ...emptyChanges(), memories: [whole] });
      const { id, ownership, metadata, content, validFrom, updatedAt } = whole;
      expect(await reader.memory(fresh, id)).toMatchObject({
        ...{ id, ownership, metadata, content, validFrom, updatedAt, validTo: null },
        ...{ sourceType: 'message', sources: [span], evidenceCount: 2, status: 'active' },
      });
    });

    it('never answers a row of another tenant, whatever is asked for', async () => {
      const [memory] = active;
      expect(await reader.memory(other, memory!.id)).toBeNull();
      expect(await reader.memories(other, [memory!.id])).toEqual([]);
      expect(await reader.listMemories(other, all)).toEqual([]);
      expect(await reader.listMemories(other, { ...all, filter: { or: [everything, { not: everything }] } })).toEqual(
        [],
      );
      expect(await reader.listEpisodes(other, all)).toEqual([]);
      expect(await reader.episodes(other, [episodes[0]!.id])).toEqual([]);
      expect(await reader.history(other, memory!.id)).toEqual([]);
      expect(await reader.listContradictions(other, newestContradictions)).toEqual([]);
      expect(await reader.contradiction(other, contradictions[0]!.id)).toBeNull();
      expect(await reader.contradictionsOf(other, [rowId('memory', 1)], 10)).toEqual([]);
      expect(await reader.supersededBy(other, [rowId('memory', 1)], 10)).toEqual([]);
      expect(await reader.listAgents(other, { projectId: null, after: null, limit: 10 })).toEqual([]);
      expect(await reader.handoffs(other, 'p', 's', 10)).toEqual([]);
      expect(await reader.totals(other)).toEqual({ memories: 0, episodes: 0, contentBytes: 0 });
    });

    it.each([null, true, false])(
      'lists contradictions once, newest first, by settled = %s, in pages',
      async (asked) => {
        const wanted = contradictions
          .filter(({ settlement }) => asked === null || (settlement !== null) === asked)
          .sort((left, right) => positionThenId(right, left));
        const whole = await reader.listContradictions(tenantId, { ...newestContradictions, isResolved: asked });
        expect(whole).toEqual(wanted);
        const paged: string[] = [];
        for (let after: PageStart | null = null; ;) {
          const query = { ...newestContradictions, isResolved: asked, after, limit: 5 };
          const page = await reader.listContradictions(tenantId, query);
          paged.push(...page.map(({ id }) => id));
          if (page.length < 5) break;
          after = startOf(page.at(-1)!);
        }
        expect(paged).toEqual(wanted.map(({ id }) => id));
        const filter: Filter = { field: 'scope', equals: 'team' };
        const ofTeam = await reader.listContradictions(tenantId, {
          ...newestContradictions,
          isResolved: asked,
          filter,
        });
        expect(ofTeam).toEqual(wanted.filter(({ ownership }) => ownership.scope === 'team'));
      },
    );

    it('finds a contradiction by its id, and by the memories on either side', async () => {
      expect(await reader.contradiction(tenantId, contradictions[3]!.id)).toEqual(contradictions[3]);
      for (const id of [absentRow, '', "' OR true --", '\0']) {
        expect(await reader.contradiction(tenantId, id)).toBeNull();
        expect(await reader.contradictionsOf(tenantId, [id], 10)).toEqual([]);
        expect(await reader.supersededBy(tenantId, [id], 10)).toEqual([]);
      }
      for (const isResolved of [null, true, false]) {
        const memoryIds = [rowId('memory', 4), rowId('memory', 2), "' OR true --"];
        const whole = await reader.listContradictions(tenantId, { ...newestContradictions, isResolved });
        const theirs = whole.filter(({ memoryId, otherId }) =>
          [memoryId, otherId].some((id) => memoryIds.includes(id)),
        );
        const query = { ...newestContradictions, isResolved, memoryIds };
        expect(await reader.listContradictions(tenantId, query)).toEqual(theirs);
        expect(await reader.listContradictions(tenantId, { ...query, limit: 1 })).toEqual(theirs.slice(0, 1));
        expect(await reader.listContradictions(tenantId, { ...query, memoryIds: [] })).toEqual([]);
      }
      const sides = await reader.contradictionsOf(tenantId, [rowId('memory', 4)], 10);
      expect(sides.map(({ id }) => id).sort()).toEqual([contradictions[3]!.id, contradictions[4]!.id].sort());
      expect(await reader.contradictionsOf(tenantId, [rowId('memory', 4)], 1)).toEqual([sides[0]]);
    });

    it('knows whose place a memory ever took, also where that was taken back', async () => {
      const fresh = await subject.newTenant();
      const [newer, older] = [rowId('memory', 1), rowId('memory', 2)];
      const version = (number: number, status: string, supersededBy: string | null) => ({
        ...{ memoryId: older, version: number, position: number, recordedAt: at, eventType: 'x', reason: 'user' },
        ...{ eventId: rowId('event', number), actor: {}, decision: null, evidence: null, content: 'c', metadata: {} },
        ...{ memoryType: 'fact', confidence: 0.5, validFrom: null, validTo: null, status, supersededBy },
      });
      const versions = [version(1, 'active', null), version(2, 'superseded', newer), version(3, 'active', null)];
      await subject.store.apply(fresh, 0, 3, {
        ...emptyChanges(),
        memories: [projectedMemory(1), projectedMemory(2)],
        versions,
      });
      expect(await reader.supersededBy(fresh, [newer], 10)).toEqual([older]);
      expect(await reader.supersededBy(fresh, [older], 10)).toEqual([]);
      expect(await reader.supersededBy(fresh, [newer], 0)).toEqual([]);
    });

    it('finds what a believer believes of a slot, the latest change first, and what was named, also asked at once', async () => {
      const fresh = await subject.newTenant();
      const held = (number: number, believer: string, slot: string) => ({
        ...{ memoryId: rowId('memory', number), believer, subject: 'self', slot },
      });
      const rows = [1, 2, 3, 4, 5].map((number) =>
        projectedMemory(number, {
          updatedPosition: number,
          status: number === 3 ? 'superseded' : number === 4 ? 'disputed' : 'active',
        }),
      );
      const claimSlots = [1, 3, 4].map((number) => held(number, 'ana', 'residence'));
      claimSlots.push(held(2, 'ben', 'residence'), held(5, 'ana', 'employer'));
      await subject.store.apply(fresh, 0, 7, { ...emptyChanges(), memories: rows, claimSlots });
      const near = (believer: string, slot: string, numbers: number[] = [], limit = 16) =>
        reader.believedNear(fresh, believer, {
          slots: [{ subject: 'self', slot }],
          ids: numbers.map((number) => rowId('memory', number)),
          limit,
        });
      const answers = await Promise.all([
        near('ana', 'residence'),
        near('ana', 'residence', [5, 4, 3], 1),
        near('ben', 'residence'),
        near('ana', 'no\u0000such slot', [1]),
        near('nobody', 'residence'),
      ]);
      const told = answers.map((answer) => answer.near.map(({ id }) => id));
      const ids = (...numbers: number[]) => numbers.map((number) => rowId('memory', number));
      expect(told).toEqual([ids(4, 1), ids(4, 5), ids(2), ids(1), []]);
      expect(answers.map(({ position }) => position)).toEqual([7, 7, 7, 7, 7]);
      expect(answers.map(({ bySlot }) => bySlot)).toEqual([2, 1, 1, 0, 0]);
      expect(answers[2]!.near[0]).toEqual({
        ...{ id: rowId('memory', 2), content: 'Memory 2', observedAt: at, modality: 'asserted' },
      });
      const elsewhere = await reader.believedNear(other, 'ana', { slots: [], ids: ids(1, 2), limit: 16 });
      expect(elsewhere).toEqual({ near: [], bySlot: 0, position: 0 });
    });

    it('lists agents page by page with the names of their projects and teams', async () => {
      const names: string[] = [];
      for (let after: PageStart | null = null; ;) {
        const page = await reader.listAgents(tenantId, { projectId: 'p', after, limit: 2 });
        names.push(...page.map((agent) => `${agent.name} ${agent.projectName} ${agent.teamName}`));
        if (page.length < 2) break;
        after = startOf(page.at(-1)!);
      }
      expect(names).toEqual(['agent 1 default null', 'agent 3 default editorial', 'agent 2 default null']);
      expect(await reader.listAgents(tenantId, { projectId: null, after: null, limit: 10 })).toHaveLength(4);
      expect(await reader.listAgents(tenantId, { projectId: 'nobody', after: null, limit: 10 })).toEqual([]);
    });

    it('names what was concluded from a memory', async () => {
      const tenant = await subject.newTenant();
      const piece = projectedMemory(1).evidence[0]!;
      const concluded = (number: number, ...premises: number[]) =>
        projectedMemory(number, {
          modality: 'derived',
          evidence: [
            { ...piece, derivedFrom: premises.map((one) => ({ memoryId: rowId('memory', one), version: 1 })) },
          ],
        });
      const memories = [projectedMemory(1), projectedMemory(2), concluded(8, 1, 2), concluded(7, 2), concluded(9)];
      await subject.store.apply(tenant, 0, 1, { ...emptyChanges(), memories });
      const ids = (...numbers: number[]) => numbers.map((number) => rowId('memory', number));
      expect(await reader.concludedFrom(tenant, ids(1))).toEqual(ids(8));
      expect(await reader.concludedFrom(tenant, ids(1, 2))).toEqual(ids(7, 8));
      expect(await reader.concludedFrom(tenant, ids(3))).toEqual([]);
      expect(await reader.concludedFrom(other, ids(1, 2))).toEqual([]);
    });

    it('lists runs of maintenance, the latest first, page by page, of a kind where one is asked for', async () => {
      const read = async (kind: 'consolidate' | 'reflect' | null): Promise<string[]> => {
        const ids: string[] = [];
        for (let after: PageStart | null = null; ;) {
          const page = await reader.maintenanceRuns(tenantId, { kind, after, limit: 1 });
          if (page.length === 0) return ids;
          ids.push(page[0]!.id);
          after = { createdPosition: page[0]!.createdPosition, id: page[0]!.id };
        }
      };
      const ids = (...numbers: number[]) => numbers.map((number) => rowId('run', number));
      expect(await read(null)).toEqual(ids(3, 2, 1));
      expect(await read('reflect')).toEqual(ids(2));
      expect(await reader.maintenanceRuns(other, { kind: null, after: null, limit: 10 })).toEqual([]);
    });

    it('gives the handoffs of a session, newest first, and only of its project', async () => {
      const told = await reader.handoffs(tenantId, 'p', 's', 10);
      expect(told.map(({ reason }) => reason)).toEqual(['reason 3', 'reason 1']);
      expect(told[0]).toMatchObject({
        fromAgent: 'a',
        toAgent: 'b',
        sessionId: 's',
        context: { n: 3 },
        recordedAt: at,
      });
      expect(await reader.handoffs(tenantId, 'p', 's', 1)).toHaveLength(1);
      expect(await reader.handoffs(tenantId, 'q', 's', 10)).toEqual([]);
    });
  });
}

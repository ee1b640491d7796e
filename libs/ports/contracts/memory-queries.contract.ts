import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Settlement } from '#libs/domain/belief/contradiction.js';
import type { Caller, Scope } from '#libs/domain/scope/ownership.js';
import type { ContradictionQuery, ListQuery, PageStart } from '../memory-reader.js';
import type { MemoryQueries, SearchQuery, View } from '../memory-queries.js';

/** What a caller can have done to the log. Each answers the position that a read may wait for. */
export interface MemoryQueriesUnderTest {
  queries: MemoryQueries;
  /** States one memory, with the caller's own words. */
  learn(caller: Caller, content: string, scope: Scope | null): Promise<{ id: string; position: number }>;
  /** Sends one message of a conversation. */
  say(caller: Caller, content: string): Promise<number>;
  forget(caller: Caller, id: string): Promise<number>;
  erase(caller: Caller, id: string): Promise<number>;
  /** The first memory contradicts the second; `superseded`: it takes its place. */
  contradict(
    caller: Caller,
    sides: { memoryId: string; otherId: string },
    settlement: Settlement | null,
  ): Promise<{ contradictionId: string; position: number }>;
  handOff(caller: Caller, sessionId: string): Promise<number>;
  /** A run of maintenance that finds nothing to do. */
  maintain(tenantId: string): Promise<{ runId: string; position: number }>;
  stop(): Promise<void>;
}

const project = (name: string) => ({ id: `project-${name}`, name });
const agent = (digit: number) => ({
  id: `00000000-0000-4000-8000-00000000000${digit}`,
  name: `agent ${digit}`,
  type: null,
});
const editorial = { id: 'team-editorial', name: 'editorial' };
const writer: Caller = {
  ...{ tenantId: 'acme', keyId: 'key', project: project('default'), team: editorial, agent: agent(1) },
  ...{ sessionId: 'monday', boundUserId: null },
};
const strangers: Record<string, Caller> = {
  'another tenant': { ...writer, tenantId: 'other' },
  'another project': { ...writer, project: project('else') },
  'another user': { ...writer, boundUserId: 'bob' },
  'another agent, team and session': { ...writer, agent: agent(2), team: null, sessionId: 'tuesday' },
};
const everything: ListQuery = { filter: { and: [] }, order: 'desc', after: null, limit: 100 };
const newest: ContradictionQuery = { filter: { and: [] }, isResolved: null, after: null, limit: 100 };
const asking = (text: string): SearchQuery => ({
  ...{ text, filter: { and: [] }, limit: 50, mode: 'hybrid', explain: false, includeEpisodes: true },
});

/** The promises of `MemoryQueries`, one test each. The tenants `acme` and `other` exist. */
export function memoryQueriesContract(name: string, start: () => Promise<MemoryQueriesUnderTest>): void {
  describe(`${name} keeps the promises of MemoryQueries`, () => {
    let subject: MemoryQueriesUnderTest;
    let queries: MemoryQueries;
    beforeAll(async () => {
      subject = await start();
      queries = subject.queries;
    });
    afterAll(() => subject.stop());

    it('shows a memory to whoever may see it, by every question, at the position of its write', async () => {
      const { id, position } = await subject.learn(writer, 'The zebra is called Zora', 'team');
      const colleague: Caller = { ...writer, agent: agent(2), sessionId: null };
      for (const caller of [writer, colleague]) {
        expect(await queries.get(caller, id, position)).toMatchObject({ id, content: 'The zebra is called Zora' });
        expect((await queries.list(caller, everything, position)).rows.map((row) => row.id)).toContain(id);
        expect((await queries.search(caller, asking('zebra'), position)).hits[0]?.memory?.id).toBe(id);
        expect((await queries.search(caller, asking(''), position)).hits.map((hit) => hit.memory?.id)).toContain(id);
        expect(await queries.history(caller, id, position)).toMatchObject({
          memory: { id },
          versions: [{ version: 1 }],
        });
        expect((await queries.lineage(caller, id, { asOf: null }, position))?.roots).toHaveLength(1);
      }
    });

    it('exports what a caller may see at a position, in whole and with the names of its owner', async () => {
      const caller: Caller = { ...writer, project: project('export') };
      const first = await subject.learn(caller, 'The ibex climbs', 'team');
      const { position } = await subject.learn(caller, 'The ibex sleeps', 'personal');
      const colleague: Caller = { ...caller, agent: agent(2), sessionId: null };
      const whole = { filter: { and: [] }, after: null, limit: 10, withVersions: true };
      const told = await queries.exported(caller, { ...whole, position });
      const names = { project: 'export', team: 'editorial', agent: 'agent 1' };
      expect(told).toMatchObject({ next: null, memories: [{ names, evidence: [{}], versions: [{}] }, { names }] });
      const others = (await queries.exported(colleague, { ...whole, position })).memories;
      expect(others.map(({ memory }) => memory.id)).toEqual([first.id]);
      expect((await queries.exported(caller, { ...whole, position: first.position })).memories).toHaveLength(1);
      const page = await queries.exported(caller, { ...whole, position, limit: 1 });
      const rest = await queries.exported(caller, { ...whole, position, after: page.next });
      expect([...page.memories, ...rest.memories]).toEqual(told.memories);
    });

    it.each(Object.keys(strangers))('has nothing for %s, exactly as if there were nothing', async (who) => {
      const stranger = strangers[who]!;
      const { id } = await subject.learn(writer, `The okapi hides from ${who}`, 'personal');
      const position = await subject.say(writer, `An okapi was seen by nobody of ${who}`);
      const since = stranger.tenantId === 'acme' ? position : 0;
      const absent = '99999999-0000-4000-8000-000000000000';
      expect(await queries.get(stranger, id, since)).toEqual(await queries.get(stranger, absent, since));
      expect(await queries.history(stranger, id, since)).toBeNull();
      expect(await queries.lineage(stranger, id, { asOf: null }, since)).toBeNull();
      expect((await queries.list(stranger, everything, since)).rows).toEqual([]);
      const before = await queries.search(stranger, asking('okapi'), since);
      expect(before.hits).toEqual([]);
      expect((await queries.search(stranger, asking(''), since)).hits).toEqual([]);
    });

    it('tells a lineage as it was at a position, with the beliefs beside it, and nothing of a memory before it was', async () => {
      const caller: Caller = { ...writer, project: project('lineage') };
      const older = await subject.learn(caller, 'The gnu lives in Lisbon', 'team');
      const newer = await subject.learn(caller, 'Porridge is served at nine', 'team');
      const sides = { memoryId: newer.id, otherId: older.id };
      const { contradictionId, position } = await subject.contradict(caller, sides, 'superseded');
      const now = await queries.lineage(caller, older.id, { asOf: null }, position);
      expect(now?.chain.map(({ memoryId, content }) => [memoryId, content])).toEqual([
        [older.id, 'The gnu lives in Lisbon'],
        [newer.id, 'Porridge is served at nine'],
      ]);
      expect(now?.nodes.map(({ id }) => id)).toContain(`contradiction:${contradictionId}`);
      const fromThere = await queries.lineage(caller, newer.id, { asOf: null }, position);
      expect(fromThere?.nodes.map(({ id }) => id)).toContain(`alternative:${older.id}`);
      const then = await queries.lineage(caller, older.id, { asOf: older.position }, position);
      expect(then).toMatchObject({ asOf: older.position, chain: [{ memoryId: older.id, status: 'active' }] });
      expect(await queries.lineage(caller, newer.id, { asOf: older.position }, position)).toBeNull();
      const end = await subject.forget(caller, older.id);
      expect(await queries.lineage(caller, older.id, { asOf: null }, end)).toBeNull();
    });

    it('shows of a neighbour that may not be seen, or was erased, only that it is there', async () => {
      const caller: Caller = { ...writer, project: project('hidden') };
      const secret = await subject.learn({ ...caller, agent: agent(2) }, 'The yak keeps a secret', 'personal');
      const shown = await subject.learn(caller, 'Butter comes from milk', 'team');
      const { position } = await subject.contradict(caller, { memoryId: shown.id, otherId: secret.id }, 'superseded');
      const graph = await queries.lineage(caller, shown.id, { asOf: null }, position);
      expect(JSON.stringify(graph)).not.toContain('secret');
      const beside = `alternative:${secret.id}`;
      expect(graph?.nodes.find(({ id }) => id === beside)).toMatchObject({ visibility: 'hidden', content: null });
      const gone = await subject.learn(caller, 'Paper will be erased', 'team');
      const later = { memoryId: gone.id, otherId: shown.id };
      await subject.contradict(caller, later, 'superseded');
      const end = await subject.erase(caller, gone.id);
      const after = await queries.lineage(caller, shown.id, { asOf: null }, end);
      expect(JSON.stringify(after)).not.toContain('will be erased');
      expect(after?.nodes.find(({ id }) => id === `alternative:${gone.id}`)).toMatchObject({ visibility: 'erased' });
    });

    it('lists contradictions once, newest first, with what both sides say, to whoever may see them', async () => {
      const caller: Caller = { ...writer, project: project('contradicted') };
      const told: string[] = [];
      let position = 0;
      // Statements that have nothing to do with one another: the only contradictions are those that the test makes.
      for (const [settlement, before, after] of [
        ['superseded', 'Trains leave hourly', 'Bread smells good'],
        [null, 'Owls hunt mice', 'Paint dries slowly'],
        ['kept_both', 'Rivers reach oceans', 'Candles need wax'],
      ] as const) {
        const older = await subject.learn(caller, before, 'team');
        const newer = await subject.learn(caller, after, 'team');
        const sides = { memoryId: newer.id, otherId: older.id };
        const contradicted = await subject.contradict(caller, sides, settlement);
        told.unshift(contradicted.contradictionId);
        position = contradicted.position;
      }
      const found: string[] = [];
      for (let after: PageStart | null = null, page; page === undefined || after !== null; after = page.next) {
        page = await queries.contradictions(caller, { ...newest, after, limit: 2 }, position);
        found.push(...page.rows.map(({ contradiction }) => contradiction.id));
      }
      expect(found).toEqual(told);
      const open = await queries.contradictions(caller, { ...newest, isResolved: false }, position);
      expect(open.rows).toMatchObject([
        {
          contradiction: { id: told[1] },
          content: 'Paint dries slowly',
          otherContent: 'Owls hunt mice',
        },
      ]);
      expect(await queries.contradiction(caller, told[1]!, position)).toEqual(open.rows[0]);
      const { otherId: side } = open.rows[0]!.contradiction;
      const ofSide = await queries.contradictions(caller, { ...newest, memoryIds: [side] }, position);
      expect(ofSide.rows).toEqual(open.rows);
      for (const stranger of Object.values(strangers)) {
        const since = stranger.tenantId === 'acme' ? position : 0;
        expect((await queries.contradictions(stranger, newest, since)).rows).toEqual([]);
        expect(await queries.contradiction(stranger, told[1]!, since)).toBeNull();
      }
      const { memoryId } = open.rows[0]!.contradiction;
      const end = await subject.forget(caller, memoryId);
      expect(await queries.contradiction(caller, told[1]!, end)).toMatchObject({ content: null });
    });

    it('lists handoffs and agents of the own project alone', async () => {
      const position = await subject.handOff(writer, 'monday');
      const other = { ...writer, project: project('else') };
      expect(await queries.handoffs(writer, 'monday', 10, position)).toHaveLength(1);
      expect(await queries.handoffs(other, 'monday', 10, position)).toEqual([]);
      const page = { after: null, limit: 10 };
      expect((await queries.agents(writer, page, position)).rows.map((row) => row.id)).toContain(agent(1).id);
      expect((await queries.agents(other, page, position)).rows).toEqual([]);
      expect((await queries.agents({ ...writer, tenantId: 'other' }, page, 0)).rows).toEqual([]);
    });

    it('pages through everything once, and ends', async () => {
      const caller: Caller = { ...writer, project: project('paged') };
      let position = 0;
      const ids: string[] = [];
      for (let number = 0; number < 7; number += 1) {
        const learned = await subject.learn(caller, `Fact number ${number}`, 'project');
        ids.unshift(learned.id);
        position = learned.position;
      }
      for (const limit of [1, 3, 7, 8]) {
        const paged: string[] = [];
        let after: PageStart | null = null;
        do {
          const page = await queries.list(caller, { ...everything, after, limit }, position);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          paged.push(...page.rows.map((row) => row.id));
          after = page.next;
        } while (after !== null);
        expect(paged).toEqual(ids);
      }
    });

    it('draws what the caller may see, with what is said of whom and what contradicts what', async () => {
      const caller: Caller = { ...writer, project: project('drawn') };
      const kate = await subject.learn(caller, 'Kate lives in Leeds.', 'project');
      const other = await subject.learn(caller, 'Paint dries quickly', 'project');
      const sides = { memoryId: other.id, otherId: kate.id };
      const { position } = await subject.contradict(caller, sides, null);
      const graph = await queries.memoryGraph(caller, { filter: { and: [] }, limit: 10 }, position);
      expect(graph.memories.map(({ id }) => id)).toEqual([other.id, kate.id]);
      expect(graph.subjects).toContainEqual({ memoryId: kate.id, subject: 'kate' });
      expect(graph.contradictions).toMatchObject([sides]);
      const newest = await queries.memoryGraph(caller, { filter: { and: [] }, limit: 1 }, position);
      expect([newest.memories.length, newest.contradictions]).toEqual([1, []]);
      for (const stranger of [strangers['another tenant']!, { ...caller, project: project('else') }]) {
        const since = stranger.tenantId === 'acme' ? position : 0;
        const theirs = await queries.memoryGraph(stranger, { filter: { and: [] }, limit: 10 }, since);
        expect(theirs.memories.filter(({ id }) => id === kate.id)).toEqual([]);
        expect([theirs.subjects.filter(({ memoryId }) => memoryId === kate.id), theirs.contradictions]).toEqual([
          [],
          [],
        ]);
      }
    });

    it('tells what happened after any place of the log, to those who may see it, and waits for more', async () => {
      const caller: Caller = { ...writer, project: project('watched') };
      const start = await queries.headPosition('acme');
      const kept = await subject.learn(caller, 'The ibis is kept', 'project');
      const gone = await subject.learn(caller, 'The heron is gone', 'project');
      const end = await subject.erase(caller, gone.id);
      const told = async (who: Caller, limit: number) => {
        const all: [number, string, string | null][] = [];
        for (let after = { position: start, index: 256 }; after.position < end || after.index < 256;) {
          const page = await queries.changes(who, { after, limit, types: null, filter: null });
          expect(page.changes.length).toBeLessThanOrEqual(limit);
          for (const { place, type, memory } of page.changes) all.push([place.position, type, memory?.content ?? null]);
          after = page.next;
        }
        return all;
      };
      const mine: unknown[] = [
        [kept.position, 'MemoryLearned', 'The ibis is kept'],
        [end, 'MemoryErased', null],
      ];
      for (const limit of [1, 2, 200]) {
        expect((await told(caller, limit)).filter(([, type]) => type.startsWith('Memory'))).toEqual(mine);
      }
      expect(await told({ ...caller, project: project('else') }, 10)).toEqual([mine[1]]);
      const waiting = queries.grown('acme', end, 5_000);
      const next = await subject.learn(caller, 'The crane came later', 'project');
      expect(await waiting).toBe(next.position);
      expect(await queries.grown('acme', next.position, 10)).toBe(next.position);
    });

    it('has no forgotten memory any more, at the position of the forgetting', async () => {
      const { id } = await subject.learn(writer, 'The quagga is gone', 'project');
      const position = await subject.forget(writer, id);
      expect(await queries.get(writer, id, position)).toBeNull();
      expect((await queries.list(writer, everything, position)).rows.map((row) => row.id)).not.toContain(id);
      expect((await queries.search(writer, asking('quagga'), position)).hits).toEqual([]);
    });

    it('answers with asOf what was answered when the log ended there', async () => {
      const caller: Caller = { ...writer, project: project('earlier') };
      const words = ['zebu', 'yak', 'ibex', 'kudu'];
      const answers: { position: number; told: unknown }[] = [];
      const ids: string[] = [];
      const told = async (position: number, asOf: number | null) => ({
        list: await queries.list(caller, { ...everything, asOf }, position),
        gets: await Promise.all(ids.map((id) => queries.get(caller, id, position, { asOf }))),
        newest: await queries.search(caller, { ...asking(''), asOf }, position),
        searches: await Promise.all(
          words.map((word) => queries.search(caller, { ...asking(`Where is the ${word}?`), asOf }, position)),
        ),
      });
      for (const [number, word] of words.entries()) {
        ids.push((await subject.learn(caller, `The ${word} stands at gate ${number}`, 'project')).id);
        const said = await subject.say(caller, `I saw the ${word} at gate ${number}`);
        answers.push({ position: said, told: await told(said, null) });
        if (number !== 2) continue;
        const gone = await subject.forget(caller, ids[0]!);
        answers.push({ position: gone, told: await told(gone, null) });
      }
      for (const { position, told: then } of answers.toReversed()) {
        const now = (await told(0, position)) as { gets: unknown[] };
        const known = (then as { gets: unknown[] }).gets.length;
        // What was learned later had no answer then.
        expect(now.gets.slice(known)).toEqual(now.gets.slice(known).map(() => null));
        expect({ ...now, gets: now.gets.slice(0, known) }).toEqual(then);
      }
      const early: Caller = { ...caller, boundUserId: 'bob' };
      expect((await queries.list(early, { ...everything, asOf: answers[0]!.position }, 0)).rows).toEqual([]);
    });

    it('tells what became of memories between two positions, and only of those that the caller may see', async () => {
      const caller: Caller = { ...writer, project: project('changed') };
      const kept = await subject.learn(caller, 'The lynx is kept', 'project');
      const gone = await subject.learn(caller, 'The puma is gone', 'project');
      const to = await subject.forget(caller, gone.id);
      const span = { filter: { and: [] }, after: null, limit: 10 };
      const kinds = async (who: Caller, from: number) =>
        (await queries.differences(who, { ...span, from, to }, to)).rows.map(({ kind, before, after, changes }) => [
          ...[kind, (after ?? before)!.id, changes.map(({ eventType }) => eventType)],
        ]);
      expect(await kinds(caller, gone.position)).toEqual([['retired', gone.id, ['MemoryForgotten']]]);
      expect(await kinds(caller, kept.position)).toEqual([]);
      expect(await kinds(caller, kept.position - 1)).toEqual([['added', kept.id, ['MemoryLearned']]]);
      expect(await kinds({ ...caller, project: project('else') }, kept.position - 1)).toEqual([]);
    });

    it('finds the position of a moment, and says which moments are outside the log', async () => {
      const { position } = await subject.learn(writer, 'The okapi was here', 'project');
      const head = await queries.headPosition('acme');
      expect(await queries.moment('acme', { position })).toEqual({ kind: 'found', position });
      expect(await queries.moment('acme', { position: head + 1 })).toEqual({ kind: 'future', head });
      expect(await queries.moment('acme', { position: 0 })).toMatchObject({ kind: 'before' });
      const { rows } = await queries.list(writer, { ...everything, limit: 1 }, position);
      const at = rows[0]!.updatedAt;
      const found = await queries.moment('acme', { instant: at });
      expect(found.kind === 'found' && found.position).toBeGreaterThanOrEqual(position);
      expect(await queries.moment('acme', { instant: '2999-01-01T00:00:00.000Z' })).toEqual({ kind: 'future', head });
      const before = await queries.moment('acme', { instant: '1999-01-01T00:00:00.000Z' });
      expect(before).toEqual({ kind: 'before', begins: expect.stringMatching(/^20\d\d-/) });
      expect(await queries.moment('empty', { position: 1 })).toEqual({ kind: 'before', begins: null });
    });

    it('counts what was believed at a position, and what was true at a time', async () => {
      const before = await queries.totals('acme', await queries.headPosition('acme'));
      const { id, position } = await subject.learn(writer, 'The gaur will be forgotten', 'project');
      const gone = await subject.forget(writer, id);
      const then = await queries.totals('acme', 0, { asOf: position });
      expect(then).toEqual({
        memories: before.memories + 1,
        episodes: before.episodes,
        contentBytes: before.contentBytes + 'The gaur will be forgotten'.length,
      });
      expect(await queries.totals('acme', 0, { asOf: gone })).toEqual(before);
      const never: View = { filter: { field: 'saidAt', atMost: '1999-01-01T00:00:00.000Z' } };
      expect(await queries.totals('acme', gone, never)).toEqual({ memories: 0, episodes: 0, contentBytes: 0 });
    });

    it('tells the runs of maintenance and what became of them, to their tenant alone', async () => {
      const { runId, position } = await subject.maintain('acme');
      const run = { id: runId, kind: 'consolidate', status: 'applied', steps: [{ step: 1 }] };
      expect(await queries.maintenanceRun('acme', runId, position)).toMatchObject(run);
      const latest = { kind: null, after: null, limit: 10 };
      expect((await queries.maintenanceRuns('acme', latest, position)).rows[0]).toMatchObject(run);
      expect(await queries.maintenanceRun('other', runId, 0)).toBeNull();
      expect((await queries.maintenanceRuns('other', latest, 0)).rows).toEqual([]);
      expect(await queries.maintenanceSettings('acme')).toMatchObject({ isSet: false, settings: { timezone: 'UTC' } });
    });

    it('always answers a read with the write before it', async () => {
      const caller: Caller = { ...writer, project: project('busy') };
      await Promise.all(
        Array.from({ length: 25 }, async (_, number) => {
          const { id, position } = await subject.learn(caller, `Written and read ${number}`, 'project');
          expect(await queries.reached('acme', position)).toEqual({ position });
          expect(await queries.get(caller, id, position)).not.toBeNull();
          const { hits } = await queries.search(caller, asking(`written read ${number}`), position);
          expect(hits.map((hit) => hit.memory?.id)).toContain(id);
        }),
      );
      expect((await queries.totals('acme', await queries.headPosition('acme'))).memories).toBeGreaterThanOrEqual(25);
    });

    it('fails with behind, instead of an old answer, when a position does not come', async () => {
      const beyond = (await queries.headPosition('acme')) + 1;
      const reads = [queries.list(writer, everything, beyond), queries.reached('acme', beyond)];
      for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'behind' });
    });
  });
}

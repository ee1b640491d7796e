import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byCommandId } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import type { MemoryLearned } from '#libs/domain/memory/memory.events.js';
import type { RecordedCommit } from '#libs/contracts/events.js';
import type { LogReader } from '../log-reader.js';
import {
  type AppendRequest,
  type AppendResult,
  CommitTooLarge,
  type LogWriter,
  noReservations,
} from '../log-writer.js';

export interface LogUnderTest {
  writer: LogWriter;
  reader: LogReader;
  newTenant(): Promise<string>;
  /** Every byte that the log stores of a tenant. */
  storedBytes(tenantId: string): Promise<Buffer>;
  stop(): Promise<void>;
}

let commands = 0;

/** The promises of `LogWriter` and `LogReader`, one test each. */
export function logContract(name: string, start: () => Promise<LogUnderTest>): void {
  describe(`${name} keeps the promises of the log`, () => {
    let log: LogUnderTest;
    let tenant: string;
    beforeAll(async () => {
      log = await start();
      tenant = await log.newTenant();
    });
    afterAll(() => log.stop());

    it('numbers the commits of a tenant without a gap, in commit order, whoever else appends', async () => {
      const other = await log.newTenant();
      const mine = await log.newTenant();
      const results = await Promise.all(
        Array.from({ length: 120 }, (_, index) =>
          log.writer.append(learning(index % 3 === 0 ? other : mine, `m${index}`)),
        ),
      );
      const positions = results.filter((_, index) => index % 3 !== 0).map(position);
      expect(positions).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
      const commits = await log.reader.commitsAfter(mine, 0, 1_000);
      expect(commits.map(({ commit }) => commit.position)).toEqual(positions);
    });

    it('tells positions as they are, whatever their bytes', async () => {
      const fresh = await log.newTenant();
      for (const head of [127, 128, 195, 245, 255, 300]) {
        const before = await log.reader.headPosition(fresh);
        const appends = Array.from({ length: head - before }, (_, at) => learning(fresh, `p${before + at}`));
        await Promise.all(appends.map((append) => log.writer.append(append)));
        expect(await log.reader.headPosition(fresh)).toBe(head);
        expect(await log.reader.heads()).toContainEqual({ tenantId: fresh, position: head });
      }
      const verified = await log.reader.verifiedCommitsAfter(fresh, 0, 1_000);
      expect(verified.map(({ kind, commit }) => [kind, commit.position])).toEqual(
        Array.from({ length: 300 }, (_, at) => ['commit', at + 1]),
      );
    });

    it('names one position by an instant: that of the last commit recorded by then', async () => {
      const fresh = await log.newTenant();
      expect(await log.reader.positionAt(fresh, '2999-01-01T00:00:00.000Z')).toBe(0);
      for (let at = 0; at < 37; at += 1) await log.writer.append(learning(fresh, `t${at}`));
      const commits = await log.reader.commitsAfter(fresh, 0, 100);
      const times = commits.map(({ commit }) => (commit as RecordedCommit).recordedTime);
      expect(times).toEqual(times.toSorted());
      const moved = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
      for (const instant of new Set(times.flatMap((time) => [time, moved(time, -1), moved(time, 1)]))) {
        const expected = times.filter((time) => time <= instant).length;
        expect([instant, await log.reader.positionAt(fresh, instant)]).toEqual([instant, expected]);
      }
      expect(await log.reader.positionAt(fresh, '0001-01-01T00:00:00.000Z')).toBe(0);
      expect(await log.reader.recordedTime(fresh, 37)).toBe(times.at(-1));
      expect(await log.reader.recordedTime(fresh, 38)).toBeNull();
      expect(await log.reader.recordedTime(fresh, 0)).toBeNull();
    });

    it('answers the stored outcome to a second append with one idempotency key, and has one effect', async () => {
      const fresh = await log.newTenant();
      const idempotency = { kind: 'key' as const, key: 'k1', requestHash: 'h1', ttlSeconds: 60 };
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          log.writer.append({ ...learning(fresh, `i${index}`), idempotency, outcome: { answer: index } }),
        ),
      );
      const outcomes = new Set(results.map((result) => result.kind === 'appended' && JSON.stringify(result.outcome)));
      expect(outcomes.size).toBe(1);
      expect(results.filter((result) => result.kind === 'appended' && !result.replayed)).toHaveLength(1);
      expect(await log.reader.headPosition(fresh)).toBe(1);
      const later = await log.writer.append({ ...learning(fresh, 'later'), idempotency, outcome: {} });
      expect(later).toMatchObject({ kind: 'appended', replayed: true, position: 1 });
    });

    it('refuses an idempotency key with another request, and writes nothing', async () => {
      const idempotency = { kind: 'key' as const, key: 'k2', requestHash: 'h1', ttlSeconds: 60 };
      await log.writer.append({ ...learning(tenant, 'a'), idempotency });
      const head = await log.reader.headPosition(tenant);
      const other = { ...learning(tenant, 'b'), idempotency: { ...idempotency, requestHash: 'h2' } };
      expect(await log.writer.append(other)).toEqual({ kind: 'idempotency_mismatch' });
      expect(await log.reader.headPosition(tenant)).toBe(head);
    });

    it('finds what was stored under the id of a command when the command comes again with a key', async () => {
      const command = learning(tenant, 'by its id');
      const first = await log.writer.append({ ...command, idempotency: byCommandId(command), outcome: { answer: 1 } });
      const window = { kind: 'window' as const, key: 'w1', requestHash: 'h1', ttlSeconds: 60 };
      const again = await log.writer.append({ ...command, idempotency: window, outcome: { answer: 2 } });
      expect(again).toMatchObject({ position: position(first), replayed: false, outcome: { answer: 1 } });
      expect(await log.reader.headPosition(tenant)).toBe(position(first));
    });

    it('forgets an idempotency key when its time is over', async () => {
      const idempotency = { kind: 'window' as const, key: 'k3', requestHash: 'h', ttlSeconds: 0.05 };
      await log.writer.append({ ...learning(tenant, 'a'), idempotency });
      await new Promise((resolve) => setTimeout(resolve, 80));
      expect(await log.writer.append({ ...learning(tenant, 'b'), idempotency })).toMatchObject({ replayed: false });
    });

    it('knows a command that is delivered again, also when the time of its key is over', async () => {
      const idempotency = { kind: 'window' as const, key: 'k4', requestHash: 'h', ttlSeconds: 0.05 };
      const command = { ...learning(tenant, 'once'), idempotency, outcome: { answer: 1 } };
      const first = await log.writer.append(command);
      await new Promise((resolve) => setTimeout(resolve, 80));
      const again = await log.writer.append({ ...learning(tenant, 'twice'), ...command, outcome: { answer: 2 } });
      expect(again).toMatchObject({ position: position(first), replayed: false, outcome: { answer: 1 } });
    });

    it('compares every expected version, all or nothing', async () => {
      const first = learning(tenant, 'versioned');
      const stream = first.events[0]!.streamId;
      expect(await log.writer.append({ ...first, expectedVersions: { [stream]: 0 } })).toMatchObject({
        kind: 'appended',
      });
      const head = await log.reader.headPosition(tenant);
      const stale = { ...learning(tenant, 'other'), expectedVersions: { [stream]: 0, 'memory-none': 0 } };
      expect(await log.writer.append(stale)).toEqual({
        kind: 'wrong_expected_version',
        stream,
        expected: 0,
        actual: 1,
      });
      expect(await log.reader.headPosition(tenant)).toBe(head);
    });

    it('gives a reservation to one of many, and tells the others who holds it', async () => {
      const takes = await Promise.all(
        Array.from({ length: 64 }, (_, index) =>
          log.writer.append({
            ...learning(tenant, `r${index}`),
            reservations: { ...noReservations, take: { slot: `o${index}` } },
          }),
        ),
      );
      expect(takes.filter((result) => result.kind === 'appended')).toHaveLength(1);
      const winner = takes.findIndex((result) => result.kind === 'appended');
      const held = takes.find((result) => result.kind === 'reservation_held');
      expect(held).toEqual({ kind: 'reservation_held', held: [{ key: 'slot', owner: `o${winner}` }] });
    });

    it('moves, expects and releases reservations with the commit', async () => {
      const take = (owner: string, more: Partial<AppendRequest['reservations']> = {}) =>
        log.writer.append({
          ...learning(tenant, owner),
          reservations: { ...noReservations, take: { moved: owner }, ...more },
        });
      expect(await take('first')).toMatchObject({ kind: 'appended' });
      expect(await take('second', { release: ['moved'] })).toMatchObject({ kind: 'appended' });
      const expecting = (owner: string) =>
        log.writer.append({
          ...learning(tenant, 'expecting'),
          reservations: { ...noReservations, expect: { moved: owner } },
        });
      expect(await expecting('first')).toEqual({ kind: 'reservation_held', held: [{ key: 'moved', owner: 'second' }] });
      expect(await expecting('second')).toMatchObject({ kind: 'appended' });
      const release = { ...learning(tenant, 'release'), reservations: { ...noReservations, release: ['moved'] } };
      expect(await log.writer.append(release)).toMatchObject({ kind: 'appended' });
      expect(await expecting('second')).toEqual({ kind: 'reservation_held', held: [{ key: 'moved', owner: null }] });
    });

    it('never lets recorded times of a tenant go back', async () => {
      const commits = await log.reader.commitsAfter(tenant, 0, 10_000);
      const times = commits.flatMap((followed) => (followed.kind === 'commit' ? [followed.commit.recordedTime] : []));
      expect(times.length).toBeGreaterThan(5);
      expect(times).toEqual([...times].sort());
    });

    it('keeps one bad append from failing the others of its transaction', async () => {
      const bad = {
        ...learning(tenant, 'bad'),
        idempotency: { kind: 'key' as const, key: 'nul\0', requestHash: 'h', ttlSeconds: 1 },
      };
      const results = await Promise.allSettled([
        log.writer.append(learning(tenant, 'good 1')),
        log.writer.append(bad),
        log.writer.append(learning(tenant, 'good 2')),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('refuses a commit that would not fit into a record, and writes nothing', async () => {
      const head = await log.reader.headPosition(tenant);
      const huge = log.writer.append(learning(tenant, 'x'.repeat(limits.commitBytes)));
      await expect(huge).rejects.toBeInstanceOf(CommitTooLarge);
      expect(await log.reader.headPosition(tenant)).toBe(head);
    });

    it('stores none of the text in the open', async () => {
      const fresh = await log.newTenant();
      const secret = 'The violet submarine leaves at dawn';
      await log.writer.append(learning(fresh, secret, 'user-violet'));
      const bytes = (await log.storedBytes(fresh)).toString('latin1');
      for (const word of ['violet', 'submarine', 'user-violet']) expect(bytes).not.toContain(word);
      const [commit] = await log.reader.commitsAfter(fresh, 0, 1);
      expect(JSON.stringify(commit)).toContain(secret);
    });

    it('reads a stream in the order of its versions, up to the last durable event', async () => {
      const first = learning(tenant, 'streamed');
      const { streamId } = first.events[0]!;
      const memoryId = streamId.slice('memory-'.length);
      const began = await log.writer.append(first);
      const wentOn = await log.writer.append({
        ...learning(tenant, 'later'),
        events: [{ ...first.events[0]!, event: { type: 'MemoryRevised', data: { memoryId, content: 'changed' } } }],
      });
      const events = await log.reader.stream(tenant, streamId);
      expect(events.map(({ headers, position: at }) => [headers.streamversion, headers.type, at])).toEqual([
        [1, 'MemoryLearned', position(began)],
        [2, 'MemoryRevised', position(wentOn)],
      ]);
      expect(await log.reader.streamVersions(tenant, [streamId, 'memory-none'])).toEqual(new Map([[streamId, 2]]));
      expect(await log.reader.stream(await log.newTenant(), streamId)).toEqual([]);
    });

    it('reads several streams at once, each whole and in order, and of this tenant alone', async () => {
      const [one, two] = [learning(tenant, 'one of several'), learning(tenant, 'two of several')];
      const [first, second] = [one, two].map(({ events }) => events[0]!.streamId) as [string, string];
      await log.writer.append(two);
      await log.writer.append(one);
      const memoryId = first.slice('memory-'.length);
      const revised = { type: 'MemoryRevised' as const, data: { memoryId, content: 'changed' } };
      await log.writer.append({ ...learning(tenant, 'later'), events: [{ ...one.events[0]!, event: revised }] });
      const read = await log.reader.streams(tenant, [first, 'memory-none', second]);
      const told = [...read].map(([id, events]) => [id, events.map(({ headers }) => headers.streamversion)] as const);
      expect(Object.fromEntries(told)).toEqual({ [first]: [1, 2], [second]: [1] });
      expect(await log.reader.streams(await log.newTenant(), [first, second])).toEqual(new Map());
    });

    it('tells who holds a reservation, to its tenant alone', async () => {
      const held = { take: { 'held by one': 'one', 'given back': 'one' }, expect: {}, release: [] };
      await log.writer.append({ ...learning(tenant, 'holding'), reservations: held });
      const given = { take: {}, expect: { 'given back': 'one' }, release: ['given back'] };
      await log.writer.append({ ...learning(tenant, 'giving back'), reservations: given });
      const keys = ['held by one', 'given back', 'never held'];
      const position = await log.reader.headPosition(tenant);
      expect(await log.reader.holders(tenant, keys)).toEqual({ position, owners: new Map([['held by one', 'one']]) });
      expect(await log.reader.holders(await log.newTenant(), keys)).toEqual({ position: 0, owners: new Map() });
    });

    it('reads a payload whose key was destroyed as unreadable, with its header', async () => {
      const first = learning(tenant, 'to be erased');
      const { streamId } = first.events[0]!;
      await log.writer.append(first);
      const memoryId = streamId.slice('memory-'.length);
      await log.writer.append({
        ...learning(tenant, 'erasing'),
        events: [{ ...first.events[0]!, event: { type: 'MemoryErased', data: { memoryId } } }],
        destroyStreamKeys: [streamId],
      });
      const events = await log.reader.stream(tenant, streamId);
      expect(events.map(({ event }) => event)).toEqual([
        { type: 'MemoryLearned', data: null },
        { type: 'MemoryErased', data: null },
      ]);
    });

    it('carries out a burst of appends in order, also when they begin, go on with and erase the same streams', async () => {
      const fresh = await log.newTenant();
      const begun = Array.from({ length: 50 }, (_, index) => learning(fresh, `begun ${index}`));
      const after = (first: AppendRequest, erases: boolean): AppendRequest => {
        const [event] = first.events;
        const memoryId = event!.streamId.slice('memory-'.length);
        const data = { memoryId, content: 'went on' };
        const type = erases ? ('MemoryErased' as const) : ('MemoryRevised' as const);
        const destroyStreamKeys = erases ? [event!.streamId] : [];
        return { ...learning(fresh, ''), events: [{ ...event!, event: { type, data } }], destroyStreamKeys };
      };
      const goneOn = begun.map((first, index) => after(first, index % 10 === 0));
      const results = await Promise.all([...begun, ...goneOn].map((request) => log.writer.append(request)));
      expect(results.map(position)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      for (const [index, first] of begun.entries()) {
        const events = await log.reader.stream(fresh, first.events[0]!.streamId);
        const isErased = index % 10 === 0;
        expect(events.map(({ headers }) => headers.streamversion)).toEqual([1, 2]);
        expect(events.map(({ event }) => event.data === null)).toEqual([isErased, isErased]);
      }
    });

    it('tells followers that a log has grown', async () => {
      const fresh = await log.newTenant();
      const heard: [string, number][] = [];
      const stop = log.reader.onGrowth((tenantId, at) => heard.push([tenantId, at]));
      await log.writer.append(learning(fresh, 'growing'));
      stop();
      await log.writer.append(learning(fresh, 'unheard'));
      expect(heard).toEqual([[fresh, 1]]);
      expect(await log.reader.heads()).toContainEqual({ tenantId: fresh, position: 2 });
    });
  });
}

function position(result: AppendResult): number {
  if (result.kind !== 'appended') throw new Error(result.kind);
  return result.position;
}

/** An append that learns one new memory. */
export function learning(tenantId: string, content: string, dataSubject: string | null = null): AppendRequest {
  commands += 1;
  const memoryId = `00000000-0000-4000-8000-${String(commands).padStart(12, '0')}`;
  const observedAt = '2026-03-01T10:00:00.000Z';
  const event: MemoryLearned = {
    type: 'MemoryLearned',
    data: {
      memoryId,
      ownership: {
        scope: 'personal',
        projectId: 'p',
        ownerTeamId: null,
        ownerAgentId: null,
        teamId: null,
        agentId: null,
        userId: dataSubject,
        sessionId: null,
      },
      names: { project: 'default', team: null, agent: null },
      content,
      memoryType: 'fact',
      confidence: 0.8,
      metadata: {},
      modality: 'asserted',
      observedAt,
      validFrom: null,
      validTo: null,
      evidence: {
        id: memoryId,
        sourceType: 'statement',
        sources: [],
        ruleId: 'statement',
        extractorVersion: null,
        metadata: {},
      },
    },
  };
  return {
    tenantId,
    commandId: `command-${commands}`,
    correlationId: `request-${commands}`,
    actor: { key: 'test', agent: null, session: null },
    idempotency: null,
    expectedVersions: {},
    reservations: noReservations,
    events: [{ streamId: `memory-${memoryId}`, event, time: observedAt, dataSubject, reason: 'user', decision: null }],
    outcome: {},
    destroyStreamKeys: [],
  };
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { byCommandId, type Command, type CommandOutcome } from '#libs/contracts/commands.js';
import {
  eventsOf,
  type DeriveChange,
  type MergeChange,
  type PlannedChange,
} from '#libs/domain/maintenance/planned-change.js';
import type { MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { MemoryRow } from '#libs/ports/memory-reader.js';
import { callerOf, envelopeOf, startTestService, statement, type TestService } from '#test/harness/service.js';

const tenants = Array.from({ length: 13 }, (_, number) => `tenant-${number}`);
let service: TestService;
let caller: Caller;
let used = 0;

beforeAll(async () => {
  service = await startTestService(tenants);
});
afterAll(() => service.stop());
beforeEach(() => {
  caller = callerOf(tenants[used]!);
  used += 1;
});

const everything = { filter: { and: [] }, order: 'asc' as const, after: null, limit: 100 };

async function told(content: string): Promise<string> {
  return ((await service.send(caller, statement(content))).body['memoryIds'] as string[])[0]!;
}

async function rows(): Promise<MemoryRow[]> {
  const head = await service.log.headPosition(caller.tenantId);
  return (await service.queries.list(caller, everything, head)).rows;
}

/** What is believed, without how often it changed. */
async function beliefs(): Promise<unknown[]> {
  return (await rows()).map(({ version: _version, updatedAt: _updatedAt, ...belief }) => belief);
}

function planOf(runId: string, more: Partial<MaintenancePlanned['data']> = {}): MaintenancePlanned['data'] {
  const counts = { changes: { merge: 1 }, retired: 1, guarded: [], maxRetiredShare: 0.1, boundTo: null };
  return { runId, kind: 'consolidate', settings: {}, position: 1, ...counts, ...more };
}

function step(
  runId: string,
  changes: PlannedChange[],
  more: object = {},
): Extract<Command, { type: 'ApplyMaintenance' }> {
  return { type: 'ApplyMaintenance', runId, step: 1, isLast: true, plan: planOf(runId), changes, ...more };
}

async function mergeOf(canonical: string, ...sources: string[]): Promise<MergeChange> {
  const version = new Map((await rows()).map((row) => [row.id, row.version]));
  const named = (memoryId: string) => ({ memoryId, version: version.get(memoryId)! });
  return {
    change: 'merge',
    ...named(canonical),
    sources: sources.map(named),
    similarity: 0.97,
    reasons: ['same words'],
  };
}

const revert = (runId: string, number: number | null, more: object = {}): Command => ({
  ...{ type: 'RevertMaintenance', runId, step: number, isLast: true, cascade: false },
  ...more,
});

const refusedWith = (code: string) => expect.objectContaining({ kind: 'refused', code });
const execute = (command: Command): Promise<CommandOutcome> => service.execute(envelopeOf(caller, command));

async function eventsAt(position: number) {
  const [found] = await service.log.commitsAfter(caller.tenantId, position - 1, 1);
  return found?.kind === 'commit' ? found.commit.events.map(({ event }) => event) : [];
}

describe('applying a merge', () => {
  it('retires the sources, gives their evidence to the one that stays, and appends what was planned', async () => {
    const [kept, first, second] = [
      await told('Ann keeps two grey cats at home'),
      await told('The cats of Ann are grey'),
      await told('Grey cats live with Ann'),
    ];
    const change = await mergeOf(kept, first, second);
    const known = await service.store.memories(caller.tenantId, [kept, first, second]);
    const runId = uuidv7();
    const { body, position } = await service.send(caller, step(runId, [change]));
    expect(body).toEqual({ runId, step: 1, applied: 1, stale: [] });
    const events = await eventsAt(position);
    expect(events.filter(({ type }) => type.startsWith('Memor'))).toEqual(eventsOf(runId, change, known));
    expect(events.map(({ type }) => type)).toContain('MaintenancePlanned');
    const after = new Map((await rows()).map((row) => [row.id, row]));
    expect(after.get(kept)).toMatchObject({
      status: 'active',
      content: 'Ann keeps two grey cats at home',
      evidenceCount: 3,
    });
    for (const id of [first, second]) expect(after.get(id)).toMatchObject({ status: 'superseded', supersededBy: kept });
    expect((await service.reader.totals(caller.tenantId)).memories).toBe(1);
  });

  it('leaves out what changed since it was planned, and says so', async () => {
    const [one, two, three, four] = [
      await told('It rains'),
      await told('It is raining'),
      await told('Tea is hot'),
      await told('The tea is hot'),
    ];
    const changes = [await mergeOf(one, two), await mergeOf(three, four)];
    await service.send(caller, { type: 'ReviseMemory', memoryId: two, expectedVersion: null, confidence: 0.5 });
    const { body } = await service.send(caller, step(uuidv7(), changes));
    expect(body).toMatchObject({ applied: 1, stale: [one] });
    const status = new Map((await rows()).map((row) => [row.id, row.status]));
    expect([one, two, three, four].map((id) => status.get(id))).toEqual(['active', 'active', 'active', 'superseded']);
  });

  it('is done once, however often its command is delivered, and in the order of its steps', async () => {
    const changes = [await mergeOf(await told('One is here'), await told('Here is one'))];
    const runId = uuidv7();
    const envelope = envelopeOf(caller, step(runId, changes));
    const once = { ...envelope, idempotency: byCommandId(envelope) };
    const outcomes = [await service.execute(once), await service.execute(once)];
    expect(outcomes[1]).toMatchObject({ ...outcomes[0], replayed: expect.any(Boolean) });
    expect(await execute(step(runId, [], { step: 3, plan: null }))).toEqual(refusedWith('version_conflict'));
    expect(await execute(step(runId, []))).toEqual(refusedWith('version_conflict'));
  });

  it('only tells that the guard stopped it', async () => {
    const change = await mergeOf(await told('Lee sails'), await told('Lee is sailing'));
    const runId = uuidv7();
    const before = await beliefs();
    const guarded = [{ scope: 'personal', memories: 2, retired: 1 }];
    await service.send(caller, step(runId, [change], { plan: planOf(runId, { guarded }) }));
    expect(await beliefs()).toEqual(before);
    expect(await execute(revert(runId, null))).toEqual(refusedWith('nothing_to_undo'));
  });

  it('frees the words of a source, so that they can be told again', async () => {
    const [kept, gone] = [await told('The shed is green'), await told('Green is the shed')];
    await service.send(caller, step(uuidv7(), [await mergeOf(kept, gone)]));
    expect(await told('Green is the shed')).not.toBe(gone);
  });
});

describe('reverting a run', () => {
  it('gives the same beliefs as before, once', async () => {
    const ids = [
      await told('Ben bakes bread'),
      await told('Bread is baked by Ben'),
      await told('Ben is a baker of bread'),
    ];
    const before = await beliefs();
    const runId = uuidv7();
    await service.send(caller, step(runId, [await mergeOf(ids[0]!, ids[1]!, ids[2]!)]));
    expect(await beliefs()).not.toEqual(before);
    expect((await service.send(caller, revert(runId, null))).body).toEqual({ runId, steps: [1] });
    const { body } = await service.send(caller, revert(runId, 1));
    expect(body).toMatchObject({ left: [], retiredIds: [] });
    expect(await beliefs()).toEqual(before);
    expect(await execute(revert(runId, 1))).toEqual(refusedWith('already_reverted'));
    expect(await execute(revert(runId, null))).toEqual(refusedWith('already_reverted'));
    // The words are the source's again.
    expect(await told('Bread is baked by Ben')).toBe(ids[1]);
  });

  it('names what was built on it since, and takes that back too when told to', async () => {
    const [kept, gone] = [await told('Mia plays the cello'), await told('The cello is played by Mia')];
    const before = await beliefs();
    const runId = uuidv7();
    await service.send(caller, step(runId, [await mergeOf(kept, gone)]));
    await service.send(caller, {
      type: 'ReviseMemory',
      memoryId: kept,
      expectedVersion: null,
      content: 'Mia plays cello',
    });
    const refused = await execute(revert(runId, null));
    expect(refused).toEqual(refusedWith('later_changes'));
    expect(refused).toMatchObject({ facts: { later: [{ memory_id: kept, event: 'MemoryRevised' }] } });
    expect(await execute(revert(runId, 1))).toEqual(refusedWith('later_changes'));
    await service.send(caller, revert(runId, 1, { cascade: true }));
    expect(await beliefs()).toEqual(before);
  });

  it('leaves what was taken back by itself, and says so', async () => {
    const [kept, gone] = [await told('Kim has a boat'), await told('A boat is what Kim has')];
    const runId = uuidv7();
    await service.send(caller, step(runId, [await mergeOf(kept, gone)]));
    await service.send(caller, { type: 'UndoChange', memoryId: gone, direction: 'undo', cascade: false });
    const before = await beliefs();
    const { body } = await service.send(caller, revert(runId, 1));
    expect((body['left'] as string[]).sort()).toEqual([kept, gone].sort());
    expect(await beliefs()).toEqual(before);
  });
});

describe('what is concluded', () => {
  const derived = (sources: MergeChange['sources'], more: Partial<DeriveChange> = {}): DeriveChange => ({
    ...{ change: 'derive', memoryId: uuidv7(), version: 0, key: 'habit:run', rule: 'reflect.habit' },
    ...{
      ownership: { ...ownership, projectId: caller.project.id },
      content: 'Usually runs in the morning',
      memoryType: 'pattern',
      confidence: 0.99,
      metadata: {},
    },
    ...{ observedAt: '2026-03-01T10:00:00.000Z', validFrom: null, evidenceId: uuidv7(), spans: [], sources, ...more },
  });
  const ownership = {
    scope: 'personal' as const,
    ownerTeamId: null,
    ownerAgentId: null,
    teamId: null,
    agentId: null,
    userId: null,
    sessionId: null,
  };

  it('names its sources, is not too sure, and is evidence for nothing that is told', async () => {
    const source = await told('I ran this morning');
    const change = derived([{ memoryId: source, version: 1 }]);
    await service.send(caller, reflecting([change]));
    const [row] = (await rows()).filter(({ id }) => id === change.memoryId);
    expect(row).toMatchObject({
      confidence: 0.85,
      memoryType: 'pattern',
      sourceType: 'reflection',
      modality: 'derived',
    });
    await told('I never run in the morning');
    const after = (await rows()).filter(({ id }) => id === change.memoryId);
    expect(after).toEqual([row]);
    const graph = await service.queries.lineage(caller, change.memoryId, { asOf: null }, 0);
    expect(graph!.roots.length).toBeGreaterThan(0);
  });

  it('is said anew by the next run, and forgotten when its first run is reverted', async () => {
    const source = await told('I swam at noon');
    const first = derived([{ memoryId: source, version: 1 }]);
    const before = await beliefs();
    const command = reflecting([first]);
    await service.send(caller, command);
    const again = derived(first.sources, { memoryId: first.memoryId, version: 1, content: 'Often swims at noon' });
    await service.send(caller, reflecting([again]));
    expect((await rows()).find(({ id }) => id === first.memoryId)).toMatchObject({
      content: 'Often swims at noon',
      version: 2,
    });
    await service.send(caller, revert(command.runId, 1, { cascade: true }));
    expect(await beliefs()).toEqual(before);
  });

  it('is erased with a memory that it was concluded from, and stays when that is only forgotten', async () => {
    const [erased, forgotten] = [await told('I rowed at dawn'), await told('I rowed at dusk')];
    const first = derived([{ memoryId: erased, version: 1 }]);
    const second = derived([{ memoryId: forgotten, version: 1 }], { key: 'habit:row' });
    const { position } = await service.send(caller, reflecting([first, second]));
    await service.follower.waitFor(caller.tenantId, position, 10_000);
    const forget = (id: string, hard: boolean) =>
      service.send(caller, { type: 'ForgetMemories', memoryIds: [id], hard, single: true });
    expect((await forget(erased, true)).body).toMatchObject({ deletedCount: 1 });
    await forget(forgotten, false);
    expect((await rows()).map(({ id }) => id)).toEqual([second.memoryId]);
    const stream = await service.log.stream(caller.tenantId, `memory-${first.memoryId}`);
    expect(stream.map(({ event }) => event.data)).toEqual([null, null]);
  });

  it('grows stale, and is fresh again when it is said again', async () => {
    const id = await told('The milk is in the fridge');
    const because = { half_life_days: 7 };
    const expiring = (to: 'stale' | 'archived', version: number): PlannedChange => ({
      change: 'expire',
      memoryId: id,
      version,
      to,
      because,
    });
    await service.send(caller, step(...expired(expiring('stale', 1))));
    expect((await rows())[0]).toMatchObject({ id, status: 'stale' });
    expect(await told('The milk is in the fridge')).toBe(id);
    expect((await rows())[0]).toMatchObject({ id, status: 'active' });
    const [runId, changes, more] = expired(expiring('archived', 3));
    await service.send(caller, step(runId, changes, more));
    expect((await rows())[0]).toMatchObject({ id, status: 'archived' });
    expect((await service.reader.totals(caller.tenantId)).memories).toBe(0);
    await service.send(caller, revert(runId, 1));
    expect((await rows())[0]).toMatchObject({ id, status: 'active' });
  });

  function reflecting(changes: PlannedChange[]) {
    const runId = uuidv7();
    return step(runId, changes, { plan: planOf(runId, { kind: 'reflect' }) });
  }
  function expired(change: PlannedChange): [string, PlannedChange[], object] {
    const runId = uuidv7();
    return [runId, [change], { plan: planOf(runId, { kind: 'expire' }) }];
  }
});

describe('what maintenance does by itself', () => {
  it('is as it was set, until it is set back', async () => {
    const set = (settings: Extract<Command, { type: 'SetMaintenanceSettings' }>['settings']) =>
      service.send(caller, { type: 'SetMaintenanceSettings', settings });
    const { position } = await set({ consolidationEnabled: true });
    const { body } = await set({ timezone: 'Europe/Berlin' });
    expect(body).toMatchObject({ isSet: true, settings: { consolidationEnabled: true, timezone: 'Europe/Berlin' } });
    expect((await set({ timezone: 'Europe/Berlin' })).position).toBe(position + 1);
    expect((await set(null)).body).toMatchObject({ isSet: false, settings: { consolidationEnabled: false } });
    expect((await set(null)).position).toBe(position + 2);
  });
});

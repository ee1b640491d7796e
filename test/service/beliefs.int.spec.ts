import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, CommandAccepted } from '#libs/contracts/commands.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { replayTenant } from '#libs/projections/replay.js';
import type { MemoryRow } from '#libs/ports/memory-reader.js';
import {
  callerOf,
  envelopeOf,
  nowhere,
  said,
  startTestService,
  statement,
  type TestService,
} from '#test/harness/service.js';

describe('beliefs', () => {
  let service: TestService;
  let caller: Caller;
  let tenants = 0;
  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    tenants += 1;
    await service.database.tenants.ensure(`tenant-${tenants}`, 'self-hosted');
    caller = callerOf(`tenant-${tenants}`);
  });
  afterAll(() => service.stop());

  async function tell(content: string, from: Caller = caller): Promise<{ id: string; accepted: CommandAccepted }> {
    const accepted = await service.send(from, statement(content));
    return { id: (accepted.body['memoryIds'] as string[])[0]!, accepted };
  }

  async function row(id: string): Promise<MemoryRow | null> {
    await service.follower.waitFor(caller.tenantId, await service.log.headPosition(caller.tenantId), 20_000);
    return service.reader.memory(caller.tenantId, id);
  }

  async function refusalOf(command: Command): Promise<string> {
    const outcome = await service.execute(envelopeOf(caller, command));
    return outcome.kind === 'refused' ? outcome.code : outcome.kind;
  }

  const undo = (memoryId: string, more: object = {}): Command => ({
    ...{ type: 'UndoChange', memoryId, direction: 'undo', cascade: false },
    ...more,
  });
  const update = (content: string, strategy: string, targetId: string | null = null): Command =>
    ({
      ...{ type: 'UpdateBelief', content, confidence: 0.8, strategy, targetId },
      ...{ placement: nowhere, metadata: {} },
    }) as Command;

  describe('a statement that says that the world changed', () => {
    it('takes the place of the belief, which stays, closed, and says what took its place', async () => {
      const old = await tell('I live in Leeds.');
      const now = await tell('I moved to Bristol last month.');
      expect(now.accepted.body).toMatchObject({ supersededIds: [old.id], memoriesCreated: 1 });
      expect(await row(old.id)).toMatchObject({ status: 'superseded', supersededBy: now.id });
      expect((await row(old.id))!.validTo).not.toBeNull();
      expect(await row(now.id)).toMatchObject({ status: 'active', supersededBy: null });
    });

    it('may be said again of what was so before: it is a new belief', async () => {
      const first = await tell('I live in Leeds.');
      await tell('I now live in Bristol.');
      const again = await tell('I live in Leeds.');
      expect(again.id).not.toBe(first.id);
      expect(again.accepted.body).toMatchObject({ memoriesCreated: 1 });
    });

    it('leaves the beliefs of other users, agents and scopes alone', async () => {
      const mine = await tell('I live in Leeds.');
      const agent = { id: 'agent-1', name: 'one', type: null };
      const others = [
        statement('I now live in Bristol.', { placement: { ...nowhere, userId: 'alice' } }),
        statement('I now live in Bristol.', { placement: { ...nowhere, scope: 'project' } }),
      ];
      for (const other of others) expect((await service.send(caller, other)).body).toMatchObject({ supersededIds: [] });
      const asAgent = await service.send({ ...caller, agent }, statement('I now live in Bristol.'));
      expect(asAgent.body).toMatchObject({ supersededIds: [] });
      expect(await row(mine.id)).toMatchObject({ status: 'active' });
    });
  });

  describe('statements that contradict each other without a word of change', () => {
    it('both stay, disputed, and less certain', async () => {
      const [left, right] = [await tell('Nina was born in Ghent.'), await tell('Nina was born in Bruges.')];
      expect(right.accepted.body).toMatchObject({ supersededIds: [], contradictionIds: [expect.any(String)] });
      for (const { id } of [left, right]) {
        const memory = await row(id);
        expect(memory).toMatchObject({ status: 'disputed' });
        expect(memory!.confidence).toBeLessThan(0.8);
      }
    });

    it('never both win when they are told at the same time', async () => {
      const places = ['Ghent', 'Bruges', 'Antwerp', 'Leuven', 'Ostend', 'Namur', 'Mons', 'Dinant'];
      const told = await Promise.all(places.map((place) => tell(`Nina was born in ${place}.`)));
      const rows = await Promise.all(told.map(({ id }) => row(id)));
      expect(rows.map((memory) => memory!.status)).toEqual(places.map(() => 'disputed'));
    });

    it('leave one alone in the slot when each says that the world changed', async () => {
      await tell('I live in Leeds.');
      const places = ['Bristol', 'York', 'Bath', 'Derby', 'Hull', 'Ely'];
      const told = await Promise.all(places.map((place) => tell(`I now live in ${place}.`)));
      const rows = await Promise.all(told.map(({ id }) => row(id)));
      expect(rows.filter((memory) => memory!.status === 'active')).toHaveLength(1);
      expect(rows.filter((memory) => memory!.status === 'superseded')).toHaveLength(places.length - 1);
    });

    it.each([
      ['supersede', 1, 0, 'superseded'],
      ['reject', 0, 1, 'rejected'],
    ] as const)('are decided by a person: %s', async (strategy, winner, loser, settlement) => {
      const pair = [await tell('Nina was born in Ghent.'), await tell('Nina was born in Bruges.')];
      const contradictionId = (pair[1]!.accepted.body['contradictionIds'] as string[])[0]!;
      const command: Command = { type: 'ResolveContradiction', contradictionId, strategy, reason: 'her passport' };
      expect((await service.send(caller, command)).body).toMatchObject({ settlement, reason: 'her passport' });
      const [kept, ended] = [await row(pair[winner]!.id), await row(pair[loser]!.id)];
      expect(kept).toMatchObject({ status: 'active' });
      expect(kept!.confidence).toBeGreaterThan(0.8);
      expect(ended).toMatchObject({ status: 'superseded', supersededBy: kept!.id });
      expect(await refusalOf(command)).toBe('already_settled');
    });

    it('are both believed as before when a person keeps both', async () => {
      const pair = [await tell('Nina was born in Ghent.'), await tell('Nina was born in Bruges.')];
      const contradictionId = (pair[1]!.accepted.body['contradictionIds'] as string[])[0]!;
      await service.send(caller, {
        type: 'ResolveContradiction',
        contradictionId,
        strategy: 'keep_both',
        reason: null,
      });
      for (const { id } of pair) {
        const memory = await row(id);
        expect(memory).toMatchObject({ status: 'active' });
        expect(memory!.confidence).toBeCloseTo(0.8, 9);
      }
    });

    it('are settled when one of them is deleted, and the other is as certain as before', async () => {
      const [left, right] = [await tell('Nina was born in Ghent.'), await tell('Nina was born in Bruges.')];
      await service.send(caller, { type: 'ForgetMemories', memoryIds: [right.id], hard: true, single: true });
      const memory = await row(left.id);
      expect(memory).toMatchObject({ status: 'active' });
      expect(memory!.confidence).toBeCloseTo(0.8, 9);
      const rows = await service.database.db.asTenant(caller.tenantId, async (connection) => {
        const found = await connection.query('SELECT * FROM contradictions WHERE tenant_id = $1', [caller.tenantId]);
        return found.rows;
      });
      // What it quotes of the erased one goes with it.
      expect(rows).toEqual([]);
    });
  });

  it('an older fact that comes late is inserted closed', async () => {
    const now = await tell('I live in Leeds.');
    const earlier = '2019-05-01T10:00:00.000Z';
    const command = said('I live in Cardiff.');
    if (command.type !== 'IngestConversation') throw new Error('no conversation');
    const messages = command.messages.map((message) => ({ ...message, saidAt: earlier }));
    const { body } = await service.send(caller, { ...command, messages });
    const late = await row((body['memoryIds'] as string[])[0]!);
    expect(late!.supersededBy === now.id ? late!.status : late!.status).toMatch(/superseded|disputed/);
    expect(await row(now.id)).toMatchObject({ supersededBy: null });
  });

  describe('a belief that is updated by a caller', () => {
    it('supersede: the statement takes its place, whatever the rules say', async () => {
      const old = await tell('The mug is blue.');
      const { body } = await service.send(caller, update('Somebody painted it.', 'supersede', old.id));
      expect(body).toMatchObject({ strategyApplied: 'supersede', supersededIds: [old.id], confidenceBefore: 0.8 });
      expect(await row(old.id)).toMatchObject({ status: 'superseded', supersededBy: body['memoryId'] });
    });

    it('merge: it takes the new words and keeps its id and evidence', async () => {
      const old = await tell('I have a cat.');
      const { body } = await service.send(caller, update('I have a black cat named Soot.', 'merge', old.id));
      expect(body).toMatchObject({ strategyApplied: 'merge', memoryId: old.id });
      expect(await row(old.id)).toMatchObject({ content: 'I have a black cat named Soot.', evidenceCount: 2 });
      // The old words are free again.
      expect((await tell('I have a cat.')).id).not.toBe(old.id);
    });

    it('adjust: only how certain it is changes', async () => {
      const old = await tell('Nina was born in Ghent.');
      const { body } = await service.send(caller, update('Nina was born in Bruges.', 'adjust', old.id));
      expect(body).toMatchObject({ strategyApplied: 'adjust', memoryId: old.id });
      expect(body['confidenceAfter']).toBeLessThan(body['confidenceBefore'] as number);
      expect(await row(old.id)).toMatchObject({ content: 'Nina was born in Ghent.', status: 'active' });
    });

    it('manual: both stay, disputed', async () => {
      const old = await tell('I live in Leeds.');
      const { body } = await service.send(caller, update('I now live in York.', 'manual', old.id));
      expect(body).toMatchObject({ strategyApplied: 'manual', contradictionId: expect.any(String) });
      for (const id of [old.id, body['memoryId'] as string])
        expect(await row(id)).toMatchObject({ status: 'disputed' });
    });

    it('auto: the rules decide, and say what they did', async () => {
      const old = await tell('I live in Leeds.');
      const { body } = await service.send(caller, update('I moved to York.', 'auto'));
      expect(body).toMatchObject({ strategyApplied: 'supersede', supersededIds: [old.id] });
      expect((await service.send(caller, update('I moved to York.', 'auto'))).body).toMatchObject({
        strategyApplied: 'adjust',
        memoryId: body['memoryId'],
      });
      expect((await service.send(caller, update('The sky is wide.', 'auto'))).body).toMatchObject({
        strategyApplied: 'created',
      });
    });

    it.each(['supersede', 'manual', 'adjust'])(
      '%s finds the belief that was told a moment ago, and repeats its answer for the same key',
      async (strategy) => {
        const old = await tell('I live in Leeds.');
        const idempotency = { kind: 'key' as const, key: `key-${strategy}`, requestHash: 'same', ttlSeconds: 60 };
        const command = update('I now live in York.', strategy);
        const first = await service.execute(envelopeOf(caller, command, idempotency));
        expect(first).toMatchObject({ kind: 'accepted', body: { strategyApplied: strategy, confidenceBefore: 0.8 } });
        await row(old.id);
        const again = await service.execute(envelopeOf(caller, command, idempotency));
        expect(again).toEqual({ ...first, replayed: true });
      },
    );

    it('is refused when it says the words of the belief itself, or of another one', async () => {
      const [place, dog] = [await tell('I live in Leeds.'), await tell('My dog is called Rex.')];
      for (const words of ['I live in Leeds.', 'My dog is called Rex.']) {
        expect(await refusalOf(update(words, 'supersede', place.id))).toBe('content_conflict');
      }
      expect(await row(place.id)).toMatchObject({ status: 'active', version: 1 });
      expect(await row(dog.id)).toMatchObject({ status: 'active', version: 1 });
    });

    it('is refused where there is none, or it is not the caller’s', async () => {
      const mine = await tell('I live in Leeds.');
      const alices = await service.send(
        caller,
        statement('I live in Leeds.', { placement: { ...nowhere, userId: 'alice' } }),
      );
      expect(await refusalOf(update('I like tea.', 'supersede'))).toBe('nothing_contradicted');
      expect(await refusalOf(update('x', 'merge', '00000000-0000-4000-8000-000000000000'))).toBe('not_found');
      expect(await refusalOf(update('x', 'merge', (alices.body['memoryIds'] as string[])[0]!))).toBe(
        'validation_failed',
      );
      await tell('I moved to York.');
      expect(await refusalOf(update('x', 'merge', mine.id))).toBe('superseded');
    });
  });

  describe('the policy of a class of slots', () => {
    const setState = (policy: string): Command =>
      ({ type: 'SetBeliefPolicies', policies: { state: policy } }) as unknown as Command;

    it('keep_both_flag lets both stay, whatever the words', async () => {
      await service.send(caller, setState('keep_both_flag'));
      const old = await tell('I live in Leeds.');
      const now = await tell('I moved to York.');
      for (const { id } of [old, now]) expect(await row(id)).toMatchObject({ status: 'disputed' });
    });

    it('ask lets both stay, as certain as they were', async () => {
      await service.send(caller, setState('ask'));
      const old = await tell('I live in Leeds.');
      await tell('I moved to York.');
      expect(await row(old.id)).toMatchObject({ status: 'disputed', confidence: 0.8 });
    });

    it('highest_confidence lets the surer one stay, also when it is the older', async () => {
      await service.send(caller, setState('highest_confidence'));
      const { body } = await service.send(caller, statement('I live in Leeds.', { confidence: 0.99 }));
      const now = await tell('I moved to York.');
      const old = (body['memoryIds'] as string[])[0]!;
      expect(await row(now.id)).toMatchObject({ status: 'superseded', supersededBy: old });
      expect(await row(old)).toMatchObject({ status: 'active' });
    });

    it('source_rank lets the better source stay', async () => {
      await service.send(caller, setState('source_rank'));
      const record = statement('I live in Leeds.', { metadata: { source: 'system_of_record' } });
      const old = ((await service.send(caller, record)).body['memoryIds'] as string[])[0]!;
      const now = await tell('I moved to York.');
      expect(await row(now.id)).toMatchObject({ status: 'superseded', supersededBy: old });
    });
  });

  describe('undo', () => {
    it('brings the superseded belief back, alone, by the id of either, and redo does it again', async () => {
      for (const which of ['old', 'now'] as const) {
        const user = { ...nowhere, userId: which };
        const send = async (content: string) =>
          ((await service.send(caller, statement(content, { placement: user }))).body['memoryIds'] as string[])[0]!;
        const ids = { old: await send('I live in Leeds.'), now: await send('I moved to York.') };
        const before = [await row(ids.old), await row(ids.now)];
        const { body } = await service.send(caller, undo(ids[which]));
        expect(body).toMatchObject({ memoryId: ids.old, restoredIds: [ids.old], retiredIds: [ids.now] });
        expect(await row(ids.old)).toMatchObject({ status: 'active', supersededBy: null, validTo: null });
        expect(await row(ids.now)).toBeNull();
        await service.send(caller, undo(ids.old, { direction: 'redo' }));
        const after = [await row(ids.old), await row(ids.now)];
        for (const [at, memory] of after.entries()) {
          const { version: _v, updatedAt: _u, ...same } = before[at]!;
          expect(memory).toMatchObject(same);
        }
      }
    });

    it('takes a change of fields back, and another one before it', async () => {
      const { id } = await tell('I live in Leeds.');
      const revise = (content: string): Command => ({
        type: 'ReviseMemory',
        memoryId: id,
        expectedVersion: null,
        content,
      });
      await service.send(caller, revise('I live in York.'));
      await service.send(caller, revise('I live in Bath.'));
      await service.send(caller, undo(id));
      expect(await row(id)).toMatchObject({ content: 'I live in York.', version: 4 });
      await service.send(caller, undo(id));
      expect(await row(id)).toMatchObject({ content: 'I live in Leeds.' });
      await service.send(caller, undo(id, { direction: 'redo' }));
      expect(await row(id)).toMatchObject({ content: 'I live in York.' });
      await service.send(caller, undo(id, { direction: 'redo' }));
      expect(await row(id)).toMatchObject({ content: 'I live in Bath.' });
      expect(await refusalOf(undo(id, { direction: 'redo' }))).toBe('nothing_to_undo');
    });

    it('brings a forgotten memory back', async () => {
      const { id } = await tell('I live in Leeds.');
      await service.send(caller, { type: 'ForgetMemories', memoryIds: [id], hard: false, single: true });
      expect(await row(id)).toBeNull();
      await service.send(caller, undo(id));
      expect(await row(id)).toMatchObject({ status: 'active' });
      expect((await tell('I live in Leeds.')).id).toBe(id);
    });

    it('is refused on the first version, and where nothing was undone', async () => {
      const { id } = await tell('I live in Leeds.');
      expect(await refusalOf(undo(id))).toBe('nothing_to_undo');
      expect(await refusalOf(undo(id, { direction: 'redo' }))).toBe('nothing_to_undo');
      expect(await refusalOf(undo('00000000-0000-4000-8000-000000000000'))).toBe('not_found');
    });

    it('is refused while later changes depend on it, unless they go too', async () => {
      const first = await tell('I live in Leeds.');
      const second = await tell('I moved to York.');
      const third = await tell('I moved to Bath.');
      expect(await row(second.id)).toMatchObject({ status: 'superseded' });
      expect(await refusalOf(undo(first.id))).toBe('later_changes');
      const { body } = await service.send(caller, undo(first.id, { cascade: true }));
      expect(body).toMatchObject({ restoredIds: [first.id] });
      expect([...(body['retiredIds'] as string[])].sort()).toEqual([second.id, third.id].sort());
      expect(await row(first.id)).toMatchObject({ status: 'active' });
      for (const { id } of [second, third]) expect(await row(id)).toBeNull();
    });

    it('is refused when another memory says the same by now', async () => {
      const old = await tell('I live in Leeds.');
      await tell('I moved to York.');
      const again = await tell('I live in Leeds.');
      expect(again.id).not.toBe(old.id);
      expect(await refusalOf(undo(old.id))).toMatch(/content_conflict|later_changes/);
    });

    it('leaves the other memories of the same conversation alone', async () => {
      const old = await tell('User lives in Leeds.');
      const { body } = await service.send(caller, said('I moved to York last week. I love green tea and old maps.'));
      const ids = body['memoryIds'] as string[];
      const superseding = ids.find((id) => id === body['supersededIds']) ?? ids[0]!;
      if ((body['supersededIds'] as string[]).includes(old.id)) {
        await service.send(caller, undo(superseding));
        expect(await row(old.id)).toMatchObject({ status: 'active' });
        expect(await row(ids.at(-1)!)).toMatchObject({ status: 'active' });
      }
    });
  });

  it('a replay makes the same rows of all of this', async () => {
    const old = await tell('I live in Leeds.');
    await tell('I moved to York.');
    await tell('Nina was born in Ghent.');
    const right = await tell('Nina was born in Bruges.');
    await service.send(caller, undo(old.id));
    const contradictionId = (right.accepted.body['contradictionIds'] as string[])[0]!;
    await service.send(caller, { type: 'ResolveContradiction', contradictionId, strategy: 'reject', reason: null });
    await row(old.id);
    const { tenantId } = caller;
    const { digestBefore, digestAfter } = await replayTenant(service.log, service.store, tenantId, () => undefined);
    expect(digestAfter).toBe(digestBefore);
  });
});

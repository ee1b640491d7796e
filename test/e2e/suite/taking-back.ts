import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';
import { absent, beliefCalls, type Undone } from './belief-calls.js';

const patienceMs = 20_000;

/** Changes of mind: undo and redo, and the policies that are chosen and chosen back. */
export function takingBack({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });
  const { newUser, keyed, tell, detect, undo, redo, memoryOf, statusesOf, position, well } = beliefCalls(() => api);

  describe('POST /memories/{id}/undo and /redo', () => {
    it('200 undo brings the superseded belief back, by the id of either; redo ends it again', async () => {
      for (const which of ['leeds', 'bristol'] as const) {
        const user = newUser();
        const leeds = (await tell('I live in Leeds.', user)).id;
        const bristol = (await tell('I now live in Bristol.', user)).id;
        const undone = well<Undone>(await undo(which === 'leeds' ? leeds : bristol));
        expect(undone).toMatchObject({ restored_ids: [leeds], retired_ids: [bristol], memory: { id: leeds } });
        expect(undone.undone.map(({ event }) => event).sort()).toEqual(['MemoryLearned', 'MemorySuperseded']);
        expect(await statusesOf(user)).toEqual({ 'I live in Leeds.': 'active' });
        expect((await api.get(`/memories/${bristol}`)).status).toBe(404);
        expect(well<Undone>(await redo(leeds)).memory).toMatchObject({ id: bristol, status: 'active' });
        expect(await statusesOf(user)).toEqual({
          'I live in Leeds.': 'superseded',
          'I now live in Bristol.': 'active',
        });
      }
    });

    it('200 undo, redo, undo within a minute are three changes and no retry', async () => {
      const user = newUser();
      const leeds = (await tell('I live in Leeds.', user)).id;
      await tell('I now live in Bristol.', user);
      for (const [send, status] of [
        [undo, 'active'],
        [redo, 'superseded'],
        [undo, 'active'],
        [redo, 'superseded'],
      ] as const) {
        const answer = await send(leeds);
        expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([200, undefined]);
        expect((await memoryOf(leeds)).status).toBe(status);
      }
    });

    it('200 takes back a change of fields, and brings back what was forgotten', async () => {
      const { id } = await tell('I live in Leeds.', newUser());
      await api.patch(`/memories/${id}`, { content: 'I live in Kent.', confidence: 0.3 });
      expect(well<Undone>(await undo(id)).memory).toMatchObject({ content: 'I live in Leeds.', confidence: 0.8 });
      expect(well<Undone>(await redo(id)).memory).toMatchObject({ content: 'I live in Kent.', confidence: 0.3 });
      await api.delete(`/memories/${id}`);
      expect((await api.get(`/memories/${id}`)).status).toBe(404);
      expect(well<Undone>(await undo(id)).memory).toMatchObject({ content: 'I live in Kent.', status: 'active' });
      expect((await api.get(`/memories/${id}`)).status).toBe(200);
    });

    it('one Idempotency-Key has one effect and one answer', async () => {
      const user = newUser();
      const leeds = (await tell('I live in Leeds.', user)).id;
      await tell('I now live in Bristol.', user);
      for (const direction of ['undo', 'redo']) {
        const send = () => api.post(`/memories/${leeds}/${direction}`, {}, keyed(direction));
        const [first, second, third] = [await send(), await send(), await send()];
        const { version } = await memoryOf(leeds);
        expect([second.status, second.text, third.text]).toEqual([200, first.text, first.text]);
        expect(second.headers['idempotent-replayed']).toBe('true');
        expect(version).toBe(direction === 'undo' ? 3 : 4);
      }
    });

    it('409 while later changes rest on it, and which; with cascade they go too', async () => {
      const user = newUser();
      const leeds = (await tell('I live in Leeds.', user)).id;
      const bristol = (await tell('I now live in Bristol.', user)).id;
      const hull = (await tell('I now live in Hull.', user)).id;
      const refused = problemIn(await undo(leeds));
      expect(refused).toMatchObject({ status: 409, code: 'later_changes' });
      const { later } = refused.details as { later: { memory_id: string; event: string }[] };
      expect(later).toEqual([expect.objectContaining({ memory_id: bristol, event: 'MemorySuperseded' })]);
      const undone = well<Undone>(await undo(leeds, { cascade: true }));
      expect([undone.restored_ids, new Set(undone.retired_ids)]).toEqual([[leeds], new Set([bristol, hull])]);
      expect(await statusesOf(user)).toEqual({ 'I live in Leeds.': 'active' });
    });

    it('409 the first version, and nothing to redo; 404 what was erased and what never was; the log stays', async () => {
      const { id } = await tell('Otters hold hands.', newUser());
      const erased = (await tell('Soon to be erased.', newUser())).id;
      await api.patch(`/memories/${erased}`, { confidence: 0.3 });
      await api.delete(`/memories/${erased}?hard=true`);
      const before = await position();
      expect(problemIn(await undo(id))).toMatchObject({ status: 409, code: 'nothing_to_undo' });
      expect(problemIn(await redo(id))).toMatchObject({ status: 409, code: 'nothing_to_undo' });
      for (const gone of [erased, absent, 'x', '%00']) {
        for (const send of [undo, redo]) {
          const { status } = problemIn(await send(gone));
          expect([gone, status]).toEqual([gone, gone === '%00' ? 400 : 404]);
        }
      }
      expect(await position()).toBe(before + 1);
      expect(await memoryOf(id)).toMatchObject({ version: 1, status: 'active' });
    });
  });

  describe('/belief-policies', () => {
    it('200 are read, chosen for the tenant alone, and chosen back at once; what is left out stays', async () => {
      const { secret } = await server.createKey('--tenant', `policies-${Math.random().toString(36).slice(2)}`);
      const other = server.client(secret);
      const policiesOf = async (client: ServerClient) =>
        well<{ policies: Record<string, string> }>(await client.get('/belief-policies')).policies;
      const choose = async (policies: object) =>
        well<{ policies: object }>(await api.send('PUT', '/belief-policies', { body: policies })).policies;
      const before = await policiesOf(api);
      expect(before).toMatchObject({ state: 'latest_wins', immutable: 'keep_both_flag' });
      for (const state of ['keep_both_flag', 'latest_wins', 'keep_both_flag']) {
        expect(await choose({ state })).toEqual({ ...before, state });
        expect(await policiesOf(api)).toEqual({ ...before, state });
      }
      expect((await policiesOf(other))['state']).toBe('latest_wins');
      // Another process may decide by the policies of before for a second.
      const wouldSupersede = async () => {
        const user = newUser();
        await tell('I live in Leeds.', user);
        return (await detect('I now live in Bristol.', user)).relations[0]!.would_supersede;
      };
      const becomes = async (wanted: boolean) => {
        for (const endMs = Date.now() + patienceMs; Date.now() < endMs; await sleep(50)) {
          if ((await wouldSupersede()) === wanted) return;
        }
        throw new Error(`would_supersede did not become ${wanted}`);
      };
      await becomes(false);
      const user = newUser();
      await tell('I live in Leeds.', user, other);
      expect(await tell('I now live in Bristol.', user, other)).toHaveProperty('superseded_ids');
      await choose({ state: 'latest_wins' });
      await becomes(true);
    });
  });
}

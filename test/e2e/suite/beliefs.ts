import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';
import { absent, beliefCalls, type Detected, type Updated } from './belief-calls.js';

/** What becomes of beliefs, as a caller sees it: each test is about an end user of its own. */
export function beliefs({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });
  const { newUser, keyed, tell, detect, update, undo, redo, resolve, memoryOf, statusesOf, position, well, disputed } =
    beliefCalls(() => api);

  describe('POST /memories', () => {
    it('201 tells whose place a memory took, and the one that gave way says what replaced it', async () => {
      const user = newUser();
      const leeds = await tell('I live in Leeds.', user);
      expect(leeds).not.toHaveProperty('superseded_ids');
      const bristol = await tell('I now live in Bristol.', user);
      expect(bristol).toMatchObject({ superseded_ids: [leeds.id], contradiction_ids: [expect.any(String)] });
      expect(await memoryOf(leeds.id)).toMatchObject({ status: 'superseded', superseded_by: bristol.id });
      expect((await memoryOf(leeds.id)).valid_to).not.toBeNull();
      expect(await statusesOf(user)).toEqual({ 'I live in Leeds.': 'superseded', 'I now live in Bristol.': 'active' });
    });

    it('201 what contradicts without a word of change stays beside the other, disputed, in lists and searches', async () => {
      const { user } = await disputed();
      const all = { 'Nina was born in Ghent.': 'disputed', 'Nina was born in Bruges.': 'disputed' };
      expect(await statusesOf(user)).toEqual(all);
      const found = await api.get(`/memories/search?query=Where+was+Nina+born&user_id=${user}`);
      const { results } = found.json<{ results: MemoryOnTheWire[] }>();
      expect(Object.fromEntries(results.map(({ content, status }) => [content, status]))).toEqual(all);
      for (const { confidence } of results) expect(confidence).toBeLessThan(0.8);
    });
  });

  describe('POST /memories/detect-contradictions', () => {
    it('200 tells how the statement stands to a belief and by which rule, and appends nothing', async () => {
      const user = newUser();
      const leeds = await tell('I live in Leeds.', user);
      const before = await position();
      const found = await detect('I now live in Bristol.', user);
      expect(found).toMatchObject({
        has_contradictions: true,
        contradictions: [{ id: leeds.id, memory_id: leeds.id, type: 'update', suggested_strategy: 'supersede' }],
      });
      expect(found.relations.find(({ memory_id: id }) => id === leeds.id)).toEqual({
        memory_id: leeds.id,
        content: 'I live in Leeds.',
        relation: 'contradicts',
        kind: 'update',
        probability: expect.any(Number),
        would_supersede: true,
        rule_id: expect.stringMatching(/^relation\./),
        slot: 'residence',
        policy: 'latest_wins',
        evidence: expect.arrayContaining([expect.any(String)]),
      });
      expect(await position()).toBe(before + 1);
      expect(await memoryOf(leeds.id)).toMatchObject({ status: 'active', version: 1 });
    });

    it('200 says nothing of beliefs of other users, scopes and sessions, and of what is believed no more', async () => {
      const user = newUser();
      const leeds = await tell('I live in Leeds.', user);
      expect(await detect('I now live in Bristol.', newUser())).toMatchObject({ relations: [] });
      for (const place of [{ scope: 'project' }, { session_id: 's-1' }, { agent_name: 'Ada' }]) {
        const body = { content: 'I now live in Bristol.', user_id: user, ...place };
        expect(well<Detected>(await api.post('/memories/detect-contradictions', body)).relations).toEqual([]);
      }
      await api.delete(`/memories/${leeds.id}`);
      expect((await detect('I now live in Bristol.', user)).has_contradictions).toBe(false);
    });
  });

  describe('POST /memories/update-belief', () => {
    it('200 auto: the rules decide, and the answer says how', async () => {
      const user = newUser();
      const first = well<Updated>(await update('I live in Leeds.', user));
      expect(first).toMatchObject({ strategy_applied: 'created', confidence_before: null, superseded_ids: [] });
      const second = well<Updated>(await update('I now live in Bristol.', user, { strategy: 'auto' }));
      expect(second).toMatchObject({ strategy_applied: 'supersede', superseded_ids: [first.memory_id] });
      const again = well<Updated>(await update('I now live in Bristol.', user, { metadata: { said: 'again' } }));
      expect(again).toMatchObject({ strategy_applied: 'adjust', memory_id: second.memory_id });
      expect(again.confidence_after).toBeGreaterThan(again.confidence_before!);
    });

    it.each([true, false])('200 every other strategy, with the belief named: %s', async (isNamed) => {
      const expected = {
        supersede: { old: { status: 'superseded' }, isNew: true },
        manual: { old: { status: 'disputed' }, isNew: true },
        adjust: { old: { status: 'active', content: 'I live in Leeds.' }, isNew: false },
        ...(isNamed && { merge: { old: { status: 'active', content: 'I now live in York.' }, isNew: false } }),
      };
      for (const [strategy, { old, isNew }] of Object.entries(expected)) {
        const user = newUser();
        const leeds = await tell('I live in Leeds.', user);
        const named = isNamed ? { contradicting_memory_id: leeds.id } : {};
        const updated = well<Updated>(await update('I now live in York.', user, { strategy, ...named }));
        expect(updated).toMatchObject({ strategy_applied: strategy, confidence_before: 0.8 });
        expect(updated.superseded_ids).toEqual(strategy === 'supersede' ? [leeds.id] : []);
        expect(updated.contradiction_id).toEqual(isNew ? expect.any(String) : null);
        expect(updated.memory_id !== leeds.id).toBe(isNew);
        expect(await memoryOf(leeds.id)).toMatchObject(old);
        expect((await memoryOf(updated.memory_id)).confidence).toBeCloseTo(updated.confidence_after, 9);
      }
    });

    it('409 with its facts: nothing to be about, replaced already, said already', async () => {
      const user = newUser();
      const [leeds, dog] = [await tell('I live in Leeds.', user), await tell('My dog is called Rex.', user)];
      const refused = async (content: string, strategy: string, id?: string) =>
        problemIn(await update(content, user, { strategy, ...(id && { contradicting_memory_id: id }) }));
      expect(await refused('Quartz rings.', 'supersede')).toMatchObject({ status: 409, code: 'nothing_contradicted' });
      expect(await refused('My dog is called Rex.', 'supersede', leeds.id)).toMatchObject({
        ...{ status: 409, code: 'content_conflict', details: { memory_id: dog.id } },
      });
      expect(await refused('I live in Leeds.', 'supersede', leeds.id)).toMatchObject({
        ...{ status: 409, code: 'content_conflict', details: { memory_id: leeds.id } },
      });
      const york = await tell('I now live in York.', user);
      expect(await refused('I now live in Hull.', 'supersede', leeds.id)).toMatchObject({
        ...{ status: 409, code: 'superseded', details: { superseded_by: york.id } },
      });
      expect(await statusesOf(user)).toMatchObject({
        'I now live in York.': 'active',
        'My dog is called Rex.': 'active',
      });
    });

    it('one Idempotency-Key has one effect and one answer, with every strategy', async () => {
      for (const strategy of ['auto', 'supersede', 'merge', 'adjust', 'manual']) {
        const user = newUser();
        const leeds = await tell('I live in Leeds.', user);
        const body = {
          ...{ content: 'I now live in York.', user_id: user, strategy },
          ...(strategy !== 'auto' && { contradicting_memory_id: leeds.id }),
        };
        const send = () => api.post('/memories/update-belief', body, keyed(`update-${strategy}`));
        const [first, second] = [await send(), await send()];
        expect([second.status, second.text]).toEqual([200, first.text]);
        expect(second.headers['idempotent-replayed']).toBe('true');
        expect((await memoryOf(leeds.id)).version).toBe(2);
        const other = await api.post('/memories/update-belief', { ...body, content: 'x' }, keyed(`update-${strategy}`));
        expect(problemIn(other).code).toBe('idempotency_mismatch');
      }
    });
  });

  describe('POST /contradictions/{id}/resolve', () => {
    it.each([
      ['supersede', 'superseded', 'superseded', 'active'],
      ['reject', 'rejected', 'active', 'superseded'],
      ['keep_both', 'kept_both', 'active', 'active'],
      ['highest_confidence', 'superseded', 'superseded', 'active'],
      ['source_rank', 'superseded', 'superseded', 'active'],
    ])('200 %s, for a reason; 409 once more', async (strategy, settled, older, newer) => {
      const pair = await disputed();
      const answer = well(await resolve(pair.contradictionId, strategy));
      expect(answer).toMatchObject({
        ...{ contradiction_id: pair.contradictionId, resolved: true, strategy: settled, reason: 'her passport' },
        ...{ memory_id: pair.newer, other_id: pair.older },
      });
      expect((await memoryOf(pair.older)).status).toBe(older);
      expect((await memoryOf(pair.newer)).status).toBe(newer);
      const again = problemIn(await resolve(pair.contradictionId, strategy));
      expect(again).toMatchObject({ status: 409, code: 'already_settled', details: { settlement: settled } });
    });

    it('one Idempotency-Key has one effect and one answer; undone, it can be decided again', async () => {
      const pair = await disputed();
      const send = () =>
        api.post(`/contradictions/${pair.contradictionId}/resolve`, { strategy: 'reject' }, keyed('resolve'));
      const [first, second] = [await send(), await send()];
      expect([second.status, second.text]).toEqual([200, first.text]);
      well(await undo(pair.older));
      expect(new Set(Object.values(await statusesOf(pair.user)))).toEqual(new Set(['disputed']));
      well(await resolve(pair.contradictionId, 'supersede'));
      expect((await memoryOf(pair.older)).superseded_by).toBe(pair.newer);
    });

    it('404 a contradiction that is not there, whatever its id looks like', async () => {
      for (const id of [absent, 'x', '..%2f..', absent.toUpperCase()]) {
        expect(problemIn(await resolve(id, 'reject'))).toMatchObject({ status: 404, code: 'not_found' });
      }
    });
  });

  describe('whose beliefs they are', () => {
    it('404 or nothing for another tenant and for a key bound to another user', async () => {
      const pair = await disputed();
      const leeds = (await tell('I live in Leeds.', pair.user)).id;
      await tell('I now live in Bristol.', pair.user);
      const strangers = [
        server.client((await server.createKey('--tenant', `strangers-${Math.random().toString(36).slice(2)}`)).secret),
        server.client((await server.createKey('--user', 'somebody-else')).secret),
      ];
      for (const stranger of strangers) {
        const about = { content: 'x', strategy: 'supersede', contradicting_memory_id: pair.older };
        const refused = [
          await undo(leeds, {}, stranger),
          await redo(leeds, {}, stranger),
          await undo(leeds, { cascade: true }, stranger),
          await resolve(pair.contradictionId, 'reject', stranger),
          await stranger.post('/memories/update-belief', about),
        ];
        expect(refused.map((answer) => problemIn(answer).code)).toEqual(refused.map(() => 'not_found'));
        for (const { text } of refused) expect(text).not.toMatch(/Nina|Leeds|Bristol/);
        const nothing = await stranger.post('/memories/detect-contradictions', { content: 'Nina was born in Mons.' });
        expect(well<Detected>(nothing).relations).toEqual([]);
      }
      expect(await statusesOf(pair.user)).toEqual({
        ...{ 'Nina was born in Ghent.': 'disputed', 'Nina was born in Bruges.': 'disputed' },
        ...{ 'I live in Leeds.': 'superseded', 'I now live in Bristol.': 'active' },
      });
    });

    it('403 a key bound to a user asks and tells of that user alone; 400 the belief of another user by name', async () => {
      const user = newUser();
      const { id } = await tell('I live in Leeds.', user);
      const bound = server.client((await server.createKey('--user', user)).secret);
      for (const path of ['/memories/detect-contradictions', '/memories/update-belief']) {
        const answer = await bound.post(path, { content: 'I now live in Bristol.', user_id: 'somebody-else' });
        expect(problemIn(answer)).toMatchObject({ status: 403, code: 'outside_binding' });
      }
      expect((await detect('I now live in Bristol.', user, bound)).contradictions).toHaveLength(1);
      const byName = await update('x', newUser(), { strategy: 'supersede', contradicting_memory_id: id });
      expect(problemIn(byName)).toMatchObject({ status: 400, code: 'validation_failed' });
      expect(await memoryOf(id)).toMatchObject({ status: 'active', version: 1 });
    });
  });
}

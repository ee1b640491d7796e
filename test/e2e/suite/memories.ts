import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedAnswer, MemoryOnTheWire, Problem, VersionOnTheWire } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

export function memories({ useServer }: TestedProfile): void {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });

  async function learn(content: string, more: Record<string, unknown> = {}): Promise<CreatedAnswer> {
    const answer = await api.post('/memories', { content, ...more });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.json<CreatedAnswer>();
  }

  const memoryOf = async (id: string) => (await api.get(`/memories/${id}`)).json<{ memory: MemoryOnTheWire }>().memory;
  const list = async (query = '') =>
    (await api.get(`/memories${query}`)).json<{ count: number; next_cursor?: string; results: MemoryOnTheWire[] }>();

  describe('POST /memories', () => {
    it('201 content: stores one memory word for word and answers with both names of everything', async () => {
      const answer = await api.post('/memories', {
        content: '  Deploys on Tuesdays,  never on Fridays ',
        memory_type: 'guideline',
        confidence: 0.65,
        user_id: 'user_1',
        metadata: { priority: 'high', nested: { list: [1, null, true] } },
        agent_id: 'label-a',
        team_id: 'label-t',
      });
      expect(answer.status).toBe(201);
      const created = answer.json<CreatedAnswer>();
      expect(created).toEqual({
        success: true,
        memories_created: 1,
        memory_ids: [expect.stringMatching(uuid)],
        owner_id: server.tenant,
        owner_clerk_id: server.tenant,
        user_id: 'user_1',
        end_user_id: 'user_1',
        agent_id: 'label-a',
        project_id: expect.stringMatching(uuid),
        session_id: null,
        conversation_id: null,
        message: 'Created 1 memory.',
        event_offset: expect.any(Number),
      });
      expect(answer.headers['memorystack-position']).toBe(String(created.event_offset));
      expect(await memoryOf(created.memory_ids[0]!)).toEqual({
        id: created.memory_ids[0],
        owner_id: server.tenant,
        owner_clerk_id: server.tenant,
        user_id: 'user_1',
        end_user_id: 'user_1',
        content: '  Deploys on Tuesdays,  never on Fridays ',
        memory_type: 'guideline',
        confidence: 0.65,
        importance_score: 0.5,
        metadata: { priority: 'high', nested: { list: [1, null, true] } },
        source_type: 'statement',
        agent_id: 'label-a',
        team_id: 'label-t',
        project_id: created.project_id,
        session_id: null,
        scope: 'personal',
        status: 'active',
        valid_from: null,
        valid_to: null,
        superseded_by: null,
        version: 1,
        created_at: expect.stringMatching(instant),
        updated_at: expect.stringMatching(instant),
      });
    });

    it('201 content: a bare one is a fact of confidence 0.8', async () => {
      const { memory_ids: ids } = await learn('The bare one');
      expect(await memoryOf(ids[0]!)).toMatchObject({ memory_type: 'fact', confidence: 0.8, user_id: null });
    });

    it('201 messages: extracts, and takes every form of content and role', async () => {
      const answer = await api.post('/memories', {
        messages: [
          { role: 'human', content: 'I love Python and prefer dark mode', name: 'Ada', id: 'm-1' },
          { role: 'ai', content: { type: 'text', text: 'Python is excellent for data science.' } },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'I live in Lyon.' },
              { type: 'image', caption: 'a bridge' },
            ],
          },
          { role: 'system', content: 'Be brief.' },
          { role: 'tool', content: '{"ok": true}', timestamp: '2024-05-01T10:30:00+02:00' },
        ],
        conversation_id: 'c-1',
        user_id: 'extracted',
      });
      expect(answer.status).toBe(201);
      const created = answer.json<CreatedAnswer>();
      expect(created.memories_created).toBeGreaterThanOrEqual(2);
      expect(created.memory_ids).toHaveLength(created.memories_created);
      expect(created.conversation_id).toMatch(uuid);
      const contents = (await list('?user_id=extracted')).results.map(({ content }) => content);
      expect(contents.join('\n')).toMatch(/Python/);
      expect(contents.join('\n')).toMatch(/dark mode/);
    });

    it('201 messages: the same conversation_id is the same conversation, another one is not', async () => {
      const say = async (content: string, id: string) =>
        (
          await api.post('/memories', { messages: [{ role: 'user', content }], conversation_id: id })
        ).json<CreatedAnswer>().conversation_id;
      const [first, second, other] = [
        await say('Hello', 'c-2'),
        await say('Hello again', 'c-2'),
        await say('Hi', 'c-3'),
      ];
      expect(second).toBe(first);
      expect(other).not.toBe(first);
    });

    it('201 lifts session, agent, team and conversation out of the metadata where the top level is silent', async () => {
      const { memory_ids: ids } = await learn('Lifted from metadata', {
        metadata: { session_id: 's-lift', agent_id: 'a-lift', team_id: 't-lift' },
      });
      expect(await memoryOf(ids[0]!)).toMatchObject({
        session_id: 's-lift',
        agent_id: 'a-lift',
        team_id: 't-lift',
        scope: 'session',
        metadata: { session_id: 's-lift', agent_id: 'a-lift', team_id: 't-lift' },
      });
    });

    it('201 the same content for another user is another memory', async () => {
      const [first, second] = [
        await learn('Shared words', { user_id: 'u-a' }),
        await learn('Shared words', { user_id: 'u-b' }),
      ];
      expect(second.memories_created).toBe(1);
      expect(second.memory_ids).not.toEqual(first.memory_ids);
    });

    it('400 scope=team without a team, scope=session without a session', async () => {
      for (const scope of ['team', 'session']) {
        const answer = await api.post('/memories', { content: 'Nowhere to go', scope });
        expect([answer.status, answer.json<Problem>().detail]).toEqual([
          400,
          expect.stringContaining(`scope=${scope}`),
        ]);
      }
    });
  });

  describe('GET /memories', () => {
    it('200 filters by user, type, confidence, scope, agent and team, in both orders', async () => {
      const user = 'lister';
      await learn('one', { user_id: user, memory_type: 'preference', confidence: 0.9, agent_id: 'x' });
      await learn('two', { user_id: user, memory_type: 'fact', confidence: 0.5, scope: 'project', team_id: 'y' });
      await learn('three', { user_id: user, memory_type: 'fact', confidence: 0.7 });
      const contents = async (query: string) =>
        (await list(`?user_id=${user}${query}`)).results.map(({ content }) => content);
      expect(await contents('')).toEqual(['three', 'two', 'one']);
      expect(await contents('&order=asc')).toEqual(['one', 'two', 'three']);
      expect(await contents('&memory_type=fact')).toEqual(['three', 'two']);
      expect(await contents('&min_confidence=0.7')).toEqual(['three', 'one']);
      expect(await contents('&scope=project')).toEqual(['two']);
      expect(await contents('&agent_id=x')).toEqual(['one']);
      expect(await contents('&team_id=y')).toEqual(['two']);
      expect(await contents('&limit=2')).toEqual(['three', 'two']);
      expect(await contents('&include_embedding=false&include_superseded=true')).toHaveLength(3);
    });

    it('400 embeddings are refused, not ignored', async () => {
      for (const query of ['include_embedding=true']) {
        const answer = await api.get(`/memories?${query}`);
        expect([query, answer.status]).toEqual([query, 400]);
      }
    });
  });

  describe('GET /memories/{id}', () => {
    it('200 in any case of the id; 404 for ids of nothing', async () => {
      const { memory_ids: ids } = await learn('Found by its id');
      expect((await api.get(`/memories/${ids[0]!.toUpperCase()}`)).status).toBe(200);
      for (const id of ['0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001', 'nonsense', '1']) {
        expect([id, (await api.get(`/memories/${id}`)).status]).toEqual([id, 404]);
      }
    });
  });

  describe('PATCH /memories/{id}', () => {
    it('200 changes what was sent and nothing else; history tells every version', async () => {
      const { memory_ids: ids } = await learn('Drinks tea', { metadata: { a: 1 }, memory_type: 'preference' });
      const path = `/memories/${ids[0]}`;
      const before = await memoryOf(ids[0]!);
      const changed = await api.patch(path, { content: 'Drinks coffee', confidence: 0.4, metadata: { b: 2 } });
      expect(changed.status).toBe(200);
      const { memory, event_offset: position } = changed.json<{ memory: MemoryOnTheWire; event_offset: number }>();
      expect(memory).toEqual({
        ...before,
        content: 'Drinks coffee',
        confidence: 0.4,
        metadata: { b: 2 },
        version: 2,
        updated_at: expect.stringMatching(instant),
      });
      expect(changed.headers.etag).toBe('"2"');
      expect(changed.headers['memorystack-position']).toBe(String(position));
      const history = (await api.get(`${path}/history`)).json<{ count: number; versions: VersionOnTheWire[] }>();
      expect(history.count).toBe(2);
      expect(history.versions.map(({ version, content, event }) => [version, content, event])).toEqual([
        [1, 'Drinks tea', 'MemoryLearned'],
        [2, 'Drinks coffee', 'MemoryRevised'],
      ]);
      expect(history.versions[1]).toMatchObject({
        event_offset: position,
        event_id: expect.any(String),
        recorded_at: expect.stringMatching(instant),
        reason: 'user',
        actor: { key: expect.any(String) },
        memory_type: 'preference',
        confidence: 0.4,
        metadata: { b: 2 },
        status: 'active',
      });
    });

    it('409 If-Match: names both versions; the ETag and * are taken', async () => {
      const { memory_ids: ids } = await learn('Guarded by its version');
      const path = `/memories/${ids[0]}`;
      const { etag } = (await api.get(path)).headers;
      const ifMatch = (version: string, confidence: number) =>
        api.patch(path, { confidence }, { headers: { 'if-match': version } });
      expect((await ifMatch(etag!, 0.1)).status).toBe(200);
      const late = await ifMatch(etag!, 0.2);
      expect(late.status).toBe(409);
      expect(late.json<Problem>()).toMatchObject({
        code: 'version_conflict',
        details: { expected_version: 1, actual_version: 2 },
      });
      expect((await ifMatch('*', 0.3)).status).toBe(200);
      expect((await ifMatch('W/"3"', 0.4)).status).toBe(200);
      expect((await ifMatch('nonsense', 0.5)).status).toBe(400);
      expect(await memoryOf(ids[0]!)).toMatchObject({ confidence: 0.4, version: 4 });
    });

    it('409 of two writers with the same version exactly one wins', async () => {
      const { memory_ids: ids } = await learn('Contended');
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          api.patch(`/memories/${ids[0]}`, { confidence: index / 16 }, { headers: { 'if-match': '"1"' } }),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array<number>(15).fill(409)]);
      expect((await memoryOf(ids[0]!)).version).toBe(2);
    });

    it('409 content that another memory of the owner says already names that memory', async () => {
      const first = await learn('Said once already');
      const second = await learn('Something else');
      const answer = await api.patch(`/memories/${second.memory_ids[0]}`, { content: 'Said once already' });
      expect(answer.status).toBe(409);
      expect(answer.json<Problem>()).toMatchObject({
        code: 'content_conflict',
        details: { memory_id: first.memory_ids[0] },
      });
    });
  });

  describe('DELETE /memories/{id}', () => {
    it.each([false, true])(
      '200 hard=%s: gone from every read; a repetition says so; later reads answer 404',
      async (hard) => {
        const { memory_ids: ids } = await learn(`To be deleted, hard=${hard}`);
        const path = `/memories/${ids[0]}`;
        const first = await api.delete(`${path}?hard=${hard}`);
        expect(first.status).toBe(200);
        expect(first.json()).toEqual({
          ...{ success: true, deleted_count: 1, hard_delete: hard },
          event_offset: expect.any(Number),
        });
        const again = await api.delete(`${path}?hard=${hard}`);
        expect(again.status).toBe(200);
        expect(again.json()).toMatchObject({ success: true, already_deleted: true, hard_delete: hard });
        for (const read of [path, `${path}/history`]) expect((await api.get(read)).status).toBe(404);
        expect((await api.patch(path, { confidence: 0.1 })).status).toBe(404);
        expect((await list('?limit=100')).results.map(({ id }) => id)).not.toContain(ids[0]);
        const found = await api.get('/memories/search?query=deleted&limit=50');
        expect(found.text).not.toContain(ids[0]);
      },
    );

    it('200 with a JSON content type and no body, as published clients send it', async () => {
      const { memory_ids: ids } = await learn('Deleted with an empty body');
      const sent = { headers: { 'content-type': 'application/json' } };
      expect((await api.delete(`/memories/${ids[0]}`, sent)).status).toBe(200);
    });

    it('201 the same content may be learned again after it was deleted', async () => {
      const first = await learn('Phoenix');
      await api.delete(`/memories/${first.memory_ids[0]}`);
      const second = await learn('Phoenix', { metadata: { life: 2 } });
      expect(second.memories_created).toBe(1);
      expect(second.memory_ids).not.toEqual(first.memory_ids);
    });
  });

  describe('DELETE /memories/batch', () => {
    it('200 counts what was there, ignores the rest, and is gone', async () => {
      const ids = (await Promise.all(['b1', 'b2', 'b3'].map((content) => learn(content)))).map(
        ({ memory_ids: made }) => made[0]!,
      );
      const body = { memory_ids: [...ids.slice(0, 2), ids[0], '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001'], hard: true };
      const answer = await api.delete('/memories/batch', { body });
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({
        success: true,
        deleted_count: 2,
        hard_delete: true,
        event_offset: expect.any(Number),
      });
      expect(await Promise.all(ids.map(async (id) => (await api.get(`/memories/${id}`)).status))).toEqual([
        404, 404, 200,
      ]);
    });
  });
}

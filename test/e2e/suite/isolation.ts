import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

export function isolation({ useServer }: TestedProfile): void {
  const server = useServer();

  describe('two tenants on one server', () => {
    /** In no request of the other tenant, so that its absence in every answer means something. */
    const secret = 'xylophone';
    const place = 'project_name=p&team_name=t&agent_name=a&session_id=s';
    const who = { project_name: 'p', team_name: 't', agent_name: 'a', session_id: 's' };
    let mine: ServerClient;
    let theirs: ServerClient;
    const ids: string[] = [];
    let agentId = '';
    let cursor = '';

    beforeAll(async () => {
      mine = server.client();
      theirs = server.client((await server.createKey('--tenant', 'acme')).secret);
      for (const scope of ['personal', 'team', 'project', 'session']) {
        const answer = await mine.post('/memories', {
          content: `The ${secret} is ${scope}`,
          scope,
          user_id: 'u',
          ...who,
        });
        const created = answer.json<CreatedAnswer>();
        ids.push(...created.memory_ids);
        agentId = created.agent_id!;
      }
      await mine.post('/memories', {
        messages: [{ role: 'user', content: `I hid the ${secret} at home`, id: secret }],
        ...who,
      });
      await mine.post('/handoffs', { from_agent: 'a', to_agent: 'b', reason: secret, ...who });
      cursor = (await mine.get(`/memories?limit=2&${place}`)).json<{ next_cursor: string }>().next_cursor;
    });

    it('the first tenant finds what it wrote on every route (else the probes below would prove nothing)', async () => {
      for (const path of [
        `/memories?${place}`,
        `/memories/search?query=${secret}&${place}`,
        `/context?query=${secret}&${place}`,
      ]) {
        expect((await mine.get(path)).text).toContain(secret);
      }
      expect((await mine.get(`/memories/agents?agent_id=${agentId}&${place}`)).text).toContain(secret);
      expect((await mine.get(`/handoffs?${place}`)).text).toContain(secret);
      expect((await mine.get(`/memories/${ids[0]}?${place}`)).status).toBe(200);
    });

    it.each([
      `/memories?limit=100&${place}`,
      `/memories?limit=100&user_id=u&scope=project&${place}`,
      `/memories/search?query=${secret}&include_episodes=true&limit=50&${place}`,
      `/memories/search?query=&include_episodes=true&limit=50&${place}`,
      `/memories/search?query=&filters=${encodeURIComponent('{"NOT":{"user_id":"nobody"}}')}&${place}`,
      `/context?query=${secret}&${place}`,
      `/handoffs?${place}`,
      `/agents?${place}`,
      `/stats?${place}`,
    ])('the other one sees nothing of it in GET %s', async (path) => {
      const answer = await theirs.get(path);
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(secret);
      for (const id of [...ids, agentId]) expect(answer.text).not.toContain(id);
      expect(answer.text).not.toContain(`"${server.tenant}"`);
    });

    it('404 or nothing for the other one on every route that takes an id', async () => {
      for (const id of ids) {
        const refused = [
          await theirs.get(`/memories/${id}?${place}`),
          await theirs.get(`/memories/${id}/history?${place}`),
          await theirs.patch(`/memories/${id}?${place}`, { content: 'taken over' }),
          await theirs.delete(`/memories/${id}?${place}`),
          await theirs.delete(`/memories/${id}?hard=true&${place}`),
        ];
        expect(refused.map((answer) => problemIn(answer).code)).toEqual(Array(5).fill('not_found'));
        for (const { text } of refused) expect(text).not.toContain(secret);
      }
      const batch = await theirs.delete('/memories/batch', { body: { memory_ids: ids, hard: true, ...who } });
      expect(batch.json()).toMatchObject({ deleted_count: 0 });
      const byAgent = await theirs.get(`/memories/agents?agent_id=${agentId}&include_project=true&${place}`);
      expect(byAgent.json()).toMatchObject({ count: 0 });
      for (const id of ids) expect((await mine.get(`/memories/${id}?${place}`)).status).toBe(200);
    });

    it('400 a cursor of the other tenant, of another query and of another route is refused', async () => {
      expect((await mine.get(`/memories?limit=3&cursor=${cursor}&${place}`)).status).toBe(200);
      const forged = `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`;
      const refused = [
        await theirs.get(`/memories?limit=2&cursor=${cursor}&${place}`),
        await mine.get(`/memories?limit=2&cursor=${cursor}`),
        await mine.get(`/memories/agents?limit=2&cursor=${cursor}&${place}`),
        await mine.get(`/agents?limit=2&cursor=${cursor}&${place}`),
        await mine.get(`/memories?limit=2&cursor=${forged}&${place}`),
      ];
      expect(refused.map((answer) => problemIn(answer).code)).toEqual(Array(5).fill('cursor_invalid'));
    });

    it('each may hold the same words, and an idempotency key of one means nothing to the other', async () => {
      const sent = { headers: { 'idempotency-key': 'shared-key' } };
      const [first, second] = [
        await mine.post('/memories', { content: 'The same words' }, sent),
        await theirs.post('/memories', { content: 'The same words' }, sent),
      ];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.headers['idempotent-replayed']).toBeUndefined();
      expect(second.json<CreatedAnswer>()).toMatchObject({ owner_id: 'acme', memories_created: 1 });
      expect(second.json<CreatedAnswer>().memory_ids).not.toEqual(first.json<CreatedAnswer>().memory_ids);
      expect(second.json<CreatedAnswer>().project_id).not.toBe(first.json<CreatedAnswer>().project_id);
    });
  });

  describe('keys', () => {
    it('401 a revoked key within a second, while it is in use', async () => {
      const { keyId, secret } = await server.createKey();
      const client = server.client(secret);
      expect((await client.get('/stats')).status).toBe(200);
      let used = 0;
      let revokedMs = Infinity;
      let refusedMs = Infinity;
      const use = (async () => {
        for (const endMs = Date.now() + 20_000; refusedMs === Infinity && Date.now() < endMs; await sleep(10)) {
          if ((await client.get('/stats')).status === 401) refusedMs = Date.now();
          used += 1;
        }
      })();
      expect((await server.command('keys', 'revoke', keyId)).output).toContain('no longer works');
      revokedMs = Date.now();
      await use;
      // It was served in between, however slow the machine.
      expect(used).toBeGreaterThan(1);
      expect(refusedMs - revokedMs).toBeLessThan(1000);
    });

    const bindings = [
      { flag: '--project', extra: [], field: 'project_name', word: 'project_name' },
      { flag: '--team', extra: ['--project', 'bound'], field: 'team_name', word: 'team_name' },
      { flag: '--agent', extra: [], field: 'agent_name', word: 'agent_name' },
    ];

    it.each(bindings)(
      '403 a key bound by $flag refuses every other $field, on reads and writes',
      async ({ flag, extra, field, word }) => {
        const client = server.client((await server.createKey(flag, 'bound', ...extra)).secret);
        const calls = (name: string) => [
          client.get(`/memories?${field}=${name}`),
          client.get(`/memories/search?query=x&${field}=${name}`),
          client.get(`/context?${field}=${name}`),
          client.get(`/agents?${field}=${name}`),
          client.get(`/memories/agents?${field}=${name}`),
          client.get(`/handoffs?session_id=s&${field}=${name}`),
          client.get(`/memories/0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001?${field}=${name}`),
          client.post('/memories/search', { query: '', [field]: name }),
          client.post('/memories', { content: `By ${name}`, [field]: name }),
          client.post('/memories/agents', { content: `By ${name} too`, [field]: name }),
          client.post('/agents', { name: 'x', [field]: name }),
          client.post('/handoffs', { from_agent: 'bound', to_agent: 'y', session_id: 's', [field]: name }),
          client.patch('/memories/0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001', { content: 'x', [field]: name }),
          client.delete(`/memories/0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001?${field}=${name}`),
          client.delete('/memories/batch', {
            body: { memory_ids: ['0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001'], [field]: name },
          }),
        ];
        for (const answer of await Promise.all(calls('other'))) {
          expect(problemIn(answer)).toMatchObject({ status: 403, code: 'outside_binding', details: { field: word } });
        }
        const statuses = (await Promise.all(calls('bound'))).map(({ status }) => status);
        expect(statuses.filter((status) => ![200, 201, 404].includes(status))).toEqual([]);
        const left = await client.post('/memories', {
          content: 'Nothing claimed',
          scope: flag === '--team' ? 'team' : 'project',
        });
        expect(left.status).toBe(201);
      },
    );

    it('403 a key bound to a user writes and sees that user alone', async () => {
      const bound = server.client((await server.createKey('--user', 'ada')).secret);
      const open = server.client();
      await open.post('/memories', { content: 'About Bob', user_id: 'bob', scope: 'project' });
      const aboutBob = (await open.get('/memories?user_id=bob')).json<{ results: { id: string }[] }>().results[0]!.id;
      const written = (
        await bound.post('/memories', { content: 'About whoever', scope: 'project' })
      ).json<CreatedAnswer>();
      expect(written.user_id).toBe('ada');
      expect(problemIn(await bound.post('/memories', { content: 'x', user_id: 'bob' })).code).toBe('outside_binding');
      for (const query of ['', '?user_id=all', '?user_id=bob', '?user_id=self']) {
        expect((await bound.get(`/memories${query}`)).text).not.toContain('About Bob');
      }
      expect((await bound.get('/memories/search?query=Bob&include_episodes=true')).text).not.toContain('About Bob');
      for (const answer of [
        await bound.get(`/memories/${aboutBob}`),
        await bound.patch(`/memories/${aboutBob}`, { content: 'x' }),
        await bound.delete(`/memories/${aboutBob}`),
      ]) {
        expect(problemIn(answer).status).toBe(404);
      }
      expect((await bound.get('/memories?user_id=all')).json()).toMatchObject({ count: 1 });
    });

    it('403 a key bound to an agent hands over as that agent alone', async () => {
      const bound = server.client((await server.createKey('--agent', 'support')).secret);
      const handOver = (from?: string) => bound.post('/handoffs', { from_agent: from, to_agent: 'b', session_id: 's' });
      expect((await handOver()).status).toBe(201);
      expect((await handOver('support')).status).toBe(201);
      expect(problemIn(await handOver('billing')).code).toBe('outside_binding');
    });
  });
}

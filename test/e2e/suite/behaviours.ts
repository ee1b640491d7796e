import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

export function behaviours({ useServer }: TestedProfile): void {
  /** Who a client of the SDK page says it is. */
  type Identity = Partial<Record<'agent_name' | 'agent_type' | 'project_name' | 'team_name' | 'session_id', string>>;

  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });

  async function create(who: Identity, body: Record<string, unknown>): Promise<CreatedAnswer> {
    const answer = await api.post('/memories', { ...who, ...body });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.json<CreatedAnswer>();
  }

  async function search(who: Identity, fields: Record<string, string> = {}): Promise<SearchResultOnTheWire[]> {
    const parameters = new URLSearchParams({ query: '', ...who, ...fields });
    const answer = await api.get(`/memories/search?${parameters}`);
    expect(answer.status).toBe(200);
    return answer.json<{ results: SearchResultOnTheWire[] }>().results;
  }

  const contentsOf = (memories: { content: string }[]) => memories.map(({ content }) => content);

  async function listed(query: Record<string, string>): Promise<string[]> {
    const answer = await api.get(`/memories?${new URLSearchParams({ limit: '100', ...query })}`);
    return contentsOf(answer.json<{ results: MemoryOnTheWire[] }>().results);
  }

  describe('behaviours that the Python SDK page forces', () => {
    it('1. read your own write: the quick start writes, then lists at once', async () => {
      const created = await create(
        {},
        {
          messages: [
            { role: 'user', content: 'I love Python and prefer dark mode' },
            { role: 'assistant', content: 'Great! Python is excellent for data science.' },
          ],
        },
      );
      expect(created.memories_created).toBeGreaterThanOrEqual(2);
      const contents = await listed({ user_id: 'self', limit: '10' });
      expect(contents.filter((content) => /Python|dark mode/.test(content)).length).toBeGreaterThanOrEqual(2);
    });

    it('2. self is no end user, a user is only that user, all is both', async () => {
      const who = { project_name: 'second' };
      await create(who, { content: 'Of nobody' });
      await create(who, { content: 'Of user_123', user_id: 'user_123' });
      await create(who, { content: 'Said to be self', user_id: 'self' });
      expect(await listed({ ...who, user_id: 'self' })).toEqual(['Said to be self', 'Of nobody']);
      expect(await listed({ ...who, user_id: 'user_123' })).toEqual(['Of user_123']);
      expect(await listed({ ...who, user_id: 'all' })).toHaveLength(3);
      expect(await listed(who)).toHaveLength(3);
      expect(contentsOf(await search(who, { user_id: 'self' }))).toHaveLength(2);
    });

    it('3. a session without a scope is shared inside the session; scope=personal stays private even there', async () => {
      const support = { agent_name: 'Support Agent', session_id: 'customer_123' };
      const billing = { agent_name: 'Billing Specialist', session_id: 'customer_123' };
      await create(support, {
        content: 'Customer issue: billing discrepancy for invoice #4521',
        memory_type: 'issue',
        metadata: { priority: 'high', category: 'billing' },
      });
      await create(support, { content: 'My private note on billing discrepancy', scope: 'personal' });
      const found = contentsOf(await search(billing, { query: 'billing discrepancy' }));
      expect(found).toContain('Customer issue: billing discrepancy for invoice #4521');
      expect(found).not.toContain('My private note on billing discrepancy');
      const elsewhere = { agent_name: 'Billing Specialist', session_id: 'customer_999' };
      expect(await search(elsewhere, { query: 'billing discrepancy' })).toEqual([]);
    });

    it('4. without a scope a search sees own personal, own team, project and same session, and nothing else', async () => {
      const project_name = 'fourth';
      const writer = { agent_name: 'W', team_name: 'editorial', project_name, session_id: 's-4' };
      for (const scope of ['personal', 'team', 'project', 'session']) await create(writer, { content: scope, scope });
      const seenBy = async (who: Identity) => contentsOf(await search({ project_name, ...who })).sort();
      expect(await seenBy(writer)).toEqual(['personal', 'project', 'session', 'team']);
      expect(await seenBy({ agent_name: 'R', team_name: 'editorial' })).toEqual(['project', 'team']);
      expect(await seenBy({ agent_name: 'R', session_id: 's-4' })).toEqual(['project', 'session']);
      expect(await seenBy({ agent_name: 'R', team_name: 'other' })).toEqual(['project']);
      expect(await seenBy({ ...writer, project_name: 'other' })).toEqual([]);
    });

    it('5. a team name in two projects is two teams; no project is the project default', async () => {
      const inTeam = { content: 'AI market to reach $1.8T by 2030', scope: 'team' };
      await create({ project_name: 'content_team', team_name: 'editorial' }, inTeam);
      const here = { project_name: 'content_team', team_name: 'editorial' };
      expect(contentsOf(await search(here, { scope: 'team' }))).toEqual([inTeam.content]);
      expect(await search({ project_name: 'content_creation', team_name: 'editorial' }, { scope: 'team' })).toEqual([]);
      const unnamed = await create({}, { content: 'In the project without a name', scope: 'project' });
      const named = await create({ project_name: 'default' }, { content: 'In default', scope: 'project' });
      expect(named.project_id).toBe(unnamed.project_id);
    });

    it('6. an empty query lists the scope, newest first', async () => {
      const who = { agent_name: 'Content Writer', project_name: 'sixth', team_name: 'editorial' };
      for (const content of ['first', 'second', 'third']) await create(who, { content, scope: 'team' });
      await create(who, { content: 'personal one', scope: 'personal' });
      expect(contentsOf(await search(who, { scope: 'team' }))).toEqual(['third', 'second', 'first']);
      expect(contentsOf(await search(who, { scope: 'personal' }))).toEqual(['personal one']);
      const posted = await api.post('/memories/search', { query: '', scope: 'team', limit: 2, ...who });
      expect(contentsOf(posted.json<{ results: MemoryOnTheWire[] }>().results)).toEqual(['third', 'second']);
    });

    it('7. content stores exactly one memory word for word, messages extract', async () => {
      const content = 'I love Python. I prefer dark mode. I live in Lyon.';
      const who = { project_name: 'seventh' };
      expect((await create(who, { content })).memories_created).toBe(1);
      expect(contentsOf(await search(who))).toEqual([content]);
      const extracted = await create({ project_name: 'seventh again' }, { messages: [{ role: 'user', content }] });
      expect(extracted.memories_created).toBeGreaterThanOrEqual(3);
    });

    it('8. the statistics have the fields that the page reads', async () => {
      const stats = (await api.get('/stats')).json<{
        plan_tier: string;
        usage: Record<string, number | null>;
        totals: Record<string, number>;
        storage: Record<string, number>;
      }>();
      expect(stats).toMatchObject({ success: true, owner_id: server.tenant, plan_tier: 'self-hosted' });
      expect(stats.totals['memories']).toBeGreaterThan(0);
      expect(stats.totals['total_memories']).toBe(stats.totals['memories']);
      expect(stats.usage['api_calls_used']).toBeGreaterThan(0);
      for (const name of ['current_month_api_calls', 'api_calls']) {
        expect(stats.usage[name]).toBe(stats.usage['api_calls_used']);
      }
      expect(stats.usage['monthly_api_limit']).toBeNull();
      expect(stats.usage['searches']).toBeGreaterThan(0);
      expect(stats.totals['total_api_calls']).toBeGreaterThan(0);
      expect(stats.storage['total_storage_bytes']).toBeGreaterThan(0);
    });
  });
}

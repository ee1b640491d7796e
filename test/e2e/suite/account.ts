import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planOf } from '#libs/contracts/plans.js';
import type { EventOnTheWire, GraphLink, GraphNode } from '#libs/contracts/rest/account-answers.js';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { Sent, ServerClient } from '#test/harness/server-client.js';
import { expectedSignature, type ReceivedMessage, ScriptedReceiver } from '#test/harness/scripted-receiver.js';
import { problemIn } from '#test/harness/server-problem.js';

interface Stats {
  plan_tier: string;
  usage: { monthly_api_limit: number | null; by_day: { day: string; api_calls: number; searches: number }[] };
}

/** What an account uses, may use, and looks like. */
export function account({ useServer }: TestedProfile): void {
  const server = useServer();
  let tenants = 0;

  /** A client of a tenant of its own. */
  const newTenant = async (plan?: string): Promise<{ tenant: string; client: ServerClient }> => {
    const tenant = `account-${(tenants += 1)}`;
    const made = await server.command('tenants', 'create', tenant, ...(plan === undefined ? [] : ['--plan', plan]));
    expect(made).toMatchObject({ code: 0 });
    return { tenant, client: server.client((await server.createKey('--tenant', tenant)).secret) };
  };

  describe('plans', () => {
    it('npm run tenants makes tenants, shows them, and changes their plan while the server runs', async () => {
      const { tenant, client } = await newTenant();
      const stats = async () => (await client.get('/stats')).json<Stats>();
      expect(await stats()).toMatchObject({ plan_tier: 'self-hosted', usage: { monthly_api_limit: null } });
      expect((await server.command('tenants', 'set-plan', tenant, 'free')).code).toBe(0);
      const free = planOf('free');
      // Heard of within a second; the first answers may still be of the plan before.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(await stats()).toMatchObject({
        plan_tier: 'free',
        usage: { monthly_api_limit: free.quotas.apiCallsPerMonth },
      });
      const burst = await Promise.all(Array.from({ length: free.rate!.burst * 3 }, () => client.get('/stats')));
      const refused = burst.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(problemIn(refused[0]!).code).toBe('rate_limited');
      const shown = await server.command('tenants', 'show', tenant);
      expect(shown.output).toContain(`of ${free.quotas.memories}`);
      expect((await server.command('tenants', 'list')).output).toContain(`${tenant}  free`);
    });

    it.each([
      [['set-plan', 'nobody-here', 'free'], 'no tenant nobody-here'],
      [['create', 'someone', '--plan', 'gold'], 'no plan "gold"'],
      [['create', 'Not A Name'], 'A tenant id has'],
      [['dance'], 'not something that tenants can do'],
    ])('npm run tenants refuses %j', async (words, sentence) => {
      const run = await server.command('tenants', ...words);
      expect(run.code).not.toBe(0);
      expect(run.output).toContain(sentence);
    });

    it('/stats counts the calls and searches of today', async () => {
      const { client } = await newTenant();
      await client.get('/memories/search?query=anything');
      const { usage } = (await client.get('/stats')).json<Stats>();
      expect(usage.by_day.map(({ searches }) => searches).reduce((sum, one) => sum + one, 0)).toBe(1);
      expect(usage.by_day.map(({ api_calls: calls }) => calls).reduce((sum, one) => sum + one, 0)).toBe(2);
    });
  });

  describe('GET /graph', () => {
    let client: ServerClient;
    let ids: Record<'berlin' | 'madrid' | 'kate' | 'secret', string>;
    const graphOf = async (path: string) => {
      const { nodes, links } = (await client.get(path)).json<{ nodes: GraphNode[]; links: GraphLink[] }>();
      return { nodes, links, types: new Set(nodes.map(({ type }) => type)) };
    };
    beforeAll(async () => {
      ({ client } = await newTenant());
      const add = async (body: object) => (await client.post('/memories', body)).json<CreatedAnswer>().memory_ids[0]!;
      const berlin = await add({ messages: [{ role: 'user', content: 'I live in Berlin.' }], user_id: 'u' });
      const madrid = await add({
        messages: [{ role: 'user', content: 'I moved to Madrid, I live there now.' }],
        user_id: 'u',
      });
      const kate = await add({ content: 'Kate lives in Leeds.', user_id: 'u', session_id: 's-1' });
      const secret = await add({ content: 'Only Ada knows it', scope: 'personal', agent_name: 'Ada' });
      ids = { berlin, madrid, kate, secret };
    });

    it('shows memories with their users, sessions, entities and conversations, and what took whose place', async () => {
      const { nodes, links, types } = await graphOf('/graph?session_id=s-1');
      expect(types).toEqual(new Set(['memory', 'user', 'session', 'entity', 'conversation']));
      expect(nodes.find(({ id }) => id === ids.kate)).toEqual({
        ...{ id: ids.kate, type: 'memory', group: 'fact' },
        ...{ label: 'Kate lives in Leeds.', content: 'Kate lives in Leeds.' },
      });
      const of = (source: string) => links.filter((link) => link.source === source).map(({ label }) => label);
      expect(of(ids.kate)).toEqual(['about', 'said in', 'said of']);
      const { links: all } = await graphOf('/graph');
      expect(all).toContainEqual({ source: ids.berlin, target: ids.madrid, label: 'superseded by' });
      expect(all.map(({ label }) => label)).toContain('derived from');
    });

    it('has no link that leads nowhere, no node twice, and is the same every time', async () => {
      const first = await client.get('/graph?session_id=s-1');
      expect((await client.get('/graph?session_id=s-1')).text).toBe(first.text);
      const { nodes, links } = first.json<{ nodes: GraphNode[]; links: GraphLink[] }>();
      const known = new Set(nodes.map(({ id }) => id));
      expect(known.size).toBe(nodes.length);
      expect(links.filter(({ source, target }) => !known.has(source) || !known.has(target))).toEqual([]);
    });

    it('shows nothing of another caller, and of its own what the filters let through', async () => {
      const shown = async (path: string) =>
        (await graphOf(path)).nodes.flatMap(({ id, type }) => (type === 'memory' ? id : []));
      expect(await shown('/graph')).not.toContain(ids.secret);
      expect(await shown('/graph?agent_name=Ada')).toContain(ids.secret);
      expect(await shown('/graph?limit=1&user_id=u')).toEqual([ids.kate]);
      expect(await shown('/graph?include_superseded=false')).not.toContain(ids.berlin);
      expect((await (await newTenant()).client.get('/graph')).json()).toEqual({ success: true, nodes: [], links: [] });
    });

    it.each(['limit=0', 'limit=2001', 'limit=x', 'as_of=1', 'colour=red'])('400 for %s', async (query) => {
      expect((await client.get(`/graph?${query}`)).status).toBe(400);
    });
  });

  describe('GET /events', () => {
    let client: ServerClient;
    const eventsOf = async (path: string, sent: Sent = {}) => {
      const { text } = await client.get(path, sent);
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as EventOnTheWire]));
    };
    const add = async (body: object) => (await client.post('/memories', body)).json<CreatedAnswer>().memory_ids[0]!;
    const who = 'agent_name=Ada&session_id=s-1';
    let erased = '';
    beforeAll(async () => {
      ({ client } = await newTenant());
      const ada = { agent_name: 'Ada', session_id: 's-1' };
      const gone = await add({ content: 'The gate opens at nine' });
      erased = await add({ content: 'The code of the door is 4711' });
      const kept = await add({ content: 'The zebra is called Zora', metadata: { a: [1, { b: null }] }, user_id: 'u' });
      await add({ messages: [{ role: 'user', content: 'I live in Berlin.' }], user_id: 'u', ...ada });
      await add({
        messages: [{ role: 'user', content: 'I moved to Madrid, I live there now.' }],
        user_id: 'u',
        ...ada,
      });
      await add({ content: 'Only Ada knows it', scope: 'personal', agent_name: 'Ada' });
      await client.patch(`/memories/${kept}`, { content: 'The zebra is called Zoe', confidence: 0.9 });
      await client.post(`/memories/${kept}/undo`, {});
      await client.patch(`/memories/${kept}`, { metadata: { revised: true } });
      await client.delete(`/memories/${gone}`);
      await client.delete(`/memories/${erased}?hard=true`);
      await client.post('/agents', { name: 'Bob' });
    });

    /** What a consumer holds that did as it was told. */
    const rebuilt = (events: readonly EventOnTheWire[]) => {
      const held = new Map<string, unknown>();
      for (const { memory_id: id, memory } of events) {
        if (id === undefined) continue;
        if (!memory || memory.status === 'forgotten') held.delete(id);
        else held.set(id, memory);
      }
      return held;
    };

    it.each(['', `?${who}`, '?user_id=u', `?scope=session&${who}`])(
      'rebuilds what GET /memories shows, from position 0 (%s)',
      async (query) => {
        const path = `/memories?limit=100&include_superseded=true&${query.slice(1)}`;
        const { results } = (await client.get(path)).json<{ results: { id: string }[] }>();
        expect(results.length).toBeGreaterThan(0);
        expect(rebuilt(await eventsOf(`/events${query}`))).toEqual(new Map(results.map((row) => [row.id, row])));
      },
    );

    it('goes on from any event, without one twice or one left out', async () => {
      const all = await eventsOf(`/events?${who}`);
      expect(all.length).toBeGreaterThan(8);
      for (const [index, { id }] of all.entries()) {
        expect(await eventsOf(`/events?${who}`, { headers: { 'last-event-id': id } })).toEqual(all.slice(index + 1));
      }
      const { event_offset: offset } = all[3]!;
      const later = all.filter((event) => event.event_offset > offset);
      expect(await eventsOf(`/events?from_offset=${offset}&${who}`)).toEqual(later);
    });

    it('tells of what was erased that it was, and nothing more', async () => {
      const { text } = await client.get('/events');
      expect(text).not.toContain('4711');
      const told = (await eventsOf('/events')).filter((event) => event.memory_id === erased);
      expect(told).toEqual([expect.objectContaining({ type: 'MemoryErased', memory_id: erased })]);
      expect(told[0]).not.toHaveProperty('memory');
    });

    it('shows nothing of another caller, agent or tenant', async () => {
      expect((await client.get('/events')).text).not.toContain('Only Ada');
      expect((await client.get('/events?agent_name=Ada')).text).toContain('Only Ada');
      const theirs = (await newTenant()).client;
      expect((await theirs.get('/events')).text).toBe('');
    });

    it('filters by type, and shows agents and conversations beside memories', async () => {
      const types = (events: EventOnTheWire[]) => [...new Set(events.map(({ type }) => type))];
      expect(types(await eventsOf(`/events?${who}&type=AgentRegistered`))).toEqual(['AgentRegistered']);
      const all = types([...(await eventsOf(`/events?${who}`)), ...(await eventsOf('/events'))]);
      const expected = [
        'ConversationIngested',
        'MemoryLearned',
        'MemorySuperseded',
        'MemoryRestored',
        'MemoryForgotten',
      ];
      expect(all).toEqual(expect.arrayContaining(expected));
      expect(types(await eventsOf('/events?memory_type=nothing'))).toEqual(['MemoryErased']);
    });

    it('follows as server-sent events: what is written later comes, with its id, to everyone who listens', async () => {
      const { event_offset: head } = (await eventsOf(`/events?${who}`)).at(-1)!;
      const followers = Array.from({ length: 20 }, () => client.listen(`/events?from_offset=${head}`));
      const id = await add({ content: 'Said while twenty were listening' });
      for (const follower of followers) {
        const block = await follower.until((text) => text.includes(id));
        expect(follower.headers['content-type']).toContain('text/event-stream');
        expect(block).toMatch(/id: \d+\.0\nevent: MemoryLearned\ndata: \{/);
      }
      for (const follower of followers) follower.close();
    });

    it.each([
      ['/events?from_offset=-1', 'validation_failed'],
      ['/events?from_offset=999999', 'position_in_future'],
      ['/events?type=MemoryDreamt', 'validation_failed'],
      ['/events?last_event_id=x', 'validation_failed'],
      ['/events?colour=red', 'validation_failed'],
    ])('400 for %s', async (path, code) => {
      const answer = await client.get(path);
      expect([answer.status, problemIn(answer).code]).toEqual([400, code]);
    });

    it('400 for a Last-Event-ID that is none', async () => {
      expect((await client.get('/events', { headers: { 'last-event-id': 'yesterday' } })).status).toBe(400);
    });
  });

  describe('webhooks', () => {
    it.each([
      [{ url: 'https://127.0.0.1/hook' }, 'url leads to an address that is not public.'],
      [{ url: 'https://169.254.169.254/' }, 'url leads to an address that is not public.'],
      [{ url: 'https://localhost/' }, 'url leads to an address that is not public.'],
      [{ url: 'http://1.1.1.1/' }, 'url must begin with https://.'],
      [{ url: 'nowhere' }, 'url is not a URL.'],
      [{ url: 'https://1.1.1.1/', types: ['MemoryDreamt'] }, 'types has "MemoryDreamt", which is no type of event.'],
    ])('400 for %j, and there is none afterwards', async (body, detail) => {
      const client = server.client();
      const answer = await client.post('/webhooks', body);
      expect([answer.status, problemIn(answer).detail]).toEqual([400, detail]);
      expect((await client.get('/webhooks')).json()).toMatchObject({ count: 0 });
    });

    it.each([{}, { url: 'https://1.1.1.1/', colour: 'red' }, { url: 'https://1.1.1.1/', types: [] }])(
      '400 for a body such as %j',
      async (body) => {
        expect((await server.client().post('/webhooks', body)).status).toBe(400);
      },
    );

    it('are managed by whoever sees the same, and are not there for anybody else', async () => {
      const { client } = await newTenant();
      const made = await client.post('/webhooks', { url: 'https://1.1.1.1/hook', agent_name: 'Ada' });
      const { webhook, secret } = made.json<{ webhook: { id: string }; secret: string }>();
      expect(secret).toMatch(/^whsec_/);
      const path = `/webhooks/${webhook.id}`;
      const listed = (await client.get('/webhooks?agent_name=Ada')).text;
      expect(listed).toContain(webhook.id);
      expect(listed).not.toContain(secret);
      expect((await client.get('/webhooks')).json()).toMatchObject({ count: 0 });
      const other = (await newTenant()).client;
      for (const stranger of [client, other]) {
        expect((await stranger.delete(path)).status).toBe(404);
        for (const call of ['test', 'enable']) expect((await stranger.post(`${path}/${call}`, {})).status).toBe(404);
        expect((await stranger.post(`${path}/replay`, { from_offset: 0 })).status).toBe(404);
      }
      expect((await client.delete(`${path}?agent_name=Ada`)).status).toBe(200);
      expect((await client.delete(`${path}?agent_name=Ada`)).status).toBe(404);
    });
  });

  deliveredWebhooks(useServer);
}

/** Receivers of tests are on loopback, where nothing may be sent to otherwise. */
function deliveredWebhooks(useServer: TestedProfile['useServer']): void {
  describe('webhooks of an installation that allows private addresses', () => {
    const server = useServer({ MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE: 'true' });
    const receiver = new ScriptedReceiver();
    beforeAll(() => receiver.start());
    afterAll(() => receiver.stop());

    it('a test message comes at once, signed', async () => {
      const client = server.client();
      const made = await client.post('/webhooks', { url: receiver.url });
      const { webhook, secret } = made.json<{ webhook: { id: string }; secret: string }>();
      const tested = await client.post(`/webhooks/${webhook.id}/test`, {});
      expect(tested.json()).toEqual({ success: true, delivered: true, status: 204, error: null });
      const [message] = receiver.received;
      expect(message!.body.type).toBe('webhook.test');
      expect(message!.headers['webhook-signature']).toBe(expectedSignature(secret, message!));
      await client.delete(`/webhooks/${webhook.id}`);
    });

    it('what happens is told, and told again from a position', async () => {
      const client = server.client();
      const made = await client.post('/webhooks', {
        url: receiver.url,
        types: ['MemoryLearned'],
        include_content: true,
      });
      const { webhook } = made.json<{ webhook: { id: string; event_offset: number } }>();
      await client.post('/memories', { content: 'The zebra is called Zora' });
      const told = (received: readonly ReceivedMessage[]) => received.filter(({ raw }) => raw.includes('Zora'));
      await receiver.until((received) => told(received).length === 1);
      const path = `/webhooks/${webhook.id}`;
      const replayed = await client.post(`${path}/replay`, { from_offset: webhook.event_offset });
      expect(replayed.status).toBe(200);
      await receiver.until((received) => told(received).length === 2);
      const [first, again] = told(receiver.received) as [ReceivedMessage, ReceivedMessage];
      expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
      expect((await client.post(`${path}/replay`, { from_offset: 1_000_000 })).status).toBe(400);
      expect((await client.post(`${path}/enable`, {})).json()).toMatchObject({ webhook: { state: 'active' } });
    });
  });
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accepted, call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { memoryId, memoryRow } from '../rows.fixture.js';

const agentRow = {
  id: 'a-1',
  name: 'Writer',
  agentType: null,
  role: 'writes',
  personality: null,
  projectId: 'p-1',
  projectName: 'default',
  teamId: 't-1',
  teamName: 'editorial',
  createdAt: '2024-05-02T10:00:00.000Z',
  createdPosition: 3,
};

describe('agents and handoffs', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted({ agentId: 'a-1', created: true });
  });
  afterAll(() => gateway.application.close());

  it('POST /agents registers, 201 for a new one and 200 for a known one', async () => {
    const body = { name: 'Writer', role: 'writes', projectId: 'content', teamId: 'editorial', agent_name: 'Boss' };
    const answer = await call(gateway, 'POST', '/agents', { body });
    expect(answer).toMatchObject({
      status: 201,
      json: {
        success: true,
        created: true,
        event_offset: 12,
        agent: { id: 'a-1', name: 'Writer', project_name: 'content', team_name: 'editorial', role: 'writes' },
      },
    });
    expect(answer.json.agent.projectId).toBe(answer.json.agent.project_id);
    expect(gateway.bus.last.command).toEqual({
      type: 'RegisterAgent',
      name: 'Writer',
      role: 'writes',
      personality: null,
      agentType: null,
    });
    expect(gateway.bus.last.caller).toMatchObject({ project: { name: 'content' }, team: { name: 'editorial' } });
    gateway.bus.answer = () => accepted({ agentId: 'a-1', created: false });
    expect((await call(gateway, 'POST', '/agents', { body })).status).toBe(200);
  });

  it.each([[{ name: 'x', projectId: memoryId }], [{ name: 'x', team_id: memoryId }]])(
    'POST /agents %j answers 404: an id only stands for what the caller is in',
    async (body) => {
      expect(await call(gateway, 'POST', '/agents', { body })).toMatchObject({
        status: 404,
        json: { code: 'not_found' },
      });
    },
  );

  it('GET /agents lists a page', async () => {
    gateway.queries.agentPage = { rows: [agentRow], next: { createdPosition: 3, id: 'a-1' } };
    const { json } = await call(gateway, 'GET', '/agents?limit=1');
    expect(json).toMatchObject({ success: true, count: 1, agents: [{ id: 'a-1', team_id: 't-1', teamId: 't-1' }] });
    await call(gateway, 'GET', `/agents?cursor=${json.next_cursor}`);
    expect(gateway.queries.last.query).toEqual({ after: { createdPosition: 3, id: 'a-1' }, limit: 20 });
  });

  it('POST /handoffs records who hands over to whom, in the session', async () => {
    gateway.bus.answer = () => accepted({ handoffId: 'h-1' });
    const body = { to_agent: 'Billing', session_id: 's', agent_name: 'Support', reason: 'r', context: { a: 1 } };
    const answer = await call(gateway, 'POST', '/handoffs', { body });
    expect(answer).toMatchObject({ status: 201, json: { success: true, handoff_id: 'h-1', event_offset: 12 } });
    expect(gateway.bus.last.command).toEqual({
      type: 'RecordHandoff',
      fromAgent: 'Support',
      toAgent: 'Billing',
      sessionId: 's',
      reason: 'r',
      context: { a: 1 },
    });
  });

  it('GET /handoffs finds them by session', async () => {
    const handoff = {
      id: 'h-1',
      fromAgent: 'A',
      toAgent: 'B',
      sessionId: 's',
      reason: null,
      context: {},
      recordedAt: 't',
    };
    gateway.queries.foundHandoffs = [handoff];
    const { json } = await call(gateway, 'GET', '/handoffs?session_id=s&limit=3');
    expect(json).toEqual({
      success: true,
      count: 1,
      handoffs: [
        { id: 'h-1', from_agent: 'A', to_agent: 'B', session_id: 's', reason: null, context: {}, created_at: 't' },
      ],
    });
    expect(gateway.queries.last.query).toEqual({ sessionId: 's', limit: 3 });
  });

  const own = { field: 'ownerAgentId', equals: '0192/agent/0192/project/default/Ada' };
  it.each([
    ['agent_name=Ada', [own]],
    ['agent_name=Ada&include_team=true', [own, { field: 'scope', equals: 'team' }]],
    ['agent_name=Ada&include_project=true&include_team=false', [own, { field: 'scope', equals: 'project' }]],
    ['agent_name=Ada&agent_id=label', [{ field: 'agentId', equals: 'label' }]],
  ])('GET /memories/agents?%s', async (query, ways) => {
    const { json } = await call(gateway, 'GET', `/memories/agents?${query}`);
    expect(gateway.queries.last.query).toMatchObject({
      filter: { and: [{ or: ways }, { not: { field: 'status', anyOf: ['superseded', 'archived'] } }] },
    });
    expect(json).toMatchObject({ success: true, count: 1, results: [{ id: memoryRow().id }] });
    expect(json.data).toEqual(json.results);
  });

  it('GET /memories/agents takes the id of an earlier answer for the agent that asks, as published clients do', async () => {
    await call(gateway, 'GET', `/memories/agents?agent_id=${memoryId}`);
    expect(gateway.queries.last.caller!.agent!.id).toBe(memoryId);
    await call(gateway, 'GET', `/memories/agents?agent_id=${memoryId}&agent_name=Ada`);
    expect(gateway.queries.last.caller!.agent!.name).toBe('Ada');
  });

  it('GET /stats counts under every name that published clients read', async () => {
    expect((await call(gateway, 'GET', '/stats')).json).toMatchObject({
      success: true,
      plan_tier: 'self-hosted',
      totals: { memories: 5, total_memories: 5, total_api_calls: 40 },
      usage: {
        api_calls: 30,
        api_calls_used: 30,
        current_month_api_calls: 30,
        monthly_api_limit: null,
        searches: 10,
      },
      storage: { total_storage_bytes: 1234 },
    });
  });
});

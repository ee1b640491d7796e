import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accepted, call, type GatewayUnderTest, learned, startGateway, tenantId } from '../gateway.fixture.js';
import { memoryId, memoryRow } from '../rows.fixture.js';

const notSuperseded = { not: { field: 'status', anyOf: ['superseded', 'archived'] } };

const wireMemory = {
  id: memoryId,
  owner_id: tenantId,
  owner_clerk_id: tenantId,
  user_id: 'user_123',
  end_user_id: 'user_123',
  content: 'Prefers dark mode',
  memory_type: 'preference',
  confidence: 0.9,
  importance_score: 0.5,
  metadata: { priority: 'high' },
  source_type: 'statement',
  agent_id: 'a-1',
  team_id: null,
  project_id: 'p-1',
  session_id: null,
  scope: 'project',
  status: 'active',
  valid_from: '2024-05-01T00:00:00.000Z',
  valid_to: null,
  superseded_by: null,
  version: 3,
  created_at: '2024-05-02T10:00:00.000Z',
  updated_at: '2024-05-03T10:00:00.000Z',
};

describe('memories', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted(learned);
    gateway.queries.memory = memoryRow();
    gateway.queries.page = { rows: [memoryRow()], next: null };
  });
  afterAll(() => gateway.application.close());

  const command = () => gateway.bus.last.command;

  it.each(['/memories', '/memories/agents'])('POST %s with content keeps one memory word for word', async (path) => {
    const answer = await call(gateway, 'POST', path, { body: { content: ' As said. ', user_id: 'u', scope: 'team' } });
    expect(answer.status).toBe(201);
    expect(answer.headers['memorystack-position']).toBe('12');
    expect(answer.json).toEqual({
      success: true,
      memories_created: 1,
      memory_ids: [memoryId],
      owner_id: tenantId,
      owner_clerk_id: tenantId,
      user_id: 'user_123',
      end_user_id: 'user_123',
      agent_id: 'a-1',
      project_id: 'p-1',
      session_id: null,
      conversation_id: null,
      message: 'Created 1 memory.',
      event_offset: 12,
    });
    expect(command()).toEqual({
      type: 'LearnMemory',
      content: ' As said. ',
      memoryType: 'fact',
      confidence: 0.8,
      placement: { scope: 'team', userId: 'u', agentId: null, teamId: null, conversationId: null },
      metadata: {},
    });
  });

  it('POST /memories with messages sends the conversation to be extracted', async () => {
    const messages = [
      { role: 'human', content: 'Hi', name: 'Ada', id: 'D1:1', timestamp: '2024-05-01T12:00:00+02:00' },
      {
        role: 'ai',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', data: 'AAAA', mimeType: 'image/png', caption: 'a cat' },
        ],
      },
      { role: 'user', content: { type: 'text', text: 'One part' } },
    ];
    expect((await call(gateway, 'POST', '/memories', { body: { messages } })).status).toBe(201);
    expect(command()).toMatchObject({
      type: 'IngestConversation',
      messages: [
        { role: 'user', content: 'Hi', name: 'Ada', externalId: 'D1:1', saidAt: '2024-05-01T10:00:00.000Z' },
        { role: 'assistant', content: 'Look\n[shares a cat]', name: null, externalId: null, saidAt: null },
        { role: 'user', content: 'One part' },
      ],
    });
  });

  it('lifts identity out of the metadata where the top level is silent, and leaves the metadata whole', async () => {
    const metadata = { agent_id: 'label', team_id: 't', session_id: 'sess_xyz', conversation_id: 'c', source: 'chat' };
    await call(gateway, 'POST', '/memories', { body: { content: 'a', metadata, team_id: 'top', user_id: 'self' } });
    expect(gateway.bus.last.caller.sessionId).toBe('sess_xyz');
    expect(command()).toMatchObject({
      metadata,
      placement: { agentId: 'label', teamId: 'top', conversationId: 'c', userId: null, scope: null },
    });
  });

  it('leaves metadata of another form where it is', async () => {
    await call(gateway, 'POST', '/memories', { body: { content: 'a', metadata: { session_id: 7, agent_id: ' ' } } });
    expect(gateway.bus.last.caller.sessionId).toBeNull();
    expect(command()).toMatchObject({ placement: { agentId: null } });
  });

  it('GET /memories shows memories as published clients read them, without next_cursor at the end', async () => {
    const answer = await call(gateway, 'GET', '/memories');
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.json).toEqual({ success: true, count: 1, results: [wireMemory] });
    expect(gateway.queries.last.query).toEqual({
      ...{ filter: { and: [notSuperseded] }, order: 'desc', after: null, limit: 20, asOf: null },
    });
  });

  it.each([
    ['user_id=self', { field: 'userId', equals: null }],
    ['user_id=user_1', { field: 'userId', equals: 'user_1' }],
    ['memory_type=fact', { field: 'memoryType', equals: 'fact' }],
    ['min_confidence=0.8', { field: 'confidence', atLeast: 0.8 }],
    ['scope=team', { field: 'scope', equals: 'team' }],
    ['agent_id=a', { field: 'agentId', equals: 'a' }],
    ['team_id=t', { field: 'teamId', equals: 't' }],
  ])('GET /memories?%s filters', async (query, condition) => {
    await call(gateway, 'GET', `/memories?${query}`);
    expect(gateway.queries.last.query).toMatchObject({ filter: { and: [condition, notSuperseded] } });
  });

  it.each(['user_id=all', 'include_embedding=false', 'include_superseded=false', 'session_id=s', 'agent_name=Ada'])(
    'GET /memories?%s leaves out what was superseded, and nothing else',
    async (query) => {
      expect((await call(gateway, 'GET', `/memories?${query}`)).status).toBe(200);
      expect(gateway.queries.last.query).toMatchObject({ filter: { and: [notSuperseded] } });
    },
  );

  it('pages with a cursor that holds for its tenant, route and query only', async () => {
    gateway.queries.page = { rows: [memoryRow()], next: { createdPosition: 7, id: memoryId } };
    const { next_cursor: cursor } = (await call(gateway, 'GET', '/memories?user_id=u&limit=1')).json;
    expect(cursor).toMatch(/^[\w-]+$/);
    const second = await call(gateway, 'GET', `/memories?user_id=u&limit=50&cursor=${cursor}`);
    expect(second.status).toBe(200);
    expect(gateway.queries.last.query).toMatchObject({ after: { createdPosition: 7, id: memoryId }, limit: 50 });
    const forged = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const path of [
      `/memories?user_id=other&cursor=${cursor}`,
      `/memories?cursor=${cursor}`,
      `/memories?user_id=u&order=asc&cursor=${cursor}`,
      `/memories/agents?cursor=${cursor}`,
      `/agents?cursor=${cursor}`,
      `/memories?user_id=u&cursor=${forged}`,
      '/memories?cursor=abc',
      `/memories?cursor=${'A'.repeat(80)}`,
    ]) {
      expect(await call(gateway, 'GET', path)).toMatchObject({ status: 400, json: { code: 'cursor_invalid' } });
    }
  });

  it('GET /memories/{id} answers the memory with its ETag, whatever the case of the id', async () => {
    const answer = await call(gateway, 'GET', `/memories/${memoryId.toUpperCase()}`);
    expect(answer).toMatchObject({ status: 200, json: { success: true, memory: wireMemory } });
    expect(answer.headers.etag).toBe('"3"');
    expect(gateway.queries.last.query).toBe(memoryId);
  });

  it.each([
    ['GET', `/memories/${memoryId}`],
    ['GET', `/memories/${memoryId}/history`],
    ['GET', '/memories/nobody'],
    ['GET', `/memories/${'x'.repeat(500)}`],
    ['PATCH', '/memories/nobody'],
    ['DELETE', '/memories/nobody'],
    ['GET', '/memories/nobody/history'],
  ])('%s %s answers the same 404 for what is missing', async (method, path) => {
    gateway.queries.memory = null;
    const body = method === 'PATCH' ? { content: 'x' } : undefined;
    expect(await call(gateway, method, path, { body })).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it.each([
    ['', false],
    ['?hard=true', true],
    ['?hard=false', false],
  ])('DELETE /memories/{id}%s forgets or erases', async (query, hard) => {
    gateway.bus.answer = () => accepted({ deletedCount: 1, hardDelete: hard, alreadyDeleted: false });
    const answer = await call(gateway, 'DELETE', `/memories/${memoryId}${query}`, {
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 200, json: { success: true, deleted_count: 1, hard_delete: hard } });
    expect(answer.json).not.toHaveProperty('already_deleted');
    expect(command()).toEqual({ type: 'ForgetMemories', memoryIds: [memoryId], hard, single: true });
  });

  it('DELETE /memories/batch counts what was deleted', async () => {
    gateway.bus.answer = () => accepted({ deletedCount: 1, hardDelete: true, alreadyDeleted: false });
    const body = { memory_ids: [memoryId, memoryId.toUpperCase()], hard: true, agent_name: 'Ada' };
    const answer = await call(gateway, 'DELETE', '/memories/batch', { body });
    expect(answer.json).toEqual({ success: true, deleted_count: 1, hard_delete: true, event_offset: 12 });
    expect(command()).toEqual({ type: 'ForgetMemories', memoryIds: [memoryId], hard: true, single: false });
  });

  it('GET /memories/{id}/history tells each version with its event, actor and reason', async () => {
    gateway.queries.versions = [
      {
        version: 1,
        position: 7,
        recordedAt: '2024-05-02T10:00:00.000Z',
        eventType: 'MemoryLearned',
        eventId: 'e-1',
        actor: { key: 'key-plain' },
        reason: 'user',
        decision: null,
        content: 'Prefers dark mode',
        memoryType: 'preference',
        confidence: 0.9,
        metadata: {},
        status: 'active',
        validFrom: null,
        validTo: null,
        supersededBy: null,
        evidence: null,
      },
    ];
    const answer = await call(gateway, 'GET', `/memories/${memoryId}/history`);
    expect(answer.json).toEqual({
      success: true,
      memory_id: memoryId,
      count: 1,
      versions: [
        {
          version: 1,
          event: 'MemoryLearned',
          event_id: 'e-1',
          event_offset: 7,
          recorded_at: '2024-05-02T10:00:00.000Z',
          actor: { key: 'key-plain' },
          reason: 'user',
          decision: null,
          content: 'Prefers dark mode',
          memory_type: 'preference',
          confidence: 0.9,
          metadata: {},
          status: 'active',
        },
      ],
    });
  });
});

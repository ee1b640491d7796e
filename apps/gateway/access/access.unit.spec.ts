import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accepted, boundKey, call, type GatewayUnderTest, learned, startGateway } from '../gateway.fixture.js';
import { memoryId } from '../rows.fixture.js';

const problemType = expect.stringMatching(/^application\/problem\+json/);

describe('access', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted(learned);
    gateway.queries.failure = null;
  });
  afterAll(() => gateway.application.close());

  it('answers 401 problem+json on every route below /api/v1 without a key', async () => {
    const document = JSON.parse((await gateway.application.inject('/openapi.json')).body) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{id}', memoryId)] as const),
    );
    const api = routes.filter(([, path]) => path.startsWith('/api/v1'));
    expect(api.length).toBeGreaterThanOrEqual(17);
    for (const [method, path] of api) {
      const answer = await call(gateway, method, path, { key: null, body: method === 'GET' ? undefined : { no: 1 } });
      expect([method, path, answer.status, answer.json.code]).toEqual([method, path, 401, 'unauthenticated']);
      expect(answer.headers['content-type']).toEqual(problemType);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    expect(gateway.bus.envelopes).toHaveLength(0);
    expect(gateway.queries.asked).toHaveLength(0);
  });

  it.each([
    ['an unknown path', 'GET', '/api/v1/nothing'],
    ['an encoded prefix', 'GET', '/%61pi/v1/memories'],
    ['a doubled prefix', 'GET', '//api/v1//api/v1/memories'],
    ['HEAD', 'HEAD', '/api/v1/memories'],
  ])('asks for a key also on %s', async (_, method, url) => {
    expect((await gateway.application.inject({ method: method as 'GET', url })).statusCode).toBe(401);
  });

  it.each([
    ['an unknown key', { authorization: 'Bearer wrong' }],
    ['two different keys', { authorization: 'Bearer mk_plain_key', 'x-api-key': 'mk_bound_key' }],
  ])('answers 401 for %s', async (_, headers) => {
    expect((await call(gateway, 'GET', '/memories', { key: null, headers })).status).toBe(401);
  });

  it('takes the key from X-API-Key too, and counts each call', async () => {
    gateway.counters.counted.length = 0;
    const answer = await call(gateway, 'GET', '/memories', { key: null, headers: { 'x-api-key': 'mk_plain_key' } });
    expect(answer.status).toBe(200);
    await call(gateway, 'GET', '/memories/search?query=x');
    expect(gateway.counters.counted).toEqual(['tenant api_call', 'tenant api_call', 'tenant search']);
  });

  it.each(['/health', '/livez', '/readyz', '/openapi.json', '/docs/'])('%s needs no key', async (url) => {
    expect((await gateway.application.inject(url)).statusCode).toBe(200);
  });

  it('makes the caller of what the body claims, before the query, in the default project', async () => {
    const body = { content: 'a', agent_name: 'Ada', agent_type: 'writer', session_id: 's-1' };
    await call(gateway, 'POST', '/memories?team_name=editorial&agent_name=Other', { body });
    expect(gateway.bus.last.caller).toEqual({
      tenantId: expect.any(String),
      keyId: 'key-plain',
      project: { id: '0192/project/default', name: 'default' },
      team: { id: '0192/team/0192/project/default/editorial', name: 'editorial' },
      agent: { id: '0192/agent/0192/project/default/Ada', name: 'Ada', type: 'writer' },
      sessionId: 's-1',
      boundUserId: null,
    });
  });

  it('keeps the same team name in two projects apart', async () => {
    await call(gateway, 'GET', '/memories?project_name=one&team_name=editorial');
    const first = gateway.queries.last.caller!.team!.id;
    await call(gateway, 'GET', '/memories?project_name=two&team_name=editorial');
    expect(gateway.queries.last.caller!.team!.id).not.toBe(first);
  });

  it('lays the binding of a key over an absent claim', async () => {
    await call(gateway, 'POST', '/memories', { key: boundKey, body: { content: 'a' } });
    expect(gateway.bus.last.caller).toMatchObject({
      project: { name: 'alpha' },
      agent: { name: 'Ada' },
      boundUserId: 'user_123',
    });
    expect(gateway.bus.last.command).toMatchObject({ placement: { userId: 'user_123' } });
  });

  it.each([
    ['project_name', 'POST', '/memories', { content: 'a', project_name: 'beta' }],
    ['agent_name', 'POST', '/memories', { content: 'a', agent_name: 'Bob' }],
    ['user_id', 'POST', '/memories', { content: 'a', user_id: 'user_124' }],
    ['user_id', 'POST', '/memories/agents', { content: 'a', user_id: 'self' }],
    ['agent_name', 'GET', '/memories?agent_name=Bob', undefined],
    ['agent_name', 'DELETE', `/memories/${memoryId}?agent_name=Bob`, undefined],
    ['project_name', 'POST', '/agents', { name: 'x', projectId: 'beta' }],
    ['agent_name', 'POST', '/handoffs', { from_agent: 'Bob', to_agent: 'Eve' }],
  ])('answers 403 for %s outside the binding: %s %s', async (field, method, path, body) => {
    const before = gateway.bus.envelopes.length;
    const answer = await call(gateway, method, path, { key: boundKey, body });
    expect(answer).toMatchObject({ status: 403, json: { code: 'outside_binding', details: { field } } });
    expect(gateway.bus.envelopes).toHaveLength(before);
  });
});

describe('rate limit', () => {
  it('is told on every answer after authentication, and answers 429 with Retry-After beyond it', async () => {
    const gateway = await startGateway({ burst: 4 });
    const paths = ['/memories', '/memories?limit=0', '/nothing', '/memories/not-an-id'];
    for (const [index, path] of paths.entries()) {
      const { headers } = await call(gateway, 'GET', path);
      expect(headers).toMatchObject({
        'x-ratelimit-limit': '4',
        'x-ratelimit-remaining': String(3 - index),
        'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
        'ratelimit-policy': '"tenant";q=4',
        ratelimit: expect.stringMatching(new RegExp(`^"tenant";r=${3 - index};t=\\d+$`)),
      });
    }
    for (const [method, path] of [
      ['GET', '/memories'],
      ['POST', '/memories'],
      ['GET', '/stats'],
      ['DELETE', '/memories/batch'],
    ]) {
      const refused = await call(gateway, method!, path!);
      expect(refused).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
      expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'retry-after': '1' });
    }
    await gateway.application.close();
  });
});

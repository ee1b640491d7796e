import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceError } from '#libs/contracts/errors.js';
import { Readiness } from '#libs/service-kit/health.js';
import { accepted, call, type GatewayUnderTest, learned, startGateway } from './gateway.fixture.js';
import { memoryId } from './rows.fixture.js';

describe('the HTTP surface', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted(learned);
    gateway.queries.failure = null;
    gateway.logLines.length = 0;
  });
  afterAll(() => gateway.application.close());

  it('echoes a request id that is well-formed and mints one otherwise', async () => {
    for (const [sent, echoed] of [
      ['abc.DEF_1-2', 'abc.DEF_1-2'],
      ['has space', expect.stringMatching(/^[0-9a-f-]{36}$/)],
      ['x'.repeat(65), expect.stringMatching(/^[0-9a-f-]{36}$/)],
    ] as const) {
      const answer = await call(gateway, 'GET', '/nothing', { headers: { 'x-request-id': sent } });
      expect(answer.headers['x-request-id']).toEqual(echoed);
      expect(answer.json.request_id).toBe(answer.headers['x-request-id']);
    }
  });

  it.each([
    ['an unknown path', 404, 'not_found', 'GET', '/nothing', {}],
    ['a path outside the API', 404, 'not_found', 'GET', '/', {}],
    ['an unknown method', 405, 'method_not_allowed', 'PUT', '/memories', {}],
    ['a path that is no percent-encoding', 400, 'validation_failed', 'GET', '/memories/%zz', {}],
    ['another media type', 415, 'unsupported_media_type', 'POST', '/memories', { 'content-type': 'text/plain' }],
    ['a media type that is none', 415, 'unsupported_media_type', 'POST', '/memories', { 'content-type': 'nonsense' }],
    ['a body without a media type', 415, 'unsupported_media_type', 'POST', '/memories', { 'content-type': '' }],
  ])('answers %s with %i problem+json', async (_, status, code, method, path, headers) => {
    const answer = await gateway.application.inject({
      method: method as 'GET',
      url: path === '/' ? path : `/api/v1${path}`,
      headers: { authorization: 'Bearer mk_plain_key', ...headers },
      ...(method === 'POST' && { payload: 'content=a' }),
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = JSON.parse(answer.body) as { code: string; request_id: string };
    expect(problem.code).toBe(code);
    expect(answer.headers['x-request-id']).toBe(problem.request_id);
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('answers 413 for a body beyond 1 MiB, and 400 for one that is not UTF-8', async () => {
    const large = await call(gateway, 'POST', '/memories', { body: { content: 'a'.repeat(1_048_576) } });
    expect(large).toMatchObject({ status: 413, json: { code: 'payload_too_large' } });
    const broken = await gateway.application.inject({
      method: 'POST',
      url: '/api/v1/memories',
      headers: { authorization: 'Bearer mk_plain_key', 'content-type': 'application/json' },
      payload: Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(broken.statusCode).toBe(400);
    expect(broken.body).toContain('UTF-8');
  });

  it.each(['POST', 'DELETE'])('takes %s with a JSON content type and no body', async (method) => {
    gateway.bus.answer = () => accepted({ deletedCount: 1, hardDelete: false });
    const path = method === 'DELETE' ? `/memories/${memoryId}` : '/memories/search';
    const answer = await call(gateway, method, path, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    expect(answer.status).toBe(200);
  });

  it('answers 503 with Retry-After while the read model is behind, and 500 without a word of why', async () => {
    gateway.queries.failure = new ServiceError('behind', 'Not yet at 12.', { position: 12 });
    const behind = await call(gateway, 'GET', '/memories');
    expect(behind).toMatchObject({ status: 503, json: { code: 'behind', details: { position: 12 } } });
    expect(behind.headers['retry-after']).toBe('1');
    gateway.queries.failure = new Error('relation "memories" of tenant');
    const failed = await call(gateway, 'GET', '/memories');
    expect(failed).toMatchObject({ status: 500, json: { code: 'internal', details: {} } });
    expect(JSON.stringify(failed.json)).not.toContain('relation');
  });

  it('logs who asked for which route and how it went, and never content, values or keys', async () => {
    const secret = 'xyzzy';
    const headers = { 'x-request-id': 'req-1', 'idempotency-key': secret, authorization: 'Bearer mk_plain_key' };
    await call(gateway, 'POST', `/memories?agent_name=${secret}`, { headers, body: { content: secret } });
    await call(gateway, 'GET', `/memories/search?query=${secret}`);
    await call(gateway, 'GET', `/memories/${secret}`);
    await call(gateway, 'GET', `/${secret}`);
    await call(gateway, 'POST', '/memories', { body: `{"content": "${secret}` });
    await call(gateway, 'POST', '/memories', { body: { [secret]: secret } });
    gateway.queries.failure = new Error(secret);
    await call(gateway, 'GET', '/memories');
    const text = gateway.logLines.join('');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('mk_plain_key');
    const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(7);
    expect(lines[0]).toMatchObject({
      requestId: 'req-1',
      method: 'POST',
      route: '/api/v1/memories',
      status: 201,
      ms: expect.any(Number),
      tenantId: expect.any(String),
      keyId: 'key-plain',
    });
  });

  it('describes every route in OpenAPI 3.1, with the fields that the validation knows', async () => {
    const document = JSON.parse((await gateway.application.inject('/openapi.json')).body);
    expect(document.openapi).toBe('3.1.0');
    const create = document.paths['/api/v1/memories'].post;
    const { schema } = create.requestBody.content['application/json'];
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['messages', 'content', 'scope', 'agent_name']),
    );
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(create.responses)).toEqual(expect.arrayContaining(['201', '202', '4XX', '5XX']));
    for (const operations of Object.values<Record<string, { summary?: string }>>(document.paths)) {
      for (const operation of Object.values(operations)) expect(operation.summary).toBeTruthy();
    }
  });

  it('shows the documentation with its own assets only', async () => {
    const page = await gateway.application.inject('/docs/');
    expect(page.headers['content-security-policy']).not.toMatch(/https?:/);
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) {
      expect(path).toMatch(/^\.\//);
      expect((await gateway.application.inject(`/docs/${path.slice(2)}`)).statusCode).toBe(200);
    }
  });

  it('is ready when the search index is, and not any more when it drains', async () => {
    const status = async (url: string) => (await gateway.application.inject(url)).statusCode;
    gateway.queries.isReady = false;
    expect([await status('/livez'), await status('/readyz'), await status('/health')]).toEqual([200, 503, 200]);
    gateway.queries.isReady = true;
    expect(await status('/readyz')).toBe(200);
    expect(JSON.parse((await gateway.application.inject('/health')).body)).toEqual({
      success: true,
      status: 'ok',
      indexed_documents: 14,
      parked_streams: 0,
    });
    gateway.application.get(Readiness, { strict: false }).startDraining();
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 503]);
    expect((await call(gateway, 'GET', '/memories')).status).toBe(200);
  });
});

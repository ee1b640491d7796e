import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CreatedAnswer, problem, type Problem } from '#libs/contracts/rest/answers.js';
import { useServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

const server = useServer();
let api: ServerClient;
beforeAll(() => {
  api = server.client();
});

/** Every route of the design that this version has: method and path below the API path. */
const routes = [
  ['POST', '/memories'],
  ['GET', '/memories'],
  ['POST', '/memories/agents'],
  ['GET', '/memories/agents'],
  ['GET', '/memories/search'],
  ['POST', '/memories/search'],
  ['GET', '/memories/{id}'],
  ['PATCH', '/memories/{id}'],
  ['DELETE', '/memories/{id}'],
  ['DELETE', '/memories/batch'],
  ['GET', '/memories/{id}/history'],
  ['GET', '/stats'],
  ['GET', '/agents'],
  ['POST', '/agents'],
  ['GET', '/handoffs'],
  ['POST', '/handoffs'],
  ['GET', '/context'],
  ['POST', '/memories/detect-contradictions'],
  ['POST', '/memories/update-belief'],
  ['GET', '/contradictions'],
  ['GET', '/contradictions/{id}'],
  ['POST', '/contradictions/{id}/resolve'],
  ['GET', '/belief-policies'],
  ['PUT', '/belief-policies'],
  ['GET', '/memories/diff'],
  ['GET', '/memories/{id}/lineage'],
  ['POST', '/memories/{id}/undo'],
  ['POST', '/memories/{id}/redo'],
  ['POST', '/memories/batch/create'],
  ['POST', '/memories/batch/update'],
  ['POST', '/memories/batch/delete'],
  ['POST', '/memories/batch/embeddings'],
  ['GET', '/memories/batch/embeddings'],
  ['POST', '/memories/batch/export'],
  ['POST', '/memories/export'],
  ['POST', '/memories/import'],
  ['GET', '/batch-jobs'],
  ['GET', '/batch-jobs/{id}'],
  ['GET', '/batch-jobs/{id}/results'],
  ['POST', '/batch-jobs/{id}/cancel'],
  ['POST', '/batch-jobs/{id}/retry'],
  ['POST', '/memories/consolidate'],
  ['POST', '/memories/reflect'],
  ['POST', '/memories/expire'],
  ['GET', '/maintenance/runs'],
  ['GET', '/maintenance/runs/{id}'],
  ['POST', '/maintenance/runs/{id}/revert'],
  ['GET', '/auto-maintenance/config'],
  ['POST', '/auto-maintenance/config'],
  ['DELETE', '/auto-maintenance/config'],
  ['GET', '/graph'],
  ['GET', '/events'],
  ['GET', '/webhooks'],
  ['POST', '/webhooks'],
  ['DELETE', '/webhooks/{id}'],
  ['POST', '/webhooks/{id}/enable'],
  ['POST', '/webhooks/{id}/replay'],
  ['POST', '/webhooks/{id}/test'],
] as const;

describe('authentication', () => {
  it.each(routes)('401 %s %s without a key, with an unknown one, and with two different ones', async (method, path) => {
    const target = path.replace('{id}', '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001');
    const wrong: Record<string, string>[] = [
      {},
      { 'x-api-key': 'unknown' },
      { authorization: `Bearer ${server.key}`, 'x-api-key': 'other' },
    ];
    for (const headers of wrong) {
      const answer = await api.send(method, target, { key: null, headers });
      expect(problemIn(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
  });

  it('200 with either header, and with both when they agree', async () => {
    const bearer = { authorization: `Bearer ${server.key}` };
    const plain = { 'x-api-key': server.key };
    for (const headers of [bearer, plain, { ...bearer, ...plain }]) {
      expect((await api.get('/stats', { key: null, headers })).status).toBe(200);
    }
  });

  it('401 below the API path also where there is nothing', async () => {
    expect((await api.get('/nothing/here', { key: null })).status).toBe(401);
    expect((await api.get('/nothing/here')).status).toBe(404);
  });
});

describe('headers', () => {
  it('200 answers the limits as integers, in both forms', async () => {
    const { headers } = await api.get('/stats');
    expect(headers['x-ratelimit-limit']).toBe('1000000');
    expect(Number(headers['x-ratelimit-remaining'])).toBeGreaterThan(0);
    const resetAtSeconds = Number(headers['x-ratelimit-reset']);
    expect(Number.isInteger(resetAtSeconds)).toBe(true);
    expect(Math.abs(resetAtSeconds - Date.now() / 1000)).toBeLessThan(10);
    expect(headers['ratelimit-policy']).toMatch(/^"\w+";q=1000000/);
    expect(headers['ratelimit']).toMatch(/^"\w+";r=\d+;t=\d+$/);
  });

  it('400 answers the limits as well', async () => {
    const { status, headers } = await api.get('/memories?limit=0');
    expect([status, headers['x-ratelimit-limit']]).toEqual([400, '1000000']);
  });

  it('echoes a well-formed X-Request-ID, on errors too, and makes one otherwise', async () => {
    for (const path of ['/stats', '/memories?limit=0', '//livez', '//nowhere']) {
      const given = 'client.req_1-A';
      const answer = await api.get(path, { headers: { 'x-request-id': given } });
      expect([path, answer.headers['x-request-id']]).toEqual([path, given]);
      if (answer.status >= 400) expect(answer.json<Problem>().request_id).toBe(given);
      for (const bad of ['with space', 'x'.repeat(65), 'a/b']) {
        const made = (await api.get(path, { headers: { 'x-request-id': bad } })).headers['x-request-id'];
        expect(made).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
        expect(made).not.toBe(bad);
      }
    }
  });
});

describe('paths', () => {
  it.each(['//api/v1//api/v1/stats', '//api/v1/api/v1/stats', '//api//v1///stats'])('200 %s', async (path) => {
    expect((await api.get(path)).json()).toMatchObject({ success: true, owner_id: 'default' });
  });

  it('405 names the methods that a path takes', async () => {
    const answer = await api.send('PUT', '/memories');
    expect([answer.status, answer.headers['allow']]).toEqual([405, expect.stringMatching(/GET.*POST/)]);
  });

  it('HEAD answers as GET does, without a body', async () => {
    const answer = await api.send('HEAD', '/stats');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('positions', () => {
  it('a write answers its position in body and header, and the next write the next one', async () => {
    const write = async (content: string) => {
      const answer = await api.post('/memories', { content });
      const { event_offset: position } = answer.json<CreatedAnswer>();
      expect(answer.headers['memorystack-position']).toBe(String(position));
      return position;
    };
    const first = await write('position one');
    expect(await write('position two')).toBe(first + 1);
    expect((await api.get(`/memories?min_position=${first + 1}`)).status).toBe(200);
    const future = await api.get(`/memories?min_position=${first + 1000}`);
    expect([future.status, future.json<Problem>().code]).toEqual([400, 'position_in_future']);
  });

  it('another key reads it with min_position', async () => {
    const { secret } = await server.createKey();
    const other = server.client(secret);
    for (let round = 0; round < 20; round += 1) {
      const content = `from the first key ${round}`;
      const created = (await api.post('/memories', { content })).json<CreatedAnswer>();
      const read = await other.get(`/memories/${created.memory_ids[0]}?min_position=${created.event_offset}`);
      expect([round, read.status]).toEqual([round, 200]);
    }
  });
});

describe('documentation and probes', () => {
  interface Operation {
    summary?: string;
    responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
    requestBody?: { content: Record<string, { schema: unknown }> };
    parameters?: { name: string; in: string; schema: unknown }[];
  }

  it('/openapi.json lists every route, with its answers and its problems', async () => {
    const answer = await api.get('//openapi.json', { key: null });
    expect(answer.status).toBe(200);
    const { openapi, paths } = answer.json<{ openapi: string; paths: Record<string, Record<string, Operation>> }>();
    expect(openapi).toMatch(/^3\./);
    const listed = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = routes.map(([method, path]) => `${method} /api/v1${path}`);
    expect(listed.sort()).toEqual([...expected, 'GET /livez', 'GET /readyz', 'GET /health'].sort());
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const name = `${method} ${path}`;
        expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\S/)]);
        const failure = operation.responses[path.startsWith('/api') ? '4XX' : '5XX'];
        expect([name, Object.keys(failure?.content ?? {})]).toEqual([name, ['application/problem+json']]);
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
        const inPath = (operation.parameters ?? []).filter(({ in: where }) => where === 'path').map((one) => one.name);
        expect([name, inPath]).toEqual([name, named]);
        if (['post', 'patch', 'put'].includes(method))
          expect(operation.requestBody?.content['application/json']).toBeDefined();
      }
    }
  });

  it('every problem has all members that the contract names', async () => {
    const answer = await api.get('/memories?limit=0', { headers: { 'x-request-id': 'r-9' } });
    expect(Object.keys(answer.json()).sort()).toEqual(Object.keys(problem.properties).sort());
    expect(answer.json()).toMatchObject({ status: 400, instance: '/api/v1/memories', request_id: 'r-9' });
  });

  it('/docs is a page, and everything it loads is there', async () => {
    let page = await api.get('//docs', { key: null });
    if (page.status === 302) page = await api.get(`/${page.headers.location}`, { key: null });
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(assets.length).toBeGreaterThanOrEqual(4);
    for (const link of assets) {
      const asset = new URL(link, `${server.url}/docs/`);
      expect(asset.origin).toBe(server.url);
      const answer = await api.get(`/${asset.pathname}`, { key: null });
      expect([link, answer.status, answer.text.length > 0]).toEqual([link, 200, true]);
    }
  });

  it('200 /livez, /readyz and /health without a key', async () => {
    for (const path of ['livez', 'readyz', 'health']) {
      const answer = await api.get(`//${path}`, { key: null });
      expect([path, answer.status, answer.json()['status']]).toEqual([path, 200, 'ok']);
    }
    expect((await api.get('//health')).json()).toMatchObject({
      indexed_documents: expect.any(Number),
      parked_streams: 0,
    });
  });
});

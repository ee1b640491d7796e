import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { adminUrlOf, seriesIn } from '#test/harness/admin-pages.js';
import { buildServer, TestServer } from '#test/harness/server.js';
import { type ServerClient } from '#test/harness/server-client.js';
import { startTraceCollector, type TraceCollector } from '#test/harness/trace-collector.js';

/** Stands in everything that a caller can put into words. */
const marker = `zq${randomBytes(6).toString('hex')}`;
/** Nobody may see a key either, also not one that is wrong. */
const wrongKey = `mk_${marker}_wrong`;
const identity = {
  project_name: `project ${marker}`,
  team_name: `team ${marker}`,
  agent_name: `agent ${marker}`,
  session_id: `session-${marker}`,
};
const metadata = { [`key_${marker}`]: `value ${marker}`, nested: { deep: [marker] } };
const asCaller = new URLSearchParams(identity).toString();

type Operations = Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;

describe('what operators see', () => {
  let collector: TraceCollector;
  let server: TestServer;
  let api: ServerClient;
  let memoryId: string;
  const statuses = new Set<number>();
  beforeAll(async () => {
    collector = await startTraceCollector();
    server = new TestServer({
      MEMORYSTACK_LOG_LEVEL: 'trace',
      MEMORYSTACK_ADMIN_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    buildServer();
    await server.start();
    api = server.client();
    memoryId = await sendValid();
    await sendFailing();
    await sendToEveryRoute();
  }, 120_000);
  afterAll(async () => {
    await server.remove();
    await collector.close();
  }, 60_000);

  /** Headers that callers fill as they like; the id of a request is theirs too, but it is there to be found in the log. */
  const headers = {
    'idempotency-key': `key-${marker}`,
    'user-agent': `agent/${marker}`,
    referer: `http://${marker}.example`,
    cookie: `session=${marker}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: `vendor=${marker}`,
    baggage: `user=${marker}`,
  };

  async function send(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
    const answer = await api.send(method, path, { body, headers: { ...headers, ...more } });
    statuses.add(answer.status);
    return answer;
  }

  /** Writes and reads that succeed, on every route that writes. @returns a memory that holds the marker */
  async function sendValid(): Promise<string> {
    const said = { role: 'user', content: `I love ${marker}. My dog is called ${marker}.`, name: marker, id: marker };
    await send('POST', '/memories', { messages: [said], user_id: `user-${marker}`, metadata, ...identity });
    const one = { content: `The password is ${marker}`, memory_type: marker, metadata, ...identity };
    const created = await send('POST', '/memories', one, { 'idempotency-key': `other-${marker}` });
    const id = created.json<{ memory_ids: string[] }>().memory_ids[0]!;
    await send('PATCH', `/memories/${id}`, { content: `It was ${marker} until May`, metadata, ...identity });
    await send('POST', '/agents', { name: marker, role: marker, personality: marker });
    await send('POST', '/handoffs', {
      from_agent: marker,
      to_agent: `b ${marker}`,
      session_id: marker,
      context: metadata,
    });
    const found = await send('POST', '/memories/search', { query: `Who is ${marker}?`, explain: true, ...identity });
    expect(found.text).toContain(marker);
    await send('GET', `/context?query=${marker}&${asCaller}`);
    return id;
  }

  async function sendFailing(): Promise<void> {
    await send('POST', '/memories', `{"content": "${marker}`);
    await send('POST', '/memories', { content: marker, [marker]: 1 });
    await send('POST', '/memories', { content: `${marker} \0`, metadata });
    await send('POST', '/memories', marker, { 'content-type': `text/${marker}` });
    await send('POST', '/memories', { content: `another body ${marker}` });
    await send('POST', '/memories', { content: marker.repeat(100_000) });
    await send(
      'PATCH',
      `/memories/${memoryId}`,
      { content: marker, ...identity },
      {
        ...{ 'if-match': '"99"', 'idempotency-key': `third-${marker}` },
      },
    );
    await send('GET', `/memories/search?filters={"${marker}":1}`);
    await send('GET', `/memories?cursor=${marker}`);
    await send('GET', `/memories/${marker}`);
    await send('GET', `/${marker}?q=${marker}`);
    await send('GET', `/memories/%${marker}`);
    await send('PUT', `/memories/${marker}`, { content: marker });
    await send('GET', `//${marker}`);
    statuses.add((await api.get('/stats', { key: wrongKey })).status);
  }

  /** Also routes that are yet to come: the marker as every parameter, and in a body that is wrong. */
  async function sendToEveryRoute(): Promise<void> {
    const { paths } = (await api.get('//openapi.json')).json<{ paths: Operations }>();
    for (const [template, item] of Object.entries(paths)) {
      for (const [method, { parameters = [] }] of Object.entries(item)) {
        const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `${name}=${marker}`);
        const body = method === 'get' ? undefined : { text: marker, metadata };
        for (const id of [memoryId, marker]) {
          const path = `/${template.replace('{id}', id)}`;
          await send(method.toUpperCase(), `${path}?${query.join('&')}`, body);
          await send(method.toUpperCase(), `${path}?${asCaller}`, body);
        }
      }
    }
  }

  const hides = (text: string): string[] =>
    text.split('\n').filter((line) => line.toLowerCase().includes(marker) || line.includes(server.key));

  it('was asked for by requests of every kind', () => {
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 201, 400, 401, 404, 405, 409, 413, 415, 422]));
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  });

  it('in the log at its most talkative is no word of a caller', () => {
    const lines = server.output.split('\n').filter((line) => line.startsWith('{'));
    const requests = lines.filter((line) => line.includes('"msg":"request"'));
    expect(requests.length).toBeGreaterThan(60);
    expect(hides(server.output)).toEqual([]);
  });

  it('in the metrics is no word of a caller, and no id', async () => {
    const exposition = await (await fetch(`${adminUrlOf(server)}/metrics`)).text();
    const series = [...seriesIn(exposition).keys()];
    expect(
      series.filter((name) => name.startsWith('memorystack_http_request_duration_seconds_count')).length,
    ).toBeGreaterThan(20);
    expect(hides(exposition)).toEqual([]);
    expect(exposition).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
    expect(series.filter((name) => /tenant|default/.test(name))).toEqual([]);
  });

  it('in the traces is no word of a caller', async () => {
    const routes = await collector.wait(60, ({ name }) => name.includes('/api/v1/'));
    expect(routes.some(({ attributes }) => attributes['http.response.status_code'] === 422)).toBe(true);
    for (const name of ['command', 'append', 'projection', 'search'])
      await collector.wait(1, (span) => span.name === name);
    await server.end('SIGTERM');
    expect(hides(collector.received())).toEqual([]);
    expect(collector.received()).not.toContain(memoryId);
    expect(hides(server.output)).toEqual([]);
  });
});

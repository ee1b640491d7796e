import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildServer, TestServer } from '#test/harness/server.js';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '#test/harness/trace-collector.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';

describe('a trace', () => {
  let collector: TraceCollector;
  let server: TestServer;
  beforeAll(async () => {
    collector = await startTraceCollector();
    server = new TestServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    buildServer();
    await server.start();
  }, 90_000);
  afterAll(async () => {
    await server.remove();
    await collector.close();
  }, 60_000);

  const ofTrace = async (id: string, count: number): Promise<Record<string, CollectedSpan>> => {
    const spans = await collector.wait(count, (span) => span.traceId === id);
    expect(spans).toHaveLength(count);
    return Object.fromEntries(spans.map((span) => [span.name, span]));
  };

  it('of a write begins where its caller is and ends with the projection of its commit', async () => {
    const headers = { traceparent: `00-${traceId}-${callersSpan}-01` };
    await server.client().post('/memories', { content: 'An earlier commit, so that positions differ' });
    const answer = await server.client().post('/memories', { content: 'The launch is in May' }, { headers });
    const position = answer.json<{ event_offset: number }>().event_offset;
    expect(position).toBe(2);
    const spans = await ofTrace(traceId, 4);
    const { 'POST /api/v1/memories': request, command, append, projection } = spans;
    expect(request).toMatchObject({
      parentSpanId: callersSpan,
      service: 'memorystack-standalone',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/memories',
        'http.response.status_code': 201,
      },
    });
    const at = { 'memorystack.position': position };
    expect(command).toMatchObject({ parentSpanId: request!.spanId });
    expect(command!.attributes).toEqual({ 'memorystack.command': 'LearnMemory', ...at });
    expect(append).toMatchObject({ parentSpanId: command!.spanId, attributes: at });
    expect(projection).toMatchObject({ parentSpanId: append!.spanId, attributes: at });
  });

  it('of each of many writes at once holds its own position, though they share transactions and batches', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `${traceId.slice(0, -2)}${(index + 160).toString(16)}`);
    const client = server.client();
    const positions = await Promise.all(
      ids.map(async (id, index) => {
        const headers = { traceparent: `00-${id}-${callersSpan}-01` };
        const answer = await client.post('/memories', { content: `Statement ${index}` }, { headers });
        return answer.json<{ event_offset: number }>().event_offset;
      }),
    );
    expect(new Set(positions).size).toBe(ids.length);
    for (const [index, id] of ids.entries()) {
      const { command, append, projection } = await ofTrace(id, 4);
      const told = [command, append, projection].map((span) => span!.attributes['memorystack.position']);
      expect(told).toEqual(Array(3).fill(positions[index]));
    }
  });

  it('of a search holds the search, and probes make none', async () => {
    const id = traceId.replace(/^../, 'ff');
    const headers = { traceparent: `00-${id}-${callersSpan}-01` };
    expect((await server.client().get('//readyz', { headers })).status).toBe(200);
    await server.client().get('/memories/search?query=launch&mode=text', { headers });
    const { search, 'GET /api/v1/memories/search': request } = await ofTrace(id, 2);
    expect(search).toMatchObject({ parentSpanId: request!.spanId, attributes: { 'memorystack.search.mode': 'text' } });
  });

  it('begins at the gateway when the caller sends none, or nonsense', async () => {
    const begun = (): CollectedSpan[] => collector.spans.filter(({ name }) => name === 'GET /api/v1/stats');
    await server.client().get('/stats');
    await server.client().get('/stats', { headers: { traceparent: `00-${traceId}-nonsense` } });
    await collector.wait(2, ({ name }) => name === 'GET /api/v1/stats');
    expect(begun().map(({ parentSpanId }) => parentSpanId)).toEqual([null, null]);
    expect(begun().map((span) => span.traceId)).not.toContain(traceId);
  });

  it('is sent when the server stops, though it ended only then', async () => {
    await server.client().get('/agents');
    await server.end('SIGTERM');
    expect(collector.spans.map(({ name }) => name)).toContain('GET /api/v1/agents');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type sendUnaryData, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { FakeQueries } from '#apps/gateway/fake-queries.fixture.js';
import { startQueriesGrpc } from '#apps/search/grpc/queries-grpc.js';
import { ServiceError } from '#libs/contracts/errors.js';
import type { ListQuery } from '#libs/ports/memory-reader.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { loadProto, serviceIn } from '#libs/service-kit/grpc-package.js';
import { currentTraceparent, inSpan, startTracing } from '#libs/service-kit/tracing.js';
import { callerOf } from '#test/harness/service.js';
import { startTraceCollector } from '#test/harness/trace-collector.js';
import { MemoryQueriesClient } from './memory-queries-client.js';

const caller = callerOf('acme');
const serviceName = 'memorystack.internal.v1.QueriesService';
const patienceMs = 30_000;

/** Answers when it is told to. */
class SlowQueries extends FakeQueries {
  release: () => void = () => undefined;
  arrived = 0;

  override async get(who: Caller, id: string, minPosition: number) {
    this.arrived += 1;
    await new Promise<void>((resolve) => (this.release = resolve));
    return super.get(who, id, minPosition);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + patienceMs; !isSo(); await sleep(10)) {
    if (Date.now() > endMs) throw new Error('It did not come to that.');
  }
}

describe('questions over gRPC', () => {
  const local = new SlowQueries();
  const failures: unknown[] = [];
  const start = (port: number) =>
    startQueriesGrpc(local, {
      ...{ host: '127.0.0.1', port, isDraining: () => false, failed: (error) => failures.push(error) },
    });
  let server: Awaited<ReturnType<typeof start>>;
  let client: MemoryQueriesClient;
  beforeAll(async () => {
    server = await start(0);
    client = new MemoryQueriesClient(`127.0.0.1:${server.port}`);
  });
  beforeEach(() => {
    local.failure = null;
  });
  afterAll(async () => {
    client.close();
    await server.stop();
  });

  it('a refusal comes back as the same error with the same facts', async () => {
    local.failure = new ServiceError('embedder_missing', 'Für Vektoren fehlt etwas: ✗', { mode: 'vector', tried: [1] });
    const query: ListQuery = { filter: { and: [] }, order: 'desc', after: null, limit: 5 };
    const error = await client.list(caller, query, 0).catch((err: unknown) => err);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toEqual(local.failure);
    expect(error).toMatchObject({ code: 'embedder_missing', facts: { mode: 'vector', tried: [1] } });
  });

  it('an error that nobody expected is reported where it happened, and its message does not travel', async () => {
    local.failure = new TypeError('the secret is 42');
    const error = (await client.totals('acme', 0).catch((err: unknown) => err)) as Error;
    expect(error).not.toBeInstanceOf(ServiceError);
    expect(error.message).not.toContain('42');
    expect(failures).toEqual([local.failure]);
  });

  it('a question that is traced is answered in the same trace, and the others begin none', async () => {
    const collector = await startTraceCollector();
    const stop = await startTracing(collector.url, 'test');
    const tracing = new MemoryQueriesClient(`127.0.0.1:${server.port}`, currentTraceparent);
    try {
      await tracing.status();
      await inSpan('asking', {}, () => tracing.headPosition('acme'));
      await stop();
      const [question, asking, ...others] = collector.spans;
      expect(others).toEqual([]);
      expect(question).toMatchObject({
        ...{ name: 'question', traceId: asking!.traceId, parentSpanId: asking!.spanId },
        attributes: { 'memorystack.question': 'headPosition' },
      });
    } finally {
      await stop();
      tracing.close();
      await collector.close();
    }
  });

  it('a question on its way is answered when the server stops, and the next one is overloaded', async () => {
    const asked = client.get(caller, 'm-1', 7);
    await until(() => local.arrived === 1);
    const stopped = server.stop();
    local.release();
    expect(await asked).toEqual(local.memory);
    await stopped;
    await expect(client.headPosition('acme')).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('a server that comes back is found again, by the same client', async () => {
    server = await start(server.port);
    const endMs = Date.now() + patienceMs;
    let head: number | null = null;
    while (head === null && Date.now() < endMs) head = await client.headPosition('acme').catch(() => null);
    expect(head).toBe(local.head);
  });

  it('a question that found no server ready is asked again, by the client itself', async () => {
    let calls = 0;
    const busy = new Server();
    const service = serviceIn(loadProto('memorystack/internal/v1/queries.proto'), serviceName);
    busy.addService(service, {
      Ask: (_call: unknown, reply: sendUnaryData<object>) => {
        calls += 1;
        if (calls < 3) reply({ code: status.UNAVAILABLE, details: 'not now' });
        else reply(null, { answer_json: Buffer.from('5') });
      },
    });
    const bind = (done: (error: Error | null, port: number) => void) =>
      busy.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
    const port = await promisify(bind)();
    const other = new MemoryQueriesClient(`127.0.0.1:${port}`);
    try {
      expect(await other.headPosition('acme')).toBe(5);
      expect(calls).toBe(3);
    } finally {
      other.close();
      busy.forceShutdown();
    }
  });
});

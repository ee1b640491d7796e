import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/proto-loader';
import { service as healthService } from 'grpc-health-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageIn, loadProto } from '#libs/service-kit/grpc-package.js';
import { Readiness } from '#libs/service-kit/health.js';
import { GrpcClient } from '#test/harness/grpc-client.js';
import {
  accepted,
  type FixtureSettings,
  type GatewayUnderTest,
  learned,
  plainKey,
  startGateway,
} from '../gateway.fixture.js';
import { memoryId, memoryRow } from '../rows.fixture.js';
import { startGatewayGrpc } from './gateway-grpc.js';
import { apiFiles } from './rpc-routes.js';

const patienceMs = 20_000;
const watching = '/grpc.health.v1.Health/Watch';

interface GrpcUnderTest extends GatewayUnderTest {
  address: string;
  client: GrpcClient;
  grpc: { stop(): Promise<void> };
  stop(): Promise<void>;
}

/** The server asks itself every second. */
const severalHealthChecksMs = 1_500;

async function start(settings: FixtureSettings = {}, isReady = true): Promise<GrpcUnderTest> {
  const gateway = await startGateway(settings);
  gateway.queries.isReady = isReady;
  gateway.bus.answer = () => accepted(learned);
  const { commandTimeoutMs = 5000 } = settings;
  const grpc = await startGatewayGrpc(gateway.application, { host: '127.0.0.1', port: 0, commandTimeoutMs });
  const address = `127.0.0.1:${grpc.port}`;
  const client = new GrpcClient(address, plainKey);
  const stop = async (): Promise<void> => {
    client.close();
    await grpc.stop();
    await gateway.application.close();
  };
  return { ...gateway, address, client, grpc, stop };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + patienceMs; !(await isSo()); await sleep(10)) {
    if (Date.now() > endMs) throw new Error('It did not come to that.');
  }
}

/** A bus that answers when it is told to. */
function hold(gateway: GrpcUnderTest): () => void {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  gateway.bus.answer = async () => {
    await released;
    return accepted(learned);
  };
  return release;
}

/** A field of a message that holds bytes: here to nest messages deeper than a library would. */
function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

const create = (gateway: GrpcUnderTest, sent = {}) =>
  gateway.client.call('MemoriesService/CreateMemory', { content: 'x' }, sent);

describe('gRPC at the gateway', () => {
  let gateway: GrpcUnderTest;
  beforeAll(async () => {
    gateway = await start();
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted(learned);
    gateway.queries.asked.length = 0;
    gateway.bus.envelopes.length = 0;
  });
  afterAll(() => gateway.stop());

  it('a deadline that passes is answered at once; the write goes on and the next call works', async () => {
    const release = hold(gateway);
    const answer = await create(gateway, { deadlineMs: 500 });
    expect(answer.code).toBe(status.DEADLINE_EXCEEDED);
    release();
    await until(() => gateway.bus.envelopes.length === 1);
    gateway.bus.answer = () => accepted(learned);
    expect((await create(gateway)).body).toMatchObject({ memory_ids: [memoryId], event_offset: 12 });
    expect(gateway.logLines.join('')).not.toContain('"level":50');
  });

  it.each(['', 'search', 'agents', 'batch', '../agents', '%2e%2e', `${memoryId}/history`, `${memoryId}?hard=true`])(
    'an id such as "%s" names nothing and leads nowhere',
    async (id) => {
      for (const rpc of ['GetMemory', 'GetMemoryHistory', 'UpdateMemory', 'DeleteMemory']) {
        const answer = await gateway.client.call(`MemoriesService/${rpc}`, {
          ...{ id, ...(rpc === 'UpdateMemory' && { content: 'x' }) },
        });
        expect([rpc, answer.code, answer.details['ErrorInfo']?.['reason']]).toEqual([
          rpc,
          status.NOT_FOUND,
          'not_found',
        ]);
      }
      expect([gateway.queries.asked, gateway.bus.envelopes]).toEqual([[], []]);
    },
  );

  it('an export whose second page cannot be read fails, and has no trailer', async () => {
    const whole = {
      ...{ memory: memoryRow(), evidence: [], versions: [] },
      names: { project: 'default', team: null, agent: null },
    };
    gateway.queries.exportPages = [[whole], [whole]];
    const fields = { format: 'ndjson' };
    expect((await gateway.client.download('TransferService/ExportMemories', fields)).code).toBe(status.OK);
    const exported = gateway.queries.exported.bind(gateway.queries);
    gateway.queries.exported = (caller, query) =>
      query.after === null ? exported(caller, query) : Promise.reject(new Error('password=hunter2'));
    const broken = await gateway.client.download('TransferService/ExportMemories', fields);
    gateway.queries.exported = exported;
    expect([broken.code, broken.text.includes('trailer')]).toEqual([status.INTERNAL, false]);
    expect(broken.message).not.toContain('hunter2');
  });

  it('what is no message of the call is the mistake of the caller', async () => {
    let tree = field(1, Buffer.alloc(0));
    for (let level = 0; level < 200; level += 1) tree = field(1, field(2, field(5, tree)));
    const deep = field(7, tree);
    for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), deep]) {
      const answer = await gateway.client.callWithBytes('MemoriesService/CreateMemory', bytes);
      expect(answer.code).toBe(status.INVALID_ARGUMENT);
      expect(answer.details['ErrorInfo']).toMatchObject({ reason: 'validation_failed', domain: 'memorystack' });
    }
    expect(gateway.bus.envelopes).toEqual([]);
  });

  it.each([
    ['NaN', { numberValue: NaN }, 'must be a finite number'],
    ['infinity', { numberValue: -Infinity }, 'must be a finite number'],
    ['no value', {}, 'has no value'],
  ])('%s in a tree is refused by name, and does not become null', async (_what, value, description) => {
    const type = messageIn(loadProto(...apiFiles), 'memorystack.v1.CreateMemoryRequest');
    const tree = { fields: { a: { listValue: { values: [{ boolValue: true }, value] } } } };
    const bytes = type.serialize({ content: 'x', metadata: tree });
    const answer = await gateway.client.callWithBytes('MemoriesService/CreateMemory', bytes);
    expect(answer.code).toBe(status.INVALID_ARGUMENT);
    expect(answer.details['BadRequest']!['field_violations']).toEqual([{ field: 'metadata.a.1', description }]);
  });

  it('a message over the limit of a body is RESOURCE_EXHAUSTED', async () => {
    const answer = await gateway.client.call('MemoriesService/CreateMemory', { content: 'x'.repeat(1_100_000) });
    expect(answer.code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('a number that JSON writes with an exponent is a number in a query too', async () => {
    const answer = await gateway.client.call('MemoriesService/ListMemories', { min_confidence: 1e-7 });
    expect(answer.code).toBe(status.OK);
    expect(JSON.stringify(gateway.queries.last.query)).toContain('"atLeast":1e-7');
  });

  it('metadata counts as headers: one request id from the call to its answer and to the command', async () => {
    const metadata = { 'x-request-id': 'from-the-caller', 'idempotency-key': 'k', 'x-api-key': plainKey };
    const answer = await create(gateway, { metadata, key: null });
    expect(answer.metadata.get('x-request-id')).toEqual(['from-the-caller']);
    expect(gateway.bus.last).toMatchObject({ correlationId: 'from-the-caller', idempotency: { kind: 'key' } });
  });

  it('lists its services and describes their messages by reflection', async () => {
    const asked = await reflect(gateway.address, [
      { listServices: '' },
      { fileContainingSymbol: 'memorystack.v1.Memory' },
    ]);
    const [list, file] = asked as [
      { listServicesResponse: { service: { name: string }[] } },
      { fileDescriptorResponse: { fileDescriptorProto: Buffer[] } },
    ];
    expect(list.listServicesResponse.service.map(({ name }) => name).sort()).toEqual(
      [
        'AccountService',
        'AgentsService',
        'BeliefsService',
        'ContradictionsService',
        'JobsService',
        'MaintenanceService',
        'MemoriesService',
        'SearchService',
        'TransferService',
        'WebhooksService',
      ].map((name) => `memorystack.v1.${name}`),
    );
    expect(Buffer.concat(file.fileDescriptorResponse.fileDescriptorProto).toString('latin1')).toContain('confidence');
  });
});

describe('gRPC at the gateway, with other settings', () => {
  it('a write that takes long is answered as accepted, with nothing beside', async () => {
    const gateway = await start({ commandTimeoutMs: 100 });
    const release = hold(gateway);
    try {
      const { code, body } = await create(gateway);
      const told = { status: 'accepted', message: expect.any(String), command_id: gateway.bus.last.commandId };
      expect(code).toBe(status.OK);
      expect(body!['accepted']).toEqual(told);
      expect(body).toMatchObject({ memories_created: 0, memory_ids: [], event_offset: 0 });
    } finally {
      release();
      await gateway.stop();
    }
  });

  it('a rate that is used up tells when to come again', async () => {
    const gateway = await start({ burst: 1 });
    try {
      expect((await create(gateway)).metadata.get('x-ratelimit-remaining')).toEqual(['0']);
      const { code, details, metadata } = await create(gateway);
      expect([code, metadata.get('retry-after')]).toEqual([status.RESOURCE_EXHAUSTED, ['1']]);
      expect(details['RetryInfo']).toEqual({ retry_delay: { seconds: 1, nanos: 0 } });
      expect(details['ErrorInfo']).toMatchObject({
        reason: 'rate_limited',
        metadata: { retry_after_seconds: '1' },
      });
    } finally {
      await gateway.stop();
    }
  });

  it('is healthy exactly while /readyz says so', async () => {
    const gateway = await start({}, false);
    const { check, close } = healthOf(gateway.address);
    try {
      for (const name of ['', 'memorystack.v1.MemoriesService']) expect(await check(name)).toBe('NOT_SERVING');
      gateway.queries.isReady = true;
      await until(async () => (await check('memorystack.v1.SearchService')) === 'SERVING');
      // Search went away: this gateway still takes writes, and so it stays.
      gateway.queries.isReady = false;
      await sleep(severalHealthChecksMs);
      expect(await check('')).toBe('SERVING');
      gateway.application.get(Readiness, { strict: false }).startDraining();
      await until(async () => (await check('')) === 'NOT_SERVING');
      expect((await create(gateway)).code).toBe(status.OK);
    } finally {
      close();
      await gateway.stop();
    }
  });

  it('stops when the calls that run are answered, whoever still watches its health', async () => {
    const gateway = await start();
    const release = hold(gateway);
    const health = healthOf(gateway.address);
    const watched = health.watch();
    await until(() => watched.statuses.length === 1);
    const answer = create(gateway);
    await until(() => gateway.bus.envelopes.length === 1);
    const stopped = gateway.grpc.stop();
    await until(() => watched.hasEnded);
    release();
    expect((await answer).body).toMatchObject({ memory_ids: [memoryId] });
    await stopped;
    expect(watched.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect((await create(gateway)).code).toBe(status.UNAVAILABLE);
    health.close();
    gateway.client.close();
    await gateway.application.close();
  });
});

function healthOf(address: string) {
  const client = new Client(address, credentials.createInsecure());
  const method = (name: string) => (healthService as ServiceDefinition)[name]!;
  const check = (service: string) =>
    new Promise<string>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method('Check');
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) =>
        error ? reject(error) : resolve((answer as { status: string }).status),
      );
    });
  const watch = () => {
    const { requestSerialize, responseDeserialize } = method('Watch');
    const seen = { statuses: [] as string[], hasEnded: false };
    const stream = client.makeServerStreamRequest(watching, requestSerialize, responseDeserialize, {}, new Metadata());
    stream.on('data', (answer: { status: string }) => seen.statuses.push(answer.status));
    stream.on('error', () => (seen.hasEnded = true));
    stream.on('end', () => (seen.hasEnded = true));
    return seen;
  };
  return { check, watch, close: () => client.close() };
}

async function reflect(address: string, requests: object[]): Promise<object[]> {
  const { loadSync } = await import('@grpc/proto-loader');
  const { createRequire } = await import('node:module');
  const { dirname, join } = await import('node:path');
  const entry = createRequire(import.meta.url).resolve('@grpc/reflection');
  const file = join(dirname(entry), '../proto/grpc/reflection/v1/reflection.proto');
  const service = loadSync(file)['grpc.reflection.v1.ServerReflection'] as ServiceDefinition;
  const { path, requestSerialize, responseDeserialize } = service['ServerReflectionInfo']!;
  const client = new Client(address, credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const answers: object[] = [];
  for (const request of requests) stream.write(request);
  stream.end();
  for await (const answer of stream) answers.push(answer as object);
  client.close();
  return answers;
}

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { WebhookDeliveries } from '#apps/maintenance/webhooks/webhook-deliveries.js';
import { PostgresWebhooks } from '#libs/adapters/postgres/webhooks.js';
import { HttpWebhookSender } from '#libs/adapters/webhooks/webhook-sender.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { unboundKey } from '#libs/ports/access-keys.js';
import type { Webhook } from '#libs/ports/webhooks.js';
import { expectedSignature, ScriptedReceiver } from '#test/harness/scripted-receiver.js';
import { callerOf, nowhere, startTestService, statement, type TestService } from '#test/harness/service.js';

const wholeCommit = 256;
let service: TestService;
let webhooks: PostgresWebhooks;
let receiver: ScriptedReceiver;
let caller: Caller;
let made = 0;

beforeAll(async () => {
  service = await startTestService();
  webhooks = new PostgresWebhooks(service.database.db, service.database.keyRing);
});
afterAll(() => service.stop());
beforeEach(async () => {
  receiver = new ScriptedReceiver();
  await receiver.start();
  const tenantId = `told-${(made += 1)}`;
  await service.database.tenants.ensure(tenantId, 'self-hosted');
  const { keyId } = await service.database.tenants.createKey(tenantId, { name: 'test', binding: unboundKey });
  caller = callerOf(tenantId, { keyId });
});
afterEach(() => receiver.stop());

/** @param delaysMs after each failure in a row */
const deliveries = (delaysMs: readonly number[] = [0, 0]) =>
  new WebhookDeliveries(webhooks, new HttpWebhookSender({ allowPrivate: true }), service.queries, delaysMs);
const hook = async (more: Partial<Webhook> = {}) => {
  const asked = { tenantId: caller.tenantId, caller, url: receiver.url, types: null, includeContent: false };
  return webhooks.create({ ...asked, place: { position: 0, index: wholeCommit }, ...more });
};
const now = async (): Promise<Webhook> => (await webhooks.list(caller.tenantId))[0]!;
const learn = async (count: number, from: Caller = caller, more = {}): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await service.send(from, statement(`Secret number ${index} of ${made}`, more));
    ids.push((body['memoryIds'] as string[])[0]!);
  }
  return ids;
};
const toldIds = () => receiver.taken.map(({ body }) => body.data['memory_id']);

it('a receiver is told every event in order, signed, with ids and without a word of what was said', async () => {
  const { secret } = await hook();
  const ids = await learn(5);
  await deliveries().round();
  expect(toldIds()).toEqual(ids);
  for (const message of receiver.received) {
    expect(message.headers['webhook-signature']).toBe(expectedSignature(secret, message));
    expect(Number(message.headers['webhook-timestamp'])).toBeCloseTo(Date.now() / 1000, -2);
    expect(message.raw).not.toContain('Secret');
    expect(message.body).toMatchObject({ type: 'MemoryLearned', data: { status: 'active', version: 1 } });
  }
  const head = await service.log.headPosition(caller.tenantId);
  expect(await now()).toMatchObject({ failures: 0, lastError: null, place: { position: head, index: wholeCommit } });
  await deliveries().round();
  expect(receiver.received).toHaveLength(5);
});

it('content is sent where it was asked for, of what the maker may see, and of the types that were asked for', async () => {
  await hook({ includeContent: true, types: ['MemoryLearned', 'MemoryErased'] });
  const [kept] = await learn(1);
  const agent = { id: '00000000-0000-4000-8000-000000000002', name: 'Ada', type: null };
  await learn(1, { ...caller, agent }, { placement: { ...nowhere, scope: 'personal' }, content: 'Only Ada knows it' });
  const revision = { type: 'ReviseMemory', memoryId: kept!, expectedVersion: null, confidence: 0.9 } as const;
  await service.send(caller, revision);
  await deliveries().round();
  expect(receiver.received.map(({ raw }) => raw).join()).not.toContain('Ada');
  expect(receiver.received.map(({ body }) => [body.type, body.data['memory']])).toEqual([
    ['MemoryLearned', expect.objectContaining({ id: kept, content: expect.stringContaining('Secret') })],
  ]);
});

it('a delivery that fails is repeated with the same id, and nothing goes before it', async () => {
  await hook();
  const ids = await learn(3);
  let refusals = 2;
  receiver.answer = ({ body }) => {
    const isRefused = body.data['memory_id'] === ids[1] && refusals > 0;
    if (isRefused) refusals -= 1;
    return { status: isRefused ? 500 : 200, body: null };
  };
  const rounds = deliveries();
  await rounds.round();
  expect(await now()).toMatchObject({ state: 'active', failures: 1, lastError: 'The receiver answered 500.' });
  await rounds.round();
  await rounds.round();
  expect(toldIds()).toEqual(ids);
  const attempts = receiver.received.filter(({ body }) => body.data['memory_id'] === ids[1]);
  expect(attempts).toHaveLength(3);
  expect(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await now()).toMatchObject({ failures: 0, lastError: null });
});

it('waits longer after each failure, is disabled after the last, and goes on where it was when it is enabled', async () => {
  const { webhook } = await hook();
  const ids = await learn(2);
  receiver.answer = () => ({ status: 503, body: null });
  const rounds = deliveries([0, 0]);
  for (let round = 0; round < 5; round += 1) await rounds.round();
  expect(receiver.received).toHaveLength(3);
  expect(await now()).toMatchObject({ state: 'disabled', failures: 3, lastError: 'The receiver answered 503.' });
  receiver.answer = () => ({ status: 200, body: null });
  await webhooks.enable(caller.tenantId, webhook.id);
  await rounds.round();
  expect(toldIds()).toEqual(ids);
  await webhooks.sendBack(caller.tenantId, webhook.id, { position: 0, index: wholeCommit });
  receiver.answer = () => ({ status: 500, body: null });
  await deliveries([3_600_000]).round();
  await deliveries([3_600_000]).round();
  expect(receiver.received).toHaveLength(3 + 2 + 1);
});

it('a receiver that is gone is not told again', async () => {
  await hook();
  await learn(2);
  receiver.answer = () => ({ status: 410, body: null });
  await deliveries().round();
  await deliveries().round();
  expect(receiver.received).toHaveLength(1);
  expect(await now()).toMatchObject({ state: 'disabled', failures: 1 });
});

it('tells again from a position that it is sent back to', async () => {
  const { webhook } = await hook();
  const ids = await learn(4);
  await deliveries().round();
  const { event_offset: offset } = receiver.received[1]!.body.data as { event_offset: number };
  await webhooks.sendBack(caller.tenantId, webhook.id, { position: offset, index: wholeCommit });
  await deliveries().round();
  expect(toldIds()).toEqual([...ids, ...ids.slice(2)]);
});

it('two processes deliver each event, and at a time only one of them', async () => {
  await hook();
  const ids = await learn(20);
  const processes = [deliveries(), deliveries()];
  for (let round = 0; round < 3; round += 1) await Promise.all(processes.map((one) => one.round()));
  expect(toldIds()).toEqual(ids);
});

it('stops in the middle of a delivery, and begins with the same event again', async () => {
  await hook();
  const ids = await learn(2);
  receiver.answer = () => 'hangs';
  const stopped = deliveries();
  stopped.onApplicationBootstrap();
  await receiver.until((received) => received.length === 1);
  await stopped.onApplicationShutdown();
  expect(await now()).toMatchObject({ state: 'active', failures: 0 });
  receiver.answer = () => ({ status: 200, body: null });
  await deliveries().round();
  expect(toldIds()).toEqual(ids);
});

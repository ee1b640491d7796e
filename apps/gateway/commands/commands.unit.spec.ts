import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { accepted, call, type GatewayUnderTest, learned, startGateway } from '../gateway.fixture.js';
import { memoryId, memoryRow } from '../rows.fixture.js';

describe('commands', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway({ commandTimeoutMs: 100 });
  });
  beforeEach(() => {
    gateway.bus.answer = () => accepted(learned);
  });
  afterAll(() => gateway.application.close());

  const add = (headers: Record<string, string> = {}) =>
    call(gateway, 'POST', '/memories', { body: { content: 'a' }, headers });

  it('carries a command id of its own, the request id, and the time of receipt', async () => {
    await add({ 'x-request-id': 'req.1' });
    const { commandId, correlationId, receivedAt } = gateway.bus.last;
    expect(commandId).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(correlationId).toBe('req.1');
    expect(Math.abs(Date.parse(receivedAt) - Date.now())).toBeLessThan(5000);
  });

  it('answers 202 when a command takes long, and the command goes on', async () => {
    let finish = (): void => undefined;
    gateway.bus.answer = () => new Promise((resolve) => (finish = () => resolve(accepted(learned, 55))));
    const answer = await add();
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      success: true,
      status: 'accepted',
      message: expect.any(String),
      command_id: gateway.bus.last.commandId,
    });
    finish();
    await pause(5);
    await call(gateway, 'GET', '/memories');
    expect(gateway.queries.last.minPosition).toBe(55);
  });

  it('logs a failure that comes after the 202, instead of ending the process', async () => {
    let fail = (): void => undefined;
    gateway.bus.answer = () => new Promise((_, reject) => (fail = () => reject(new Error('lost'))));
    expect((await add()).status).toBe(202);
    fail();
    await pause(5);
    expect(gateway.logLines.join('')).toContain('command failed after 202');
  });

  it('says that an answer is a replay: by header for a key, in the body too for the window', async () => {
    gateway.bus.answer = () => accepted(learned, 12, true);
    const byKey = await add({ 'idempotency-key': 'k' });
    expect(byKey.headers['idempotent-replayed']).toBe('true');
    expect(byKey.json).not.toHaveProperty('deduplicated');
    expect(gateway.bus.last.idempotency).toMatchObject({ kind: 'key', ttlSeconds: 86_400 });
    const byWindow = await add();
    expect(byWindow).toMatchObject({ status: 201, json: { deduplicated: true, memories_created: 1 } });
    expect(gateway.bus.last.idempotency).toMatchObject({ kind: 'window', ttlSeconds: 60 });
  });

  it('says deduplicated when ingestion found the same memory, and not otherwise', async () => {
    expect((await add()).json).not.toHaveProperty('deduplicated');
    gateway.bus.answer = () => accepted({ ...learned, memoriesCreated: 0, deduplicated: true });
    expect((await add()).json).toMatchObject({ deduplicated: true, memories_created: 0, memory_ids: [memoryId] });
  });

  it('says already_deleted for a DELETE that the window recognised', async () => {
    gateway.bus.answer = () => accepted({ deletedCount: 1, hardDelete: false, alreadyDeleted: false }, 13, true);
    const answer = await call(gateway, 'DELETE', `/memories/${memoryId}`);
    expect(answer).toMatchObject({ status: 200, json: { success: true, already_deleted: true, event_offset: 13 } });
  });

  it.each([
    ['not_found', 404],
    ['version_conflict', 409],
    ['legal_hold', 409],
    ['payload_too_large', 413],
    ['idempotency_mismatch', 422],
    ['overloaded', 503],
  ] as const)('turns the refusal %s into %i with its facts', async (code, status) => {
    gateway.bus.answer = () => ({ kind: 'refused', code, detail: 'Because.', facts: { expected: 1, actual: 2 } });
    const answer = await add();
    expect(answer).toMatchObject({ status, json: { code, detail: 'Because.', details: { expected: 1, actual: 2 } } });
    expect(answer.headers).not.toHaveProperty('memorystack-position');
    if (status === 503) expect(answer.headers['retry-after']).toBe('1');
  });

  it('hides why the bus failed', async () => {
    gateway.bus.answer = () => Promise.reject(new Error('password=hunter2'));
    const answer = await add();
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(JSON.stringify(answer.json) + gateway.logLines.join('')).not.toContain('hunter2');
    expect(gateway.logLines.join('')).toContain('request failed');
  });

  describe('that a key wrote', () => {
    // No other key wrote anything, as the position of a key's last write is remembered for a minute.
    beforeEach(async () => {
      await gateway.application.close();
      gateway = await startGateway({ commandTimeoutMs: 100 });
    });

    it('sends the position of the last write of a key with its reads, unless the request asks for more', async () => {
      gateway.bus.answer = () => accepted(learned, 42);
      const written = await add();
      expect(written.headers['memorystack-position']).toBe('42');
      await call(gateway, 'GET', '/memories/search?query=a&min_position=7');
      expect(gateway.queries.last.minPosition).toBe(42);
      await call(gateway, 'GET', '/memories?min_position=90');
      expect(gateway.queries.last.minPosition).toBe(90);
      await call(gateway, 'GET', '/memories', { key: 'mk_bound_key' });
      expect(gateway.queries.last.minPosition).toBe(0);
    });

    it('never moves a position back', async () => {
      for (const position of [42, 41]) {
        gateway.bus.answer = () => accepted(learned, position);
        await add();
      }
      await call(gateway, 'GET', '/memories');
      expect(gateway.queries.last.minPosition).toBe(42);
    });
  });

  it.each([
    ['GET', '/memories?min_position=101', undefined],
    ['GET', `/memories/${memoryId}?min_position=101`, undefined],
    ['GET', '/stats?min_position=101', undefined],
    ['POST', '/memories/search', { min_position: 101 }],
  ])('answers 400 for a position beyond the log: %s %s', async (method, path, body) => {
    const answer = await call(gateway, method, path, { body });
    expect(answer).toMatchObject({ status: 400, json: { code: 'position_in_future', details: { head: 100 } } });
  });

  it('reads a changed memory back at the position of the change', async () => {
    gateway.queries.memory = memoryRow({ version: 4 });
    gateway.bus.answer = () => accepted({ memoryId }, 77);
    const answer = await call(gateway, 'PATCH', `/memories/${memoryId}`, {
      body: { confidence: 0.4 },
      headers: { 'if-match': '"3"' },
    });
    expect(answer).toMatchObject({ status: 200, json: { success: true, memory: { version: 4 }, event_offset: 77 } });
    expect(answer.headers.etag).toBe('"4"');
    expect(gateway.queries.last).toMatchObject({ what: 'get', minPosition: 77 });
    expect(gateway.bus.last.command).toEqual({ type: 'ReviseMemory', memoryId, expectedVersion: 3, confidence: 0.4 });
  });
});

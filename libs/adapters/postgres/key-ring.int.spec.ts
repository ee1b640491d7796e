import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { learning } from '#libs/ports/contracts/log.contract.js';
import { noReservations } from '#libs/ports/log-writer.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { KeyRing } from './key-ring.js';
import { LogGrowth } from './ledger/log-growth.js';
import { PostgresLogReader } from './ledger/log-reader.js';
import { PostgresLogWriter } from './ledger/log-writer.js';

const tenantId = 'acme';

describe('the key ring', () => {
  let database: TestDatabase;
  let writer: PostgresLogWriter;
  beforeAll(async () => {
    database = await startTestDatabase();
    for (const tenant of [tenantId, 'other']) await database.tenants.ensure(tenant, 'self-hosted');
    writer = new PostgresLogWriter(database.db, database.keyRing, new LogGrowth());
  });
  afterAll(() => database.stop());

  /** The keys of another process: the same master key, nothing in its memory yet. */
  const anotherProcess = (keptMs?: number) => new KeyRing(database.db, database.masterKey, keptMs);
  const readerOn = (keyRing: KeyRing) => new PostgresLogReader(database.db, keyRing, new LogGrowth());

  async function learn(content: string, dataSubject: string | null = null): Promise<string> {
    const request = learning(tenantId, content, dataSubject);
    await writer.append(request);
    return request.events[0]!.streamId;
  }

  async function erase(streamId: string): Promise<void> {
    const request = learning(tenantId, '');
    const erased = { type: 'MemoryErased' as const, data: { memoryId: streamId.slice('memory-'.length) } };
    const events = [{ ...request.events[0]!, streamId, event: erased }];
    expect(await writer.append({ ...request, events, destroyStreamKeys: [streamId] })).toMatchObject({
      kind: 'appended',
    });
  }

  const dataOf = async (keyRing: KeyRing, streamId: string) =>
    (await readerOn(keyRing).stream(tenantId, streamId)).map(({ event }) => event.data);

  it('opens in another process what one process sealed', async () => {
    const streamId = await learn('Known everywhere', 'alice');
    expect(await dataOf(anotherProcess(), streamId)).toMatchObject([{ content: 'Known everywhere' }]);
  });

  it('says what to do when the master key is another one', async () => {
    const streamId = await learn('Sealed');
    const wrong = new KeyRing(database.db, randomBytes(32));
    await expect(readerOn(wrong).stream(tenantId, streamId)).rejects.toThrow('MEMORYSTACK_MASTER_KEY');
    await expect(wrong.hash(tenantId, 'purpose', ['x'])).rejects.toThrow('The master key does not open');
    expect(wrong.secretHmac('secret')).not.toEqual(database.keyRing.secretHmac('secret'));
  });

  it('opens nothing of a tenant that it does not know', async () => {
    await expect(database.keyRing.hash('nobody', 'purpose', ['x'])).rejects.toThrow('Tenant nobody has no key');
  });

  it('opens an erased stream nowhere: at once where it was erased, elsewhere when it no longer keeps the key', async () => {
    const streamId = await learn('To be erased');
    const kept = await learn('To be kept');
    const elsewhere = anotherProcess(1_500);
    expect(await dataOf(elsewhere, streamId)).toMatchObject([{ content: 'To be erased' }]);
    await erase(streamId);
    expect(await dataOf(database.keyRing, streamId)).toEqual([null, null]);
    expect(await dataOf(anotherProcess(), streamId)).toEqual([null, null]);
    expect(await dataOf(elsewhere, kept)).toMatchObject([{ content: 'To be kept' }]);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await dataOf(elsewhere, streamId)).toEqual([null, null]);
    expect(await dataOf(elsewhere, kept)).toMatchObject([{ content: 'To be kept' }]);
  });

  it('keeps one key for each stream and subject, whoever makes them first', async () => {
    const processes = Array.from(
      { length: 4 },
      () => new PostgresLogWriter(database.db, anotherProcess(), new LogGrowth()),
    );
    const first = learning(tenantId, 'first', 'carol');
    const appends = Array.from({ length: 24 }, (_, index) => {
      const request = learning(tenantId, `evidence ${index}`, 'carol');
      const events = [{ ...request.events[0]!, streamId: first.events[0]!.streamId }];
      return processes[index % 4]!.append({ ...request, events });
    });
    await Promise.all(appends);
    const data = await dataOf(anotherProcess(), first.events[0]!.streamId);
    expect(data.map((one) => (one as { content: string }).content).sort()).toHaveLength(24);
    const subject = await database.keyRing.subjectHmac(tenantId, 'carol');
    const rows = await database.db.asTenant(tenantId, (connection) =>
      connection.query('SELECT 1 FROM subject_keys WHERE subject_hmac = $1', [subject]),
    );
    expect(rows.rowCount).toBe(1);
  });

  it('hashes the same text differently for each tenant, purpose and subject, and cannot confuse a user named self', async () => {
    const { keyRing } = database;
    const hashes = await Promise.all([
      keyRing.hash(tenantId, 'project', ['x']),
      keyRing.hash('other', 'project', ['x']),
      keyRing.hash(tenantId, 'team', ['x']),
      keyRing.hash(tenantId, 'project', ['x', '']),
      keyRing.subjectHmac(tenantId, null),
      keyRing.subjectHmac(tenantId, 'self'),
      keyRing.subjectHmac('other', null),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await anotherProcess().hash(tenantId, 'project', ['x'])).toBe(hashes[0]);
  });

  it('leaves no plaintext in any table but the read models: not of memories, outcomes, users or secrets', async () => {
    const words = ['Zanzibar', 'quokka', 'user-quokka', 'ms_quokka_secret'];
    const request = learning(tenantId, 'The Zanzibar quokka', 'user-quokka');
    const idempotency = { kind: 'key' as const, key: uuidv7(), requestHash: 'h', ttlSeconds: 60 };
    const contentKey = `content:${await database.keyRing.hash(tenantId, 'content', ['the zanzibar quokka'])}`;
    const reservations = { ...noReservations, take: { [contentKey]: request.events[0]!.streamId } };
    await writer.append({ ...request, reservations, idempotency, outcome: { told: 'The Zanzibar quokka' } });
    const binding = { projectName: null, teamName: null, agentName: null, userId: null };
    await database.tenants.createKey(tenantId, { name: 'key', binding, secret: 'ms_quokka_secret_of_some_length' });
    const tables = [
      'commits',
      'events',
      'command_outcomes',
      'reservations',
      'subject_keys',
      'stream_keys',
      'log_heads',
      'api_keys',
    ];
    for (const table of tables) {
      const stored = await storedText(table);
      expect(stored.length).toBeGreaterThan(50);
      for (const word of words) expect([table, stored.includes(word)]).toEqual([table, false]);
    }
    const replayed = await writer.append({ ...request, commandId: uuidv7(), idempotency, outcome: {} });
    expect(replayed).toMatchObject({ replayed: true, outcome: { told: 'The Zanzibar quokka' } });
  });

  /** Everything that the rows of a table hold, bytes as the text that they would be. */
  async function storedText(table: string): Promise<string> {
    const read = async (connection: { query: (text: string) => Promise<{ rows: Record<string, unknown>[] }> }) =>
      (await connection.query(`SELECT * FROM ${table}`)).rows;
    const rows = table === 'api_keys' ? await database.db.asOwner(read) : await database.db.asTenant(tenantId, read);
    const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value));
    return rows.flatMap((row) => Object.values(row).map(text)).join('\n');
  }
});

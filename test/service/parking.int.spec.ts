import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeCommit, encodeCommit } from '#libs/contracts/commit-codec.js';
import type { StoredCommit } from '#libs/contracts/events.js';
import { leafHash, MerkleFrontier } from '#libs/adapters/postgres/ledger/merkle-frontier.js';
import type { AppendRequest } from '#libs/ports/log-writer.js';
import { learning } from '#libs/ports/contracts/log.contract.js';
import { replayTenant } from '#libs/projections/replay.js';
import { callerOf, startTestService, statement, type TestService } from '../harness/service.js';

/** An append that learns a memory whose metadata PostgreSQL can store in no `jsonb`. */
function refusedByPostgres(tenantId: string): AppendRequest {
  const request = learning(tenantId, 'poison');
  const { event } = request.events[0]!;
  if (event.type === 'MemoryLearned') event.data.metadata = { nul: '\0' };
  return request;
}

function revising(tenantId: string, memoryId: string, content: string): AppendRequest {
  const request = learning(tenantId, content);
  const event = { type: 'MemoryRevised' as const, data: { memoryId, content } };
  return { ...request, events: [{ ...request.events[0]!, streamId: `memory-${memoryId}`, event }] };
}

describe('a commit that cannot be projected', () => {
  let service: TestService;
  let tenants = 0;
  beforeAll(async () => {
    service = await startTestService([]);
  });
  afterAll(() => service.stop());

  async function newTenant(): Promise<string> {
    tenants += 1;
    const tenantId = `tenant-${tenants}`;
    await service.database.tenants.ensure(tenantId, 'self-hosted');
    return tenantId;
  }

  async function learn(tenantId: string, content: string): Promise<string> {
    const { body } = await service.send(callerOf(tenantId), statement(content));
    return (body['memoryIds'] as string[])[0]!;
  }

  /** Puts bytes at the end of the log that the log writer would not write, with everything that belongs to them. */
  async function forge(
    tenantId: string,
    bytesAt: (position: number, before: StoredCommit) => Uint8Array,
  ): Promise<void> {
    await service.database.db.asTenant(tenantId, async (connection) => {
      const heads = await connection.query<{ position: number; frontier: Buffer }>(
        'SELECT * FROM log_heads FOR UPDATE',
      );
      const { position, frontier } = heads.rows[0]!;
      const last = await connection.query<{ bytes: Buffer }>('SELECT bytes FROM commits WHERE position = $1', [
        position,
      ]);
      const bytes = bytesAt(position + 1, decodeCommit(last.rows[0]!.bytes));
      const tree = MerkleFrontier.read(frontier, position);
      tree.append(leafHash(bytes));
      await connection.query('INSERT INTO commits VALUES ($1, $2, gen_random_uuid(), now(), $3, $4)', [
        ...[tenantId, position + 1, leafHash(bytes), bytes],
      ]);
      const stream = 'SELECT tenant_id, stream_id, stream_version + 1, $2, 0 FROM events WHERE position = $1';
      await connection.query(`INSERT INTO events ${stream}`, [position, position + 1]);
      await connection.query('UPDATE log_heads SET position = $1, frontier = $2', [position + 1, tree.bytes()]);
    });
    service.follower.notify(tenantId, await service.log.headPosition(tenantId));
  }

  const parkedOf = (tenantId: string): Promise<{ position: number; stream_id: string; error: string }[]> =>
    service.database.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query('SELECT position, stream_id, error FROM parked_commits ORDER BY 1, 2');
      return rows;
    });

  async function caughtUp(tenantId: string): Promise<void> {
    const head = await service.log.headPosition(tenantId);
    const reached = await service.follower.waitFor(tenantId, head, 10_000);
    expect([reached, service.failures]).toEqual([true, []]);
  }

  async function expectReplayToAgree(tenantId: string): Promise<void> {
    const before = await parkedOf(tenantId);
    const { digestBefore, digestAfter } = await replayTenant(service.log, service.store, tenantId, () => undefined);
    expect(digestAfter).toBe(digestBefore);
    expect(await parkedOf(tenantId)).toEqual(before);
  }

  it('because its payload was tampered with, parks its stream; others go on, and nobody sees the forgery', async () => {
    const tenantId = await newTenant();
    const victim = await learn(tenantId, 'What was really said');
    await forge(tenantId, (position, before) => {
      const [event] = before.events;
      const payload = Buffer.from(event!.payload, 'base64');
      payload[20]! ^= 1;
      const headers = { ...event!.headers, type: 'MemoryRevised', streamversion: 2 };
      return encodeCommit({ ...before, position, events: [{ headers, payload: payload.toString('base64') }] });
    });
    const after = await learn(tenantId, 'Said afterwards');
    await service.writer.append(revising(tenantId, victim, 'behind the forgery'));
    await caughtUp(tenantId);
    expect(await parkedOf(tenantId)).toMatchObject([
      { position: 2, stream_id: `memory-${victim}` },
      { position: 4, stream_id: `memory-${victim}`, error: expect.stringContaining('is parked') },
    ]);
    expect(service.parked).toContain(`memory-${victim}`);
    expect(await service.reader.memory(tenantId, victim)).toMatchObject({
      content: 'What was really said',
      version: 1,
    });
    expect(await service.reader.memory(tenantId, after)).toMatchObject({ content: 'Said afterwards' });
    await expectReplayToAgree(tenantId);
  });

  it.each([
    ['no JSON', () => Buffer.from('\xff\x00 not a commit')],
    [
      'a newer format',
      (position: number, before: StoredCommit) => encodeCommit({ ...before, position, formatversion: 2 as 1 }),
    ],
    [
      'an event without headers',
      (position: number, before: StoredCommit) => encodeCommit({ ...before, position, events: [{} as never] }),
    ],
  ])(
    'because its bytes are %s, is parked under its position, and no later event folds over the hole',
    async (_name, bytesAt) => {
      const tenantId = await newTenant();
      const victim = await learn(tenantId, 'Before the hole');
      await forge(tenantId, bytesAt);
      await service.writer.append(revising(tenantId, victim, 'After the hole'));
      const after = await learn(tenantId, 'Something else');
      await caughtUp(tenantId);
      expect(await parkedOf(tenantId)).toMatchObject([
        { position: 2, stream_id: 'commit-2', error: expect.stringContaining('cannot be read') },
        { position: 3, stream_id: `memory-${victim}`, error: expect.stringContaining('does not follow') },
      ]);
      expect(await service.reader.memory(tenantId, victim)).toMatchObject({ content: 'Before the hole' });
      expect(await service.reader.memory(tenantId, after)).not.toBeNull();
      await expectReplayToAgree(tenantId);
    },
  );

  it('because a newer release wrote it, is parked instead of being guessed at', async () => {
    const tenantId = await newTenant();
    const request = learning(tenantId, 'from the future');
    request.events[0]!.event = { type: 'MemoryDreamt', data: { memoryId: 'x' } } as never;
    await service.writer.append(request);
    await caughtUp(tenantId);
    expect(await parkedOf(tenantId)).toMatchObject([{ position: 1, error: expect.stringContaining('MemoryDreamt') }]);
  });

  it('because PostgreSQL refuses its rows, is found among hundreds and parked alone', async () => {
    const tenantId = await newTenant();
    const appends: AppendRequest[] = [];
    for (let index = 0; index < 120; index += 1) {
      appends.push(index === 17 || index === 90 ? refusedByPostgres(tenantId) : learning(tenantId, `Memory ${index}`));
    }
    const late = revising(tenantId, appends[90]!.events[0]!.streamId.slice('memory-'.length), 'behind');
    await Promise.all([...appends, late].map((append) => service.writer.append(append)));
    await caughtUp(tenantId);
    const poisoned = [17, 90].map((index) => appends[index]!.events[0]!.streamId);
    expect((await parkedOf(tenantId)).map((row) => [row.position, row.stream_id])).toEqual([
      [18, poisoned[0]],
      [91, poisoned[1]],
      [121, poisoned[1]],
    ]);
    expect(await service.reader.totals(tenantId)).toMatchObject({ memories: 118 });
    await expectReplayToAgree(tenantId);
    // A follower that starts anew knows what is parked, and keeps later events behind it.
    await service.writer.append(revising(tenantId, poisoned[0]!.slice('memory-'.length), 'also behind'));
    await caughtUp(tenantId);
    expect((await parkedOf(tenantId)).map((row) => row.position)).toEqual([18, 91, 121, 122]);
  });

  it('does not keep its memory from being erased', async () => {
    const tenantId = await newTenant();
    const victim = await learn(tenantId, 'A secret that must go');
    const poison = revising(tenantId, victim, 'poison');
    poison.events[0]!.event = { type: 'MemoryRevised', data: { memoryId: victim, metadata: { nul: '\0' } } };
    await service.writer.append(poison);
    await caughtUp(tenantId);
    expect(await parkedOf(tenantId)).toHaveLength(1);
    const forget = { hard: true, single: true, memoryIds: [victim] };
    await service.send(callerOf(tenantId), { type: 'ForgetMemories', ...forget });
    await caughtUp(tenantId);
    const rows = await service.database.db.asTenant(tenantId, (connection) =>
      connection.query('SELECT content FROM memories UNION ALL SELECT content FROM memory_versions'),
    );
    expect(rows.rows).toEqual([]);
  });
});

import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { PostgresJobQueue } from '#libs/adapters/postgres/jobs/job-queue.js';
import { laneTables, prepareLaneTables } from '#libs/adapters/postgres/jobs/lane-tables.js';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import { RedisClients } from '#libs/adapters/redis/redis-client.js';
import { unexpected } from '#libs/adapters/redis/redis.fixture.js';
import { jobQueueContract, type JobQueueUnderTest } from '#libs/ports/contracts/job-queue.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { type OwnServer, serversLimitMs, startOwnServer } from '#test/harness/stack.js';
import { BullLanes, type LaneBackend } from './bull-lanes.js';

let redis: OwnServer;
let database: TestDatabase;
const opened: RedisClients[] = [];
/** Slices that fail as they should; a turn whose job was forgotten; a worker that was the loser of a deadlock with that. */
const heard = (error: Error): void => {
  if (!/Expected\.|Missing (?:key|lock)|deadlock/.test(error.message)) unexpected(error);
};

beforeAll(async () => {
  [redis, database] = await Promise.all([startOwnServer('redis'), startTestDatabase()]);
  await prepareLaneTables(database.url);
  for (const tenantId of ['acme', 'globex']) await database.tenants.ensure(tenantId, 'self-hosted');
}, serversLimitMs);
afterAll(async () => {
  for (const clients of opened) await clients.close();
  await redis?.remove();
  await database?.stop();
});

/** Both keep the truth in the same tables, and differ in what wakes the workers. */
async function start(backend: () => LaneBackend, forget: () => Promise<void>): Promise<JobQueueUnderTest> {
  const { db, keyRing } = database;
  await db.asOwner((connection) => connection.query('TRUNCATE jobs, job_results'));
  const newProcess = (): PostgresJobQueue =>
    new PostgresJobQueue(db, new KeyedSealer(keyRing), new BullLanes(backend(), heard), heard);
  return {
    processes: [newProcess(), newProcess()],
    forget,
    stored: async () => {
      const rows = await Promise.all(
        ['jobs', 'job_results'].map((table) =>
          db.asTenant('acme', async (connection) => {
            const { rows: found } = await connection.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
            return found.flatMap((row) =>
              Object.values(row).map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)))),
            );
          }),
        ),
      );
      return Buffer.concat(rows.flat());
    },
    age: async (days) => {
      const columns = ['created_at', 'started_at', 'finished_at', 'repeat_until'];
      const assignments = columns.map((column) => `${column} = ${column} - make_interval(days => $1)`).join(', ');
      for (const tenantId of ['acme', 'globex']) {
        await db.asTenant(tenantId, (connection) => connection.query(`UPDATE jobs SET ${assignments}`, [days]));
      }
    },
  };
}

/** Workers lock these tables meanwhile, in an order of their own. */
async function emptyLaneTables(): Promise<void> {
  const emptied = database.db.asOwner(async (connection) => {
    const tables = `SELECT string_agg('memorystack_lanes.' || quote_ident(tablename), ', ') AS names FROM pg_tables
      WHERE schemaname = 'memorystack_lanes' AND tablename <> 'migration'`;
    const { rows } = await connection.query<{ names: string }>(tables);
    await connection.query(`TRUNCATE ${rows[0]!.names}`);
  });
  await emptied.catch((error: Error) => {
    if (!/deadlock/.test(error.message)) throw error;
    return emptyLaneTables();
  });
}

jobQueueContract('Jobs woken by BullMQ on PostgreSQL', () => start(() => laneTables(database.url), emptyLaneTables));

jobQueueContract('Jobs woken by BullMQ on Redis', () =>
  start(
    () => {
      const clients = new RedisClients({ url: redis.url, namespace: '', failed: unexpected });
      opened.push(clients);
      return { options: { connection: clients.openPatient('jobs'), prefix: clients.key('jobs') } };
    },
    async () => {
      const client = new Redis(redis.url);
      await client.flushall();
      await client.quit();
    },
  ),
);

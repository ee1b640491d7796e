import { v7 as uuidv7 } from 'uuid';
import pg from 'pg';
import { checkpointsContract } from '#libs/ports/contracts/checkpoints.contract.js';
import { commitOutboxContract } from '#libs/ports/contracts/commit-outbox.contract.js';
import { noReservations } from '#libs/ports/log-writer.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { PostgresCheckpoints } from '../checkpoints.js';
import { PostgresCommitOutbox } from './commit-outbox.js';
import { LogGrowth } from './log-growth.js';
import { PostgresLogWriter } from './log-writer.js';
import { afterAll, beforeAll } from '@jest/globals';

let database: TestDatabase;
let tenantsMade = 0;

beforeAll(async () => {
  database = await startTestDatabase();
}, 60_000);
afterAll(() => database.stop());

async function newTenant(): Promise<string> {
  tenantsMade += 1;
  const tenantId = `tenant-${tenantsMade}`;
  await database.tenants.ensure(tenantId, 'self-hosted');
  return tenantId;
}

commitOutboxContract('the ledger in PostgreSQL', async () => {
  const { db, keyRing, url } = database;
  const growth = new LogGrowth();
  const writer = new PostgresLogWriter(db, keyRing, growth);
  const outbox = async (heard: LogGrowth) => {
    const made = new PostgresCommitOutbox(db, heard, () => undefined);
    await made.start();
    return made;
  };
  const [one, other] = [await outbox(growth), await outbox(new LogGrowth())];
  const commit = (tenantId: string) => {
    const handoffId = uuidv7();
    const data = {
      handoffId,
      projectId: 'p',
      fromAgent: 'a',
      toAgent: 'b',
      sessionId: null,
      reason: null,
      context: {},
    };
    const said = { time: new Date().toISOString(), dataSubject: null, reason: 'user' as const, decision: null };
    return writer.append({
      ...{ tenantId, commandId: uuidv7(), correlationId: 'c', idempotency: null, expectedVersions: {}, outcome: {} },
      ...{ actor: { key: 'k', agent: null, session: null }, reservations: noReservations, destroyStreamKeys: [] },
      events: [{ streamId: `handoff-${handoffId}`, event: { type: 'AgentHandoffRecorded', data }, ...said }],
    });
  };
  return {
    ...{ one, other, newTenant },
    append: async (tenantId, commits) => {
      const results = await Promise.all(Array.from({ length: commits }, () => commit(tenantId)));
      return Math.max(...results.map((result) => (result.kind === 'appended' ? result.position : 0)));
    },
    disturb: async () => {
      const login = new pg.Client({ connectionString: url });
      await login.connect();
      // Of the two connections with locks, that of `one` has more.
      await login.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' GROUP BY pid ORDER BY count(*) DESC LIMIT 1`,
      );
      await login.end();
    },
    stop: async () => {
      await one.stop();
      await other.stop();
    },
  };
});

checkpointsContract('PostgreSQL', async () => ({ checkpoints: new PostgresCheckpoints(database.db), newTenant }));

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { OutcomePruning } from './outcome-pruning.js';

describe('pruning of stored outcomes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
    await database.tenants.ensure('acme', 'self-hosted');
  });
  afterAll(() => database.stop());

  it('removes what can no longer be asked for, and nothing else', async () => {
    const { db } = database;
    const outcomes = [
      { key: 'window that is over', recorded: '-2 minutes', validity: '1 minute' },
      { key: 'window that is open', recorded: '-10 seconds', validity: '1 minute' },
      { key: 'key of nine days ago', recorded: '-9 days', validity: '1 day' },
      { key: 'key of two days ago', recorded: '-2 days', validity: '1 day' },
    ];
    await db.asTenant('acme', async (connection) => {
      for (const { key, recorded, validity } of outcomes) {
        await connection.query(
          `INSERT INTO command_outcomes VALUES ('acme', $1, 'h', 1, 's', '', now() + $2::interval + $3::interval, now() + $2::interval)`,
          [key, recorded, validity],
        );
      }
    });
    const pruning = new OutcomePruning(db, (error) => expect(error).toBeUndefined());
    expect(await pruning.prune()).toBe(2);
    await pruning.stop();
    const left = await db.asTenant('acme', (connection) =>
      connection.query<{ idempotency_key: string }>('SELECT idempotency_key FROM command_outcomes ORDER BY 1'),
    );
    expect(left.rows.map((row) => row.idempotency_key)).toEqual(['key of two days ago', 'window that is open']);
  });
});

import { outcomePruningContract } from '#libs/ports/contracts/outcome-pruning.contract.js';
import { startTestDatabase } from '#test/harness/database.js';
import { PostgresOutcomePruning } from './outcome-pruning.js';

outcomePruningContract('PostgresOutcomePruning', async () => {
  const database = await startTestDatabase();
  const { db, tenants } = database;
  for (const tenantId of ['acme', 'other']) await tenants.ensure(tenantId, 'self-hosted');
  return {
    pruning: new PostgresOutcomePruning(db),
    store: async (tenantId, { name, recordedSecondsAgo, validForSeconds }) => {
      await db.asTenant(tenantId, (connection) =>
        connection.query(
          `INSERT INTO command_outcomes
           VALUES ($1, $2, 'h', 1, 's', '', now() + make_interval(secs => $4), now() - make_interval(secs => $3))`,
          [tenantId, name, recordedSecondsAgo, validForSeconds - recordedSecondsAgo],
        ),
      );
    },
    left: async (tenantId) => {
      const query = 'SELECT idempotency_key AS name FROM command_outcomes ORDER BY 1';
      const { rows } = await db.asTenant(tenantId, (connection) => connection.query<{ name: string }>(query));
      return rows.map(({ name }) => name);
    },
    stop: () => database.stop(),
  };
});

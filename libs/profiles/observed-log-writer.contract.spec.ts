import { logContract } from '#libs/ports/contracts/log.contract.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import { PostgresLogReader } from '#libs/adapters/postgres/ledger/log-reader.js';
import { PostgresLogWriter } from '#libs/adapters/postgres/ledger/log-writer.js';
import { startTestDatabase } from '#test/harness/database.js';
import { ObservedLogWriter } from './observed-log-writer.js';

logContract('the ledger in PostgreSQL, observed', async () => {
  const database = await startTestDatabase();
  const { db, keyRing, tenants } = database;
  const growth = new LogGrowth();
  let made = 0;
  return {
    writer: new ObservedLogWriter(new PostgresLogWriter(db, keyRing, growth)),
    reader: new PostgresLogReader(db, keyRing, growth),
    newTenant: async () => {
      made += 1;
      const tenantId = `tenant-${made}`;
      await tenants.ensure(tenantId, 'self-hosted');
      return tenantId;
    },
    storedBytes: async (tenantId) => {
      const rows = await db.asRelay<{ bytes: Buffer }>('SELECT bytes FROM commits WHERE tenant_id = $1', [tenantId]);
      return Buffer.concat(rows.map((row) => row.bytes));
    },
    stop: () => database.stop(),
  };
});

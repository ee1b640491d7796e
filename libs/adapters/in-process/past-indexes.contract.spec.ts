import { pastIndexesContract } from '#libs/ports/contracts/past-indexes.contract.js';
import { PostgresPastMemories } from '#libs/adapters/postgres/past-memories.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { startTestDatabase } from '#test/harness/database.js';
import { InProcessPastIndexes } from './past-indexes.js';
import { servedBy } from './served.fixture.js';

pastIndexesContract('past indexes in this process', async () => {
  const database = await startTestDatabase();
  let tenants = 0;
  return {
    indexes: (past, patienceMs) =>
      new InProcessPastIndexes(past, servedBy(), { mostDocuments: 60, mostIndexes: 4, patienceMs }),
    past: new PostgresPastMemories(database.db),
    store: new PostgresReadModelStore(database.db),
    newTenant: async () => {
      tenants += 1;
      await database.tenants.ensure(`tenant-${tenants}`, 'self-hosted');
      return `tenant-${tenants}`;
    },
    stop: () => database.stop(),
  };
});

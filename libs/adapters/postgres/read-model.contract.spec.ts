import { afterAll, beforeAll } from '@jest/globals';
import { believedMemoriesContract } from '#libs/ports/contracts/believed-memories.contract.js';
import { memoryReaderContract } from '#libs/ports/contracts/memory-reader.contract.js';
import { pastMemoriesContract } from '#libs/ports/contracts/past-memories.contract.js';
import { readModelStoreContract } from '#libs/ports/contracts/read-model-store.contract.js';
import { timetableContract } from '#libs/ports/contracts/timetable.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { PostgresBelievedMemories } from './believed-memories.js';
import { Database } from './database.js';
import { PrismaMemoryReader } from './memory-reader.js';
import { PostgresPastMemories } from './past-memories.js';
import { PostgresReadModelStore } from './read-model-store.js';
import { PostgresTimetable } from './timetable.js';

let database: TestDatabase;
let tenants = 0;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

async function newTenant(): Promise<string> {
  tenants += 1;
  const tenantId = `tenant-${tenants}`;
  await database.tenants.ensure(tenantId, 'self-hosted');
  return tenantId;
}

readModelStoreContract('the read model in PostgreSQL', async () => ({
  store: new PostgresReadModelStore(database.db),
  newTenant,
  stop: async () => undefined,
}));

memoryReaderContract('the read model through Prisma', async () => {
  const reader = new PrismaMemoryReader(database.db);
  return { reader, store: new PostgresReadModelStore(database.db), newTenant, stop: () => reader.close() };
});

pastMemoriesContract('earlier days of the read model in PostgreSQL', async () => {
  const reader = new PrismaMemoryReader(database.db);
  const store = new PostgresReadModelStore(database.db);
  return { past: new PostgresPastMemories(database.db), reader, store, newTenant, stop: () => reader.close() };
});

believedMemoriesContract('believed memories in PostgreSQL', async () => {
  for (const tenantId of ['acme', 'other']) await database.tenants.ensure(tenantId, 'self-hosted');
  const { db } = database;
  return {
    believed: new PostgresBelievedMemories(db),
    store: new PostgresReadModelStore(db),
    stop: async () => undefined,
  };
});

timetableContract('the timetable in PostgreSQL', async () => {
  const { db, url } = database;
  for (const tenantId of ['acme', 'other']) await database.tenants.ensure(tenantId, 'self-hosted');
  const store = new PostgresReadModelStore(db);
  for (const tenantId of ['acme', 'other']) await store.wipe(tenantId);
  const elsewhere = new Database(url);
  return {
    timetable: new PostgresTimetable(db),
    elsewhere: new PostgresTimetable(elsewhere),
    store,
    stop: () => elsewhere.close(),
  };
});

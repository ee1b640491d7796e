import { indexedDocumentsContract } from '#libs/ports/contracts/indexed-documents.contract.js';
import { startTestDatabase } from '#test/harness/database.js';
import { Database } from './database.js';
import { PostgresIndexedDocuments } from './indexed-documents.js';

let tenants = 0;

indexedDocumentsContract('PostgreSQL', async () => {
  const database = await startTestDatabase();
  const elsewhere = new Database(database.url);
  const documents = new PostgresIndexedDocuments(database.db, 1);
  await documents.prepare();
  return {
    documents,
    documentsElsewhere: new PostgresIndexedDocuments(elsewhere, 1),
    newTenant: () => `tenant-${(tenants += 1)}`,
    stop: async () => {
      await elsewhere.close();
      await database.stop();
    },
  };
});

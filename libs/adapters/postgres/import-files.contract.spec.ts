import pg from 'pg';
import { importFilesContract } from '#libs/ports/contracts/import-files.contract.js';
import { limits } from '#libs/domain/limits.js';
import { startTestDatabase } from '#test/harness/database.js';
import { Database } from './database.js';
import { PostgresImportFiles } from './import-files.js';
import { KeyedSealer } from './keyed-sealer.js';

let made = 0;

importFilesContract('the files in PostgreSQL', async () => {
  const database = await startTestDatabase();
  // Of the server itself, which no policy holds back.
  const login = new pg.Client({ connectionString: database.url });
  await login.connect();
  const elsewhere = new Database(database.url);
  const [files, filesElsewhere] = [database.db, elsewhere].map(
    (db) => new PostgresImportFiles(db, new KeyedSealer(database.keyRing)),
  ) as [PostgresImportFiles, PostgresImportFiles];
  return {
    files,
    filesElsewhere,
    newTenant: async () => {
      const tenantId = `files-${(made += 1)}`;
      await database.tenants.ensure(tenantId, 'self-hosted');
      return tenantId;
    },
    age: async (tenantId, jobId) => {
      await database.db.asTenant(tenantId, (connection) =>
        connection.query(
          `UPDATE import_parts SET written_at = now() - make_interval(hours => $3, mins => 1)
           WHERE tenant_id = $1 AND job_id = $2`,
          [tenantId, jobId, limits.importFileHours],
        ),
      );
    },
    openJob: async (tenantId, jobId) => {
      await database.db.asTenant(tenantId, (connection) =>
        connection.query(
          `INSERT INTO jobs (tenant_id, job_id, kind, status, key_id, asker) VALUES ($1, $2, 'import', 'queued', 'k', '')`,
          [tenantId, jobId],
        ),
      );
    },
    stored: async () => {
      const { rows } = await login.query<{ bytes: Buffer }>('SELECT bytes FROM import_parts');
      return Buffer.concat(rows.map(({ bytes }) => bytes));
    },
    stop: async () => {
      await login.end();
      await elsewhere.close();
      await database.stop();
    },
  };
});

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBundledPostgres } from '#libs/adapters/postgres/bundled-server/bundled-postgres.js';
import { Database } from '#libs/adapters/postgres/database.js';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { migrate } from '#libs/adapters/postgres/migrations.js';
import { Tenants } from '#libs/adapters/postgres/tenants.js';

const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** A real PostgreSQL in a folder of its own, migrated and empty. Stop it when the suite is done. */
export interface TestDatabase {
  url: string;
  db: Database;
  keyRing: KeyRing;
  masterKey: Buffer;
  tenants: Tenants;
  stop(): Promise<void>;
}

export async function startTestDatabase(masterKey: Buffer = randomBytes(32)): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'memorystack-test-'));
  const postgres = await openBundledPostgres({ dataDir });
  await migrate(postgres.url, migrationsFolder);
  const db = new Database(postgres.url);
  const keyRing = new KeyRing(db, masterKey);
  const tenants = new Tenants(db, keyRing);
  return {
    ...{ url: postgres.url, db, keyRing, masterKey, tenants },
    stop: async () => {
      await db.close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

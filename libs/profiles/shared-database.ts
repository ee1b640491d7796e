import { fileURLToPath } from 'node:url';
import { Database } from '#libs/adapters/postgres/database.js';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { migrate, missingMigrations } from '#libs/adapters/postgres/migrations.js';
import { Tenants } from '#libs/adapters/postgres/tenants.js';
import type { Servers } from '#libs/service-kit/configuration.js';
import { parseMasterKey } from '#libs/service-kit/master-key.js';

/** The PostgreSQL that the services of the distributed profile share, with its keys. */
export interface SharedDatabase {
  db: Database;
  keyRing: KeyRing;
  tenants: Tenants;
  close(): Promise<void>;
}

const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** @throws Error when tables are missing: only the prepare command makes them, before any service starts */
export async function openSharedDatabase(servers: Servers): Promise<SharedDatabase> {
  const missing = await missingMigrations(servers.databaseUrl, migrationsFolder);
  if (missing.length > 0) {
    throw new Error(`The database lacks ${missing.join(', ')}: run the prepare command once, before the services.`);
  }
  return sharedDatabase(servers);
}

/** Brings the tables up to date. */
export async function prepareSharedDatabase(
  servers: Servers,
  onProgress: (sentence: string) => void,
): Promise<SharedDatabase> {
  for (const name of await migrate(servers.databaseUrl, migrationsFolder)) onProgress(`Applied migration ${name}`);
  return sharedDatabase(servers);
}

function sharedDatabase({ databaseUrl, masterKey }: Servers): SharedDatabase {
  const db = new Database(databaseUrl);
  const keyRing = new KeyRing(db, parseMasterKey(masterKey)!);
  return { db, keyRing, tenants: new Tenants(db, keyRing), close: () => db.close() };
}

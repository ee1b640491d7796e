import { fileURLToPath } from 'node:url';
import {
  attachOrOpenBundledPostgres,
  bundledDatabaseExists,
  openBundledPostgres,
} from '#libs/adapters/postgres/bundled-server/bundled-postgres.js';
import { Database } from '#libs/adapters/postgres/database.js';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { migrate } from '#libs/adapters/postgres/migrations.js';
import { Tenants } from '#libs/adapters/postgres/tenants.js';
import type { Configuration } from '#libs/service-kit/configuration.js';
import { readOrCreateMasterKey } from '#libs/service-kit/master-key.js';

/** The opened database with its keys: what the server and every operator's command begin with. */
export interface StandaloneDatabase {
  url: string;
  db: Database;
  keyRing: KeyRing;
  tenants: Tenants;
  /** Where the data is, for people. */
  whereabouts: string;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** `take`: be the only server of the data folder. `share`: use a running server's database when there is one. */
  holdFolder: 'take' | 'share';
  onProgress: (sentence: string) => void;
  onUnexpectedExit: (sentence: string) => void;
}

const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Opens the configured PostgreSQL, or the bundled one, brings its tables up to date and reads the master key. */
export async function openStandaloneDatabase(
  { databaseUrl, dataDir, masterKey }: Configuration,
  { holdFolder, onProgress, onUnexpectedExit }: OpenOptions,
): Promise<StandaloneDatabase> {
  const databaseExists = databaseUrl === null && (await bundledDatabaseExists(dataDir));
  const openBundled = holdFolder === 'take' ? openBundledPostgres : attachOrOpenBundledPostgres;
  const bundled = databaseUrl === null ? await openBundled({ dataDir, onProgress, onUnexpectedExit }) : null;
  try {
    const key = await readOrCreateMasterKey({ dataDir, configured: masterKey, databaseExists });
    const url = databaseUrl ?? bundled!.url;
    for (const name of await migrate(url, migrationsFolder)) onProgress(`Applied migration ${name}`);
    const db = new Database(url);
    const close = async (): Promise<void> => {
      await db.close();
      await bundled?.stop();
    };
    const whereabouts = databaseUrl === null ? dataDir : `your PostgreSQL (DATABASE_URL); master key in ${dataDir}`;
    const keyRing = new KeyRing(db, key);
    return { url, db, keyRing, tenants: new Tenants(db, keyRing), whereabouts, close };
  } catch (error) {
    await bundled?.stop();
    throw error;
  }
}

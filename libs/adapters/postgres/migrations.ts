import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const advisoryLock = 7_234_001;
const roles = ['memorystack_owner', 'memorystack_app', 'memorystack_relay', 'memorystack_auth'];

/** Keeps Prisma's own bookkeeping table, so that its tools read the same history. */
const bookkeeping = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0
  )`;

/**
 * Applies what is missing of `folder` (one sub-folder with a `migration.sql` each, in the order of their names), each
 * in one transaction with its bookkeeping row: a failed one leaves nothing behind. Safe to run from many processes.
 *
 * @returns the names that were applied
 * @throws Error when an applied migration's file was changed since, or when the login may not create roles
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await prepareRoles(client);
    await client.query('SET ROLE memorystack_owner');
    await client.query(bookkeeping);
    return await applyMissing(client, folder);
  } finally {
    await client.end();
  }
}

/** Names of the migrations of `folder` that were not applied yet; all of them where nothing was. */
export async function missingMigrations(url: string, folder: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ exists: boolean }>(
      `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`,
    );
    if (!tables[0]!.exists) return namesIn(folder);
    await client.query('SET ROLE memorystack_owner');
    const applied = new Set((await appliedMigrations(client)).keys());
    return namesIn(folder).filter((name) => !applied.has(name));
  } finally {
    await client.end();
  }
}

function namesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map((entry) => entry.name).sort();
}

/** @returns checksums by name */
async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function prepareRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [
    roles,
  ]);
  const existing = new Set(rows.map((row) => row.rolname));
  try {
    for (const role of roles) {
      if (!existing.has(role))
        await client.query(`CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`);
      await client.query(`GRANT ${role} TO CURRENT_USER`);
    }
    const { rows: names } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.query(`GRANT CREATE ON SCHEMA public TO memorystack_owner`);
    await client.query(`GRANT CREATE ON DATABASE ${client.escapeIdentifier(names[0]!.name)} TO memorystack_owner`);
  } catch (error) {
    throw new Error(
      `The database login cannot set up the roles ${roles.join(', ')}: ${(error as Error).message}. ` +
        'Give it CREATEROLE and ownership of the database, or create the roles and grant them to it.',
      { cause: error },
    );
  }
}

async function applyMissing(client: pg.Client, folder: string): Promise<string[]> {
  const checksums = await appliedMigrations(client);
  const applied: string[] = [];
  for (const name of namesIn(folder)) {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const known = checksums.get(name);
    if (known === checksum) continue;
    if (known !== undefined)
      throw new Error(`Migration ${name} was changed after it was applied; add a new one instead.`);
    await applyOne(client, name, sql, checksum);
    applied.push(name);
  }
  return applied;
}

async function applyOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed and left nothing behind: ${(error as Error).message}`, { cause: error });
  }
}

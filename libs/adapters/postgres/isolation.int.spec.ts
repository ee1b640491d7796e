import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { TestDatabase } from '#test/harness/database.js';
import { callerOf, envelopeOf, said, startTestService, statement, type TestService } from '#test/harness/service.js';
import { Prisma } from '#prisma/generated/client.js';
import type { DatabaseRole } from './database.js';
import { PostgresIndexedDocuments } from './indexed-documents.js';
import { Lanes } from '#libs/ports/lanes.js';
import { PostgresJobQueue } from './jobs/job-queue.js';
import { KeyedSealer } from './keyed-sealer.js';
import { type ModelledColumn, modelledColumns } from './prisma-schema.fixture.js';
import { unboundKey } from '#libs/ports/access-keys.js';

const tenants = ['acme', 'other'] as const;
/** Tables of the installation: nobody but the owner may touch them, so they need no tenant. */
const ofInstallation = ['_prisma_migrations', 'index_generations', 'projection_active'];

/** What the catalogue says of every table; nothing here is listed by hand, so a new table is tested as it is made. */
const columnsQuery = `
  SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, NULL) AS type, NOT a.attnotnull AS nullable
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1, 2`;

describe('tenants in one database', () => {
  let service: TestService;
  let database: TestDatabase;
  let login: pg.Client;
  let columns: ModelledColumn[];
  let tables: string[];
  /** A row of each tenant, as JSON. */
  const rowsByTable = new Map<string, [string, string]>();

  beforeAll(async () => {
    service = await startTestService(tenants);
    database = service.database;
    for (const tenantId of tenants) await fill(service, tenantId);
    // Those of a generation of the search index are made while the server runs.
    await new PostgresIndexedDocuments(database.db, 1).prepare();
    login = new pg.Client({ connectionString: database.url });
    await login.connect();
    columns = (await login.query<ModelledColumn>(columnsQuery)).rows;
    tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !ofInstallation.includes(table));
    await fillEmptyTables(login, tables, columns);
    for (const table of tables) {
      const { rows } = await login.query<{ row: string }>(
        `SELECT DISTINCT ON (tenant_id) row_to_json(t)::text AS row FROM ${table} t ORDER BY tenant_id`,
      );
      rowsByTable.set(table, [rows[0]!.row, rows[1]!.row]);
    }
  });
  afterAll(async () => {
    await login.end();
    await service.stop();
  });

  /** Runs `work` in a transaction of `role` that is rolled back; without a tenant when `tenantId` is null. */
  async function asRole<T>(role: DatabaseRole, tenantId: string | null, work: () => Promise<T>): Promise<T> {
    await login.query('BEGIN');
    try {
      if (tenantId !== null) await login.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
      await login.query(`SET LOCAL ROLE ${role}`);
      return await work();
    } finally {
      await login.query('ROLLBACK');
    }
  }

  /** `refused`, or how many rows it touched. Leaves the transaction usable. */
  async function outcome(sql: string, values: unknown[] = []): Promise<'refused' | number> {
    await login.query('SAVEPOINT attempt');
    try {
      return (await login.query(sql, values)).rowCount ?? 0;
    } catch (error) {
      await login.query('ROLLBACK TO attempt');
      // insufficient_privilege (also "violates row-level security policy"), or the log's own trigger.
      const { code, message } = error as pg.DatabaseError;
      if (code === '42501' || message.includes('append-only')) return 'refused';
      throw error;
    }
  }

  const rowsTouched = async (sql: string): Promise<number> => {
    const touched = await outcome(sql);
    return touched === 'refused' ? 0 : touched;
  };

  it('have rows in every table, so that nothing below is true of an empty table alone', async () => {
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables) {
      const { rows } = await login.query<{ tenant_id: string }>(`SELECT DISTINCT tenant_id FROM ${table} ORDER BY 1`);
      expect([table, rows.map((row) => row.tenant_id)]).toEqual([table, [...tenants]]);
    }
  });

  it('are kept apart by row-level security that is forced, on every table, with a policy for reads and writes', async () => {
    const { rows } = await login.query<{ table: string; isOn: boolean; policies: string[] }>(
      `SELECT c.relname AS "table", c.relrowsecurity AND c.relforcerowsecurity AS "isOn",
         array(SELECT pg_get_expr(p.polqual, p.polrelid) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'
           AND p.polroles = '{0}' AND pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)) AS policies
       FROM pg_class c WHERE c.relname = ANY($1) AND c.relnamespace = 'public'::regnamespace`,
      [tables],
    );
    expect(rows).toHaveLength(tables.length);
    for (const { table, isOn, policies } of rows) {
      expect([table, isOn, policies]).toEqual([table, true, [expect.stringContaining("'app.tenant_id'")]]);
    }
  });

  it('are never handled by a role that passes row-level security by', async () => {
    const { rows } = await login.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb,
         array(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) AS "memberOf"
       FROM pg_roles r WHERE rolname LIKE 'memorystack\\_%' ORDER BY rolname`,
    );
    const harmless = { rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false };
    expect(rows).toEqual(
      ['app', 'auth', 'owner', 'relay'].map((name) => ({
        ...harmless,
        rolcreatedb: false,
        rolname: `memorystack_${name}`,
        memberOf: [],
      })),
    );
  });

  it('show the application nothing, and take nothing from it, while no tenant is named', async () => {
    await asRole('memorystack_app', null, async () => {
      for (const table of tables) {
        expect([table, await rowsTouched(`SELECT * FROM ${table}`)]).toEqual([table, 0]);
        const copy = await outcome(`INSERT INTO ${table} SELECT * FROM json_populate_record(NULL::${table}, $1)`, [
          rowsByTable.get(table)![0],
        ]);
        expect([table, copy]).toEqual([table, 'refused']);
        expect([table, await rowsTouched(`DELETE FROM ${table}`)]).toEqual([table, 0]);
      }
    });
  });

  it('do not see each other, not even through a statement that forgot its tenant filter', async () => {
    for (const tenantId of tenants) {
      await asRole('memorystack_app', tenantId, async () => {
        for (const table of tables) {
          if ((await outcome(`SELECT FROM ${table}`)) === 'refused') continue;
          const { rows } = await login.query<{ tenant_id: string }>(`SELECT tenant_id FROM ${table}`);
          expect([table, [...new Set(rows.map((row) => row.tenant_id))]]).toEqual([table, [tenantId]]);
        }
      });
    }
  });

  it('cannot write each other: inserts are refused, updates and deletes find nothing', async () => {
    await asRole('memorystack_app', 'acme', async () => {
      for (const table of tables) {
        const [, others] = rowsByTable.get(table)!;
        const insert = await outcome(`INSERT INTO ${table} SELECT * FROM json_populate_record(NULL::${table}, $1)`, [
          others,
        ]);
        expect([table, insert]).toEqual([table, 'refused']);
        for (const change of ["SET tenant_id = 'acme'", 'SET tenant_id = tenant_id']) {
          const update = await rowsTouched(`UPDATE ${table} ${change} WHERE tenant_id = 'other'`);
          expect([table, update]).toEqual([table, 0]);
        }
        const given = await outcome(`UPDATE ${table} SET tenant_id = 'other' WHERE tenant_id = 'acme'`);
        expect([table, given]).toEqual([table, 'refused']);
        const removed = await rowsTouched(`DELETE FROM ${table} WHERE tenant_id = 'other'`);
        expect([table, removed]).toEqual([table, 0]);
      }
    });
    for (const table of tables) {
      const { rowCount } = await login.query(`SELECT FROM ${table} WHERE tenant_id = 'other'`);
      expect(rowCount).toBeGreaterThan(0);
    }
  });

  it('let the relay read the log of all and note how far it came, and nothing else', async () => {
    const allowed: Record<string, readonly string[]> = { relay_offsets: ['UPDATE', 'INSERT INTO'] };
    await asRole('memorystack_relay', null, async () => {
      for (const table of [...tables, ...ofInstallation]) {
        const isLog = ['commits', 'log_heads', 'relay_offsets'].includes(table);
        const read = await outcome(`SELECT * FROM ${table}`);
        expect([table, read]).toEqual([table, isLog ? expect.any(Number) : 'refused']);
        if (isLog) expect(read).toBeGreaterThanOrEqual(2);
        for (const change of ['UPDATE', 'DELETE FROM', 'INSERT INTO', 'TRUNCATE']) {
          if (allowed[table]?.includes(change)) continue;
          expect([change, table, await outcome(changing(change, table))]).toEqual([change, table, 'refused']);
        }
      }
    });
  });

  it('let the key look-up find a key by its hash, and nothing else', async () => {
    const { secret, keyId } = await database.tenants.createKey('acme', { name: 'probe', binding: unboundKey });
    await asRole('memorystack_auth', null, async () => {
      const found = await login.query('SELECT key_id, tenant_id FROM find_api_key($1)', [
        database.keyRing.secretHmac(secret),
      ]);
      expect(found.rows).toEqual([{ key_id: keyId, tenant_id: 'acme' }]);
      for (const table of [...tables, ...ofInstallation]) {
        expect([table, await outcome(`SELECT * FROM ${table}`)]).toEqual([table, 'refused']);
        for (const change of ['UPDATE', 'DELETE FROM', 'INSERT INTO', 'TRUNCATE']) {
          expect([change, table, await outcome(changing(change, table))]).toEqual([change, table, 'refused']);
        }
      }
      const { rows } = await login.query<{ name: string }>(
        `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
         AND prorettype <> 'trigger'::regtype AND has_function_privilege(oid, 'EXECUTE')`,
      );
      expect(rows).toEqual([{ name: 'find_api_key' }]);
    });
    for (const role of ['memorystack_app', 'memorystack_relay'] as const) {
      await asRole(role, 'acme', async () => {
        expect(await outcome('SELECT * FROM find_api_key($1)', [Buffer.alloc(32)])).toBe('refused');
      });
    }
  });

  it('have a log that nobody rewrites: not the application, not the owner', async () => {
    for (const role of ['memorystack_app', 'memorystack_owner'] as const) {
      await asRole(role, 'acme', async () => {
        for (const table of ['commits', 'events']) {
          for (const change of ['UPDATE', 'DELETE FROM', 'TRUNCATE']) {
            expect([role, change, table, await outcome(changing(change, table))]).toEqual([
              role,
              change,
              table,
              'refused',
            ]);
          }
        }
      });
    }
  });

  it('have keys that the application can neither read nor change', async () => {
    await asRole('memorystack_app', 'acme', async () => {
      for (const change of ['UPDATE', 'DELETE FROM', 'INSERT INTO']) {
        for (const table of ['api_keys', 'tenants', 'tenant_keys']) {
          expect([change, table, await outcome(changing(change, table))]).toEqual([change, table, 'refused']);
        }
      }
      expect(await outcome('SELECT * FROM api_keys')).toBe('refused');
      for (const table of ofInstallation) expect(await outcome(`SELECT * FROM ${table}`)).toBe('refused');
    });
  });

  it('cannot name a tenant through the door of the application that is no tenant id', async () => {
    for (const tenantId of ["acme', true); SELECT 1 --", '', 'ACME', 'a'.repeat(64), 'acme\n', '-a']) {
      await expect(database.db.asTenant(tenantId, async () => 1)).rejects.toBeInstanceOf(RangeError);
      await expect(service.reader.totals(tenantId)).rejects.toBeInstanceOf(RangeError);
    }
  });

  it('do not inherit the tenant of the transaction before on the same connection', async () => {
    const one = new pg.Client({ connectionString: database.url, options: '-c role=memorystack_app' });
    await one.connect();
    await one.query("BEGIN; SELECT set_config('app.tenant_id', 'acme', true); COMMIT");
    expect((await one.query('SELECT * FROM memories')).rowCount).toBe(0);
    await one.end();
  });

  it('are read through models that have the columns of the real tables', () => {
    const modelled = modelledColumns();
    const modelledTables = new Set(modelled.map(({ table }) => table));
    expect(modelledTables.size).toBe(Object.keys(Prisma.ModelName).length);
    const inOrder = (some: ModelledColumn[]) => some.map((column) => JSON.stringify(column)).sort();
    expect(inOrder(modelled)).toEqual(inOrder(columns.filter(({ table }) => modelledTables.has(table))));
  });
});

const someId = '00000000-0000-4000-8000-000000000001';

/** Nobody does jobs here. */
class NoLanes extends Lanes {
  override async put(): Promise<void> {}
  override work(): void {}
  override async stop(): Promise<void> {}
}

/** A little of everything that the service writes. */
async function fill(service: TestService, tenantId: string): Promise<void> {
  const team = { id: 'team', name: 'editorial' };
  const agent = { id: '00000000-0000-4000-8000-000000000001', name: 'support', type: null };
  const caller = callerOf(tenantId, { team, agent, sessionId: 'monday' });
  const idempotency = { kind: 'key' as const, key: 'k', requestHash: 'h', ttlSeconds: 60 };
  await service.execute(envelopeOf(caller, statement(`What ${tenantId} knows`), idempotency));
  await service.send(caller, said('I like tea'));
  const reason = { sessionId: 'monday', reason: null, context: {} };
  const handed = await service.send(caller, {
    type: 'RecordHandoff',
    fromAgent: 'support',
    toAgent: 'sales',
    ...reason,
  });
  await service.database.tenants.createKey(tenantId, { name: 'first', binding: unboundKey });
  const jobs = new PostgresJobQueue(
    service.database.db,
    new KeyedSealer(service.database.keyRing),
    new NoLanes(),
    () => undefined,
  );
  const asked = { tenantId, id: someId, kind: 'batch_create' as const, caller, correlationId: 'r' };
  await jobs.submit({ ...asked, input: [], total: 0 });
  expect(await service.follower.waitFor(tenantId, handed.position, 5_000)).toBe(true);
}

/** Puts a row of each tenant into every table that has none, of whatever its columns hold. */
async function fillEmptyTables(login: pg.Client, tables: string[], columns: ModelledColumn[]): Promise<void> {
  const values: Record<string, unknown> = {
    text: 'x',
    bigint: 1,
    integer: 1,
    boolean: true,
    'double precision': 0.5,
    bytea: Buffer.of(1),
    jsonb: {},
    uuid: someId,
    'timestamp with time zone': '2026-03-01T10:00:00Z',
    date: '2026-03-01',
    'text[]': ['x'],
  };
  for (const table of tables) {
    for (const tenantId of tenants) {
      const { rowCount } = await login.query(`SELECT FROM ${table} WHERE tenant_id = $1`, [tenantId]);
      if (rowCount !== 0) continue;
      const own = columns.filter((column) => column.table === table);
      const row = own.map(({ column, type }) => (column === 'tenant_id' ? tenantId : values[type]));
      const names = own.map(({ column }) => column).join(', ');
      await login.query(`INSERT INTO ${table} (${names}) VALUES (${row.map((_, at) => `$${at + 1}`).join(', ')})`, row);
    }
  }
}

/** A statement that changes `table`, without touching a column that some table lacks. */
function changing(change: string, table: string): string {
  const column = { _prisma_migrations: 'id', index_generations: 'id', projection_active: 'projection' }[table];
  if (change === 'UPDATE') return `UPDATE ${table} SET ${column ?? 'tenant_id'} = ${column ?? 'tenant_id'}`;
  return change === 'INSERT INTO' ? `INSERT INTO ${table} SELECT (NULL::${table}).*` : `${change} ${table}`;
}

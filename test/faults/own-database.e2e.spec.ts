import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type BundledPostgres, openBundledPostgres } from '#libs/adapters/postgres/bundled-server/bundled-postgres.js';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import type { SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import { buildServer, TestServer } from '#test/harness/server.js';

const password = 'an ordinary password';

describe('a PostgreSQL of your own (DATABASE_URL)', () => {
  let dataDir: string;
  let postgres: BundledPostgres;
  const servers: TestServer[] = [];

  beforeAll(async () => {
    buildServer();
    dataDir = await mkdtemp(join(tmpdir(), 'memorystack-database-'));
    postgres = await openBundledPostgres({ dataDir });
    await asSuperuser('CREATE DATABASE of_superuser');
    await asSuperuser(`CREATE ROLE ordinary LOGIN CREATEROLE NOSUPERUSER PASSWORD '${password}'`);
    await asSuperuser('CREATE DATABASE of_ordinary OWNER ordinary');
  }, 60_000);
  afterAll(async () => {
    for (const server of servers) await server.remove();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }, 60_000);

  const asSuperuser = (sql: string) => query(postgres.url, sql);

  function urlOf(database: string, login?: string): string {
    const url = new URL(postgres.url);
    url.pathname = `/${database}`;
    if (login) [url.username, url.password] = [login, encodeURIComponent(password)];
    return url.href;
  }

  async function query<Row extends pg.QueryResultRow>(url: string, sql: string, options?: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url, options });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function startOn(url: string): Promise<TestServer> {
    const server = new TestServer({ DATABASE_URL: url });
    servers.push(server);
    await server.start();
    return server;
  }

  // The second login comes to a cluster in which the roles exist and are another's, unless it made them itself.
  describe.each([
    ['an ordinary login that owns the database', () => urlOf('of_ordinary', 'ordinary')],
    ['a superuser', () => urlOf('of_superuser')],
  ])('as %s', (_, url) => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startOn(url());
    }, 60_000);
    afterAll(() => server.remove(), 60_000);

    it('writes, reads, searches and makes keys, with nothing but the master key in the data folder', async () => {
      const api = server.client();
      const created = (
        await api.post('/memories', { content: 'Kept in a database of your own' })
      ).json<CreatedAnswer>();
      expect(created.memories_created).toBe(1);
      const found = await api.get('/memories/search?query=database');
      expect(found.json<{ results: SearchResultOnTheWire[] }>().results.map(({ id }) => id)).toEqual(
        created.memory_ids,
      );
      const acme = server.client((await server.createKey('--tenant', 'acme')).secret);
      expect((await acme.get('/memories?user_id=all')).json()).toMatchObject({ count: 0 });
      expect((await acme.get(`/memories/${created.memory_ids[0]}`)).status).toBe(404);
    }, 60_000);

    it('row-level security holds for the role that requests are served as', async () => {
      const tables = await query<{ relname: string; forced: boolean }>(
        url(),
        `SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class
         JOIN information_schema.columns ON table_name = relname AND column_name = 'tenant_id' AND table_schema = 'public'
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
      );
      const open = tables.filter(({ forced }) => !forced).map(({ relname }) => relname);
      const asApp = (sql: string, tenant: string) =>
        query<{ count: string }>(url(), sql, `-c role=memorystack_app -c app.tenant_id=${tenant}`);
      const countOf = async (table: string, tenant: string) =>
        Number((await asApp(`SELECT count(*) AS count FROM ${table}`, tenant))[0]!.count);
      expect(await countOf('commits', 'default')).toBeGreaterThan(0);
      for (const tenant of ['acme', 'nobody', ''])
        expect([tenant, await countOf('commits', tenant)]).toEqual([tenant, 0]);
      await expect(asApp("UPDATE commits SET bytes = ''", 'default')).rejects.toThrow(/permission denied/);
      // What is not guarded by rows must not be readable at all.
      for (const table of open)
        await expect(asApp(`SELECT FROM ${table}`, 'default')).rejects.toThrow(/permission denied/);
      const [role] = await query<{ rolsuper: boolean; rolbypassrls: boolean }>(
        url(),
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'memorystack_app'",
      );
      expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
    });

    it('connections that the database cuts are made again', async () => {
      const api = server.client();
      for (let round = 0; round < 3; round += 1) {
        await asSuperuser(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = '${new URL(url()).pathname.slice(1)}' AND pid <> pg_backend_pid()`,
        );
        let status = 0;
        for (let attempt = 0; status !== 201 && attempt < 20; attempt += 1) {
          const answer = await api.post('/memories', { content: `after cut ${round}` });
          status = answer.status;
          expect([201, 500, 503]).toContain(status);
        }
        expect(status).toBe(201);
      }
      expect((await api.get('/memories?limit=3')).json()).toMatchObject({ count: 3 });
    }, 60_000);

    it('keeps everything over a restart', async () => {
      expect((await server.end('SIGTERM')).code).toBe(0);
      await server.start();
      expect((await server.client().get('/memories/search?query=database&mode=text')).json()).toMatchObject({
        success: true,
        count: 1,
      });
    }, 60_000);
  });
});

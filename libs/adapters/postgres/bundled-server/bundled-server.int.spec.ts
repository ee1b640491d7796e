import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import {
  attachBundledPostgres,
  attachOrOpenBundledPostgres,
  type BundledPostgres,
  bundledDatabaseExists,
  openBundledPostgres,
} from './bundled-postgres.js';
import { DataFolderError } from './data-folder-error.js';
import { processesIn, processStart } from './process-identity.js';
import { readStatus } from './postmaster.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FIXTURE = join(ROOT, 'dist/libs/adapters/postgres/bundled-server/holder.fixture.js');
const isRoot = process.getuid?.() === 0;
const itAsRoot = isRoot ? it : it.skip;
const itOnLinux = process.platform === 'linux' ? it : it.skip;

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the bundled PostgreSQL', () => {
  let dataDir: string;
  let opened: BundledPostgres[];
  let children: ChildProcess[];

  const open = async (folder = dataDir): Promise<BundledPostgres> => {
    const postgres = await openBundledPostgres({ dataDir: folder });
    opened.push(postgres);
    return postgres;
  };

  /** A process of its own that holds the data folder and has had a row acknowledged. */
  const startHolder = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [FIXTURE, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };

  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  beforeAll(() => {
    const build = spawnSync(process.execPath, [join(ROOT, 'tools/build.mjs')], { encoding: 'utf8' });
    if (build.status !== 0) throw new Error(build.stderr);
  });
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'bundled-server-'));
    opened = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const postgres of opened) await postgres.stop();
    // A PostgreSQL whose server was killed may be about to end, and still write.
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('keeps what was written over a restart, and closes its secrets to others', async () => {
    expect(await bundledDatabaseExists(dataDir)).toBe(false);
    const first = await open();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();

    const second = await open();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await bundledDatabaseExists(dataDir)).toBe(true);
    expect((await stat(join(dataDir, 'postgres/superuser.password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres/cluster'))).mode & 0o777).toBe(0o700);
  });

  it('refuses a second server on the same data, naming process and folder', async () => {
    const holder = await startHolder();
    await expect(open()).rejects.toThrow(DataFolderError);
    await expect(open()).rejects.toThrow(`${dataDir} is in use by another server (process ${holder.pid})`);
  });

  it('refuses a second one in the same process too, and is free again once stopped', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow('is in use by another server');
    await first.stop();
    await expect(open()).resolves.toMatchObject({ shared: false });
  });

  it('loses nothing acknowledged and leaves no orphan when the server is killed', async () => {
    const holder = await startHolder();
    const orphan = (await readStatus(join(dataDir, 'postgres/cluster')))!.pid;
    await kill(holder);
    const { url } = await open();
    expect(await query(url, 'SELECT row_text FROM acknowledged')).toEqual([{ row_text: 'written before the kill' }]);
    expect(await processStart(orphan)).toBeNull();
  });

  it('ends PostgreSQL by itself soon after its server is killed', async () => {
    const holder = await startHolder();
    const orphan = (await readStatus(join(dataDir, 'postgres/cluster')))!.pid;
    expect(await processStart(orphan)).not.toBeNull();
    await kill(holder);
    for (
      const endMs = Date.now() + 10_000;
      Date.now() < endMs && (await processStart(orphan)) !== null;
      await sleep(20)
    );
    expect(await processStart(orphan)).toBeNull();
  });

  itOnLinux('recovers when PostgreSQL was killed together with its server (skipped unless on Linux)', async () => {
    const holder = await startHolder();
    const cluster = join(dataDir, 'postgres/cluster');
    for (const pid of (await processesIn(cluster))!) process.kill(pid, 'SIGKILL');
    await kill(holder);
    const { url } = await open();
    expect(await query(url, 'SELECT row_text FROM acknowledged')).toHaveLength(1);
  });

  it('tells its server when PostgreSQL ends without being asked to', async () => {
    let said = '';
    opened.push(await openBundledPostgres({ dataDir, onUnexpectedExit: (sentence) => (said = sentence) }));
    process.kill((await readStatus(join(dataDir, 'postgres/cluster')))!.pid, 'SIGINT');
    for (const endMs = Date.now() + 10_000; Date.now() < endMs && said === ''; await sleep(20));
    expect(said).toContain('PostgreSQL ended by itself');
  });

  it('lets a tool use the database of a running server, and only then', async () => {
    expect(await attachBundledPostgres({ dataDir })).toBeNull();
    const holder = await startHolder();
    const attached = await attachOrOpenBundledPostgres({ dataDir });
    expect(attached.shared).toBe(true);
    await attached.stop();
    expect(await query(attached.url, 'SELECT row_text FROM acknowledged')).toHaveLength(1);
    await kill(holder);
    expect(await attachBundledPostgres({ dataDir })).toBeNull();
  });

  it('makes nothing of a first start that was cut short', async () => {
    await mkdir(join(dataDir, 'postgres/cluster.unfinished'), { recursive: true });
    await writeFile(join(dataDir, 'postgres/cluster.unfinished/PG_VERSION'), '18\n');
    expect(await bundledDatabaseExists(dataDir)).toBe(false);
    const { url } = await open();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts beside a stranger who was given the process id of the last server', async () => {
    await (await open()).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    children.push(stranger);
    const cluster = join(dataDir, 'postgres/cluster');
    const owner = await stat(cluster);
    await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n\nready\n`);
    if (isRoot) spawnSync('chown', [`${owner.uid}:${owner.gid}`, join(cluster, 'postmaster.pid')]);
    await open();
    expect(await processStart(stranger.pid!)).not.toBeNull();
  });

  it('says which folder it cannot use when a file is in its place', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    await expect(open(file)).rejects.toThrow(`The data folder ${file} cannot be used`);
    await expect(open(join(file, 'below'))).rejects.toThrow('a part of the path is a file');
  });

  (isRoot ? it.skip : it)('says which folder it may not write (skipped as root, whom no mode stops)', async () => {
    await chmod(dataDir, 0o500);
    await expect(open()).rejects.toThrow(`The data folder ${dataDir} cannot be used: this user may not write there`);
    await chmod(dataDir, 0o700);
  });

  it('explains a damaged database with the log of PostgreSQL', async () => {
    await (await open()).stop();
    await rename(join(dataDir, 'postgres/cluster/global'), join(dataDir, 'postgres/cluster/gone'));
    await expect(open()).rejects.toThrow(/PostgreSQL did not start in .*PostgreSQL says:.*global/s);
  });

  itAsRoot(
    'keeps the data elsewhere, and says where, below a folder closed to others (skipped unless root)',
    async () => {
      const closed = join(dataDir, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const folder = join(closed, 'data');
      const said: string[] = [];
      const first = await openBundledPostgres({ dataDir: folder, onProgress: (sentence) => said.push(sentence) });
      opened.push(first);
      const place = (await readFile(join(folder, 'postgres.location'), 'utf8')).trim();
      try {
        expect(said.join('\n')).toContain(`The database of ${folder} is in ${place}`);
        await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
        await first.stop();
        const second = await open(folder);
        expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
        await second.stop();
      } finally {
        await rm(place, { recursive: true });
      }
      await expect(open(folder)).rejects.toThrow(`was kept in ${place}, and that folder is gone`);
    },
  );
});

describe('a running bundled PostgreSQL', () => {
  let dataDir: string;
  let postgres: BundledPostgres;
  let url: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'bundled-server-'));
    postgres = await openBundledPostgres({ dataDir });
    url = postgres.url;
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('writes every commit to disk before it acknowledges it', async () => {
    const rows = await query<{ name: string; setting: string }>(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`,
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'on', 'on']);
  });

  it('lets nobody in without the password', async () => {
    const wrong = url.replace(/:[0-9a-f]{64}@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps statements and their values out of its log', async () => {
    await query(url, 'CREATE TABLE person (name text PRIMARY KEY)');
    await query(url, "INSERT INTO person VALUES ('Ada Lovelace')");
    await expect(query(url, "INSERT INTO person VALUES ('Ada Lovelace')")).rejects.toThrow(/duplicate key/);
    const log = await readFile(join(dataDir, 'postgres/postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('Ada');
  });
});

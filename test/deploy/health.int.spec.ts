import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundledPostgres } from '#libs/adapters/postgres/bundled-server/bundled-postgres.js';
import { migrate } from '#libs/adapters/postgres/migrations.js';
import type { Exit } from '#test/harness/operator-commands.js';
import { buildServer, TestServer } from '#test/harness/server.js';
import { ROOT } from './rendered.js';

interface Run extends Exit {
  stdout: string;
  stderr: string;
}

async function runTool(name: string, args: string[], settings: Record<string, string>): Promise<Run> {
  const env = { PATH: process.env['PATH'], ...settings };
  const child = spawn(process.execPath, [join(ROOT, 'tools', name), ...args], { env });
  const run: Run = { code: null, signal: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { ...run, code, signal };
}

beforeAll(buildServer, 120_000);

describe('tools/health.mjs', () => {
  const health = (port: string, host = '127.0.0.1', args: string[] = []) =>
    runTool('health.mjs', args, { MEMORYSTACK_ADMIN_PORT: port, MEMORYSTACK_HOST: host });

  it('tells a server that takes requests from one that has ended', async () => {
    const server = new TestServer();
    try {
      await server.start();
      const { port } = new URL(server.url);
      expect(await health(port)).toMatchObject({ code: 0, stderr: '' });
      expect(await health(port, '127.0.0.1', ['--live'])).toMatchObject({ code: 0 });
      expect(await health(port, '0.0.0.0')).toMatchObject({ code: 0 });
      await server.end('SIGTERM');
      const ended = await health(port);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain('ECONNREFUSED');
    } finally {
      await server.remove();
    }
  }, 120_000);

  it('says why a server is not ready, which is alive', async () => {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === '/livez' ? 200 : 503).end('{"detail":"Kafka is away"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const port = String((server.address() as AddressInfo).port);
      expect(await health(port, '127.0.0.1', ['--live'])).toMatchObject({ code: 0 });
      const run = await health(port);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('503 {"detail":"Kafka is away"}');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('tools/with-master-key.mjs', () => {
  const migrations = join(ROOT, 'prisma/migrations');
  let folder: string;
  let program: string;
  let postgres: Awaited<ReturnType<typeof openBundledPostgres>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'memorystack-master-key-'));
    program = join(folder, 'program.mjs');
    await writeFile(program, 'console.log(process.env.MEMORYSTACK_MASTER_KEY);');
    postgres = await openBundledPostgres({ dataDir: join(folder, 'data') });
  }, 120_000);
  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const run = (keys: string, args: string[] = [], settings: Record<string, string> = {}) =>
    runTool('with-master-key.mjs', [...args, join(folder, keys), program], { DATABASE_URL: postgres.url, ...settings });

  it('makes a key for an empty database, and hands the same one to every program after', async () => {
    const made = await run('first', ['--create']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(Buffer.from(made.stdout, 'base64')).toHaveLength(32);
    expect(await readFile(join(folder, 'first', 'master.key'), 'utf8')).toBe(made.stdout);
    expect(await run('first')).toEqual(made);
    expect(await run('first', ['--create'])).toEqual(made);
  });

  it('makes none without being asked to', async () => {
    const refused = await run('second');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('master.key is missing');
  });

  it('leaves the variable as it is, and then makes no file', async () => {
    const chosen = 'f'.repeat(64);
    const run1 = await run('third', ['--create'], { MEMORYSTACK_MASTER_KEY: chosen });
    expect(run1.stdout.trim()).toBe(chosen);
    await expect(readFile(join(folder, 'third', 'master.key'))).rejects.toThrow('ENOENT');
  });

  it('makes none for a database that was written with another, and lost, key', async () => {
    await migrate(postgres.url, migrations);
    const refused = await run('fourth', ['--create']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('put the file back from your backup');
    expect(await run('first', ['--create'])).toMatchObject({ code: 0 });
  });

  it('reports what the program says when it fails', async () => {
    const failing = join(folder, 'failing.mjs');
    await writeFile(failing, 'throw new Error("no way");');
    const failed = await runTool('with-master-key.mjs', [join(folder, 'first'), failing], {});
    expect(failed).toMatchObject({ code: 1, stderr: 'no way\n' });
  });
});

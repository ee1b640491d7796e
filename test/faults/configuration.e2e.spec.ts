import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exit } from '#test/harness/operator-commands.js';
import { buildServer, TestServer } from '#test/harness/server.js';

describe('a configuration that cannot work', () => {
  let servers: TestServer[];
  let folder: string;

  beforeAll(buildServer);
  beforeEach(async () => {
    servers = [];
    folder = await mkdtemp(join(tmpdir(), 'memorystack-configuration-'));
  });
  afterEach(async () => {
    for (const server of servers) await server.remove();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** Starts a server that is not to come up. */
  async function startOf(settings: Record<string, string>): Promise<{ exit: Exit; output: string }> {
    const server = new TestServer(settings);
    servers.push(server);
    await server.spawn();
    const exit = await server.exit();
    return { exit, output: server.output };
  }

  it('lists every problem at once, and names the nearest variable for one that is misspelt', async () => {
    const { exit, output } = await startOf({
      PORT: '99999',
      MEMORYSTACK_LOG_LEVEL: 'loud',
      MEMORYSTACK_API_KEY: 'short',
      MEMORYSTACK_MASTER_KEY: 'secret-that-is-no-key',
      MEMORYSTACK_RETRY_WINDOW_SECONDS: '-1',
      MEMORYSTACK_PROFILE: 'moon',
      DATABASE_URL: 'mysql://user:hunter2@host/db',
      MEMORYSTACK_RATE_LIMT_BURST: '5',
    });
    expect(exit).toEqual({ code: 1, signal: null });
    const problems = output.split('\n').filter((line) => line.startsWith('  - '));
    expect(problems).toHaveLength(8);
    for (const name of ['PORT', 'LOG_LEVEL', 'API_KEY', 'MASTER_KEY', 'RETRY_WINDOW', 'PROFILE', 'DATABASE_URL']) {
      expect(output).toContain(name);
    }
    expect(output).toContain('MEMORYSTACK_RATE_LIMT_BURST is not a variable of this server');
    expect(output).toContain('did you mean MEMORYSTACK_RATE_LIMIT_BURST?');
    expect(output).not.toMatch(/hunter2|secret-that-is-no-key|\bat .*:\d+:\d+/);
  });

  describe('a port in use', () => {
    let holder: Server;
    beforeEach(async () => {
      holder = createServer();
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => void holder.close());

    it('is told in a sentence; the folder is free again and has no key that nobody saw', async () => {
      const { port } = holder.address() as AddressInfo;
      const { exit, output } = await startOf({ PORT: String(port) });
      expect(exit).toEqual({ code: 1, signal: null });
      expect(output).toContain(String(port));
      expect(output).toMatch(/in use/i);
      expect(output).not.toMatch(/\bat .*:\d+:\d+/);
      const [failed] = servers;
      const next = new TestServer({ MEMORYSTACK_DATA_DIR: failed!.dataDir });
      servers.push(next);
      await next.start();
      expect((await next.client().get('/stats')).status).toBe(200);
    }, 60_000);
  });

  it('a data folder that is a file is told in a sentence', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'not a folder');
    const { exit, output } = await startOf({ MEMORYSTACK_DATA_DIR: file });
    expect(exit.code).toBe(1);
    expect(output).toContain(file);
    expect(output).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('a database that does not answer is told in a sentence, without its password', async () => {
    const { exit, output } = await startOf({ DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:9/none' });
    expect(exit.code).toBe(1);
    expect(output).toMatch(/127\.0\.0\.1:9/);
    expect(output).not.toMatch(/hunter2|\bat .*:\d+:\d+/);
  });
});

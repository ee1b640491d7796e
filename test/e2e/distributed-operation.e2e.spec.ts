import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import { useDistributedServer } from '#test/harness/distributed.js';

interface Results {
  results: MemoryOnTheWire[];
}

describe('the services of the distributed profile', () => {
  const server = useDistributedServer();

  it('show a write to the next list and search', async () => {
    const client = server.client();
    const written = await client.post('/memories', { messages: [{ role: 'user', content: 'I love quokkas' }] });
    expect(written.status).toBe(201);
    const [id] = written.json<CreatedAnswer>().memory_ids;
    const listed = await client.get('/memories');
    expect(listed.json<Results>().results.map((memory) => memory.id)).toEqual([id]);
    const found = await client.get('/memories/search?query=quokkas');
    expect(found.json<Results>().results.map((memory) => memory.id)).toEqual([id]);
  });

  it('have an operator stop the projectors before a replay, and replay to the same from Kafka alone', async () => {
    const client = server.client();
    const remembered = (number: number) => ({ messages: [{ role: 'user', content: `I like wombat${number}` }] });
    for (let number = 0; number < 20; number += 1) await client.post('/memories', remembered(number));
    const before = (await client.get('/memories/search?query=wombat7')).json<Results>().results;
    const refused = await server.command('replay', '--profile', 'distributed');
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('stop them first')]);

    const search = server.service('search');
    expect(await search.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const { code, output } = await server.command('replay', '--profile', 'distributed');
    expect([code, output]).toEqual([0, expect.stringMatching(/digest after .* equal/)]);
    expect(output).not.toMatch(/DIFFERENT|parked|from the ledger/);
    await search.start();
    const after = await client.get('/memories/search?query=wombat7');
    expect([after.status, after.json<Partial<Results>>().results]).toEqual([200, before]);
    expect(before).toHaveLength(1);
  }, 120_000);

  it.each(['gateway', 'ingestion', 'search', 'maintenance'])(
    'refuse to run as a lone %s of the standalone profile, and say what to do',
    async (name) => {
      const { code, stderr } = await lone(name, {});
      expect([code, stderr]).toEqual([1, expect.stringMatching(/MEMORYSTACK_PROFILE=distributed.*npm start/s)]);
    },
  );

  it('refuse to run before the servers were prepared, and say what to do', async () => {
    const { code, stderr } = await lone('search', { ...server.variables, MEMORYSTACK_NAMESPACE: 'never-prepared' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/does not exist: run the prepare command/)]);
  });
});

async function lone(name: string, variables: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const profile = variables['KAFKA_BROKERS'] ? { MEMORYSTACK_PROFILE: 'distributed', MEMORYSTACK_ADMIN_PORT: '0' } : {};
  const main = fileURLToPath(new URL(`../../dist/apps/${name}/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...variables, ...profile } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

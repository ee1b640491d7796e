import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import { buildServer, TestServer } from '#test/harness/server.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { random } from '#test/harness/server-random.js';

const kills = Number(process.env['FAULT_KILLS'] ?? 10);
const writers = 8;
const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));

/** A write as it was sent: sent again, it is the same write. */
interface Write {
  method: 'POST' | 'DELETE';
  path: string;
  body?: object;
  key: string;
}

const idOf = ({ path }: Write): string => path.slice('/memories/'.length);

/** What the server acknowledged: what it must show for ever. */
class Acknowledged {
  readonly contents = new Map<string, string | null>();
  readonly deleted = new Set<string>();
  count = 0;

  note(write: Write, answer: Answer): void {
    const { method, path, body } = write;
    if (answer.status !== 201 && answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    this.count += 1;
    if (method === 'DELETE') {
      this.deleted.add(idOf(write));
      return;
    }
    const content = (body as { content?: string }).content ?? null;
    for (const id of answer.json<CreatedAnswer>().memory_ids) this.contents.set(id, content);
  }

  /** What is wrong with the memories that the server shows. @param undecided writes whose answer never came */
  faults(memories: readonly MemoryOnTheWire[], undecided: readonly Write[] = []): string[] {
    const perhapsDeleted = new Set(undecided.filter(({ method }) => method === 'DELETE').map(idOf));
    const shown = new Map(memories.map((memory) => [memory.id, memory]));
    const faults: string[] = [];
    if (shown.size !== memories.length) faults.push(`${memories.length - shown.size} ids are listed twice`);
    for (const [id, content] of this.contents) {
      const memory = shown.get(id);
      if (this.deleted.has(id)) {
        if (memory) faults.push(`${id} was deleted and is back`);
      } else if (!memory) {
        if (!perhapsDeleted.has(id)) faults.push(`${id} is lost (${content})`);
      } else if (content !== null && memory.content !== content)
        faults.push(`${id} says ${memory.content}, not ${content}`);
    }
    const contents = memories.map(({ content }) => content);
    if (new Set(contents).size !== contents.length) faults.push('a content is there twice');
    // A retry that was carried out a second time would be a second piece of evidence, and so a second version.
    for (const { id, version } of memories) if (version !== 1) faults.push(`${id} has version ${version}`);
    return faults;
  }
}

describe(`${kills} times kill -9 under load (FAULT_KILLS; seed ${seed})`, () => {
  const server = new TestServer();
  const chance = random(seed);
  const acknowledged = new Acknowledged();
  /** Memories that somebody began to delete: a second DELETE, being another write, would rightly find nothing. */
  const chosen = new Set<string>();
  let written = 0;

  beforeAll(async () => {
    buildServer();
    await server.start();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  function nextWrite(writer: number): Write {
    written += 1;
    const key = `${seed}-${written}`;
    const free = [...acknowledged.contents.keys()].filter((id) => !chosen.has(id));
    const dice = chance();
    if (dice < 0.1 && free.length > 20) {
      const id = free[Math.floor(chance() * free.length)]!;
      chosen.add(id);
      return { method: 'DELETE', path: `/memories/${id}`, key };
    }
    const body =
      dice < 0.5
        ? { messages: [{ role: 'user', content: `I love quokka${written}x${writer}.` }] }
        : { content: `statement ${written} of writer ${writer}` };
    return { method: 'POST', path: '/memories', body, key };
  }

  const send = (client: ServerClient, { method, path, body, key }: Write) =>
    client.send(method, path, { body, headers: { 'idempotency-key': key } });

  /** Writes until the connection breaks; resolves to the write whose fate is unknown. */
  async function writeOn(client: ServerClient, writer: number): Promise<Write> {
    for (;;) {
      const write = nextWrite(writer);
      const answer = await send(client, write).catch(() => null);
      if (answer === null) return write;
      acknowledged.note(write, answer);
    }
  }

  async function allMemories(client: ServerClient): Promise<MemoryOnTheWire[]> {
    const memories: MemoryOnTheWire[] = [];
    for (let cursor = ''; ;) {
      const answer = await client.get(`/memories?limit=100&order=asc${cursor}`);
      if (answer.status !== 200) throw new Error(answer.text);
      const page = answer.json<{ results: MemoryOnTheWire[]; next_cursor?: string }>();
      memories.push(...page.results);
      if (page.next_cursor === undefined) return memories;
      cursor = `&cursor=${page.next_cursor}`;
    }
  }

  it(
    'shows everything that was acknowledged, once, after each; a repeated unanswered write has one effect',
    async () => {
      let slowestStartMs = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const client = server.client();
        const writing = Array.from({ length: writers }, (_, writer) => writeOn(client, writer));
        await sleep(20 + chance() * 500);
        await server.end('SIGKILL');
        const unanswered = await Promise.all(writing);
        client.close();
        const startMs = performance.now();
        await server.start();
        slowestStartMs = Math.max(slowestStartMs, performance.now() - startMs);
        const again = server.client();
        expect(acknowledged.faults(await allMemories(again), unanswered)).toEqual([]);
        for (const write of unanswered) acknowledged.note(write, await send(again, write));
        expect(acknowledged.faults(await allMemories(again))).toEqual([]);
      }
      console.info(
        `${kills} kills, ${acknowledged.count} acknowledged writes, 0 lost; slowest restart ${Math.round(slowestStartMs)} ms`,
      );
      expect(acknowledged.count).toBeGreaterThan(kills * writers);
    },
    kills * 20_000,
  );

  it('afterwards the log replays to the same digests, and to the same memories', async () => {
    expect((await server.end('SIGTERM')).code).toBe(0);
    const { code, output } = await server.command('replay');
    expect([code, output]).toEqual([0, expect.stringMatching(/digest after .* equal/)]);
    expect(output).not.toMatch(/DIFFERENT|parked/);
    await server.start();
    expect(acknowledged.faults(await allMemories(server.client()))).toEqual([]);
  }, 120_000);
});

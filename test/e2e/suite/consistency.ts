import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

export function consistency({ useServer, pairs }: TestedProfile): void {
  const writers = 8;

  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });

  const workers = <T>(count: number, work: (worker: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, worker) => work(worker)));

  describe('reading your own writes', () => {
    it(`of ${pairs} writes, each read back at once with the same key, none is missed`, async () => {
      const misses: string[] = [];
      await workers(writers, async (writer) => {
        const project = `pairs-${writer}`;
        for (let round = 0; round < pairs / writers; round += 1) {
          const content = `pair ${writer} ${round} quokka${writer}x${round}`;
          const created = (await api.post('/memories', { content, project_name: project })).json<CreatedAnswer>();
          const [id] = created.memory_ids;
          const reads = [
            `/memories/${id}?project_name=${project}`,
            `/memories?limit=1&project_name=${project}`,
            `/memories/search?limit=1&query=quokka${writer}x${round}&project_name=${project}`,
          ];
          const read = reads[round % reads.length]!;
          const answer = await api.get(read);
          if (answer.status !== 200 || !answer.text.includes(id!)) misses.push(`${read}: ${answer.text}`);
        }
      });
      expect(misses).toEqual([]);
    }, 240_000);

    it('a PATCH and a DELETE are seen by the next list and the next search', async () => {
      const project = 'changes';
      for (let round = 0; round < 25; round += 1) {
        const word = `wombat${round}`;
        const created = await api.post('/memories', { content: `before ${word}`, project_name: project });
        const [id] = created.json<CreatedAnswer>().memory_ids;
        const path = `/memories/${id}?project_name=${project}`;
        const search = async (query: string) =>
          (await api.get(`/memories/search?query=${query}&project_name=${project}`)).json<{
            results: SearchResultOnTheWire[];
          }>().results;
        await api.patch(path, { content: `after numbat${round}` });
        expect((await search(`numbat${round}`)).map(({ content }) => content)).toEqual([`after numbat${round}`]);
        expect(await search(word)).toEqual([]);
        await api.delete(path);
        expect(await search(`numbat${round}`)).toEqual([]);
        expect((await api.get(`/memories?project_name=${project}`)).json()).toMatchObject({ count: 0 });
      }
    });
  });

  describe('paging', () => {
    it('250 memories come once each in either order, while others write, change and delete', async () => {
      const project = 'paging';
      const write = async (content: string) =>
        (await api.post('/memories', { content, project_name: project })).json<CreatedAnswer>().memory_ids[0]!;
      const wanted = new Set(
        (await workers(10, (worker) => each(25, (index) => write(`paged ${worker} ${index}`)))).flat(),
      );
      expect(wanted.size).toBe(250);
      let isDone = false;
      let disturbances = 0;
      const disturbing = (async () => {
        for (; !isDone; disturbances += 1) {
          const id = await write(`disturbance ${disturbances}`);
          await api.patch(`/memories/${id}?project_name=${project}`, { confidence: 0.1 });
          if (disturbances % 2 === 0) await api.delete(`/memories/${id}?project_name=${project}`);
        }
      })();
      try {
        for (const order of ['asc', 'desc']) {
          const seen = await allPages(`/memories?limit=7&order=${order}&project_name=${project}`);
          expect(seen.length).toBe(new Set(seen.map(({ id }) => id)).size);
          expect(seen.filter(({ id }) => wanted.has(id))).toHaveLength(250);
          const times = seen.map(({ created_at: at }) => at);
          expect(times).toEqual(order === 'asc' ? times.toSorted() : times.toSorted().reverse());
        }
      } finally {
        isDone = true;
        await disturbing;
      }
      expect(disturbances).toBeGreaterThan(5);
    });

    it('agents are paged as well', async () => {
      for (let index = 0; index < 9; index += 1)
        await api.post('/agents', { name: `agent ${index}`, project_name: 'crew' });
      const names: string[] = [];
      for (let cursor = ''; ;) {
        const page = await api.get(`/agents?limit=4&project_name=crew${cursor}`);
        const { agents, next_cursor: next } = page.json<{ agents: { name: string }[]; next_cursor?: string }>();
        names.push(...agents.map(({ name }) => name));
        if (next === undefined) break;
        cursor = `&cursor=${next}`;
      }
      expect(names.toSorted()).toEqual(Array.from({ length: 9 }, (_, index) => `agent ${index}`));
    });

    async function allPages(path: string): Promise<MemoryOnTheWire[]> {
      const seen: MemoryOnTheWire[] = [];
      for (let cursor = ''; ;) {
        const answer = await api.get(`${path}${cursor}`);
        expect(answer.status).toBe(200);
        const page = answer.json<{ count: number; results: MemoryOnTheWire[]; next_cursor?: string }>();
        expect(page.count).toBe(page.results.length);
        seen.push(...page.results);
        if (page.next_cursor === undefined) return seen;
        cursor = `&cursor=${page.next_cursor}`;
      }
    }

    async function each<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
      const made: T[] = [];
      for (let index = 0; index < count; index += 1) made.push(await make(index));
      return made;
    }
  });

  describe('a long conversation', () => {
    it('100 messages of 10,000 characters are all there, in one answer and one conversation', async () => {
      const filler = 'The weather report went on and on about rain in the valley. '.repeat(166);
      const messages = Array.from({ length: 100 }, (_, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        id: `long-${index}`,
        content: `${filler.slice(0, 9_950)} Marker zebra${index}.`,
      }));
      const body = { messages, project_name: 'long', conversation_id: 'long' };
      const answer = await api.post('/memories', body);
      expect([answer.status, answer.text.slice(0, 300)]).toEqual([201, expect.any(String)]);
      for (const index of [0, 1, 49, 50, 98, 99]) {
        const query = `/memories/search?query=zebra${index}&include_episodes=true&limit=50&project_name=long`;
        const { results } = (await api.get(query)).json<{ results: SearchResultOnTheWire[] }>();
        const ids = results.flatMap(({ external_id: id, sources }) => [id, ...sources.map((one) => one.external_id)]);
        expect(ids).toContain(`long-${index}`);
      }
      const again = await api.post('/memories', body);
      expect(again.json()).toEqual({ ...answer.json<CreatedAnswer>(), deduplicated: true });
    }, 60_000);
  });

  describe('a write that takes longer than it may (MEMORYSTACK_COMMAND_TIMEOUT_MS)', () => {
    const impatient = useServer({ MEMORYSTACK_COMMAND_TIMEOUT_MS: '100' });

    it('202 goes on and loses nothing; its repetition adds nothing', async () => {
      const client = impatient.client();
      const sentence = 'My neighbour Edda repairs old clocks in her garage and sells them at the market. ';
      const messages = Array.from({ length: 90 }, (_, index) => ({
        role: 'user',
        id: `slow-${index}`,
        content: `${sentence.repeat(120)} I love locker${index}.`,
      }));
      const send = () => client.post('/memories', { messages }, { headers: { 'idempotency-key': 'slow' } });
      // Where handing it over alone takes longer, the caller is told to send it again with its key.
      let accepted = await send();
      while (accepted.status === 503) accepted = await send();
      expect([accepted.status, accepted.json()]).toEqual([
        202,
        { success: true, status: 'accepted', message: expect.any(String), command_id: expect.any(String) },
      ]);
      const last = async () =>
        (await client.get('/memories/search?query=locker89&include_episodes=true&limit=50')).text;
      for (const endMs = Date.now() + 40_000; !(await last()).includes('slow-89'); await sleep(100)) {
        if (Date.now() > endMs) throw new Error('what was accepted has not arrived within 40 s');
      }
      const totals = async () => (await client.get('/stats')).json<{ totals: Record<string, number> }>().totals;
      const { memories, episodes } = await totals();
      expect(episodes).toBe(90);
      expect(memories).toBeGreaterThan(0);
      await send();
      await sleep(1_000);
      expect(await totals()).toMatchObject({ memories, episodes });
    }, 90_000);
  });
}

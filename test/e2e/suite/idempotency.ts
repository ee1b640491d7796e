import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedAnswer, MemoryOnTheWire, VersionOnTheWire } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

export function idempotency({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  beforeAll(() => {
    api = server.client();
  });

  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  const inParallel = (count: number, send: (index: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  const totalMemories = async () => (await api.get('/stats')).json<{ totals: { memories: number } }>().totals.memories;
  const memoryOf = async (id: string) => (await api.get(`/memories/${id}`)).json<{ memory: MemoryOnTheWire }>().memory;

  describe('Idempotency-Key', () => {
    it('100 concurrent requests with one key have one effect and one answer', async () => {
      for (let round = 0; round < 5; round += 1) {
        const before = await totalMemories();
        const body =
          round % 2 === 0
            ? { content: `One effect ${round}` }
            : { messages: [{ role: 'user', content: `I live in town number ${round}.` }] };
        const answers = await inParallel(100, () => api.post('/memories', body, keyed(`round-${round}`)));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
        expect(new Set(answers.map(({ headers }) => headers['memorystack-position'])).size).toBe(1);
        const first = answers.filter(({ headers }) => headers['idempotent-replayed'] !== 'true');
        expect(first).toHaveLength(1);
        // A town that takes the place of another one leaves as many beliefs as before.
        const { memories_created: made, superseded_ids: ended = [] } = first[0]!.json<CreatedAnswer>();
        expect(await totalMemories()).toBe(before + made - ended.length);
      }
    });

    it('422 with another body, another path or another method; the first effect stays', async () => {
      const created = await api.post('/memories', { content: 'Held by its key' }, keyed('mismatch'));
      const [id] = created.json<CreatedAnswer>().memory_ids;
      for (const answer of [
        await api.post('/memories', { content: 'Another body' }, keyed('mismatch')),
        await api.post('/memories/agents', { content: 'Held by its key' }, keyed('mismatch')),
        await api.patch(`/memories/${id}`, { content: 'Held by its key' }, keyed('mismatch')),
        await api.delete(`/memories/${id}`, keyed('mismatch')),
      ]) {
        expect(problemIn(answer)).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
      }
      expect(await memoryOf(id!)).toMatchObject({ content: 'Held by its key', version: 1 });
    });

    it('200 a body with its keys in another order is the same request', async () => {
      const first = await api.post('/memories', '{"content":"Ordered","confidence":0.5}', keyed('order'));
      const second = await api.post('/memories', '{"confidence":0.5, "content":"Ordered"}', keyed('order'));
      expect([second.status, second.text, second.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
    });

    it('200 a repeated PATCH with If-Match is no conflict with its own first run', async () => {
      const { memory_ids: ids } = (await api.post('/memories', { content: 'Patched once' })).json<CreatedAnswer>();
      const patch = () =>
        api.patch(
          `/memories/${ids[0]}`,
          { confidence: 0.2 },
          { headers: { 'idempotency-key': 'patch', 'if-match': '"1"' } },
        );
      const answers = [await patch(), await patch(), ...(await inParallel(20, patch))];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]!.status).toBe(200);
      expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(21);
      expect((await memoryOf(ids[0]!)).version).toBe(2);
    });

    it('200 a repeated DELETE answers as the first one did; handoffs and agents repeat as well', async () => {
      const { memory_ids: ids } = (await api.post('/memories', { content: 'Deleted once' })).json<CreatedAnswer>();
      const handoff = { from_agent: 'a', to_agent: 'b', session_id: 's' };
      const sends = [
        () => api.delete(`/memories/${ids[0]}`, keyed('delete')),
        () => api.delete('/memories/batch', { ...keyed('batch'), body: { memory_ids: ids } }),
        () => api.post('/handoffs', handoff, keyed('handoff')),
        () => api.post('/agents', { name: 'Nora' }, keyed('agent')),
      ];
      for (const send of sends) {
        const [first, second] = [await send(), await send()];
        expect([second.status, second.text]).toEqual([first.status, first.text]);
        expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([
          undefined,
          'true',
        ]);
      }
      const { count } = (await api.get('/handoffs?session_id=s')).json<{ count: number }>();
      expect(count).toBe(1);
    });

    it('400 a key that is no printable text of 1 to 255 characters', async () => {
      for (const key of ['', 'x'.repeat(256), 'caf\u00e9']) {
        expect(problemIn(await api.post('/memories', { content: 'x' }, keyed(key))).status).toBe(400);
      }
      expect((await api.post('/memories', { content: 'long key' }, keyed('x'.repeat(255)))).status).toBe(201);
    });
  });

  describe('the retry window', () => {
    it('201 the same add within it is told as deduplicated and adds nothing, not even evidence', async () => {
      const body = { content: 'Sent twice by a retry', metadata: { a: 1 } };
      const first = await api.post('/memories', body);
      const second = await api.post('/memories', body);
      expect(first.json()).not.toHaveProperty('deduplicated');
      expect(second.headers['idempotent-replayed']).toBe('true');
      expect(second.json()).toEqual({ ...first.json<CreatedAnswer>(), deduplicated: true });
      expect((await memoryOf(first.json<CreatedAnswer>().memory_ids[0]!)).version).toBe(1);
    });

    it('201 another key, another session and other content are no retries', async () => {
      const body = { content: 'Not a retry' };
      await api.post('/memories', body);
      const other = server.client((await server.createKey()).secret);
      for (const answer of [
        await other.post('/memories', body),
        await api.post('/memories', { ...body, session_id: 's-1' }),
        await api.post('/memories', { ...body, metadata: { b: 1 } }),
      ]) {
        expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([201, undefined]);
      }
    });

    it('201 what was replaced since is told again, and is no retry', async () => {
      const told = async (content: string) => (await api.post('/memories', { content })).json<CreatedAnswer>();
      const first = await told('Jonas lives in Leeds');
      const second = await told('Jonas moved to York');
      const third = await told('Jonas lives in Leeds');
      expect([first, second, third].map(({ deduplicated }) => deduplicated)).toEqual([undefined, undefined, undefined]);
      expect(third.memory_ids).not.toEqual(first.memory_ids);
      expect(await told('Jonas lives in Leeds')).toMatchObject({ memory_ids: third.memory_ids, deduplicated: true });
    });

    it('201 64 parallel identical adds make one memory and no more', async () => {
      const answers = await inParallel(64, () => api.post('/memories', { content: 'Sixty-four at once' }));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.flatMap((answer) => answer.json<CreatedAnswer>().memory_ids)).size).toBe(1);
      expect(answers.filter((answer) => answer.json<CreatedAnswer>().deduplicated !== true)).toHaveLength(1);
    });
  });

  describe('without a retry window, and with a small rate (MEMORYSTACK_RETRY_WINDOW_SECONDS=0)', () => {
    const plain = useServer({
      MEMORYSTACK_RETRY_WINDOW_SECONDS: '0',
      MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1',
      MEMORYSTACK_RATE_LIMIT_BURST: '100',
    });

    it('64 parallel identical adds make one memory with 64 pieces of evidence', async () => {
      const client = plain.client();
      const answers = await inParallel(64, () => client.post('/memories', { content: 'Sixty-four at once' }));
      const created = answers.map((answer) => answer.json<CreatedAnswer>());
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(created.flatMap(({ memory_ids: ids }) => ids)).size).toBe(1);
      expect(created.filter(({ memories_created: count }) => count === 1)).toHaveLength(1);
      expect(created.filter(({ deduplicated, memories_created: count }) => deduplicated && count === 0)).toHaveLength(
        63,
      );
      expect(answers.filter(({ headers }) => headers['idempotent-replayed'])).toEqual([]);
      const path = `/memories/${created[0]!.memory_ids[0]}/history`;
      const { versions } = (await client.get(path)).json<{ versions: VersionOnTheWire[] }>();
      expect(versions.filter(({ event }) => event === 'MemoryReinforced')).toHaveLength(63);
    });

    it('429 after the burst, with when to come back; the next second has room again', async () => {
      const client = plain.client();
      const answers = await inParallel(120, () => client.get('/stats'));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(60);
      expect(answers.filter(({ status }) => ![200, 429].includes(status))).toEqual([]);
      for (const answer of refused) {
        expect(problemIn(answer).code).toBe('rate_limited');
        expect(answer.headers['x-ratelimit-remaining']).toBe('0');
        expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      }
      const waitSeconds = Math.max(...refused.map(({ headers }) => Number(headers['retry-after'])));
      await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
      expect((await client.get('/stats')).status).toBe(200);
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainVector } from '#test/harness/scripted-embeddings.js';
import { ScriptedBatches, tokensPerLine } from '#test/harness/scripted-batches.js';
import { TestServer } from '#test/harness/server.js';

const patienceMs = 60_000;
const limitMs = 180_000;
const pollMs = 50;
const refused = 'A word that the provider refuses.';
const texts = ['I drink green tea.', 'The train goes to the coast.', 'My dentist looks at teeth.', refused];

interface Job {
  job_id: string;
  status: string;
  failed: number;
  cost_units: number | null;
  cost_units_saved: number | null;
  summary: { pending_embeddings: number; batch_texts?: number; billed_tokens?: number } | null;
  errors: { index: number; detail: string }[];
}

/** A provider whose ordinary endpoint is away for as long as the test likes: what is known then came from the batch. */
class Provider extends ScriptedBatches {
  isOrdinaryAway = true;

  constructor() {
    super(
      ({ body: { input } }) =>
        this.isOrdinaryAway
          ? { status: 503, headers: { 'retry-after': '1' }, error: { message: 'away' } }
          : { vectors: input.map(plainVector), tokens: 5 },
      (text) => (text === refused ? 400 : plainVector(text)),
    );
  }
}

describe('embeddings by the batch endpoint of a provider', () => {
  const provider = new Provider();
  let server: TestServer;
  beforeAll(async () => {
    await provider.start();
    server = new TestServer({
      ...{ MEMORYSTACK_EMBEDDER: 'openai', MEMORYSTACK_EMBEDDER_URL: provider.url },
      ...{ MEMORYSTACK_EMBEDDER_MODEL: 'scripted-1', MEMORYSTACK_EMBEDDER_DIMENSIONS: '4' },
      MEMORYSTACK_EMBEDDER_BATCH: 'true',
    });
    await server.start();
  }, limitMs);
  afterAll(async () => {
    await server.remove();
    await provider.stop();
  });

  async function until<Seen>(look: () => Promise<Seen>, isEnough: (seen: Seen) => boolean): Promise<Seen> {
    for (const endMs = Date.now() + patienceMs; ; await sleep(pollMs)) {
      const seen = await look();
      if (isEnough(seen)) return seen;
      if (Date.now() > endMs) throw new Error(`It never came to it: ${JSON.stringify(seen)}`);
    }
  }
  const job = async (id: string): Promise<Job> => (await server.client().get(`/batch-jobs/${id}`)).json<Job>();
  const pending = async (): Promise<number> =>
    (await server.client().get('/memories/batch/embeddings')).json<{ pending_embeddings: number }>().pending_embeddings;
  const embed = async (): Promise<Job> => (await server.client().post('/memories/batch/embeddings', {})).json<Job>();

  it(
    'go on after kill -9 and a restart of the provider, are billed once, and told with what failed',
    async () => {
      for (const content of texts) expect((await server.client().post('/memories', { content })).status).toBe(201);
      await until(pending, (count) => count === texts.length);
      const { job_id: id, cost_units: before } = await embed();
      expect(before).toBeNull();
      await until(
        () => job(id),
        ({ summary }) => summary?.batch_texts === texts.length,
      );
      const [batch] = provider.batches;
      await until(
        async () => batch!.polls,
        (polls) => polls > 0,
      );
      await server.end('SIGKILL');
      await provider.stop();
      const pollsBefore = batch!.polls;
      await server.start();
      // It looks for the provider in vain meanwhile.
      await sleep(3_000);
      await provider.start();
      await until(
        async () => batch!.polls,
        (polls) => polls > pollsBefore,
      );
      expect(await job(id)).toMatchObject({ status: 'running', cost_units: null });
      provider.end();
      // All but the refused one are learned although the ordinary endpoint is still away.
      await until(pending, (count) => count === 1);
      expect(provider.batches).toHaveLength(1);
      provider.isOrdinaryAway = false;
      const over = await until(
        () => job(id),
        ({ status }) => status === 'completed',
      );
      const tokens = 3 * tokensPerLine;
      expect(over).toMatchObject({
        ...{ failed: 1, cost_units: tokens / 2, cost_units_saved: tokens / 2 },
        summary: { pending_embeddings: 0, batch_texts: 4, billed_tokens: tokens },
        errors: [{ index: 0, detail: expect.stringContaining('400') }],
      });
      const found = await server.client().get('/memories/search?query=doctor&mode=vector');
      expect(found.text).toContain('dentist');
    },
    limitMs,
  );

  it(
    'leave to the index what comes meanwhile, and not what is at the provider',
    async () => {
      provider.isOrdinaryAway = true;
      const [early, late] = ['The doctor has a green boat.', 'The coast is far.'];
      await server.client().post('/memories', { content: early });
      await until(pending, (count) => count === 1);
      const { job_id: id } = await embed();
      await until(
        () => job(id),
        ({ summary }) => summary?.batch_texts === 1,
      );
      provider.requests.splice(0);
      provider.isOrdinaryAway = false;
      await server.client().post('/memories', { content: late });
      await until(
        async () => provider.texts,
        (sent) => sent.includes(late),
      );
      await until(pending, (count) => count === 1);
      provider.end();
      const over = await until(
        () => job(id),
        ({ status }) => status === 'completed',
      );
      expect(over).toMatchObject({ failed: 0, cost_units: tokensPerLine / 2 });
      expect(provider.texts).not.toContain(early);
    },
    limitMs,
  );

  it(
    'cost nothing where nothing waits',
    async () => {
      const before = provider.batches.length;
      const { job_id: id } = await embed();
      const over = await until(
        () => job(id),
        ({ status }) => status === 'completed',
      );
      expect(over).toMatchObject({ cost_units: null, cost_units_saved: null });
      expect(provider.batches).toHaveLength(before);
    },
    limitMs,
  );
});

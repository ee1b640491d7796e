import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import {
  type EmbeddingScript,
  plainEmbeddings,
  plainVector,
  ScriptedEmbeddings,
} from '#test/harness/scripted-embeddings.js';
import { type EmbeddingServer, OpenaiEmbedder } from './openai-embedder.js';

let server: ScriptedEmbeddings;
beforeAll(async () => {
  server = await ScriptedEmbeddings.started(plainEmbeddings);
});
afterAll(() => server.stop());
beforeEach(() => void server.requests.splice(0));

const clock = { ms: Date.parse('2024-05-16T22:00:00Z') };

function answering(script: EmbeddingScript, more: Partial<EmbeddingServer> = {}): OpenaiEmbedder {
  server.script = script;
  const address = { url: server.url, apiKey: 'secret-key', timeoutMs: 10_000 };
  return new OpenaiEmbedder(
    { ...address, model: 'scripted-1', dimensions: 4, tokensPerDay: 0, ...more },
    { nowMs: () => clock.ms, monotonicMs: () => clock.ms },
  );
}

/** What was told of a failure: seconds, and the reason that an operator reads. */
async function failure(embedding: Promise<unknown>): Promise<{ seconds: number; reason: string }> {
  const error = await embedding.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EmbedderUnreachable);
  const { retryAfterSeconds, cause } = error as EmbedderUnreachable;
  expect((cause as Error).message).not.toContain('private');
  return { seconds: retryAfterSeconds, reason: (cause as Error).message };
}

describe('what is sent', () => {
  it('names model, length and form, with the key', async () => {
    await answering(plainEmbeddings).embed(['green tea'], 'document');
    const [{ path, headers, body }] = server.requests as [(typeof server.requests)[0]];
    expect(path).toBe('/v1/embeddings');
    expect(headers.authorization).toBe('Bearer secret-key');
    expect(body).toEqual({ model: 'scripted-1', input: ['green tea'], dimensions: 4, encoding_format: 'float' });
  });

  it('goes in batches of few texts and of few characters', async () => {
    const texts = Array.from({ length: 70 }, (_, number) => `tea ${number}`);
    const vectors = await answering(plainEmbeddings).embed(texts, 'document');
    expect(vectors).toHaveLength(70);
    expect(server.requests.map(({ body }) => body.input.length).sort()).toEqual([32, 32, 6]);
    server.requests.splice(0);
    await answering(plainEmbeddings).embed(Array<string>(20).fill('train '.repeat(1_500)), 'document');
    for (const { body } of server.requests) expect(body.input.join('').length).toBeLessThanOrEqual(64_000);
  });

  it('is cut where it is too long for any model, and made well-formed', async () => {
    await answering(plainEmbeddings).embed(['\ud83d tea', 'x'.repeat(20_000)], 'document');
    expect(server.texts).toEqual(['\ufffd tea', 'x'.repeat(8_000)]);
  });

  it('is nothing for texts that say nothing', async () => {
    const vectors = await answering(plainEmbeddings).embed(['', '  \n'], 'document');
    expect(server.requests).toEqual([]);
    expect(vectors.map(unitVector)).toEqual([null, null]);
  });

  it('leaves out the length where the server does not know it, from then on', async () => {
    const embedder = answering((request, number) =>
      'dimensions' in request.body
        ? { status: 400, error: { message: 'unknown', param: 'dimensions' } }
        : plainEmbeddings(request, number),
    );
    await embedder.embed(['tea'], 'document');
    await embedder.embed(['train'], 'document');
    expect(server.requests.map(({ body }) => 'dimensions' in body)).toEqual([true, false, false]);
  });
});

describe('what is answered', () => {
  it('is put in order by its index', async () => {
    const texts = ['tea', 'train', 'doctor'];
    const backwards: EmbeddingScript = ({ body }) => ({
      body: { data: body.input.map((text, index) => ({ index, embedding: plainVector(text) })).reverse() },
    });
    const inOrder = await answering(plainEmbeddings).embed(texts, 'document');
    expect(await answering(backwards).embed(texts, 'document')).toEqual(inOrder);
  });

  it('may be zeros', async () => {
    const [zero] = await answering(() => ({ vectors: [[0, 0, 0, 0]] })).embed(['tea'], 'document');
    expect(unitVector(zero!)).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ['of another length', { data: [{ embedding: [1, 2, 3] }] }, 'have 3 numbers, not 4'],
    ['with numbers that are none', { data: [{ embedding: [1, 2, 3, null] }, {}] }, '2 vectors for 1 texts'],
    ['with a number that is too large', { data: [{ embedding: [1, 2, 3, 1e39] }] }, 'numbers that are none'],
    ['with a word among the numbers', { data: [{ embedding: [1, 2, 3, 'x'] }] }, 'numbers that are none'],
    ['of half a number', { data: [{ embedding: 'AAAA' }] }, 'does not speak the API'],
    ['for a text that was not sent', { data: [{ index: 1, embedding: [1, 2, 3, 4] }] }, 'which texts they are of'],
    ['of another kind', { choices: [] }, 'does not speak the API'],
  ])('is refused as a vector %s', async (_, body, reason) => {
    const told = await failure(answering(() => ({ body })).embed(['private tea'], 'document'));
    expect(told.reason).toContain(reason);
  });

  it('is nothing for the one text that the server will not have', async () => {
    const texts = ['tea', 'private train', 'green doctor'];
    const embedder = answering((request, number) =>
      request.body.input.some((text) => text.includes('private'))
        ? { status: 400, error: { message: 'the text "private train" is not allowed' } }
        : plainEmbeddings(request, number),
    );
    const vectors = await embedder.embed(texts, 'document');
    expect(vectors.map((vector) => unitVector(vector) !== null)).toEqual([true, false, true]);
  });
});

describe('a server that is of no use', () => {
  it.each([
    [401, 'MEMORYSTACK_EMBEDDER_API_KEY'],
    [404, 'MEMORYSTACK_EMBEDDER_URL'],
    [400, 'it answered 400'],
    [503, 'it answered 503'],
  ])('that answers %i is told of in words for an operator', async (status, reason) => {
    const embedder = answering(() => ({
      status,
      error: { message: 'private tea' },
      headers: { 'retry-after-ms': '1' },
    }));
    const told = await failure(embedder.embed(['private tea', 'private train'], 'document'));
    expect(told.reason).toContain(reason);
    expect(told.seconds).toBe(10);
  });

  it('is asked again, and then left alone for a while', async () => {
    const embedder = answering(() => ({ status: 500, headers: { 'retry-after-ms': '1' } }));
    await failure(embedder.embed(['tea'], 'document'));
    expect(server.requests).toHaveLength(3);
    clock.ms += 4_000;
    expect((await failure(embedder.embed(['tea'], 'question'))).seconds).toBe(6);
    expect(server.requests).toHaveLength(3);
    clock.ms += 6_001;
    server.script = plainEmbeddings;
    expect(await embedder.embed(['tea'], 'question')).toHaveLength(1);
  });

  it('gives its answer where a repetition has one', async () => {
    const embedder = answering((request, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after-ms': '1' } } : plainEmbeddings(request, number),
    );
    expect(await embedder.embed(['tea'], 'document')).toHaveLength(1);
  });

  it('is left alone for as long as it asks for', async () => {
    const embedder = answering(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    expect((await failure(embedder.embed(['tea'], 'document'))).seconds).toBe(120);
    expect(server.requests).toHaveLength(1);
    expect((await failure(embedder.embed(['tea'], 'document'))).seconds).toBe(120);
    expect(server.requests).toHaveLength(1);
  });

  it('that hangs is waited for no longer than it may take', async () => {
    const told = await failure(answering(() => 'hangs', { timeoutMs: 300 }).embed(['tea'], 'document'));
    expect(told.reason).toContain('it took too long');
  });

  it('that hangs up is one without a connection', async () => {
    const told = await failure(answering(() => 'hangs up').embed(['tea'], 'document'));
    expect(told.reason).toContain('there is no connection');
    expect(server.requests).toHaveLength(3);
  });
});

describe('a budget of tokens a day', () => {
  it('keeps its last fifth for questions, and begins anew at midnight', async () => {
    clock.ms = Date.parse('2024-05-16T22:00:00Z');
    const embedder = answering(({ body }) => ({ vectors: body.input.map(plainVector), tokens: 85 }), {
      tokensPerDay: 100,
    });
    await embedder.embed(['tea'], 'document');
    const told = await failure(embedder.embed(['tea'], 'document'));
    expect(told).toEqual({ seconds: 7_200, reason: expect.stringContaining('TOKENS_PER_DAY are spent') as unknown });
    expect(await embedder.embed(['tea'], 'question')).toHaveLength(1);
    await failure(embedder.embed(['tea'], 'question'));
    clock.ms += 7_200_000;
    expect(await embedder.embed(['tea'], 'document')).toHaveLength(1);
  });

  it('counts for itself where the server does not', async () => {
    const embedder = answering(({ body }) => ({ vectors: body.input.map(plainVector) }), { tokensPerDay: 100 });
    await embedder.embed(['x'.repeat(300)], 'document');
    await failure(embedder.embed(['tea'], 'question'));
  });
});

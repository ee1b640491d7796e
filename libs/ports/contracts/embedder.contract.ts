import { describe, expect, it } from '@jest/globals';
import { Cosines, unitVector } from '#libs/domain/ranking/text-vector.js';
import { type Embedder, EmbedderUnavailable } from '../embedder.js';

/** The promises of `Embedder`, one test each. */
export function embedderContract(name: string, make: () => Embedder): void {
  describe(`${name} keeps the promises of Embedder`, () => {
    const texts = ['green tea', 'a train to Porto', 'green tea', ''];

    it('has a model exactly when its vectors have a length, and refuses to embed without one', async () => {
      const embedder = make();
      expect(embedder.model).not.toBe('');
      expect(embedder.kind === 'none').toBe(embedder.dimensions === 0);
      if (embedder.dimensions > 0) expect(await embedder.embed(texts, 'document')).toHaveLength(texts.length);
      else await expect(embedder.embed(texts, 'document')).rejects.toBeInstanceOf(EmbedderUnavailable);
    });

    it('gives the same vector for the same text, in the order given, whatever stands beside it', async () => {
      const embedder = make();
      if (embedder.dimensions === 0) return expect(embedder.embed([], 'document')).rejects.toThrow('mode=text');
      const vectors = await embedder.embed(texts, 'document');
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
      expect([vectors[1]]).toEqual(await embedder.embed([texts[1]!], 'document'));
      for (const { values } of vectors) expect(values).toHaveLength(embedder.dimensions);
      const longer = Array.from({ length: 12 }, (_, times) => `green tea${' and a train'.repeat(times * times)}`);
      expect((await embedder.embed([...longer, texts[1]!], 'document')).at(-1)).toEqual(vectors[1]);
    });

    it('puts what means the same nearer together than what does not', async () => {
      const embedder = make();
      if (embedder.dimensions === 0) return expect(embedder.kind).toBe('none');
      const [asked] = await embedder.embed(['Which doctor does she see for her teeth?'], 'question');
      const told = ['I have an appointment at the dentist.', 'The train to the coast was late again.'];
      const [near, far] = await embedder.embed(told, 'document');
      const direction = unitVector(asked!)!;
      expect(new Cosines(direction).of(near)).toBeGreaterThan(new Cosines(direction).of(far));
    });

    it('gives nothing for what tells nothing, and takes any text', async () => {
      const embedder = make();
      if (embedder.dimensions === 0) return expect(embedder.kind).toBe('none');
      const [empty, ...others] = await embedder.embed(
        ['', '🙂', '\ud800', '\0', 'tea '.repeat(50_000), '中文'],
        'document',
      );
      expect(unitVector(empty!)).toBeNull();
      for (const { values, scale } of others) {
        expect(values).toHaveLength(embedder.dimensions);
        expect(scale).toBeGreaterThanOrEqual(0);
      }
    });
  });
}

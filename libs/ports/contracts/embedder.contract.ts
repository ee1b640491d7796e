import { describe, expect, it } from '@jest/globals';
import { type Embedder, EmbedderUnavailable } from '../embedder.js';

/** The promises of `Embedder`, one test each. */
export function embedderContract(name: string, make: () => Embedder): void {
  describe(`${name} keeps the promises of Embedder`, () => {
    const texts = ['green tea', 'a train to Porto', 'green tea', ''];

    it('has a model exactly when its vectors have a length, and refuses to embed without one', async () => {
      const embedder = make();
      expect(embedder.model).not.toBe('');
      if (embedder.dimensions > 0) expect(await embedder.embed(texts)).toHaveLength(texts.length);
      else await expect(embedder.embed(texts)).rejects.toBeInstanceOf(EmbedderUnavailable);
    });

    it('gives the same unit vector for the same text, in the order given', async () => {
      const embedder = make();
      if (embedder.dimensions === 0) return expect(embedder.embed([])).rejects.toThrow('mode=text');
      const vectors = await embedder.embed(texts);
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
      for (const vector of vectors) {
        expect(vector).toHaveLength(embedder.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      }
    });
  });
}

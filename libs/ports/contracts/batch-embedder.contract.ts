import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { BatchEmbedder } from '../batch-embedder.js';
import { EmbedderUnreachable } from '../embedder.js';

export interface BatchEmbedderUnderTest {
  provider: BatchEmbedder;
  /** The same provider, asked by another process. */
  elsewhere: BatchEmbedder;
  /** What the embedder of the same model says. */
  vectorOf(text: string): Promise<TextVector>;
  /** A text that the provider refuses, and one that it never comes to. */
  refused: string;
  unanswered: string;
  /** Batches are over now. */
  end(): void;
  /** The provider goes away, and comes back as it was. */
  away(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

/** The promises of `BatchEmbedder`, one test each. */
export function batchEmbedderContract(name: string, start: () => Promise<BatchEmbedderUnderTest>): void {
  describe(`${name} keeps the promises of BatchEmbedder`, () => {
    let subject: BatchEmbedderUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    const tea = [{ key: 'a', text: 'green tea' }];

    it('goes on while this process and the provider are started again', async () => {
      const id = await subject.provider.submit('restarted', tea);
      expect(await subject.provider.state(id)).toBe('running');
      await subject.away();
      await subject.back();
      expect(await subject.elsewhere.state(id)).toBe('running');
      subject.end();
      expect(await subject.elsewhere.state(id)).toBe('over');
      expect([...(await subject.elsewhere.results(id)).vectors.keys()]).toEqual(['a']);
    });

    it('finds a batch by its reference instead of buying it twice', async () => {
      const id = await subject.provider.submit('first', tea);
      expect(await subject.elsewhere.submit('first', tea)).toBe(id);
      expect(await subject.provider.submit('second', tea)).not.toBe(id);
    });

    it('tells at every call of each text its vector or why it has none, and what was billed', async () => {
      const texts = [
        { key: 'tea', text: 'green tea' },
        { key: 'bad', text: subject.refused },
        { key: 'none', text: subject.unanswered },
        { key: 'train', text: 'a train\n"to" the coast \u2028 \ud83d' },
      ];
      const id = await subject.provider.submit('mixed', texts);
      subject.end();
      for (const provider of [subject.provider, subject.elsewhere]) {
        const { vectors, refused, tokens } = await provider.results(id);
        expect([...vectors.keys()].sort()).toEqual(['tea', 'train']);
        for (const { key, text } of [texts[0]!, texts[3]!]) {
          expect(vectors.get(key)).toEqual(await subject.vectorOf(text));
        }
        expect([...refused.keys()]).toEqual(['bad']);
        expect(refused.get('bad')).not.toContain(subject.refused);
        expect(tokens).toBeGreaterThan(0);
      }
    });

    it('says that the provider is away', async () => {
      const id = await subject.provider.submit('away', tea);
      await subject.away();
      await expect(subject.provider.state(id)).rejects.toThrow(EmbedderUnreachable);
      await expect(subject.provider.submit('later', tea)).rejects.toThrow(EmbedderUnreachable);
      await subject.back();
      expect(await subject.provider.state(id)).toBe('running');
    });
  });
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type IndexComparison,
  type IndexEmbedder,
  type IndexGenerations,
  NothingToRollBack,
} from '../index-generations.js';

export interface IndexGenerationsUnderTest {
  generations: IndexGenerations;
  generationsElsewhere: IndexGenerations;
  /** As if none had ever been wanted. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const none = { settings: { name: 'none' }, model: 'none', kind: 'none', dimensions: 0 } as const;
const words = { settings: { name: 'static' }, model: 'words', kind: 'static', dimensions: 100 } as const;
const folder: IndexEmbedder = {
  ...{ settings: { name: 'onnx', folder: '/models/small' }, model: 'small-1f', kind: 'contextual', dimensions: 8 },
};
const comparison: IndexComparison = {
  ...{ questions: 4, foundBefore: 4, foundAfter: 3, shared: 0.75, documentsBefore: 9, documentsAfter: 9 },
};
const hearLimitMs = 10_000;

/** The promises of `IndexGenerations`, one test each. */
export function indexGenerationsContract(name: string, start: () => Promise<IndexGenerationsUnderTest>): void {
  describe(`${name} keeps the promises of IndexGenerations`, () => {
    let subject: IndexGenerationsUnderTest;
    let generations: IndexGenerations;
    beforeAll(async () => {
      subject = await start();
      ({ generations } = subject);
    });
    beforeEach(() => subject.reset());
    afterAll(() => subject.stop());

    /** Which answers, which did before, and of all that are written the number and the state. */
    const standing = async () => {
      const { active, previous, generations: written } = (await generations.known())!;
      return { active, previous, written: written.map(({ id, state }) => `${id} ${state}`) };
    };

    it('has the first one answer at once, and fills a later one beside it', async () => {
      expect(await generations.known()).toBeNull();
      expect(await generations.want(none, 1)).toBe('there');
      expect(await standing()).toEqual({ active: 1, previous: null, written: ['1 complete'] });
      expect(await generations.want(words, 1)).toBe('filling');
      expect(await standing()).toEqual({ active: 1, previous: null, written: ['1 complete', '2 filling'] });
      const { generations: written } = (await subject.generationsElsewhere.known())!;
      expect(written[1]).toMatchObject({ embedder: words, reading: 1, comparison: null, progress: null });
      expect(Date.parse(written[1]!.createdAt)).toBeLessThanOrEqual(Date.now());
    });

    it('makes one anew for another model in the same place', async () => {
      await generations.want(folder, 1);
      expect(await generations.want(folder, 1)).toBe('there');
      expect(await generations.want({ ...folder, model: 'small-2e' }, 1)).toBe('filling');
    });

    it('makes none twice, unless asked to, and gives up one that nobody wants any more', async () => {
      for (const embedder of [none, words, words]) await generations.want(embedder, 1);
      expect((await standing()).written).toEqual(['1 complete', '2 filling']);
      expect(await generations.want(words, 2)).toBe('filling');
      expect((await standing()).written).toEqual(['1 complete', '3 filling']);
      expect(await generations.want(none, 1)).toBe('there');
      expect((await standing()).written).toEqual(['1 complete']);
      expect(await generations.want(none, 1, true)).toBe('filling');
      expect((await standing()).written).toEqual(['1 complete', '4 filling']);
    });

    it('switches and goes back in one step, and remembers what it went back from', async () => {
      await generations.want(none, 1);
      await generations.want(words, 1);
      await generations.compared(2, comparison);
      await generations.activate(2);
      expect(await standing()).toEqual({ active: 2, previous: 1, written: ['1 complete', '2 complete'] });
      expect((await generations.known())!.generations[1]!.comparison).toEqual(comparison);
      await generations.rollBack();
      expect(await standing()).toEqual({ active: 1, previous: 2, written: ['1 complete', '2 rejected'] });
      expect(await generations.want(words, 1)).toBe('rejected');
      await generations.rollBack();
      expect(await standing()).toEqual({ active: 2, previous: 1, written: ['1 rejected', '2 complete'] });
    });

    it('writes three at most: the next switch retires the oldest', async () => {
      for (const embedder of [none, words]) await generations.want(embedder, 1);
      await generations.activate(2);
      await generations.want(folder, 1);
      expect((await standing()).written).toEqual(['1 complete', '2 complete', '3 filling']);
      await generations.activate(3);
      expect(await standing()).toEqual({ active: 3, previous: 2, written: ['2 complete', '3 complete'] });
      expect((await generations.retired(0)).map(({ id }) => id)).toEqual([1]);
      expect(await generations.retired(60)).toEqual([]);
      await generations.removed(1);
      expect(await generations.retired(0)).toEqual([]);
    });

    it('fills again what answered before, when it is wanted again', async () => {
      for (const embedder of [none, words]) await generations.want(embedder, 1);
      await generations.activate(2);
      expect(await generations.want(none, 1)).toBe('filling');
      expect(await standing()).toEqual({ active: 2, previous: 1, written: ['1 filling', '2 complete'] });
      await generations.activate(1);
      expect(await standing()).toEqual({ active: 1, previous: 2, written: ['1 complete', '2 complete'] });
    });

    it('goes back to nothing that was never there or was retired', async () => {
      await generations.want(none, 1);
      await expect(generations.rollBack()).rejects.toBeInstanceOf(NothingToRollBack);
      await generations.want(words, 1);
      await generations.activate(2);
      await generations.retirePrevious();
      expect(await standing()).toEqual({ active: 2, previous: null, written: ['2 complete'] });
      await expect(generations.rollBack()).rejects.toBeInstanceOf(NothingToRollBack);
      expect((await generations.retired(0)).map(({ id }) => id)).toEqual([1]);
    });

    it('gives up one that was found worse: it is written no more, and not made again by itself', async () => {
      for (const embedder of [none, words]) await generations.want(embedder, 1);
      await generations.reject(2);
      expect(await standing()).toEqual({ active: 1, previous: null, written: ['1 complete'] });
      expect((await generations.retired(0)).map(({ id }) => id)).toEqual([2]);
      await generations.removed(2);
      expect(await generations.want(words, 1)).toBe('rejected');
      expect(await generations.want(words, 1, true)).toBe('filling');
    });

    it('shows how far a filling is, and tells every process of changes', async () => {
      let heard = 0;
      const stop = subject.generationsElsewhere.onChange(() => (heard += 1));
      await generations.want(none, 1);
      await generations.want(words, 1);
      const progress = { documents: 3, expected: 9, unread: 1 };
      await generations.progressed(2, progress);
      expect((await generations.known())!.generations[1]!.progress).toEqual(progress);
      await generations.activate(2);
      for (const endMs = Date.now() + hearLimitMs; heard < 3 && Date.now() < endMs;) await sleep(10);
      expect(heard).toBeGreaterThanOrEqual(3);
      stop();
    });

    it('gives numbers out once, whoever wants indexes at the same time', async () => {
      const { generationsElsewhere } = subject;
      const wanted = await Promise.all(
        [generations, generationsElsewhere, generations, generationsElsewhere].map((one) => one.want(words, 1)),
      );
      expect(wanted).toEqual(['there', 'there', 'there', 'there']);
      expect((await standing()).written).toEqual(['1 complete']);
    });
  });
}

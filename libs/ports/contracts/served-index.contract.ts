import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchIndex } from '../search-index.js';
import type { ServedIndex } from '../served-index.js';
import { episode } from './search-documents.fixture.js';

export interface ServedIndexUnderTest {
  served: ServedIndex;
  /** Has another index answer. @returns its number */
  replace(): Promise<number>;
  stop(): Promise<void>;
}

const soonMs = 10_000;

/** The promises of `ServedIndex`, one test each. */
export function servedIndexContract(name: string, start: () => Promise<ServedIndexUnderTest>): void {
  describe(`${name} keeps the promises of ServedIndex`, () => {
    let subject: ServedIndexUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('tells the index that answers with the embedder that its vectors come from', () => {
      const { now } = subject.served;
      expect(now.generation).toBeGreaterThan(0);
      expect(now.vectors.dimensions).toBe(now.embedder.dimensions);
      expect(subject.served.now).toBe(now);
    });

    it('tells another one soon after it took over; what was looked up before can still be asked', async () => {
      const { served, replace } = subject;
      const before = served.now;
      await before.index.apply('acme', { upsert: [episode('e1', { text: 'green tea' })], remove: [] });
      const generation = await replace();
      for (const endMs = Date.now() + soonMs; served.now.generation !== generation; await sleep(10)) {
        if (Date.now() > endMs) throw new Error(`Index ${served.now.generation} still answers.`);
      }
      const sizeOf = (index: SearchIndex) => index.size('acme');
      expect([await sizeOf(before.index), await sizeOf(served.now.index)]).toEqual([1, 0]);
    });
  });
}

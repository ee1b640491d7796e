import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutcomePruning } from '../outcome-pruning.js';

export interface StoredOutcome {
  name: string;
  recordedSecondsAgo: number;
  /** From when it was recorded. */
  validForSeconds: number;
}

/** A store without outcomes, for the tenants `acme` and `other`. */
export interface PruningUnderTest {
  pruning: OutcomePruning;
  store(tenantId: string, outcome: StoredOutcome): Promise<void>;
  /** The names of those that are left, sorted. */
  left(tenantId: string): Promise<string[]>;
  stop(): Promise<void>;
}

const minute = 60;
const day = 86_400;

const outcomes: readonly StoredOutcome[] = [
  { name: 'key of nine days ago', recordedSecondsAgo: 9 * day, validForSeconds: day },
  { name: 'key of two days ago', recordedSecondsAgo: 2 * day, validForSeconds: day },
  { name: 'window that is open', recordedSecondsAgo: 10, validForSeconds: 10 * minute },
  { name: 'window that is over', recordedSecondsAgo: 2 * minute, validForSeconds: minute },
];
const kept = ['key of two days ago', 'window that is open'];

/** The promises of `OutcomePruning`, one test each. */
export function outcomePruningContract(name: string, make: () => Promise<PruningUnderTest>): void {
  describe(`${name} keeps the promises of OutcomePruning`, () => {
    let subject: PruningUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.stop());

    it('removes what can no longer be asked for, of every tenant, and nothing else', async () => {
      for (const tenantId of ['acme', 'other']) {
        for (const outcome of outcomes) await subject.store(tenantId, outcome);
      }
      expect(await subject.pruning.prune()).toBe(4);
      expect(await subject.left('acme')).toEqual(kept);
      expect(await subject.left('other')).toEqual(kept);
    });

    it('may be run again, and in two processes at once', async () => {
      expect(await Promise.all([subject.pruning.prune(), subject.pruning.prune()])).toEqual([0, 0]);
      await subject.store('acme', { name: 'another', recordedSecondsAgo: 2 * minute, validForSeconds: minute });
      const [first, second] = await Promise.all([subject.pruning.prune(), subject.pruning.prune()]);
      expect(first + second).toBe(1);
      expect(await subject.left('acme')).toEqual(kept);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Leadership } from '../leadership.js';

export interface LeadershipUnderTest {
  one: Leadership;
  /** In another process. */
  other: Leadership;
  /** Ends the process of `one`. */
  endOne(): Promise<void>;
  stop(): Promise<void>;
}

const soonMs = 10_000;

/** The promises of `Leadership` where there are several processes. */
export function leadershipContract(name: string, start: () => Promise<LeadershipUnderTest>): void {
  describe(`${name} keeps the promises of Leadership`, () => {
    it('has one process lead at a time, each work by itself, and another one when that ends', async () => {
      const { one, other, endOne, stop } = await start();
      expect(await one.leads('filling')).toBe(true);
      expect([await other.leads('filling'), await one.leads('filling')]).toEqual([false, true]);
      expect([await other.leads('counting'), await one.leads('counting')]).toEqual([true, false]);
      await endOne();
      for (const endMs = Date.now() + soonMs; !(await other.leads('filling')); await sleep(20)) {
        if (Date.now() > endMs) throw new Error('Nobody leads any more.');
      }
      await stop();
    });
  });
}

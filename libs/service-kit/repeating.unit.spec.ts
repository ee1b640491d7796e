import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Repeating } from './repeating.js';

it('does a work one time after the other, also after it failed, and ends when it is stopped', async () => {
  let [begun, ended, atOnce] = [0, 0, 0];
  const failures: unknown[] = [];
  const repeating = new Repeating(
    async () => {
      begun += 1;
      atOnce = Math.max(atOnce, begun - ended);
      await sleep(2);
      ended += 1;
      if (begun === 2) throw new Error('once');
      return 0;
    },
    1,
    (error) => failures.push(error),
  );
  expect(repeating.isStopping).toBe(true);
  repeating.start();
  while (begun < 5) await sleep(1);
  await repeating.stop();
  expect([ended, atOnce, failures]).toEqual([begun, 1, [new Error('once')]]);
  const before = begun;
  await sleep(20);
  expect([begun, repeating.isStopping]).toEqual([before, true]);
});

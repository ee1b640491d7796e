import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conflict, support, weighed } from './confidence.js';

describe('how sure a belief is', () => {
  it.each([
    [0.8, support.newSession, 0.899],
    [0.8, conflict.equal, 0.546],
    [0.5, support.confirmation, 0.881],
    [0.62, support.sameSession, 0.666],
  ])('is the logistic of the sum of log-odds: %d with %d', (before, weight, after) => {
    expect(weighed(before, weight)).toBeCloseTo(after, 3);
  });

  it('does not change by nothing, whatever it was', () => {
    for (const confidence of [0, 0.3, 1]) expect(weighed(confidence, 0)).toBe(confidence);
  });

  it('is never beyond doubt once it is weighed', () => {
    for (const confidence of [0, 1]) {
      expect(weighed(confidence, conflict.equal)).toBeGreaterThan(0);
      expect(weighed(confidence, support.confirmation)).toBeLessThan(1);
    }
  });

  it('does not depend on the order of the evidence', () => {
    const weights = fc.array(fc.constantFrom(...Object.values(support), ...Object.values(conflict)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.98, noNaN: true }), weights, (prior, all) => {
        const inOrder = all.reduce(weighed, prior);
        const sorted = [...all].sort((left, right) => left - right).reduce(weighed, prior);
        expect(sorted).toBeCloseTo(inOrder, 9);
      }),
    );
  });
});

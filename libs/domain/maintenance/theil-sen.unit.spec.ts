import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { theilSen } from './theil-sen.js';

const points = (...values: number[]) => values.map((value, at) => ({ at, value }));

describe('theilSen', () => {
  it('gives the slope of a line, and is not moved by one wild value', () => {
    expect(theilSen(points(1, 3, 5, 7))).toMatchObject({ slope: 2, agreement: 1 });
    expect(theilSen(points(1, 3, 5, 700, 9, 11, 13))!.slope).toBe(2);
  });

  it('knows how often chance orders values so: 2 of 24 orders of four rise or fall throughout', () => {
    expect(theilSen(points(1, 2, 3, 4))!.chance).toBeCloseTo(2 / 24);
    // One inversion or none: 1 + 3 orders of four, either way.
    expect(theilSen(points(1, 2, 4, 3))!.chance).toBeCloseTo(8 / 24);
  });

  it('has nothing to say of one moment', () => {
    expect(
      theilSen([
        { at: 1, value: 1 },
        { at: 1, value: 2 },
      ]),
    ).toBeNull();
  });

  it('turns its sign when the values do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 12 }), (values) => {
        const [up, down] = [theilSen(points(...values))!, theilSen(points(...values.map((value) => -value)))!];
        expect(down.slope + up.slope).toBeCloseTo(0);
        expect(down.chance).toBeCloseTo(up.chance);
      }),
    );
  });
});

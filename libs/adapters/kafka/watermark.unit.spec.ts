import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Watermark } from './watermark.js';

describe('Watermark', () => {
  it('has nothing to store before anything began', () => {
    expect(new Watermark().takeNext()).toBeNull();
  });

  it('stays at the first record that has not ended, and moves past all of them when it has', () => {
    const watermark = new Watermark();
    for (const offset of [5n, 6n, 9n]) watermark.begin(offset);
    watermark.end(6n);
    expect(watermark.takeNext()).toBe(5n);
    expect(watermark.takeNext()).toBeNull();
    watermark.end(5n);
    expect(watermark.takeNext()).toBe(9n);
    watermark.end(9n);
    expect(watermark.takeNext()).toBe(10n);
  });

  it('never goes back, and never passes a record that is under way', () => {
    const records = fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(records, fc.infiniteStream(fc.nat()), (numbers, chance) => {
        const watermark = new Watermark();
        const open = [...numbers].sort((left, right) => left - right);
        for (const offset of open) watermark.begin(BigInt(offset));
        let before = -1n;
        while (open.length > 0) {
          const [ended] = open.splice(chance.next().value % open.length, 1);
          watermark.end(BigInt(ended!));
          const next = watermark.takeNext() ?? before;
          expect(next >= before).toBe(true);
          expect(open.every((offset) => BigInt(offset) >= next)).toBe(true);
          before = next;
        }
      }),
    );
  });
});

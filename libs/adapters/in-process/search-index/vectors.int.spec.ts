import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Cosines, textVector, unitVector } from '#libs/domain/ranking/text-vector.js';
import { Vectors } from './vectors.js';

const seed = Date.now();
const vectorOf = (dimensions: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimensions, maxLength: dimensions })
    .map((numbers) => textVector(Float32Array.from(numbers)));

describe(`vectors of one tenant (seed ${seed})`, () => {
  it.each([3, 16, 100, 384, 3_072])('has every cosine within its error, with %i dimensions', (dimensions) => {
    const some = fc.array(fc.option(vectorOf(dimensions)), { minLength: 1, maxLength: 12 });
    const property = fc.property(vectorOf(dimensions), some, (asked, given) => {
      const direction = unitVector(asked);
      fc.pre(direction !== null && given.some((vector) => vector !== null && vector.scale > 0));
      const vectors = new Vectors();
      given.forEach((vector, slot) => vectors.write(slot, vector));
      const { values, error } = vectors.nearCosines(direction!, 0);
      expect(error).toBeLessThan(0.01);
      given.forEach((vector, slot) => {
        const exact = vector && vector.scale > 0 ? new Cosines(direction!).of(vector) : 0;
        expect(Math.abs((values[slot] ?? 0) - exact)).toBeLessThanOrEqual(error);
      });
    });
    fc.assert(property, { numRuns: dimensions > 1_000 ? 5 : 50, seed });
  });

  it('goes on over many blocks of rows, and forgets what was taken out', () => {
    const vectors = new Vectors();
    const count = 12_000;
    const at = (slot: number) => textVector(Float32Array.from({ length: 100 }, (_, d) => Math.sin(slot * 31 + d)));
    for (let slot = 0; slot < count; slot += 1) vectors.write(slot, at(slot));
    vectors.write(11_000, null);
    const direction = unitVector(at(10_999))!;
    expect(vectors.blocks()).toEqual([0, 8_192]);
    for (const slot of [0, 8_191, 8_192, 10_999, count - 1]) {
      const first = slot - (slot % 8_192);
      const { values, error } = vectors.nearCosines(direction, first);
      expect(Math.abs(values[slot - first]! - new Cosines(direction).of(at(slot)))).toBeLessThanOrEqual(error);
    }
    const { values } = vectors.nearCosines(direction, 8_192);
    expect([values[11_000 - 8_192], vectors.has(11_000), vectors.at(11_000)]).toEqual([0, false, null]);
  });
});

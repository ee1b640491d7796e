import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Cosines, textVector, unitVector, vectorBytes, vectorOfBytes } from './text-vector.js';

const numbers = fc.float32Array({ minLength: 8, maxLength: 8, min: -100, max: 100, noNaN: true });
const length = (vector: ArrayLike<number>): number => Math.hypot(...Array.from(vector));
const plainCosine = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left).reduce((sum, value, at) => sum + value * right[at]!, 0) / (length(left) * length(right));
const real = ({ values, scale }: { values: Int8Array; scale: number }): number[] =>
  Array.from(values, (v) => v * scale);

describe('a vector of small numbers', () => {
  it('is within half a step of what it was made of', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const vector = textVector(given);
        real(vector).forEach((value, at) =>
          expect(Math.abs(value - given[at]!)).toBeLessThanOrEqual(vector.scale * 0.500001),
        );
      }),
    );
  });

  it('comes back from its bytes, also where they lie inside others', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const vector = textVector(given);
        const bytes = vectorBytes(vector);
        const inside = new Uint8Array([7, ...bytes, 7]).subarray(1, bytes.length + 1);
        expect(vectorOfBytes(inside)).toEqual(vector);
      }),
    );
  });

  it('has the cosine of the sum of several', () => {
    fc.assert(
      fc.property(numbers, fc.array(numbers, { minLength: 1, maxLength: 3 }), (asked, given) => {
        const direction = unitVector(textVector(asked));
        const vectors = given.map(textVector);
        const sum = vectors.map(real).reduce((left, right) => left.map((value, at) => value + right[at]!));
        fc.pre(direction !== null && length(sum) > 0.1);
        expect(new Cosines(direction!).of(null, ...vectors)).toBeCloseTo(plainCosine(direction!, sum), 6);
      }),
    );
  });

  it('has no direction where there is nothing, and none beside vectors of another model', () => {
    const nothing = textVector(new Float32Array(8));
    const other = textVector(new Float32Array(4).fill(1));
    expect(unitVector(nothing)).toBeNull();
    expect(unitVector(other, 8)).toBeNull();
    const direction = unitVector(textVector(new Float32Array(8).fill(1)))!;
    expect(new Cosines(direction).of(nothing, other, undefined)).toBe(0);
  });
});

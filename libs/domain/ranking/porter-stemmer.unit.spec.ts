import { describe, expect, it } from '@jest/globals';
import { stem } from './porter-stemmer.js';

describe('stem', () => {
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['agreed', 'agre'],
    ['feed', 'feed'],
    ['plastered', 'plaster'],
    ['bled', 'bled'],
    ['motoring', 'motor'],
    ['sing', 'sing'],
    ['conflated', 'conflat'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['vietnamization', 'vietnam'],
    ['hopefulness', 'hope'],
    ['triplicate', 'triplic'],
    ['adoption', 'adopt'],
    ['controlling', 'control'],
    ['generalizations', 'gener'],
  ])('takes the endings of %s off: %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });

  it('leaves short words, numbers and other scripts alone', () => {
    expect(['is', '2023', 'as400s', 'кошки'].map(stem)).toEqual(['is', '2023', 'as400s', 'кошки']);
  });

  it('takes a run of y, where each letter depends on the one before, in linear time', () => {
    expect(stem('y'.repeat(50_000) + 's')).toHaveLength(50_000);
  });
});

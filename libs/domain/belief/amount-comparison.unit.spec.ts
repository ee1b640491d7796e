import { describe, expect, it } from '@jest/globals';
import { compareAmounts, withoutAmounts } from './amount-comparison.js';
import type { Claim } from './claim.js';

const amount = (normal: string, number: number, slot = 'budget'): Claim => ({
  ...{ subject: 'self', slot, value: normal, normal, polarity: 'positive', modality: 'asserted', aspect: 'current' },
  ...{ qualifiers: [], quantity: { amount: number, unit: 'eur' }, validFrom: null, validTo: null },
});

describe('comparing amounts', () => {
  it.each([
    ['the same one', '900eur', 900, '900eur', 900, 'equal'],
    ['another one', '900eur', 900, '950eur', 950, 'different'],
    ['an exact one near a vague one', '~900eur', 900, '920eur', 920, 'narrower'],
    ['an exact one far from a vague one', '~900eur', 900, '1400eur', 1400, 'different'],
    ['one below its bound', '<900eur', 900, '700eur', 700, 'narrower'],
    ['one above its bound', '<900eur', 900, '950eur', 950, 'different'],
    ['one above its least', '>900eur', 900, '950eur', 950, 'narrower'],
    ['one below its least', '>900eur', 900, '700eur', 700, 'different'],
    ['another bound of the same kind', '<900eur', 900, '<700eur', 700, 'different'],
    ['one in a range', '200..400eur', 400, '310eur', 310, 'narrower'],
    ['one outside of a range', '200..400eur', 400, '500eur', 500, 'different'],
    ['a smaller range', '200..400eur', 400, '250..300eur', 300, 'narrower'],
    ['a vague one after an exact one', '920eur', 920, '~900eur', 900, 'wider'],
  ])('%s', (_, older, olderAmount, newer, newerAmount, expected) => {
    expect(compareAmounts(amount(older, olderAmount), amount(newer, newerAmount))).toBe(expected);
  });

  it('takes a limit for a bound', () => {
    expect(compareAmounts(amount('50eur', 50, 'limit'), amount('<80eur', 80))).toBe('different');
    expect(compareAmounts(amount('50eur', 50, 'limit'), amount('<50eur', 50))).toBe('equal');
  });

  it('compares no other units, and nothing without an amount', () => {
    const days: Claim = { ...amount('9day', 9), quantity: { amount: 9, unit: 'day' } };
    expect(compareAmounts(amount('9eur', 9), days)).toBeUndefined();
    expect(compareAmounts(amount('9eur', 9), { ...days, quantity: null })).toBeUndefined();
  });

  it('drops amounts with and without a mark', () => {
    expect(withoutAmounts('~20mg of <5 x')).toBe('of x');
  });
});

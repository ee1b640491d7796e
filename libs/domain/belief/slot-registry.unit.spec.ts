import { describe, expect, it } from '@jest/globals';
import type { Claim } from './claim.js';
import { SLOT_RULES, slotKeyOf, slotRuleOf } from './slot-registry.js';

const claim = (fields: Partial<Claim>): Claim => ({
  ...{
    subject: 'self',
    slot: 'residence',
    value: 'Leeds',
    normal: 'leeds',
    polarity: 'positive',
    modality: 'asserted',
  },
  ...{ aspect: 'current', qualifiers: [], quantity: null, validFrom: null, validTo: null },
  ...fields,
});

describe('the slot registry', () => {
  it('names each slot once', () => {
    const names = SLOT_RULES.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('reads the topic of a slot, and takes a slot without a row for a property with one value', () => {
    expect(slotRuleOf('favorite:season').name).toBe('favorite');
    expect(slotRuleOf('wifi password')).toMatchObject({ cardinality: 'one', mutability: 'state' });
  });
});

describe('what a claim reserves', () => {
  it('is its slot where one value holds, whatever the value and its polarity', () => {
    const keys = [
      claim({}),
      claim({ normal: 'bristol' }),
      claim({ polarity: 'negative' }),
      claim({ aspect: 'ended' }),
    ].map(slotKeyOf);
    expect(new Set(keys)).toEqual(new Set(['self|residence']));
  });

  it('is its slot and value where many hold, so that a value and its denial meet', () => {
    const bees = claim({ slot: 'allergy', normal: 'bee' });
    expect(slotKeyOf(bees)).toBe(slotKeyOf({ ...bees, polarity: 'negative' }));
    expect(slotKeyOf(bees)).not.toBe(slotKeyOf({ ...bees, normal: 'cat' }));
  });

  it('is shared by slots that hold the same things, so that a sale meets what is driven', () => {
    const driven = claim({ slot: 'vehicle', normal: 'golf' });
    expect(slotKeyOf(driven)).toBe(
      slotKeyOf(claim({ slot: 'possession', normal: 'golf', aspect: 'ended', polarity: 'negative' })),
    );
  });

  it('tells subjects, topics and conditions apart', () => {
    const keys = [
      claim({}),
      claim({ subject: 'kate' }),
      claim({ slot: 'favorite:season' }),
      claim({ slot: 'favorite:color' }),
      claim({ slot: 'schedule:wake up', qualifiers: ['w=weekday'] }),
      claim({ slot: 'schedule:wake up', qualifiers: ['w=weekend'] }),
    ].map(slotKeyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('meets states that exclude each other, and no others', () => {
    const status = (normal: string): string | null => slotKeyOf(claim({ subject: 'bug 77', slot: 'status', normal }));
    expect(status('open')).toBe(status('resolved'));
    expect(status('noisy')).not.toBe(status('heavy'));
  });

  it('is the same for every dose of a medicine', () => {
    const dose = (normal: string): string | null => slotKeyOf(claim({ slot: 'medication', normal }));
    expect(dose('20mg ramipril')).toBe(dose('40mg ramipril'));
  });

  it('is nothing for what nobody can own', () => {
    const free = [
      claim({ modality: 'wish' }),
      claim({ modality: 'plan' }),
      claim({ modality: 'question' }),
      claim({ modality: 'hypothetical' }),
      claim({ modality: 'reported' }),
      claim({ aspect: 'past' }),
      claim({ slot: 'event' }),
      claim({ slot: 'statistic:renewals' }),
      claim({ slot: 'any' }),
    ];
    expect(free.map(slotKeyOf)).toEqual(free.map(() => null));
  });
});

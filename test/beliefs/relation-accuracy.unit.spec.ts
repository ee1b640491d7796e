import { describe, expect, it } from '@jest/globals';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import {
  BLIND_PAIRS,
  DAILY_PAIRS,
  FURTHER_PAIRS,
  HARD_PAIRS,
  KEPT_PAIRS,
  LATER_PAIRS,
  OWN_PAIRS,
  PEOPLE_PAIRS,
  PLAIN_PAIRS,
  UNSEEN_PAIRS,
  WORK_PAIRS,
} from './labelled-pairs.js';
import { scorePairs } from './scoring.js';

/** The bars of the design, for rules without any model. */
const ACCURACY_MIN = 0.85;
const CONTRADICTION_F1_MIN = 0.9;
const WRONGLY_RETIRED_MAX = 0.03;

describe('reading and relating labelled pairs', () => {
  it.each([
    ['our own', OWN_PAIRS],
    ['further', FURTHER_PAIRS],
    ['blind', BLIND_PAIRS],
    ['unseen', UNSEEN_PAIRS],
    ['hard', HARD_PAIRS],
    ['people', PEOPLE_PAIRS],
    ['plain', PLAIN_PAIRS],
    ['later', LATER_PAIRS],
    ['kept', KEPT_PAIRS],
  ])('%s pairs: meets the bars', (_, pairs) => {
    const { accuracy, contradictionF1, wronglyRetired, misses } = scorePairs(new RulesStatementReader(), pairs);
    if (accuracy < ACCURACY_MIN) console.warn(misses.join('\n'));
    expect(accuracy).toBeGreaterThanOrEqual(ACCURACY_MIN);
    expect(contradictionF1).toBeGreaterThanOrEqual(CONTRADICTION_F1_MIN);
    expect(wronglyRetired).toBeLessThanOrEqual(WRONGLY_RETIRED_MAX);
  });

  it.each([
    ['work', WORK_PAIRS, { accuracy: 0.84, contradictionF1: 0.88, wronglyRetired: 0.012 }],
    ['daily', DAILY_PAIRS, { accuracy: 0.865, contradictionF1: 0.925, wronglyRetired: 0.012 }],
  ] as const)('%s pairs: keeps what was reached', (_, pairs, bars) => {
    const { accuracy, contradictionF1, wronglyRetired, misses } = scorePairs(new RulesStatementReader(), pairs);
    if (accuracy < bars.accuracy) console.warn(misses.join('\n'));
    expect(accuracy).toBeGreaterThanOrEqual(bars.accuracy);
    expect(contradictionF1).toBeGreaterThanOrEqual(bars.contradictionF1);
    expect(wronglyRetired).toBeLessThanOrEqual(bars.wronglyRetired);
  });

  it('has enough pairs of our own, each with its best relation among the accepted ones', () => {
    expect(OWN_PAIRS.length).toBeGreaterThanOrEqual(300);
    const relations = ['contradicts', 'duplicate', 'extends', 'refines', 'unrelated'];
    expect([...new Set(OWN_PAIRS.map(({ relation }) => relation))].sort()).toEqual(relations);
    for (const { accept, relation, kind } of [
      ...OWN_PAIRS,
      ...FURTHER_PAIRS,
      ...BLIND_PAIRS,
      ...UNSEEN_PAIRS,
      ...HARD_PAIRS,
      ...WORK_PAIRS,
      ...DAILY_PAIRS,
      ...KEPT_PAIRS,
    ]) {
      expect(relations).toEqual(expect.arrayContaining([...accept]));
      expect(kind !== null).toBe(relation === 'contradicts');
    }
  });

  it('gives the same answer whatever was read and related before', () => {
    const once = scorePairs(new RulesStatementReader(), OWN_PAIRS);
    expect(scorePairs(new RulesStatementReader(), [...OWN_PAIRS].reverse()).accuracy).toBe(once.accuracy);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { type BeliefPolicies, type BeliefPolicy, standardPolicies } from './policy.js';
import { conflictWeights, type Side, verdictOn } from './verdict.js';

const reader = new RulesStatementReader();
const monday = '2026-03-02T10:00:00.000Z';
const tuesday = '2026-03-03T10:00:00.000Z';

function side(text: string, more: Partial<Side> = {}, observedAt = tuesday): Side {
  return { statement: reader.read(text, { observedAt }), confidence: 0.8, source: 'user', validFrom: null, ...more };
}
const leeds = side('I live in Leeds.', {}, monday);
const moved = side('I moved to York.');
const withState = (state: BeliefPolicy): BeliefPolicies => ({ ...standardPolicies, state });

describe('what becomes of a belief that a statement contradicts', () => {
  it('a sure update ends it, from when the statement is true', () => {
    const verdict = verdictOn(moved, leeds, false, standardPolicies);
    expect(verdict).toMatchObject({ stays: 'told', isLate: false, policy: 'latest_wins' });
    expect(verdict.closedFrom).toEqual({ instant: tuesday, precision: 'instant' });
  });

  it('what was told before it and comes late is closed by it', () => {
    const verdict = verdictOn(leeds, moved, false, standardPolicies);
    expect(verdict).toMatchObject({ stays: 'held', isLate: true });
    expect(verdict.closedFrom).toEqual({ instant: tuesday, precision: 'instant' });
  });

  it('a bare conflict ends neither', () => {
    const verdict = verdictOn(
      side('Nina was born in Bruges.'),
      side('Nina was born in Ghent.'),
      false,
      standardPolicies,
    );
    expect(verdict).toMatchObject({ stays: 'both', relation: { relation: 'contradicts' }, closedFrom: null });
  });

  it('nothing that does not contradict it ends it', () => {
    expect(verdictOn(side('I like tea.'), leeds, false, standardPolicies)).toMatchObject({ stays: 'both' });
  });

  it.each([
    ['latest_wins', 0.1, 'user', 'told'],
    ['keep_both_flag', 0.9, 'user', 'both'],
    ['ask', 0.9, 'user', 'both'],
    ['highest_confidence', 0.9, 'user', 'told'],
    ['highest_confidence', 0.8, 'user', 'told'],
    ['highest_confidence', 0.1, 'user', 'held'],
    ['source_rank', 0.8, 'user', 'told'],
    ['source_rank', 0.8, 'assistant', 'held'],
    ['source_rank', 0.8, 'system_of_record', 'told'],
  ] as const)('by the policy %s, with confidence %d from %s: %s', (policy, confidence, source, stays) => {
    const told = side('I moved to York.', { confidence, source });
    expect(verdictOn(told, leeds, false, withState(policy)).stays).toBe(stays);
  });
});

describe('what an open contradiction takes from both', () => {
  it.each([
    ['user', 'user', -1.2, -1.2],
    ['system_of_record', 'user', -0.6, -2],
    ['assistant', 'user', -2, -0.6],
  ])('told by %s, held from %s', (toldBy, heldFrom, told, held) => {
    const [left, right] = [side('I moved to York.', { source: toldBy }), { ...leeds, source: heldFrom }];
    const verdict = verdictOn(left, right, false, standardPolicies);
    expect(conflictWeights(left, right, verdict)).toEqual({ told, held });
  });

  it('is nothing while somebody is asked', () => {
    expect(conflictWeights(moved, leeds, verdictOn(moved, leeds, false, withState('ask')))).toEqual({
      told: 0,
      held: 0,
    });
  });
});

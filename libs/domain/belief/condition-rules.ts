import { found, isOne, isOpposed, isSame } from './finding.js';
import type { ClaimPair, Finding } from './finding.js';
import type { Claim } from './claim.js';
import { areAlternatives } from './opposites.js';
import { areRivals } from './value-comparison.js';

export function disjointConditions(pair: ClaimPair): Finding | null {
  const facet = otherFacet(pair);
  if (facet !== null) return facet;
  if (isElsewhereOnce(pair)) return found(pair, 'relation.single_slot', 'contradicts', 0.7, 'conflict');
  if (pair.conditions === 'disjoint') {
    const isSameValue = isSame(pair) && !isOpposed(pair);
    return found(pair, 'relation.disjoint_condition', 'extends', isSameValue ? 0.7 : 0.8);
  }
  if (pair.conditions === 'other' && !isOpposed(pair) && areOccasions(pair.older.qualifiers, pair.newer.qualifiers))
    return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  if (
    pair.conditions === 'narrower' &&
    !isOpposed(pair) &&
    (pair.values === 'different' || pair.values === 'opposite') &&
    !pair.b.cues.change
  )
    return isTopical(pair.newer) ? null : found(pair, 'relation.disjoint_condition', 'extends', 0.7);
  if (
    pair.conditions === 'other' &&
    !isOpposed(pair) &&
    pair.values === 'different' &&
    !pair.b.cues.change &&
    !isTopical(pair.older) &&
    !isTopical(pair.newer)
  )
    return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  if (
    pair.conditions === 'wider' &&
    !isOpposed(pair) &&
    pair.values === 'different' &&
    pair.older.qualifiers.some((one) => /^(?:[wp]=|when |at home|at work|on )/.test(one))
  )
    return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  return null;
}

const ONCE = /^(?:do|quantity):(?:spend|celebrate|marry|wed|graduate|found|die|propose|honeymoon)(?: |$)/;

/** "Spent Christmas 2022 in Vienna", "at home in Hull": nobody was in both. */
function isElsewhereOnce({ slot, values, conditions, older, newer, b }: ClaimPair): boolean {
  const isPlace = (one: string): boolean => /^(?:in|at) [a-z]/.test(one);
  return (
    ONCE.test(slot) &&
    values === 'equal' &&
    conditions === 'disjoint' &&
    [older, newer].every(({ aspect, qualifiers }) => aspect === 'past' && qualifiers.some(isPlace)) &&
    !b.cues.addition
  );
}

/** "If it rains" and "on Sundays" each limit the fact. */
function areOccasions(older: readonly string[], newer: readonly string[]): boolean {
  const isOccasion = (one: string): boolean => /^(?:if|when|whenever|unless|while) /.test(one) || /^[wps]=/.test(one);
  return older.some(isOccasion) && newer.some(isOccasion);
}

/** How often, by what means, in which version: told of the same thing, one of them is no longer so. */
function otherFacet(pair: ClaimPair): Finding | null {
  const { older, newer, values, conditions, b } = pair;
  if (
    values !== 'equal' ||
    conditions !== 'disjoint' ||
    isOpposed(pair) ||
    older.aspect !== newer.aspect ||
    b.cues.addition
  )
    return null;
  const removed = older.qualifiers.filter((one) => !newer.qualifiers.includes(one));
  const added = newer.qualifiers.filter((one) => !older.qualifiers.includes(one));
  const [was, is] = [removed[0]!, added[0]!];
  if (removed.length !== 1 || added.length !== 1) return null;
  if (was.startsWith('f=') && is.startsWith('f='))
    return found(pair, 'relation.single_slot', 'contradicts', 0.82, 'update');
  const [before, after] = [was.split(' '), is.split(' ')];
  if (isOne(pair) && /^(?:on|by) d=/.test(was) && /^(?:on|by) d=/.test(is))
    return found(pair, 'relation.single_slot', 'contradicts', 0.82, 'update');
  if (before[0] !== after[0] || was.includes('=')) return null;
  const isNumbered = withoutNumbers(before) === withoutNumbers(after) && before.length > 1;
  const isManner =
    (/^(?:by|via|through|with|from|to|until|as)$/.test(before[0]!) &&
      areRivals(before.slice(1).join(' '), after.slice(1).join(' '))) ||
    (before[0] === 'in' && areAlternatives(before.slice(1).join(' '), after.slice(1).join(' ')));
  return isNumbered || isManner ? found(pair, 'relation.single_slot', 'contradicts', 0.78, 'update') : null;
}

/** "With family": among whom it is so. */
const COMPANY = /^(?:with|among) (?:family|friend|colleague|client|customer|parent|stranger|guest|relative|coworker)/;

const withoutNumbers = (words: readonly string[]): string => words.filter((word) => !/^[~<>]?\d/.test(word)).join(' ');

/** Conditions that tell more about the fact without limiting it ("works at Figma as a designer", "with my wife"). */
const isTopical = ({ qualifiers }: Claim): boolean =>
  qualifiers.every(
    (one) =>
      (/^(?:as|with|because|since|from|by|via|due|near|per) /.test(one) && !COMPANY.test(one)) || /^r=/.test(one),
  );

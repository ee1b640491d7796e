import { compareAmounts, countAmounts, withoutAmounts } from './amount-comparison.js';
import type { Claim } from './claim.js';
import { isKindOf, withoutDirections } from './kinds.js';
import { compareMoments, isMoment } from './moment-comparison.js';
import { areAlternatives, areOpposite } from './opposites.js';

/** How the value of the newer claim stands to that of the older one. */
export type Comparison = 'equal' | 'narrower' | 'wider' | 'opposite' | 'different';

export function compareValues(older: Claim, newer: Claim): Comparison {
  if (older.normal === newer.normal) return 'equal';
  if (isMoment(older.normal) && isMoment(newer.normal)) return compareMoments(older.normal, newer.normal);
  return compareMeasured(older, newer) ?? compareWords(older.normal, newer.normal);
}

function compareMeasured(older: Claim, newer: Claim): Comparison | undefined {
  // Of several numbers, as in a telephone number, none is an amount of its own.
  if (countAmounts(older.normal) > 1 || countAmounts(newer.normal) > 1) return undefined;
  const amounts = compareAmounts(older, newer);
  if (amounts === undefined) return undefined;
  const rest = compareWords(withoutAmounts(older.normal), withoutAmounts(newer.normal));
  if (rest === 'different' || rest === 'opposite') return undefined;
  return amounts === 'equal' ? rest : amounts;
}

/** They tell nothing about the value itself. */
const LIGHT =
  /^(?:yet|already|still|now|currently|again|really|very|quite|exactly|just|both|own|mr|mrs|ms|miss|dr|prof|professor|sir|madam)$/;
/** They name nothing: what stands in their place later tells more. */
const INDEFINITE =
  /^(?:someth|something|someone|somebody|somewhere|anything|one|1|several|some|few|many|various|multiple|numerous|couple|certain|any|known|thing)$/;

const LINK = /^(?:on|from|in|at|of|with)$/;

const wordsOf = (value: string): string[] =>
  value === '' ? [] : value.split(' ').filter((word, _, all) => all.length === 1 || !LIGHT.test(word));

/** By their words: the same ones, one more, a narrower kind, or the opposite one in the same place. */
export function compareWords(older: string, newer: string): Comparison {
  if (older === newer) return 'equal';
  const before = wordsOf(older);
  const after = wordsOf(newer);
  const removed = before.filter((word) => !after.includes(word));
  const added = after.filter((word) => !before.includes(word));
  if (removed.length === 0 && added.length === 0) return 'equal';
  if (removed.length === 0) return 'narrower';
  if (added.length === 0) return 'wider';
  const [was, is] = [removed.join(' '), added.join(' ')];
  if (/^[\d.]+$/.test(was) && is.startsWith(`${was}.`)) return 'narrower';
  if (/^[\d.]+$/.test(is) && was.startsWith(`${is}.`)) return 'wider';
  if (areOpposite(was, is) || areOpposite(older, newer)) return 'opposite';
  const isLink = (word: string): boolean => LINK.test(word);
  // "Type 1" and "type 2": two numbers name two things.
  const areFigures = [...removed, ...added].every((word) => /^\d/.test(word));
  if (!areFigures && removed.every((word) => INDEFINITE.test(word) || isLink(word)) && !removed.every(isLink))
    return 'narrower';
  if (!areFigures && added.every((word) => INDEFINITE.test(word) || isLink(word)) && !added.every(isLink))
    return 'wider';
  if (removed.length === 1 && added.length === 1 && isNearSpelling(was, is)) return 'equal';
  if (
    isKindOf(is, was) ||
    isKindOf(newer, older) ||
    isKindOf(withoutDirections(newer), withoutDirections(older)) ||
    (removed.length === 1 && added.some((word) => isKindOf(word, was)))
  )
    return 'narrower';
  if (isKindOf(was, is) || isKindOf(older, newer) || (added.length === 1 && removed.some((word) => isKindOf(word, is))))
    return 'wider';
  return 'different';
}

/** One is the other with a usual ending: "swim" and "swimming", "Figma" and "Figma's". */
function isNearSpelling(left: string, right: string): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  return (
    short.length >= 4 &&
    long.startsWith(short) &&
    /^(?:s|es|ing|ming|ning|ting|'s|ed|d|er|ly)$/.test(long.slice(short.length))
  );
}

/** Two values of which usually one is chosen: of one class, or of one noun ("light mode", "dark mode"). */
export function areRivals(older: string, newer: string): boolean {
  const before = older.split(' ');
  const after = newer.split(' ');
  const removed = before.filter((word) => !after.includes(word));
  const added = after.filter((word) => !before.includes(word));
  if (removed.length === 0 || added.length === 0) return false;
  if (areAlternatives(removed.join(' '), added.join(' ')) || areAlternatives(older, newer)) return true;
  const isSameNoun = before.length > 1 && after.length > 1 && before.at(-1) === after.at(-1);
  return isSameNoun || areAlternatives(removed.at(-1)!, added.at(-1)!) || areAlternatives(removed[0]!, added[0]!);
}

/** How the conditions of the newer claim stand to those of the older one. */
export type ConditionComparison = 'same' | 'narrower' | 'wider' | 'disjoint' | 'other';

export function compareConditions(older: readonly string[], newer: readonly string[]): ConditionComparison {
  const removed = older.filter((one) => !newer.includes(one));
  const added = newer.filter((one) => !older.includes(one));
  if (removed.length === 0) return added.length === 0 ? 'same' : 'narrower';
  if (added.length === 0) return 'wider';
  if (!isMoment(removed[0]!) && contentWords(removed).every((word) => contentWords(added).includes(word)))
    return 'narrower';
  if (
    !isMoment(added[0]!) &&
    contentWords(added).length > 0 &&
    contentWords(added).every((word) => contentWords(removed).includes(word))
  )
    return 'wider';
  const comparable = removed.some((was) => added.some((is) => isSameKindOfCondition(was, is)));
  return comparable ? 'disjoint' : 'other';
}

const contentWords = (conditions: readonly string[]): string[] => conditions.flatMap((one) => one.split(' ').slice(1));

/** "at work" and "at home", "w=weekday" and "w=weekend": the same question, answered otherwise. */
function isSameKindOfCondition(left: string, right: string): boolean {
  if (isMoment(left) || isMoment(right)) return left.slice(0, 2) === right.slice(0, 2);
  return left.split(' ')[0] === right.split(' ')[0];
}

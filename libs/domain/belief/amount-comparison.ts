import type { Claim } from './claim.js';
import type { Comparison } from './value-comparison.js';

/** Amounts in other units are rounded: 180 lb and 82 kg are the same weight. */
const AMOUNT_TOLERANCE = 0.015;
/** "About 20,000" may stand for anything that far from it. */
const ABOUT_TOLERANCE = 0.15;

/** `~900usd` is about, `<50000eur` at most, `>4` at least, `10..15` between. */
const AMOUNT = /(?:^| )([~<>]?)(\d[\d.]*?)(?:\.\.(\d[\d.]*\d|\d))?(?![\d.])/;

interface Extent {
  bound: string;
  low: number;
  high: number;
}

const isAmountWord = (word: string): boolean => /^[~<>]?\d/.test(word);

export const countAmounts = (normal: string): number => normal.split(' ').filter(isAmountWord).length;

const CURRENCY = /^(?:usd|eur|gbp|jpy|chf|inr|nok|sek|mxn|brl|zar|pln|huf|krw|cny|try|thb|ils|aed|aud|cad)$/;

export const isCurrency = (unit: string): boolean => CURRENCY.test(unit);

/** A value without its amounts. */
export const withoutAmounts = (normal: string): string =>
  normal
    .split(' ')
    .filter((word) => !isAmountWord(word))
    .join(' ');

/** A limit of 50 is "up to 50". */
function extentOf({ slot, normal, quantity }: Claim): Extent {
  const [, marked, from, to] = AMOUNT.exec(normal) ?? [];
  const bound = marked === '' && slot.startsWith('limit') ? '<' : marked;
  const amount = quantity!.amount;
  if (to !== undefined && from !== undefined) return { bound: '..', low: Number(from), high: Number(to) };
  if (bound === '<') return { bound, low: Number.NEGATIVE_INFINITY, high: amount };
  if (bound === '>') return { bound, low: amount, high: Number.POSITIVE_INFINITY };
  const around = bound === '~' ? ABOUT_TOLERANCE * Math.abs(amount) : 0;
  return { bound: bound ?? '', low: amount - around, high: amount + around };
}

/** Two amounts of one unit: an exact one inside a vague one or a range is narrower, never another. */
export function compareAmounts(older: Claim, newer: Claim): Comparison | undefined {
  const [left, right] = [older.quantity, newer.quantity];
  if (left === null || right === null || left.unit !== right.unit) return undefined;
  const [before, after] = [extentOf(older), extentOf(newer)];
  const tolerance = left.unit !== null && /^(?:kg|m|l|degree)$/.test(left.unit) ? AMOUNT_TOLERANCE : 0;
  const slack = tolerance * Math.max(Math.abs(left.amount), Math.abs(right.amount));
  const isClose = Math.abs(left.amount - right.amount) <= slack;
  if (before.bound === after.bound) {
    if (before.bound === '..' && before.low === after.low && before.high === after.high) return 'equal';
    if (before.bound === '..') return contained(before, after) ?? 'different';
    return isClose ? 'equal' : 'different';
  }
  if (isVague(before) && isVague(after)) return isClose || overlaps(before, after) ? 'wider' : 'different';
  return contained(before, after) ?? (overlaps(before, after) ? 'wider' : 'different');
}

const isVague = ({ bound }: Extent): boolean => bound === '~' || bound === '<' || bound === '>';

function contained(before: Extent, after: Extent): Comparison | undefined {
  if (before.low <= after.low && after.high <= before.high) return 'narrower';
  return after.low <= before.low && before.high <= after.high ? 'wider' : undefined;
}

const overlaps = (before: Extent, after: Extent): boolean => before.low <= after.high && after.low <= before.high;

import type { Claim } from './claim.js';
import { isKindOf } from './kinds.js';
import { areAlternatives, areOpposite } from './opposites.js';

/** How the value of the newer claim stands to that of the older one. */
export type Comparison = 'equal' | 'narrower' | 'wider' | 'opposite' | 'different';

/** Amounts in other units are rounded: 180 lb and 82 kg are the same weight. */
const AMOUNT_TOLERANCE = 0.015;

export function compareValues(older: Claim, newer: Claim): Comparison {
  if (older.normal === newer.normal) return 'equal';
  if (isMoment(older.normal) && isMoment(newer.normal)) return compareMoments(older.normal, newer.normal);
  const amounts = compareAmounts(older, newer);
  if (amounts !== undefined) return amounts;
  return compareWords(older.normal, newer.normal);
}

const isMoment = (normal: string): boolean => /^[a-z]=/.test(normal);

/** Part by part: a part that only one names makes it narrower, a part that differs makes it another. */
function compareMoments(older: string, newer: string): Comparison {
  const before = partsOf(older);
  const after = partsOf(newer);
  let shared = 0;
  for (const [part, value] of after) {
    const was = before.get(part);
    if (was === undefined) {
      if (part === 'm' && before.has('s') && !isInSeason(before.get('s')!, Number(value))) return 'different';
      if (part === 'm' && before.has('q') && Math.ceil(Number(value) / 3) !== Number(before.get('q')))
        return 'different';
      continue;
    }
    if (!isSamePart(part, was, value)) return part === 'p' && after.has('t') ? 'wider' : 'different';
    shared += 1;
  }
  const isWithin = after.has('m') && (before.has('s') || before.has('q')) && before.size === shared + 1;
  if (isWithin) return 'narrower';
  if (shared === before.size) return shared === after.size ? 'equal' : 'narrower';
  if (shared === after.size && shared > 0) return 'wider';
  return fitsPartOfDay(before, after) ? 'narrower' : 'different';
}

const SEASON_STARTS: Readonly<Record<string, number>> = { spring: 3, summer: 6, autumn: 9, winter: 12 };

/** Seasons of the north; winter reaches into the next year. */
function isInSeason(season: string, month: number): boolean {
  const start = SEASON_STARTS[season];
  return start !== undefined && (month - start + 12) % 12 < 3;
}

function fitsPartOfDay(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
  const part = before.get('p');
  const hour = Number(after.get('t')?.split(':')[0] ?? Number.NaN);
  if (part === undefined || Number.isNaN(hour)) return false;
  const [from, to] = { morning: [5, 12], afternoon: [12, 18], evening: [17, 23], night: [19, 28] }[part] ?? [0, 0];
  return hour >= from! && hour <= to!;
}

function partsOf(moment: string): Map<string, string> {
  return new Map(
    moment
      .split(' ')
      .map((part) => [part.slice(0, 1), part.slice(2)] as const)
      .filter(([name]) => name !== 'r'),
  );
}

/** "At 2" may be 02:00 or 14:00: hours without a leading zero or a half of the day leave it open. */
function isSamePart(part: string, left: string, right: string): boolean {
  if (left === right) return true;
  if (part === 'w')
    return (
      (left === 'weekend' && /^s(?:at|un)$/.test(right)) ||
      (left === 'weekday' && /^(?:mon|tue|wed|thu|fri)$/.test(right))
    );
  if (part !== 't') return false;
  const [open, fixed] = isOpenHour(left) ? [left, right] : [right, left];
  if (!isOpenHour(open)) return false;
  const [hour, minutes] = open.split(':');
  const [fixedHour, fixedMinutes] = fixed.split(':');
  return minutes === fixedMinutes && Number(hour) % 12 === Number(fixedHour) % 12;
}

const isOpenHour = (time: string): boolean => /^(?:[1-9]|1[0-2]):/.test(time) && !time.startsWith('0');

function compareAmounts(older: Claim, newer: Claim): Comparison | undefined {
  const [left, right] = [older.quantity, newer.quantity];
  if (left === null || right === null || left.unit !== right.unit) return undefined;
  const rest = compareWords(withoutAmounts(older.normal), withoutAmounts(newer.normal));
  if (rest === 'different' || rest === 'opposite') return undefined;
  const inside = insideRange(older.normal, right.amount);
  if (inside !== undefined) return inside;
  const tolerance = left.unit !== null && /^(?:kg|m|l)$/.test(left.unit) ? AMOUNT_TOLERANCE : 0;
  const isSame =
    Math.abs(left.amount - right.amount) <= tolerance * Math.max(Math.abs(left.amount), Math.abs(right.amount));
  return isSame ? rest : 'different';
}

/** Of "between 200 and 400 euros", 310 is a narrower case; undefined when the older value is no range. */
function insideRange(older: string, amount: number): Comparison | undefined {
  const bounds = /(?:^| )([\d.]+)\.\.([\d.]+)/.exec(older);
  if (bounds === null) return undefined;
  return Number(bounds[1]) <= amount && amount <= Number(bounds[2]) ? 'narrower' : 'different';
}

const withoutAmounts = (normal: string): string =>
  normal
    .split(' ')
    .filter((word) => !/^\d/.test(word))
    .join(' ');

/** By their words: the same ones, one more, a narrower kind, or the opposite one in the same place. */
export function compareWords(older: string, newer: string): Comparison {
  if (older === newer) return 'equal';
  const before = older === '' ? [] : older.split(' ');
  const after = newer === '' ? [] : newer.split(' ');
  const removed = before.filter((word) => !after.includes(word));
  const added = after.filter((word) => !before.includes(word));
  if (removed.length === 0 && added.length === 0) return 'equal';
  if (removed.length === 0) return 'narrower';
  if (added.length === 0) return 'wider';
  const [was, is] = [removed.join(' '), added.join(' ')];
  if (areOpposite(was, is) || areOpposite(older, newer)) return 'opposite';
  if (removed.length === 1 && added.length === 1 && isNearSpelling(was, is)) return 'equal';
  if (
    isKindOf(is, was) ||
    isKindOf(newer, older) ||
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
  const comparable = removed.some((was) => added.some((is) => isSameKindOfCondition(was, is)));
  return comparable ? 'disjoint' : 'other';
}

const contentWords = (conditions: readonly string[]): string[] => conditions.flatMap((one) => one.split(' ').slice(1));

/** "at work" and "at home", "w=weekday" and "w=weekend": the same question, answered otherwise. */
function isSameKindOfCondition(left: string, right: string): boolean {
  if (isMoment(left) || isMoment(right)) return left.slice(0, 2) === right.slice(0, 2);
  return left.split(' ')[0] === right.split(' ')[0];
}

import type { Comparison } from './value-comparison.js';

/** Parts of a moment (`m=6 d=3`, `w=tue t=14:00`) as the reader writes them; a part may stand more than once. */
type Parts = ReadonlyMap<string, readonly string[]>;

/** Which finer parts tell more about a coarser one: a month about a season, an hour about the morning. */
const FINER: Readonly<Record<string, readonly string[]>> = {
  s: ['m'],
  q: ['m'],
  k: ['d', 'w'],
  p: ['t'],
  w: ['d'],
  f: ['w', 't', 'p', 'd'],
};

export const isMoment = (normal: string): boolean => /^[a-z]=/.test(normal);

/**
 * Part by part: a part that both name decides; a finer part that fits a coarser one makes it narrower, one that does not
 * fit makes it another. Parts of which each names its own ("at 3", "on Thursday") do not exclude each other.
 */
export function compareMoments(older: string, newer: string): Comparison {
  const before = partsOf(older);
  const after = partsOf(newer);
  let [narrower, wider, missing] = [relativeOrder(before, after), 0, 0];
  if (narrower === undefined) return 'different';
  const used = new Set(['r']);
  for (const [part, values] of before) {
    if (part === 'r') continue;
    const result = comparePart(part, values, before, after, used);
    if (result === 'different') return 'different';
    if (result === 'narrower') narrower += 1;
    if (result === 'wider') wider += 1;
    if (result === null) missing += 1;
  }
  for (const [part, values] of after)
    if (!before.has(part) && !used.has(part)) {
      const result = comparePart(part, values, after, before, new Set());
      if (result === 'different') return 'different';
      if (result === 'narrower') [wider, missing] = [wider + 1, missing - 1];
      else narrower += 1;
    }
  if (narrower > 0 || (missing > 0 && wider > 0)) return narrower > 0 ? 'narrower' : 'wider';
  return missing > 0 || wider > 0 ? 'wider' : 'equal';
}

function partsOf(moment: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const one of moment.split(' ')) {
    const part = one.slice(0, 1);
    parts.set(part, [...(parts.get(part) ?? []), one.slice(2)]);
  }
  return parts;
}

/** "This week" and "this Thursday" fit, "this week" and "next week" do not; 1 when the newer one tells more. */
function relativeOrder(before: Parts, after: Parts): number | undefined {
  const [was, is] = [before.get('r')?.[0], after.get('r')?.[0]];
  if (was === undefined || is === undefined || was === is) return 0;
  const [left, right] = [was.split('-'), is.split('-')];
  if (/^(?:this|next|last)$/.test(left[0]!) && /^(?:this|next|last)$/.test(right[0]!))
    return left[0] === right[0] && (isPeriod(left[1]) || isPeriod(right[1])) ? 1 : undefined;
  return undefined;
}

const isPeriod = (word: string | undefined): boolean => /^(?:week|month|year|quarter)$/.test(word ?? '');

/** Null when `other` tells nothing about this part. */
function comparePart(
  part: string,
  values: readonly string[],
  own: Parts,
  other: Parts,
  used: Set<string>,
): Comparison | null {
  const same = other.get(part);
  if (same !== undefined) {
    used.add(part);
    return compareSamePart(part, values, same);
  }
  let result: Comparison | null = null;
  for (const finer of FINER[part] ?? []) {
    const given = other.get(finer);
    if (given === undefined || own.has(finer)) continue;
    if (!fits(part, values[0]!, given, finer, own, other)) return 'different';
    used.add(finer);
    result = 'narrower';
  }
  return result;
}

function compareSamePart(part: string, was: readonly string[], is: readonly string[]): Comparison {
  if (part === 'f') return compareFrequencies(was[0]!, is[0]!);
  const isIn = (value: string, list: readonly string[]): boolean =>
    list.some((one) => isSameValue(part, one, value) || isSameValue(part, value, one));
  const kept = was.filter((value) => isIn(value, is)).length;
  const known = is.filter((value) => isIn(value, was)).length;
  if (kept === was.length && known === is.length) return isWeekGroup(part, was, is);
  if (part === 't' || kept === 0) return 'different';
  return kept === was.length ? 'narrower' : known === is.length ? 'wider' : 'different';
}

/** "At the weekend" and "on Saturday" are the same part, the second one narrower. */
function isWeekGroup(part: string, was: readonly string[], is: readonly string[]): Comparison {
  const isGroup = (values: readonly string[]): boolean => part === 'w' && values.some((one) => one.startsWith('week'));
  if (isGroup(was) === isGroup(is)) return 'equal';
  return isGroup(was) ? 'narrower' : 'wider';
}

/** "At 2" may be 02:00 or 14:00: hours without a leading zero or a half of the day leave it open. */
function isSameValue(part: string, left: string, right: string): boolean {
  if (left === right) return true;
  if (part === 'w')
    return (
      (left === 'weekend' && /^s(?:at|un)$/.test(right)) ||
      (left === 'weekday' && /^(?:mon|tue|wed|thu|fri)$/.test(right))
    );
  if (part !== 't' || !isOpenHour(left)) return false;
  const [hour, minutes] = left.split(':');
  const [fixedHour, fixedMinutes] = right.split(':');
  return minutes === fixedMinutes && Number(hour) % 12 === Number(fixedHour) % 12;
}

const isOpenHour = (time: string): boolean => /^(?:[1-9]|1[0-2]):/.test(time) && !time.startsWith('0');

const PER_WEEK: Readonly<Record<string, number>> = {
  ...{ minute: 10_080, hour: 168, day: 7, night: 7, morning: 7, evening: 7, afternoon: 7 },
  ...{ weekday: 5, week: 1, weekend: 1, month: 0.23, quarter: 0.077, year: 0.0192 },
};

/** How often in a week: `2/week`, `1/2week`, `1/night`. */
function rateOf(frequency: string): number {
  const [, times, every, period] = /^([\d.]+)\/(\d*)([a-z]+)$/.exec(frequency) ?? [];
  return (Number(times) / Number(every === '' ? 1 : every)) * (PER_WEEK[period ?? ''] ?? Number.NaN);
}

function compareFrequencies(was: string, is: string): Comparison {
  if (was === is) return 'equal';
  if (Math.abs(rateOf(was) - rateOf(is)) > 0.02 * rateOf(was)) return 'different';
  const [before, after] = [was.split('/')[1]!, is.split('/')[1]!];
  if (before === 'day' && rateOf(was) < 7) return 'equal';
  if (before === 'day') return /\d/.test(after) ? 'equal' : 'narrower';
  return after === 'day' ? 'wider' : before === after || /\d/.test(was + is) ? 'equal' : 'different';
}

/** Can the finer parts lie in the coarser one? What cannot be told fits. */
function fits(part: string, value: string, given: readonly string[], finer: string, own: Parts, other: Parts): boolean {
  if (part === 's') return isInSeason(value, Number(given[0]));
  if (part === 'q') return Math.ceil(Number(given[0]) / 3) === Number(value);
  if (part === 'p') return isInPartOfDay(value, given[0]!);
  if (part === 'k') return finer === 'w' || isInWeek(value, own, other);
  if (part === 'w') return isOnWeekday(own.get('w')!, other);
  return finer !== 'w' || isAsOften(value, given);
}

const SEASON_STARTS: Readonly<Record<string, number>> = { spring: 3, summer: 6, autumn: 9, winter: 12 };

/** Seasons of the north; winter reaches into the next year. */
function isInSeason(season: string, month: number): boolean {
  const start = SEASON_STARTS[season];
  return start !== undefined && (month - start + 12) % 12 < 3;
}

/** From and to, in hours; the night reaches into the next morning. */
const PARTS_OF_DAY: Readonly<Record<string, readonly [number, number]>> = {
  morning: [4, 12],
  afternoon: [12, 18],
  evening: [17, 23],
  night: [19, 30],
};

function isInPartOfDay(part: string, time: string): boolean {
  const [from, to] = PARTS_OF_DAY[part] ?? [0, 24];
  const hour = Number(time.split(':')[0]);
  const isIn = (one: number): boolean => (one >= from && one <= to) || (one + 24 >= from && one + 24 < to);
  return isIn(hour) || (isOpenHour(time) && isIn(hour + 12));
}

const DAY_MS = 86_400_000;

/** `k=6-1` is the week that starts on 1 June. */
function isInWeek(week: string, own: Parts, other: Parts): boolean {
  const year = Number(other.get('y')?.[0] ?? own.get('y')?.[0]);
  const [month, day] = week.split('-').map(Number);
  const named = Number(other.get('m')?.[0] ?? month);
  if (Number.isNaN(year)) return named === month || named === (month! % 12) + 1;
  const days = (Date.UTC(year, named - 1, Number(other.get('d')?.[0])) - Date.UTC(year, month! - 1, day)) / DAY_MS;
  return days >= 0 && days < 7;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Only a full date has a weekday; without its year it may be any. */
function isOnWeekday(weekdays: readonly string[], other: Parts): boolean {
  const [year, month, day] = ['y', 'm', 'd'].map((part) => Number(other.get(part)?.[0]));
  const at = new Date(Date.UTC(year!, month! - 1, day)).getUTCDay();
  return Number.isNaN(at) || weekdays.some((one) => isSameValue('w', one, WEEKDAYS[at]!));
}

/** "Twice a week" names two days; "every day" none. */
function isAsOften(frequency: string, weekdays: readonly string[]): boolean {
  const [times, period] = frequency.split('/');
  if (period === 'day') return false;
  return period !== 'week' || Number(times) < 1 || Number(times) === weekdays.length;
}

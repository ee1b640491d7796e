import type { TimePrecision, WorldTime } from '#libs/ports/extractor.js';

/** Arithmetic on days in UTC. A day is its milliseconds at midnight. */
export const DAY_MS = 86_400_000;

/** Which way an expression without a year or week points. */
export type Direction = 'past' | 'future';

export function midnight(instantMs: number): number {
  return Math.floor(instantMs / DAY_MS) * DAY_MS;
}

export function dateMs(year: number, monthIndex: number, day = 1): number {
  const date = new Date(Date.UTC(2000, monthIndex, day));
  date.setUTCFullYear(year + date.getUTCFullYear() - 2000);
  return date.getTime();
}

export function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}

export function worldTime(ms: number, precision: TimePrecision): WorldTime {
  return { instant: new Date(ms).toISOString(), precision };
}

/** Monday of the week. */
export function mondayOf(ms: number): number {
  return midnight(ms) - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS;
}

/** The nearest day with that weekday (0 is Sunday) strictly before or after. */
export function weekdayFrom(ms: number, weekday: number, direction: Direction): number {
  const today = midnight(ms);
  const distance = (weekday - new Date(today).getUTCDay() + 7) % 7;
  if (direction === 'future') return today + (distance === 0 ? 7 : distance) * DAY_MS;
  return today + (distance - 7) * DAY_MS;
}

/** The year in which a month and day lie next to `ms` in that direction. */
export function yearInDirection(ms: number, monthIndex: number, day: number, direction: Direction): number {
  const year = yearOf(ms);
  const there = dateMs(year, monthIndex, day);
  if (direction === 'past') return there > ms ? year - 1 : year;
  return there + DAY_MS <= midnight(ms) ? year + 1 : year;
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical Algorithms, chapter 8). */
export function easterMs(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const day = (h + l - 7 * m + 33 * month + 19) % 32;
  return dateMs(year, month - 1, day);
}

/** The n-th weekday of a month (n from 1). */
export function nthWeekdayMs(year: number, monthIndex: number, weekday: number, n: number): number {
  const first = dateMs(year, monthIndex, 1);
  const offset = (weekday - new Date(first).getUTCDay() + 7) % 7;
  return first + (offset + (n - 1) * 7) * DAY_MS;
}

const HOLIDAYS: readonly (readonly [RegExp, (year: number) => number])[] = [
  [/^christmas eve$/, (year) => dateMs(year, 11, 24)],
  [/^boxing day$/, (year) => dateMs(year, 11, 26)],
  [/^(?:christmas|christmas day|xmas)$/, (year) => dateMs(year, 11, 25)],
  [/^new year'?s eve$/, (year) => dateMs(year, 11, 31)],
  [/^new year(?:'?s)?(?: day)?$/, (year) => dateMs(year, 0, 1)],
  [/^halloween$/, (year) => dateMs(year, 9, 31)],
  [/^valentine'?s(?: day)?$/, (year) => dateMs(year, 1, 14)],
  [/^(?:st\.? patrick'?s day)$/, (year) => dateMs(year, 2, 17)],
  [/^(?:independence day|the fourth of july)$/, (year) => dateMs(year, 6, 4)],
  [/^thanksgiving$/, (year) => nthWeekdayMs(year, 10, 4, 4)],
  [/^labor day$/, (year) => nthWeekdayMs(year, 8, 1, 1)],
  [/^mother'?s day$/, (year) => nthWeekdayMs(year, 4, 0, 2)],
  [/^father'?s day$/, (year) => nthWeekdayMs(year, 5, 0, 3)],
  [/^good friday$/, (year) => easterMs(year) - 2 * DAY_MS],
  [/^easter monday$/, (year) => easterMs(year) + DAY_MS],
  [/^easter(?: sunday)?$/, (year) => easterMs(year)],
];

export const HOLIDAY_NAMES =
  "christmas eve|boxing day|christmas day|christmas|xmas|new year'?s eve|new year'?s day|new year'?s|new year|halloween|valentine'?s day|valentine'?s|st\\.? patrick'?s day|independence day|the fourth of july|thanksgiving|labor day|mother'?s day|father'?s day|good friday|easter monday|easter sunday|easter";

/** Midnight of a holiday (United States dates where countries differ); undefined for an unknown name. */
export function holidayMs(name: string, year: number): number | undefined {
  return HOLIDAYS.find(([pattern]) => pattern.test(name))?.[1](year);
}

/** First month of a season in the northern hemisphere; winter belongs to the year of its December. */
export const SEASON_MONTHS: ReadonlyMap<string, number> = new Map([
  ['spring', 2],
  ['summer', 5],
  ['autumn', 8],
  ['fall', 8],
  ['winter', 11],
]);

/** How a resolved time is written beside the words that it resolves. */
export function label(time: WorldTime): string {
  const { instant, precision } = time;
  switch (precision) {
    case 'instant':
      return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
    case 'day':
      return instant.slice(0, 10);
    case 'week':
      return `week of ${instant.slice(0, 10)}`;
    case 'month':
      return instant.slice(0, 7);
    case 'season':
      return `from ${instant.slice(0, 7)}`;
    case 'year':
      return instant.slice(0, 4);
  }
}

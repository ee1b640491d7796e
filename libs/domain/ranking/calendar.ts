/** Days of the proleptic Gregorian calendar as whole numbers, so that spans compare without clocks or time zones. */

/** Days since 1970-01-01. */
export type DayNumber = number;

/** From the first to the last day, both included. */
export interface DaySpan {
  first: DayNumber;
  last: DayNumber;
}

export const MONTH_NAMES: readonly string[] =
  'january february march april may june july august september october november december'.split(' ');
export const WEEKDAY_NAMES: readonly string[] = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

/** Number of the month, 1 to 12, that a lower-case English name means; 0 for any other word. */
export function monthNumber(name: string): number {
  return MONTH_NAMES.indexOf(name) + 1;
}

/** The day of a calendar date, or null when there is no such date. Years 1 to 9999. */
export function dayOf(year: number, month: number, day: number): DayNumber | null {
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return null;
  const span = monthSpan(year, month);
  return day > span.last - span.first + 1 ? null : span.first + day - 1;
}

/** All days of a month, 1 to 12. */
export function monthSpan(year: number, month: number): DaySpan {
  const first = firstOfMonth(year, month);
  const next = month === 12 ? firstOfMonth(year + 1, 1) : firstOfMonth(year, month + 1);
  return { first, last: next - 1 };
}

/** All days of a year. */
export function yearSpan(year: number): DaySpan {
  return { first: firstOfMonth(year, 1), last: firstOfMonth(year + 1, 1) - 1 };
}

/** A span of one day. */
export function singleDay(day: DayNumber): DaySpan {
  return { first: day, last: day };
}

/** Monday is 0, Sunday is 6; 1970-01-01 was a Thursday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The year and month (1 to 12) that a day lies in. */
export function yearAndMonthOf(day: DayNumber): { year: number; month: number } {
  let year = 1970 + Math.floor(day / 365.2425);
  while (firstOfMonth(year, 1) > day) year -= 1;
  while (firstOfMonth(year + 1, 1) <= day) year += 1;
  let month = 12;
  while (firstOfMonth(year, month) > day) month -= 1;
  return { year, month };
}

/** The day of an ISO 8601 text, as written (`2026-11-22T10:00:00Z` → that day); null when it is not one. */
export function dayOfIsoText(text: string): DayNumber | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  return match ? dayOf(Number(match[1]), Number(match[2]), Number(match[3])) : null;
}

/** The day as ISO 8601 writes it: `2026-11-22`. */
export function isoTextOf(day: DayNumber): string {
  const { year, month } = yearAndMonthOf(day);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day - firstOfMonth(year, month) + 1)}`;
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function firstOfMonth(year: number, month: number): DayNumber {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const past = year - 1;
  const beforeYear = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return beforeYear + DAYS_BEFORE_MONTH[month - 1]! + (leap && month > 2 ? 1 : 0) - 719_162;
}

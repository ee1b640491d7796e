import type { DaySpan } from './calendar.js';
import { dayOf, MONTH_NAMES, monthNumber, monthSpan, singleDay, yearAndMonthOf, yearSpan } from './calendar.js';

const MONTHS = MONTH_NAMES.join('|');
const MONTH_DAY_YEAR = new RegExp(`\\b(${MONTHS}) (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})`);
const DAY_MONTH_YEAR = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTHS}),? (\\d{4})`);
const MONTH_YEAR = new RegExp(`\\b(${MONTHS}),? (\\d{4})`);
const YEAR = /\b(?:in|during|of|since|year) (20\d\d)\b/;
const MONTH_DAY = new RegExp(`\\b(${MONTHS}) (\\d{1,2})\\b`);
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTHS})\\b`);
const IN_MONTH = new RegExp(`\\b(?:in|during|of|by|early|late|mid|since|until)[ -]+(${MONTHS})\\b`);
const SEASON = /\b(winter|spring|summer|fall|autumn)(?: of)?,? ?(20\d\d)?\b/;
const SEASON_AS_TIME = /\b(?:in|during|this|last|over) (?:the )?(winter|spring|summer|fall|autumn)/g;

/** First and last month of a season of the northern half of the world. */
const SEASON_MONTHS: Readonly<Record<string, readonly [number, number]>> = {
  winter: [12, 2],
  spring: [3, 5],
  summer: [6, 8],
  fall: [9, 11],
  autumn: [9, 11],
};

/** The years that a date without a year may mean, both included. */
export interface YearRange {
  first: number;
  last: number;
}

const USUAL_YEARS: YearRange = { first: 2015, last: 2030 };
/** Turns dated outside of these are mistakes, and must not make a question mean thousands of days. */
const POSSIBLE_YEARS: YearRange = { first: 1950, last: 2100 };

/** The years that "in May" may mean, asked of turns that were said between two days. */
export function yearsAround(said: DaySpan): YearRange {
  const first = Math.min(USUAL_YEARS.first, yearAndMonthOf(said.first).year - 1);
  const last = Math.max(USUAL_YEARS.last, yearAndMonthOf(said.last).year + 1);
  return { first: Math.max(first, POSSIBLE_YEARS.first), last: Math.min(last, POSSIBLE_YEARS.last) };
}

/** People tell of a day up to three weeks after it, and a little before. */
const DAYS_BEFORE_WINDOW = 3;
const DAYS_AFTER_WINDOW = 21;

/** The days on which something is said about the days of a window. */
export function daysOfTelling(window: DaySpan): DaySpan {
  return { first: window.first - DAYS_BEFORE_WINDOW, last: window.last + DAYS_AFTER_WINDOW };
}

/** The days that a question names together with their year, or null. */
export function explicitWindow(question: string): DaySpan | null {
  const text = question.toLowerCase();
  const monthFirst = MONTH_DAY_YEAR.exec(text);
  if (monthFirst) return spanOfDay(Number(monthFirst[3]), monthFirst[1]!, Number(monthFirst[2]));
  const dayFirst = DAY_MONTH_YEAR.exec(text);
  if (dayFirst) return spanOfDay(Number(dayFirst[3]), dayFirst[2]!, Number(dayFirst[1]));
  const month = MONTH_YEAR.exec(text);
  if (month) return Number(month[2]) === 0 ? null : monthSpan(Number(month[2]), monthNumber(month[1]!));
  const year = YEAR.exec(text);
  return year ? yearSpan(Number(year[1])) : null;
}

/** Every span of days that a question may mean: its explicit window, or "3 May", "in May", a season, of any of the years. */
export function possibleWindows(question: string, years: YearRange): DaySpan[] {
  const explicit = explicitWindow(question);
  if (explicit) return [explicit];
  const text = question.toLowerCase();
  const monthFirst = MONTH_DAY.exec(text);
  if (monthFirst) return spansOfDay(monthFirst[1]!, Number(monthFirst[2]), years);
  const dayFirst = DAY_MONTH.exec(text);
  if (dayFirst) return spansOfDay(dayFirst[2]!, Number(dayFirst[1]), years);
  const month = IN_MONTH.exec(text);
  if (month) return eachYear(years).map((year) => monthSpan(year, monthNumber(month[1]!)));
  return seasonWindows(text, years);
}

function seasonWindows(text: string, years: YearRange): DaySpan[] {
  const season = SEASON.exec(text);
  if (!season) return [];
  const named = season[1]!;
  if (!season[2] && ![...text.matchAll(SEASON_AS_TIME)].some((match) => match[1] === named)) return [];
  const [first, last] = SEASON_MONTHS[named]!;
  return (season[2] ? [Number(season[2])] : eachYear(years)).map((year) => ({
    first: monthSpan(first === 12 ? year - 1 : year, first).first,
    last: monthSpan(year, last).last,
  }));
}

function spanOfDay(year: number, monthName: string, dayOfMonth: number): DaySpan | null {
  const day = dayOf(year, monthNumber(monthName), dayOfMonth);
  return day === null ? null : singleDay(day);
}

function spansOfDay(monthName: string, dayOfMonth: number, years: YearRange): DaySpan[] {
  return eachYear(years)
    .map((year) => spanOfDay(year, monthName, dayOfMonth))
    .filter((span) => span !== null);
}

function eachYear(years: YearRange): number[] {
  return Array.from({ length: years.last - years.first + 1 }, (_, index) => years.first + index);
}

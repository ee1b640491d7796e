import type { DayNumber, DaySpan } from './calendar.js';
import {
  dayOf,
  MONTH_NAMES,
  monthNumber,
  monthSpan,
  singleDay,
  WEEKDAY_NAMES,
  weekdayOf,
  yearAndMonthOf,
  yearSpan,
} from './calendar.js';

const MONTHS = MONTH_NAMES.join('|');
const COUNTED_UNITS_AGO = /\b(two|three|four|2|3|4|a couple of|a few|few|couple)\s+(day|week|month)s? ago/;
const RELATIVE_WEEKDAY = new RegExp(`\\b(last|on|this past|next|this) (${WEEKDAY_NAMES.join('|')})`);
const NAMED_MONTH = new RegExp(`\\b(${MONTHS})\\b(?: (\\d{1,2})\\b)?(?:,? (20\\d\\d))?`);
const MONTH_AS_TIME = new Map(
  MONTH_NAMES.map((name) => [name, new RegExp(`\\b(in|last|since|on|this|of) ${name}`)] as const),
);
const NAMED_YEAR = /\b(?:in|since|back in) (19\d\d|20\d\d)\b/;

const COUNT: Readonly<Record<string, number>> = { two: 2, '2': 2, three: 3, '3': 3, four: 4, '4': 4 };
const UNIT_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };

/**
 * The day or days that a turn speaks of, read from its first time expression: "last week" said on a Friday is the
 * week before; a turn without one speaks of the day it was said. English.
 */
export function spokenSpan(text: string, saidOn: DayNumber): DaySpan {
  const lower = text.toLowerCase();
  return relativeDay(lower, saidOn) ?? relativePeriod(lower, saidOn) ?? namedPeriod(lower, saidOn) ?? singleDay(saidOn);
}

function relativeDay(text: string, saidOn: DayNumber): DaySpan | null {
  if (text.includes('day before yesterday')) return singleDay(saidOn - 2);
  if (/\b(yesterday|last night)\b/.test(text)) return singleDay(saidOn - 1);
  if (/\btomorrow\b/.test(text)) return singleDay(saidOn + 1);
  return null;
}

function relativePeriod(text: string, saidOn: DayNumber): DaySpan | null {
  const monday = saidOn - weekdayOf(saidOn);
  if (/\blast week(?!end)|\ba week ago|\bpast week\b/.test(text)) return { first: monday - 7, last: monday - 1 };
  if (/\b(last|past) weekend|\bover the weekend/.test(text)) return { first: monday - 2, last: monday - 1 };
  if (/\b(two|2|couple of|few) weekends? ago/.test(text)) return { first: monday - 9, last: monday - 8 };
  const ago = COUNTED_UNITS_AGO.exec(text);
  if (ago) {
    const unitDays = UNIT_DAYS[ago[2]!]!;
    const middle = saidOn - (COUNT[ago[1]!] ?? 3) * unitDays;
    const slack = Math.floor(unitDays / 2);
    return { first: middle - slack, last: middle + slack };
  }
  const weekday = RELATIVE_WEEKDAY.exec(text);
  if (weekday) return singleDay(dayOfWeekday(weekday[1]!, WEEKDAY_NAMES.indexOf(weekday[2]!), saidOn));
  const { year, month } = yearAndMonthOf(saidOn);
  if (/\blast month|\ba month ago/.test(text))
    return month === 1 ? monthSpan(year - 1, 12) : monthSpan(year, month - 1);
  if (/\bnext month/.test(text)) return month === 12 ? monthSpan(year + 1, 1) : monthSpan(year, month + 1);
  if (/\bnext week/.test(text)) return { first: monday + 7, last: monday + 13 };
  if (/\blast year|\ba year ago/.test(text)) return yearSpan(year - 1);
  return null;
}

/** "next" and "this" look forward, the others back; never the day itself. */
function dayOfWeekday(relation: string, weekday: number, saidOn: DayNumber): DayNumber {
  const today = weekdayOf(saidOn);
  if (relation === 'next' || relation === 'this') return saidOn + ((weekday - today + 7) % 7 || 7);
  return saidOn - ((today - weekday + 7) % 7 || 7);
}

function namedPeriod(text: string, saidOn: DayNumber): DaySpan | null {
  const match = NAMED_MONTH.exec(text);
  // The bare word "may" is nearly always the verb.
  if (match && match[0] !== 'may' && (match[2] || match[3] || MONTH_AS_TIME.get(match[1]!)!.test(text))) {
    const month = monthNumber(match[1]!);
    const said = yearAndMonthOf(saidOn);
    // A month well ahead of the day it was said in is the one of last year.
    const year = match[3] ? Number(match[3]) : said.year - (month > said.month + 2 ? 1 : 0);
    if (!match[2]) return monthSpan(year, month);
    const day = dayOf(year, month, Number(match[2]));
    if (day !== null) return singleDay(day);
  }
  const year = NAMED_YEAR.exec(text);
  return year ? yearSpan(Number(year[1])) : null;
}

/**
 * Dates, times of day and repetitions as values: `m=6 d=3`, `t=14:00`, `w=tue`. Each part is one word, so that "in May"
 * is contained in "on 21 May at noon", and two different days differ in the same part.
 */
import { DAYS, MONTHS } from '../lexicon.js';
import { perWord } from '../per-word.js';
import type { Token } from '../tokens.js';
import { numberOf, ordinalOf } from './spelling.js';

export interface Moment {
  /** How many tokens it takes. */
  length: number;
  parts: string[];
  /** It says how often ("on Mondays", "every day", "in the mornings"), not when. */
  recurring: boolean;
}

const MONTH_NAMES = MONTHS.split('|');
const DAY_NAMES = DAYS.split('|');
const SEASONS = new Set(['spring', 'summer', 'autumn', 'winter']);
const PARTS_OF_DAY = new Map([
  ['morning', 'morning'],
  ['mornings', 'morning'],
  ['afternoon', 'afternoon'],
  ['afternoons', 'afternoon'],
  ['evening', 'evening'],
  ['evenings', 'evening'],
  ['night', 'night'],
  ['nights', 'night'],
]);
const FREQUENCY_WORDS = new Map([
  ['daily', 'f=1/day'],
  ['nightly', 'f=1/night'],
  ['weekly', 'f=1/week'],
  ['biweekly', 'f=0.5/week'],
  ['fortnightly', 'f=0.5/week'],
  ['monthly', 'f=1/month'],
  ['quarterly', 'f=1/quarter'],
  ['yearly', 'f=1/year'],
  ['annually', 'f=1/year'],
  ['hourly', 'f=1/hour'],
]);
const PERIODS = new Set([
  'hour',
  'day',
  'night',
  'week',
  'month',
  'quarter',
  'year',
  'morning',
  'evening',
  'weekend',
  'minute',
  'weekday',
  'afternoon',
]);

/** No moment begins with another word, but a holiday. */
const canBegin = perWord(
  (word) =>
    /^(?:\d|noon$|midday$|midnight$|half$|quarter$|every$|each$|once$|twice$|fall$|q[1-4]$|last$|workdays$)/.test(
      word,
    ) ||
    FREQUENCY_WORDS.has(word) ||
    PARTS_OF_DAY.has(word) ||
    SEASONS.has(word) ||
    PERIODS.has(singularPeriod(word)) ||
    DAY_NAMES.includes(singularPeriod(word)) ||
    MONTH_NAMES.some((name) => name.startsWith(word.slice(0, 3))) ||
    numberOf(word) !== undefined ||
    ordinalOf(word) !== undefined,
);

/** The moment that starts at `at`; undefined when none does. Words before it (`in`, `on`) belong to the caller. */
export function momentAt(tokens: readonly Token[], at: number): Moment | undefined {
  const { word, capital } = tokens[at]!;
  if (!canBegin(word)) return capital ? holiday(tokens, at) : undefined;
  return holiday(tokens, at) ?? clock(tokens, at) ?? frequency(tokens, at) ?? day(tokens, at) ?? partOfDay(tokens, at);
}

/** Days that have a name and one date. */
const HOLIDAYS: readonly (readonly [words: readonly string[], month: number, date: number])[] = [
  [['christmas', 'eve'], 12, 24],
  [['christmas', 'day'], 12, 25],
  [['boxing', 'day'], 12, 26],
  [['new', 'year', "'s", 'eve'], 12, 31],
  [['new', 'year', "'s", 'day'], 1, 1],
  [['valentine', "'s", 'day'], 2, 14],
  [['halloween'], 10, 31],
];

function holiday(tokens: readonly Token[], at: number): Moment | undefined {
  if (!tokens[at]!.capital) return undefined;
  for (const [words, month, date] of HOLIDAYS)
    if (words.every((word, index) => tokens[at + index]?.word === word))
      return withYear(tokens, at, once(words.length, [`m=${month}`, `d=${date}`]));
  return undefined;
}

function clock(tokens: readonly Token[], at: number): Moment | undefined {
  const word = tokens[at]!.word;
  if (word === 'noon' || word === 'midday') return once(1, ['t=12:00']);
  if (word === 'midnight') return once(1, ['t=00:00']);
  if ((word === 'half' || word === 'quarter') && /^(?:past|to)$/.test(tokens[at + 1]?.word ?? ''))
    return pastHour(tokens, at);
  const written = /^(\d{1,2})(?:[:.](\d\d))?(am|pm)?$/.exec(word.replaceAll('.m', 'm'));
  const next = (tokens[at + 1]?.word ?? '').replaceAll('.', '');
  const hour = written === null ? numberOf(word) : Number(written[1]);
  if (hour === undefined || hour > 24 || !Number.isInteger(hour)) return undefined;
  const minutes = written?.[2] === undefined ? 0 : Number(written[2]);
  const half = written?.[3] ?? (next === 'am' || next === 'pm' ? next : undefined);
  const length = written?.[3] === undefined && half !== undefined ? 2 : 1;
  if (minutes > 59) return undefined;
  if (half !== undefined && hour <= 12)
    return once(length, [`t=${two((hour % 12) + (half === 'pm' ? 12 : 0))}:${two(minutes)}`]);
  const toldHalf = halfOfDay(tokens, at + (/^o['’]?clock$/.test(next) ? 2 : 1));
  if (
    toldHalf !== undefined &&
    hour > 0 &&
    hour <= 12 &&
    (tokens[at - 1]?.word === 'at' || written?.[2] !== undefined || toldHalf.length > 1)
  )
    return once(1 + (/^o['’]?clock$/.test(next) ? 1 : 0) + toldHalf.length, [
      `t=${two((hour % 12) + (toldHalf.isLate ? 12 : 0))}:${two(minutes)}`,
    ]);
  if (next === "o'clock" || next === 'oclock') return once(2, [`t=${hour}:00`]);
  if (written?.[2] !== undefined && word.includes(':'))
    return once(1, [`t=${hour > 12 || word.startsWith('0') ? two(hour) : hour}:${two(minutes)}`]);
  if (tokens[at - 1]?.word === 'at' && !isCounted(tokens, at + 1)) return once(1, [`t=${hour}:${two(minutes)}`]);
  return undefined;
}

/** "In the evening", "at night" behind an hour tells which of the two it is. */
function halfOfDay(tokens: readonly Token[], at: number): { length: number; isLate: boolean } | undefined {
  const [first, second, third] = [0, 1, 2].map((step) => tokens[at + step]?.word ?? '');
  if (first === 'in' && second === 'the' && /^(?:morning|afternoon|evening)$/.test(third!))
    return { length: 3, isLate: third !== 'morning' };
  return first === 'at' && second === 'night' ? { length: 2, isLate: true } : undefined;
}

/** "at 5 dollars": a number before what it counts is no hour. */
function isCounted(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at];
  if (next === undefined || next.gap !== 'space') return false;
  return (
    !/^(?:on|in|every|each|today|tomorrow|sharp|and|to|until|now|instead|for|with|at|from|not|or|but|during|daily|most|tonight|this|next|these|anymore|already|again)$/.test(
      next.word,
    ) && DAY_NAMES.indexOf(next.word) < 0
  );
}

function pastHour(tokens: readonly Token[], at: number): Moment | undefined {
  const hour = numberOf(tokens[at + 2]?.word ?? '');
  if (hour === undefined || hour > 12) return undefined;
  const before = tokens[at + 1]!.word === 'to';
  const minutes = tokens[at]!.word === 'half' ? 30 : before ? 45 : 15;
  const told = before ? hour - 1 : hour;
  const half = halfOfDay(tokens, at + 3);
  if (half === undefined) return once(3, [`t=${told}:${minutes}`]);
  return once(3 + half.length, [`t=${two((told % 12) + (half.isLate ? 12 : 0))}:${minutes}`]);
}

function frequency(tokens: readonly Token[], at: number): Moment | undefined {
  const word = tokens[at]!.word;
  const fixed = FREQUENCY_WORDS.get(word);
  if (fixed !== undefined) return often(1, [fixed]);
  const following = tokens[at + 1]?.word ?? '';
  if (word === 'every' || word === 'each') return everyTime(tokens, at);
  const times =
    word === 'once'
      ? 1
      : word === 'twice'
        ? 2
        : following === 'times' || following === 'time'
          ? numberOf(word)
          : undefined;
  if (times === undefined) return undefined;
  const start = word === 'once' || word === 'twice' ? at + 1 : at + 2;
  if (tokens[start]?.word === 'daily' || tokens[start]?.word === 'weekly')
    return often(start + 1 - at, [`f=${times}/${tokens[start]!.word === 'daily' ? 'day' : 'week'}`]);
  if (!/^(?:a|an|per|each|every)$/.test(tokens[start]?.word ?? '')) return undefined;
  const period = singularPeriod(tokens[start + 1]?.word ?? '');
  return PERIODS.has(period) ? often(start + 2 - at, [`f=${times}/${period}`]) : undefined;
}

function everyTime(tokens: readonly Token[], at: number): Moment | undefined {
  const word = tokens[at + 1]?.word ?? '';
  const dayAt = DAY_NAMES.indexOf(word);
  if (dayAt >= 0) return often(2, [`w=${word.slice(0, 3)}`]);
  if (PERIODS.has(word)) return often(2, [`f=1/${word}`]);
  if (word === 'other' && PERIODS.has(tokens[at + 2]?.word ?? '')) return often(3, [`f=0.5/${tokens[at + 2]!.word}`]);
  const count = numberOf(word);
  const period = singularPeriod(tokens[at + 2]?.word ?? '');
  if (count !== undefined && PERIODS.has(period)) return often(3, [`f=1/${count}${period}`]);
  return undefined;
}

const singularPeriod = (word: string): string => (word.endsWith('s') ? word.slice(0, -1) : word);

function day(tokens: readonly Token[], at: number): Moment | undefined {
  const word = tokens[at]!.word;
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(word);
  if (iso !== null) return once(1, [`y=${iso[1]}`, `m=${Number(iso[2])}`, `d=${Number(iso[3])}`]);
  const slashed = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(word);
  if (slashed !== null) {
    const [first, second] = [Number(slashed[1]), Number(slashed[2])];
    // The month stands first, unless that number cannot be one.
    const [month, date] = first > 12 ? [second, first] : [first, second];
    return once(1, [`y=${slashed[3]}`, `m=${month}`, `d=${date}`]);
  }
  const weekday = DAY_NAMES.findIndex((name) => word === name || word === `${name}s`);
  if (weekday >= 0)
    return withDate(tokens, at, { length: 1, parts: [`w=${word.slice(0, 3)}`], recurring: word.endsWith('days') });
  if (word === 'weekdays' || word === 'weekends' || word === 'workdays')
    return often(1, [`w=${word === 'weekends' ? 'weekend' : 'weekday'}`]);
  if (word === 'weekend' || word === 'weekday') return once(1, [`w=${word}`]);
  if (SEASONS.has(word) || (word === 'fall' && /^(?:the|in|this|next|last)$/.test(tokens[at - 1]?.word ?? '')))
    return withYear(tokens, at, once(1, [`s=${word === 'fall' ? 'autumn' : word}`]));
  const quarter = /^q([1-4])$/.exec(word);
  if (quarter !== null) return withYear(tokens, at, once(1, [`q=${quarter[1]}`]));
  const months = monthAt(tokens, at);
  if (months !== undefined) return months;
  if (
    /^(?:19|20)\d\d$/.test(word) &&
    /^(?:in|since|until|till|by|of|from|to|year|during|before|after|and)$/.test(tokens[at - 1]?.word ?? '')
  )
    return once(1, [`y=${word}`]);
  return undefined;
}

/** "June 3rd", "3 June 2024", "the 3rd of June", "early June". */
function monthAt(tokens: readonly Token[], at: number): Moment | undefined {
  const word = tokens[at]!.word;
  const month = monthOf(tokens, at);
  if (month !== undefined) {
    const follows = tokens[at + 1];
    const date = follows?.gap === 'space' ? dateNumber(follows.word) : undefined;
    const found = once(date === undefined ? 1 : 2, date === undefined ? [`m=${month}`] : [`m=${month}`, `d=${date}`]);
    return withYear(tokens, at, found);
  }
  const wide = daysOfMonth(tokens, at) ?? weekOfMonth(tokens, at);
  if (wide !== undefined) return wide;
  const date = dateNumber(word) ?? (tokens[at + 1]?.word === 'of' ? ordinalOf(word) : undefined);
  if (date === undefined) return undefined;
  const of = tokens[at + 1]?.word === 'of' ? 1 : 0;
  const next = tokens[at + 1 + of];
  const named = next === undefined ? undefined : monthOf(tokens, at + 1 + of);
  if (named !== undefined) return withYear(tokens, at, once(2 + of, [`m=${named}`, `d=${date}`]));
  const isOrdinal = /^\d{1,2}(?:st|nd|rd|th)$/.test(word);
  const after = tokens[at + 1]?.gap === 'space' ? tokens[at + 1]!.word : '';
  return isOrdinal && (!/^[a-z]{3,}$/.test(after) || AFTER_DATE.test(after)) ? once(1, [`d=${date}`]) : undefined;
}

/** What may stand behind "the 19th" where it is a date. */
const AFTER_DATE = /^(?:for|and|instead|not|but|was|now|until|because|since|too|from|already|after|when|with|rather)$/;

/** "14 to 16 October". */
function daysOfMonth(tokens: readonly Token[], at: number): Moment | undefined {
  const [first, last] = [dateNumber(tokens[at]!.word), dateNumber(tokens[at + 2]?.word ?? '')];
  if (first === undefined || last === undefined || !/^(?:to|until|through|and)$/.test(tokens[at + 1]!.word))
    return undefined;
  const month = tokens[at + 3] === undefined ? undefined : monthOf(tokens, at + 3);
  return month === undefined || last <= first ? undefined : once(4, [`m=${month}`, `d=${first}..${last}`]);
}

const WEEKS = new Map([
  ['first', 1],
  ['second', 8],
  ['third', 15],
  ['last', 22],
]);

/** "First week of November": by the day on which it starts. */
function weekOfMonth(tokens: readonly Token[], at: number): Moment | undefined {
  const start = WEEKS.get(tokens[at]!.word);
  if (start === undefined || tokens[at + 1]?.word !== 'week' || !/^(?:of|in)$/.test(tokens[at + 2]?.word ?? ''))
    return undefined;
  const month = tokens[at + 3] === undefined ? undefined : monthOf(tokens, at + 3);
  return month === undefined ? undefined : once(4, [`k=${month}-${start}`, `m=${month}`]);
}

function monthOf(tokens: readonly Token[], at: number): number | undefined {
  const token = tokens[at]!;
  const full = MONTH_NAMES.indexOf(token.word);
  const short = /^(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)$/.test(token.word)
    ? MONTH_NAMES.findIndex((name) => name.startsWith(token.word.slice(0, 3)))
    : -1;
  const index = full >= 0 ? full : short;
  if (index < 0) return undefined;
  if ((token.word === 'may' || token.word === 'march') && !token.capital) return undefined;
  if (token.word === 'jan' && at === 0 && !/^\d/.test(tokens[1]?.word ?? '')) return undefined;
  return index + 1;
}

function dateNumber(word: string): number | undefined {
  const number = /^\d{1,2}$/.test(word) ? Number(word) : /^\d/.test(word) ? ordinalOf(word) : undefined;
  return number !== undefined && number >= 1 && number <= 31 ? number : undefined;
}

function withYear(tokens: readonly Token[], at: number, moment: Moment): Moment {
  const next = tokens[at + moment.length]?.word ?? '';
  if (!/^(?:19|20)\d\d$/.test(next)) return moment;
  return { ...moment, length: moment.length + 1, parts: [`y=${next}`, ...moment.parts] };
}

function withDate(tokens: readonly Token[], at: number, moment: Moment): Moment {
  const skipped = tokens[at + 1]?.word === 'the' ? 2 : 1;
  const rest = tokens[at + skipped] === undefined ? undefined : monthAt(tokens, at + skipped);
  if (rest !== undefined) return { ...moment, length: skipped + rest.length, parts: [...rest.parts, ...moment.parts] };
  const part = PARTS_OF_DAY.get(tokens[at + 1]?.word ?? '');
  return part === undefined ? moment : { ...moment, length: 2, parts: [...moment.parts, `p=${part}`] };
}

function partOfDay(tokens: readonly Token[], at: number): Moment | undefined {
  const part = PARTS_OF_DAY.get(tokens[at]!.word);
  if (part === undefined) return undefined;
  const before = tokens[at - 1]?.word ?? '';
  const before2 = tokens[at - 2]?.word ?? '';
  const isTime = before === 'at' || (before === 'the' && (before2 === 'in' || before2 === 'during')) || before === 'in';
  if (tokens[at]!.word === 'night' ? before !== 'at' && !isTime : !isTime) return undefined;
  return { length: 1, parts: [`p=${part}`], recurring: true };
}

const two = (number: number): string => String(number).padStart(2, '0');
const once = (length: number, parts: string[]): Moment => ({ length, parts, recurring: false });
const often = (length: number, parts: string[]): Moment => ({ length, parts, recurring: true });

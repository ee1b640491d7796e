import type { TimePrecision, WorldTime } from '#libs/ports/extractor.js';
import {
  DAY_MS,
  HOLIDAY_NAMES,
  SEASON_MONTHS,
  dateMs,
  holidayMs,
  midnight,
  mondayOf,
  weekdayFrom,
  worldTime,
  yearInDirection,
  yearOf,
} from './calendar.js';
import type { Direction } from './calendar.js';
import { DAYS, MONTHS } from './lexicon.js';

/** How a time bounds what is said: at it, from it on, up to it, or over both ends. */
export type TimeRole = 'at' | 'since' | 'until' | 'range';

/** One time expression of a clause; offsets are those of the clause text. */
export interface TimeMatch {
  start: number;
  end: number;
  role: TimeRole;
  from: WorldTime | null;
  to: WorldTime | null;
  /** It means another day in another message, so the memory shows the date beside it. */
  relative: boolean;
  /** For a day relative to this one ("the Sunday before 25 May"): may be an anchor. */
  anchorMs: number;
}

/** What a pattern is read against. */
export interface TimeContext {
  saidMs: number;
  direction: Direction;
  /** "has worked for six years" reaches to now; "worked for six years" does not. */
  ongoing: boolean;
}

interface TimePattern {
  expression: RegExp;
  read(match: RegExpExecArray, context: TimeContext): Omit<TimeMatch, 'start' | 'end'> | undefined;
}

const YEAR = '(?:19|20)\\d{2}';
const SEASON = 'spring|summer|autumn|fall|winter';
const NUMBERS = new Map(
  'one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, at) => [word, at + 1] as const),
);
const COUNT = `\\d{1,3}|a|an|${[...NUMBERS.keys()].join('|')}`;
const ORDINALS = ['first', 'second', 'third', 'fourth'];
const MONTH_NAMES = MONTHS.split('|');

/** In order; a stretch that one of them took is hidden from the next and from chrono. */
export const TIME_PATTERNS: readonly TimePattern[] = [
  {
    expression: new RegExp(
      `\\b(?:from|between) (${YEAR}) (?:to|until|till|through|and) (${YEAR})\\b|\\b(${YEAR}) ?[-–] ?(${YEAR})\\b`,
      'g',
    ),
    read: (match) => range(dateMs(Number(match[1] ?? match[3]), 0), dateMs(Number(match[2] ?? match[4]), 0), 'year'),
  },
  {
    expression: new RegExp(
      `\\b(?:(early|mid|late|the (?:beginning|start|middle|end) of)[ -])(?:in )?(${MONTHS})\\b(?:,? (?:of )?(${YEAR}))?`,
      'g',
    ),
    read: (match, { saidMs, direction }) => {
      const month = MONTH_NAMES.indexOf(match[2]!);
      const year = match[3] ? Number(match[3]) : yearInDirection(saidMs, month, 1, direction);
      return at(dateMs(year, month), 'month', match[3] === undefined);
    },
  },
  {
    expression: new RegExp(
      `\\b(?:(last|this|next|this past|the past) )?(${SEASON})\\b(?: (?:of |in )?(${YEAR}))?`,
      'g',
    ),
    read: readSeason,
  },
  {
    expression: new RegExp(
      `\\b(?:q([1-4])|(?:the )?(${ORDINALS.join('|')}) quarter)\\b(?: (?:of )?(${YEAR}))?|\\b(last|this|next) quarter\\b`,
      'g',
    ),
    read: readQuarter,
  },
  {
    expression: new RegExp(
      `\\b(?:(last|this|next) )?(${HOLIDAY_NAMES})\\b(?: (?:of )?(${YEAR}))?(?! (?:tree|party|shopping|present|gift|card|dinner|cookie|song|movie|decoration|spirit))`,
      'g',
    ),
    read: readHoliday,
  },
  {
    expression: new RegExp(
      `\\b(?:for|over|during|in) (?:about |almost |nearly |over |more than |around )?(?:the )?(?:(last|past) )?(${COUNT}) (?:(last|past) )?(year|month|week|day|decade)s?\\b(?! (?:from|ago|later))(?: now\\b)?`,
      'g',
    ),
    read: readDuration,
  },
  {
    // chrono reads "last night" by the machine's own clock
    expression: /\blast night\b/g,
    read: (_, { saidMs }) => at(midnight(saidMs) - DAY_MS, 'day', true),
  },
  {
    expression: /\b(last|this|next|this past|the) (weekend|week)\b(?! (?:ago|before|after))/g,
    read: (match, { saidMs, direction }) => {
      const word = match[1]!;
      if (word === 'the' && match[2] === 'week') return undefined;
      const step = word === 'next' || (word === 'the' && direction === 'future') ? 1 : word === 'this' ? 0 : -1;
      const monday = mondayOf(saidMs) + (word === 'the' && direction === 'future' ? 0 : step) * 7 * DAY_MS;
      return at(match[2] === 'weekend' ? monday + 5 * DAY_MS : monday, 'week', true);
    },
  },
  {
    expression: new RegExp(`\\b(\\d{1,2}|a|${[...NUMBERS.keys()].join('|')}|a couple of|a few) weeks? ago\\b`, 'g'),
    read: (match, { saidMs }) => at(mondayOf(saidMs - countOf(match[1]!) * 7 * DAY_MS), 'week', true),
  },
  {
    expression: /\b(?:in )?the (?:(early|mid|late)[ -])?((?:19|20)?\d)0'?s\b/g,
    read: (match) => {
      const decade = match[2]!;
      const year =
        decade.length > 1
          ? Number(`${decade}0`)
          : Number(decade) >= 3
            ? 1900 + Number(decade) * 10
            : 2000 + Number(decade) * 10;
      return range(dateMs(year, 0), dateMs(year + 9, 0), 'year');
    },
  },
  {
    expression: new RegExp(
      `\\b(?:in|since|until|till|by|before|after|during|of|early|late|mid|around|circa|year) (${YEAR})\\b(?![-/:.]\\d)(?! (?:people|users|dollars|euros|miles|km|steps|words|calories))`,
      'g',
    ),
    read: (match) => at(dateMs(Number(match[1]), 0), 'year', false),
  },
];

function at(ms: number, precision: TimePrecision, relative: boolean): Omit<TimeMatch, 'start' | 'end'> {
  return { role: 'at', from: worldTime(ms, precision), to: null, relative, anchorMs: ms };
}

function range(fromMs: number, toMs: number, precision: TimePrecision): Omit<TimeMatch, 'start' | 'end'> {
  const [from, to] = fromMs <= toMs ? [fromMs, toMs] : [toMs, fromMs];
  return {
    role: 'range',
    from: worldTime(from, precision),
    to: worldTime(to, precision),
    relative: false,
    anchorMs: from,
  };
}

function readSeason(
  match: RegExpExecArray,
  { saidMs, direction }: TimeContext,
): Omit<TimeMatch, 'start' | 'end'> | undefined {
  const [, which, season, year] = match;
  if (
    which === undefined &&
    year === undefined &&
    !/\b(?:in|during|over|since|until) (?:the )?$/.test(match.input.slice(Math.max(0, match.index - 12), match.index))
  ) {
    return undefined;
  }
  const month = SEASON_MONTHS.get(season!)!;
  if (year !== undefined) return at(dateMs(Number(year), month), 'season', false);
  const thisYear = yearOf(saidMs);
  const started = dateMs(thisYear, month) <= saidMs;
  const ended = dateMs(thisYear, month + 3) <= saidMs;
  const past =
    which === 'last' || which === 'this past' || which === 'the past' || (which === undefined && direction === 'past');
  const running = !started && month === 11 && saidMs < dateMs(thisYear, 2);
  if (which === 'this') return at(dateMs(running ? thisYear - 1 : thisYear, month), 'season', true);
  if (past) return at(dateMs(running ? thisYear - 2 : ended ? thisYear : thisYear - 1, month), 'season', true);
  return at(dateMs(started ? thisYear + 1 : thisYear, month), 'season', true);
}

function readQuarter(match: RegExpExecArray, { saidMs, direction }: TimeContext): Omit<TimeMatch, 'start' | 'end'> {
  const [, digit, ordinal, year, which] = match;
  const current = Math.floor(new Date(saidMs).getUTCMonth() / 3);
  if (which !== undefined) {
    const step = which === 'last' ? -1 : which === 'next' ? 1 : 0;
    return at(dateMs(yearOf(saidMs), (current + step) * 3), 'season', true);
  }
  const quarter = digit ? Number(digit) - 1 : ORDINALS.indexOf(ordinal!);
  if (year !== undefined) return at(dateMs(Number(year), quarter * 3), 'season', false);
  const shift = direction === 'past' && quarter > current ? -1 : direction === 'future' && quarter < current ? 1 : 0;
  return at(dateMs(yearOf(saidMs) + shift, quarter * 3), 'season', true);
}

function readHoliday(
  match: RegExpExecArray,
  { saidMs, direction }: TimeContext,
): Omit<TimeMatch, 'start' | 'end'> | undefined {
  const [, which, name, year] = match;
  const towards: Direction = which === 'last' ? 'past' : which === undefined ? direction : 'future';
  let chosen = year ? Number(year) : yearOf(saidMs);
  const there = holidayMs(name!, chosen);
  if (there === undefined) return undefined;
  if (year === undefined && which !== 'this') {
    if (towards === 'past' && there > saidMs) chosen -= 1;
    if (towards === 'future' && there + DAY_MS <= saidMs) chosen += 1;
  }
  return at(holidayMs(name!, chosen)!, 'day', year === undefined);
}

function readDuration(
  match: RegExpExecArray,
  { saidMs, ongoing }: TimeContext,
): Omit<TimeMatch, 'start' | 'end'> | undefined {
  const last = match[1] ?? match[3];
  if (last === undefined && (!ongoing || !match[0].startsWith('for'))) return undefined;
  const count = countOf(match[2]!);
  const unit = match[4]!;
  const said = new Date(saidMs);
  const year = said.getUTCFullYear();
  const since = (ms: number, precision: TimePrecision): Omit<TimeMatch, 'start' | 'end'> => ({
    role: last === undefined ? 'since' : 'range',
    from: worldTime(ms, precision),
    to: last === undefined ? null : worldTime(saidMs, 'instant'),
    relative: true,
    anchorMs: ms,
  });
  if (unit === 'decade') return since(dateMs(year - count * 10, 0), 'year');
  if (unit === 'year') return since(dateMs(year - count, 0), 'year');
  if (unit === 'month') return since(dateMs(year, said.getUTCMonth() - count), 'month');
  if (unit === 'week') return since(mondayOf(saidMs - count * 7 * DAY_MS), 'week');
  return since(midnight(saidMs) - count * DAY_MS, 'day');
}

function countOf(word: string): number {
  if (word === 'a' || word === 'an') return 1;
  if (word === 'a couple of') return 2;
  if (word === 'a few') return 3;
  return NUMBERS.get(word) ?? Number(word);
}

/** "the Sunday before", "two days after": a distance from the time that follows it. */
export const ANCHORED = new RegExp(
  `\\b(?:the )?(?:(${DAYS}|day|week|weekend)|(\\d{1,2}|a|${[...NUMBERS.keys()].join('|')}) (day|week)s?) (before|after) (?:the )?$`,
);

/** The day that `ANCHORED` names, given the day that follows it. */
export function anchoredMs(match: RegExpExecArray, anchorMs: number): { ms: number; precision: TimePrecision } {
  const [, named, count, unit, side] = match;
  const direction: Direction = side === 'before' ? 'past' : 'future';
  const sign = direction === 'past' ? -1 : 1;
  const weekday = DAYS.split('|').indexOf(named ?? '');
  if (weekday >= 0) return { ms: weekdayFrom(anchorMs, weekday, direction), precision: 'day' };
  if (named === 'week' || named === 'weekend') {
    const monday = mondayOf(anchorMs) + sign * 7 * DAY_MS;
    return { ms: named === 'week' ? monday : monday + 5 * DAY_MS, precision: 'week' };
  }
  const days = named === 'day' ? 1 : countOf(count!) * (unit === 'week' ? 7 : 1);
  return { ms: midnight(anchorMs) + sign * days * DAY_MS, precision: 'day' };
}

// One language: the package as a whole loads 200 files more at every start.
import * as en from 'chrono-node/en';
import type { ParsedComponents, ParsedResult } from 'chrono-node';
import type { TimePrecision, WorldTime } from '#libs/ports/extractor.js';
import { dateMs, label, weekdayFrom, worldTime, yearInDirection } from './calendar.js';
import type { Direction } from './calendar.js';
import { DAYS, MONTHS } from './lexicon.js';
import { ANCHORED, TIME_PATTERNS, anchoredMs } from './time-patterns.js';
import type { TimeContext, TimeMatch, TimeRole } from './time-patterns.js';

/** When a statement is true in the world, and the notes that make its relative times stand alone. */
export interface ClauseTime {
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  /** Text to put in after the offset (of the clause text): ` (2023-01-19)`. */
  notes: readonly { at: number; text: string }[];
  /** The time lies after the moment of saying. */
  future: boolean;
}

/** chrono gets slow on long input; a longer clause keeps its words undated. */
export const CHRONO_MAX_CHARS = 400;

const WHEN = new RegExp(
  `\\b(?:\\d{4}|\\d{1,2}(?:st|nd|rd|th|:\\d\\d| ?[ap]m)|\\d+[/.-]\\d+|yesterday|today|tonight|tomorrow|ago|last|past|next|this (?:week|weekend|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|quarter|${DAYS})|since|noon|midnight|weekend|week|(?:${DAYS})|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec) \\d|${MONTHS}|spring|summer|autumn|winter|christmas|xmas|easter|halloween|thanksgiving|new year|valentine|boxing day|labor day|independence day|mother'?s day|father'?s day|patrick|quarter|q[1-4]|\\d0'?s|for (?:[\\w]+ )?(?:[\\w]+ )?(?:years?|months?|weeks?|days?|decades?)|in (?:[\\w]+ )?(?:years?|months?|weeks?|days?)|morning|afternoon|evening|later|from now)\\b`,
);

const FREQUENCY = new RegExp(
  `\\b(?:every|each) (?:other |single |second |few )?(?:day|night|morning|afternoon|evening|week|weekend|weekday|month|year|summer|winter|spring|autumn|fall|christmas|\\d+|two|three|few|couple|time|${DAYS})\\b|\\b(?:daily|weekly|monthly|yearly|nightly|usually|normally|typically|regularly|most (?:days|mornings|nights|evenings|weekends)|(?:once|twice|\\w+ (?:times|hours|minutes|cups|miles|km|kilometers|pages)) (?:a|per|every) (?:day|night|week|month|year)|on (?:weekdays|weekends|week days|${DAYS.replaceAll('|', 's|')}s)|in the (?:mornings?|evenings?|afternoons?)|at night|before (?:bed|breakfast|work|school)|after (?:work|dinner|lunch|school)|in my (?:free|spare) time)\\b`,
);

/** Recurring times name no point of the calendar. */
const RECURRING = new RegExp(
  `\\b(?:every|each) (?:\\w+ )?(?:\\w+)|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\\b|\\b\\d+ times? a \\w+`,
  'g',
);

/** Cheap: is there a word that could name a time? */
export function mentionsTime(clause: string): boolean {
  return WHEN.test(clause);
}

/** Cheap: does it say how often? */
export function mentionsFrequency(clause: string): boolean {
  return FREQUENCY.test(clause);
}

/** Resolves the times of one clause (lower case) against the moment of saying. */
export function readClauseTime(clause: string, original: string, context: TimeContext): ClauseTime {
  const nothing: ClauseTime = { validFrom: null, validTo: null, notes: [], future: false };
  if (!Number.isFinite(context.saidMs) || clause.length > CHRONO_MAX_CHARS || !mentionsTime(clause)) return nothing;
  const matches = findTimes(clause, original, context);
  if (matches.length === 0) return nothing;
  let validFrom: WorldTime | null = null;
  let validTo: WorldTime | null = null;
  for (const match of matches) {
    if (match.role === 'until') validTo ??= match.from;
    else {
      if (validFrom === null) validFrom = match.from;
      if (match.role === 'range') validTo ??= match.to;
    }
  }
  const notes = matches.filter((one) => one.relative).map((one) => ({ at: one.end, text: ` (${describeTime(one)})` }));
  const latest = Math.max(...matches.map((one) => one.anchorMs));
  return { validFrom, validTo, notes, future: latest > context.saidMs };
}

function describeTime({ role, from, to }: TimeMatch): string {
  if (role === 'since') return `since ${label(from!)}`;
  if (role === 'range' && to !== null)
    return `${label(from!)} to ${to.precision === 'instant' ? to.instant.slice(0, 10) : label(to)}`;
  return label(from!);
}

function findTimes(clause: string, original: string, context: TimeContext): TimeMatch[] {
  const found: TimeMatch[] = [];
  let open = clause.replace(RECURRING, (taken) => ' '.repeat(taken.length));
  for (const { expression, read } of TIME_PATTERNS) {
    for (const match of open.matchAll(expression)) {
      const time = read(match, context);
      if (time === undefined) continue;
      const start = match.index;
      found.push({ ...time, start, end: start + match[0].length });
      open = `${open.slice(0, start)}${' '.repeat(match[0].length)}${open.slice(start + match[0].length)}`;
    }
  }
  if (mentionsTime(open)) found.push(...findWithChrono(open, original, context));
  found.sort((left, right) => left.start - right.start);
  const anchored = found.map((match) => withRole(anchor(match, clause), clause));
  return anchored.filter(
    (one) => !anchored.some((other) => other !== one && other.start <= one.start && one.end < other.end),
  );
}

function findWithChrono(open: string, original: string, context: TimeContext): TimeMatch[] {
  const results = en.parse(open, { instant: new Date(context.saidMs), timezone: 0 });
  const times: TimeMatch[] = [];
  for (const result of results) {
    const words = original.slice(result.index, result.index + result.text.length);
    if (isFalseFriend(words, result.text)) continue;
    const time = fromChrono(result, context);
    const length = wordEnd(result.text);
    if (time !== undefined) times.push({ ...time, start: result.index, end: result.index + length });
  }
  return times;
}

/** "I may go", "sat", "march on", "second": words that chrono takes for dates. */
function isFalseFriend(words: string, text: string): boolean {
  if (/^(?:may|march|sat|sun|mar|wed|dec|second|now|fri|mon)$/i.test(text) && !/^(?:May|March)$/.test(words))
    return true;
  return /^(?:for|in|within) .*(?:second|minute|hour)s?$/.test(text) || /^\d{1,2}(?:\.\d{1,2})?$/.test(text);
}

function fromChrono(result: ParsedResult, context: TimeContext): Omit<TimeMatch, 'start' | 'end'> | undefined {
  const from = resolve(result.start, result.text, context);
  if (from === undefined) return undefined;
  const to = result.end ? resolve(result.end, result.text, context) : undefined;
  const relative = !(result.start.isCertain('year') && /\b\d{4}\b/.test(result.text));
  if (/^for\b/.test(result.text)) return undefined;
  return {
    role: to === undefined ? 'at' : 'range',
    from: worldTime(from.ms, from.precision),
    to: to === undefined ? null : worldTime(Math.max(to.ms, from.ms), to.precision),
    relative,
    anchorMs: from.ms,
  };
}

function resolve(
  components: ParsedComponents,
  text: string,
  { saidMs, direction }: TimeContext,
): { ms: number; precision: TimePrecision } | undefined {
  const year = components.get('year');
  const month = components.get('month');
  const day = components.get('day');
  if (year === null || month === null || day === null) return undefined;
  if (/\byears? (?:ago|from now|later)\b|\b(?:last|next|this|past) year\b|^in .*years?$/.test(text))
    return { ms: dateMs(year, 0), precision: 'year' };
  if (/\bmonths? (?:ago|from now)\b|\b(?:last|next|this|past) month\b|^in .*months?$/.test(text))
    return { ms: dateMs(year, month - 1), precision: 'month' };
  if (components.isCertain('day') || isPartOfDay(text))
    return dayOrHour(components, yearFor(components, saidMs, direction), month, day);
  if (components.isCertain('weekday')) return weekday(components, text, saidMs, direction);
  if (components.isCertain('month')) {
    const chosen = components.isCertain('year') ? year : yearInDirection(saidMs, month - 1, 1, direction);
    return { ms: dateMs(chosen, month - 1), precision: 'month' };
  }
  if (components.isCertain('year')) return { ms: dateMs(year, 0), precision: 'year' };
  return undefined;
}

/** A clock time alone ("at 3pm") is no point of the calendar; "this morning" is today. */
function isPartOfDay(text: string): boolean {
  return /\b(?:this|tonight|last|today|tomorrow|yesterday)\b/.test(text);
}

function yearFor(components: ParsedComponents, saidMs: number, direction: Direction): number {
  if (components.isCertain('year')) return components.get('year')!;
  return yearInDirection(saidMs, components.get('month')! - 1, components.get('day')!, direction);
}

function dayOrHour(
  components: ParsedComponents,
  year: number,
  month: number,
  day: number,
): { ms: number; precision: TimePrecision } {
  const ms = dateMs(year, month - 1, day);
  if (!components.isCertain('hour')) return { ms, precision: 'day' };
  const minutes = components.get('hour')! * 60 + (components.get('minute') ?? 0);
  return { ms: ms + minutes * 60_000, precision: 'instant' };
}

function weekday(
  components: ParsedComponents,
  text: string,
  saidMs: number,
  direction: Direction,
): { ms: number; precision: TimePrecision } {
  const named = components.get('weekday')!;
  const towards: Direction = /\b(?:last|past)\b/.test(text)
    ? 'past'
    : /\b(?:next|this|coming)\b/.test(text)
      ? 'future'
      : direction;
  const ms = weekdayFrom(saidMs, named, towards);
  if (!components.isCertain('hour')) return { ms, precision: 'day' };
  return { ms: ms + (components.get('hour')! * 60 + (components.get('minute') ?? 0)) * 60_000, precision: 'instant' };
}

function anchor(match: TimeMatch, clause: string): TimeMatch {
  const head = clause.slice(Math.max(0, match.start - 24), match.start);
  const before = ANCHORED.exec(head);
  if (before === null || match.role !== 'at') return match;
  const { ms, precision } = anchoredMs(before, match.anchorMs);
  const start = match.start - head.length + before.index;
  return { ...match, start, from: worldTime(ms, precision), anchorMs: ms, relative: true };
}

const ROLE_WORDS: readonly (readonly [RegExp, TimeRole])[] = [
  [/\b(?:since|starting|from|as of|beginning)(?: in| on| the)?(?: (?:early|late|mid))? ?$/, 'since'],
  [/\b(?:until|till|by|through|before|due|up to)(?: in| on)?(?: the)?(?: end of)?(?: (?:last|next|this))? ?$/, 'until'],
];

/** "since May" begins there, "until May" ends there. */
function withRole(match: TimeMatch, clause: string): TimeMatch {
  if (match.role !== 'at') return match;
  const inside = /^(since|until|till|by|before|from)\b/.exec(clause.slice(match.start, match.end));
  const before = inside ? inside[1]! : clause.slice(Math.max(0, match.start - 24), match.start);
  for (const [expression, role] of ROLE_WORDS) {
    if (expression.test(before) && !/\bthe \w+ before $/.test(before)) return { ...match, role };
  }
  return match;
}

/** Length without trailing punctuation and blanks. */
function wordEnd(text: string): number {
  let end = text.length;
  while (end > 0 && !/[a-z0-9]/.test(text[end - 1]!)) end -= 1;
  return end;
}

import { dayOfIsoText, WEEKDAY_NAMES, weekdayOf } from '../ranking/calendar.js';
import type { Observation } from './observation.js';

/** A time is shared when it is told of at least this share of the observations, on at least this many days. */
const SHARED_SHARE = 0.6;
const SHARED_MIN = 3;

const PARTS: readonly (readonly [part: string, words: RegExp])[] = [
  ['in the morning', /\b(?:mornings?|breakfast|before (?:work|school|sunrise)|at dawn)\b/i],
  ['around noon', /\b(?:noon|midday|lunch|lunchtime)\b/i],
  ['in the afternoon', /\bafternoons?\b/i],
  ['in the evening', /\b(?:evenings?|tonight|dinner|supper|after work)\b/i],
  ['at night', /\b(?:last night|at night|nights|before (?:bed|sleep)|midnight)\b/i],
];
const CLOCK =
  /\b(?:at|by|around|before|after) (\d{1,2})(?::(\d\d))?\s*([ap])\.?m\b|\b(?:at|by|around) (\d{1,2}):(\d\d)\b/i;

/** " in the morning", " on Mondays", or nothing: when most of it happens. */
export function sharedTime(observations: readonly Observation[]): string {
  const part = mostShared(observations.map(({ memory }) => partOfDay(memory.content)));
  const weekday = mostShared(observations.map(({ day }) => weekdayOf(dayOfIsoText(day)!)).map(String));
  const weekdays = new Set(observations.map(({ day }) => day)).size;
  const onWeekday =
    weekday === null || weekdays < SHARED_MIN ? '' : ` on ${capitalised(WEEKDAY_NAMES[Number(weekday)]!)}s`;
  return `${part === null ? '' : ` ${part}`}${onWeekday}`;
}

function mostShared(values: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) if (count >= SHARED_MIN && count >= SHARED_SHARE * values.length) return value;
  return null;
}

function partOfDay(text: string): string | null {
  const clock = CLOCK.exec(text);
  if (clock !== null)
    return partOfHour((Number(clock[1] ?? clock[4]) % (clock[3] ? 12 : 24)) + (/p/i.test(clock[3] ?? '') ? 12 : 0));
  return PARTS.find(([, words]) => words.test(text))?.[0] ?? null;
}

function partOfHour(hour: number): string {
  if (hour < 4 || hour >= 22) return 'at night';
  if (hour < 11) return 'in the morning';
  if (hour < 14) return 'around noon';
  return hour < 18 ? 'in the afternoon' : 'in the evening';
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

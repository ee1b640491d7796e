/** "Open from 10 am to 6 pm", "24/7", "hours: 10:00-18:00": when something is open, as one value. */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import type { Frame } from './frames.js';
import { partyOf } from './parties.js';
import type { Party } from './parties.js';
import { splitValue } from './values.js';

const OPEN =
  /^(?:open|available|staffed|manned|reachable|accessible|operational|serviced|served|run|operate|trade|on)$/;
const ALWAYS =
  /\b(?:24\/7|24-7|around the clock|round the clock|24 hours(?: a day)?|day and night|at all hours|any time|non-stop|nonstop)\b/;
const CLOCK = /^(\d{1,2})(?:[:.](\d\d))?(am|pm)?$/;

/** Undefined where no hours are told, or of nothing. */
export function hoursOf(frame: Frame, text: string): Draft | undefined {
  const { verb, rest, subject } = frame;
  const head = subject.atoms.at(-1);
  const isNamed = verb === 'be' && /^hours?$/.test(head?.normal ?? '') && subject.atoms.length > 1;
  const isTold =
    (verb === 'be' && OPEN.test(rest[0]?.raw.toLowerCase() ?? '')) || /^(?:open|operate|run|trade|serve)$/.test(verb);
  if (subject.kind !== 'thing' && !isPlace(subject) && !isNamed) return undefined;
  if (!isNamed && !isTold) return undefined;
  const owner = isNamed ? ownerOf(subject) : subject.normal;
  const [first, last] = [rest[0], rest.at(-1)];
  if (first === undefined || owner === '') return undefined;
  const said = text.slice(first.start, last!.end).toLowerCase();
  const normal = ALWAYS.test(said) ? 'always' : spanOf(rest);
  if (normal === undefined) return undefined;
  const days = rest.filter(({ kind, normal: one }) => kind === 'moment' && /(?:^| )[wsmp]=/.test(one));
  const moment = days.flatMap((day) => day.normal.split(' ').filter((part) => !part.startsWith('t='))).join(' ');
  const value = { ...splitValue([]), moment: moment === '' ? null : moment, recurring: true };
  return { slot: 'hours', atoms: rest, normal, subject: owner, value };
}

/** A name with a capital at the start of a sentence may be a place: "Support is available 24/7". */
const isPlace = ({ kind, atoms }: Party): boolean => kind === 'person' && atoms.length === 1;

const ownerOf = ({ atoms }: Party): string => {
  const named = atoms.slice(0, -1).filter(({ normal, raw }) => normal !== "'s" && !/^opening$/i.test(raw));
  return named.length === 0 ? '' : partyOf(named).normal;
};

/** The two times in hours and minutes; undefined unless there are two. */
function spanOf(rest: readonly Atom[]): string | undefined {
  const times = rest.flatMap(({ normal, raw, kind }) => {
    if (kind === 'moment')
      return normal
        .split(' ')
        .filter((part) => part.startsWith('t='))
        .map((part) => minutesOf(part.slice(2)));
    const parts = raw.toLowerCase().split(/[-–—]| to | until | till /);
    return parts.map((part) => minutesOf(part.replaceAll(' ', '')));
  });
  const known = times.filter((time) => time !== undefined);
  return known.length === 2 ? `${known[0]}-${known[1]}` : undefined;
}

function minutesOf(written: string): string | undefined {
  const [, hour, minute, half] = CLOCK.exec(written) ?? [];
  if (hour === undefined || Number(hour) > 24) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  return `${hours}:${minute ?? '00'}`;
}

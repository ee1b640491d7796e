/** "A hangs above B", "B is below A": where one thing is beside another, told in one direction. */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import type { Frame } from './frames.js';
import { partyOf } from './parties.js';
import { splitValue } from './values.js';

/** Each direction by the one that it is told in; a minus turns the two parties round. */
const DIRECTIONS = new Map(
  `above=above over=above on+top=above below=-above beneath=-above underneath=-above under=-above
  left=left right=-left front=front behind=-front before=front back=-front
  north=north south=-north east=east west=-east upstream=upstream downstream=-upstream uphill=uphill downhill=-uphill
  upstairs=upstairs downstairs=-upstairs opposite=opposite next=beside beside=beside alongside=beside adjacent=beside`
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
);
const STANDING = /^(?:be|sit|lie|stand|hang|live|park|rest|float|appear|go)$/;
/** They say as well where a thing is kept, which is read beside this. */
const KEPT = /^(?:under|behind|beside|next|opposite)$/;

export interface Position {
  draft: Draft;
  /** Nothing else is to be read of the clause. */
  isAll: boolean;
}

/** Undefined where the clause puts nothing beside another thing. */
export function positionOf({ verb, rest, subject }: Frame): Position | undefined {
  if (!STANDING.test(verb) || subject.kind === 'self' || subject.atoms.length === 0) return undefined;
  const lead = rest.findIndex(({ kind, normal, raw }) => kind === 'word' && DIRECTIONS.has(directionWord(normal, raw)));
  if (lead < 0 || lead > 2 || !rest.slice(0, lead).every(isLeading)) return undefined;
  const word = directionWord(rest[lead]!.normal, rest[lead]!.raw);
  const after = rest.slice(lead + 1);
  const isLinked = /^(?:of|to|from)$/.test(after[0]?.normal ?? '');
  if (/^(?:left|right|front|back|north|south|east|west|next|upstream|downstream)$/.test(word) && !isLinked)
    return undefined;
  const other = splitValue(isLinked ? after.slice(1) : after);
  if (other.atoms.length === 0 || other.atoms.some(({ kind }) => kind !== 'word')) return undefined;
  const direction = DIRECTIONS.get(word)!;
  const isTurned = direction.startsWith('-');
  const [upper, lower] = [partyOf(subject.atoms), partyOf(other.atoms)];
  const [first, second] = isTurned ? [lower, upper] : [upper, lower];
  return {
    draft: {
      slot: `do:be ${isTurned ? direction.slice(1) : direction}`,
      ...{ atoms: other.atoms, normal: second.normal, subject: first.normal, value: { ...other, atoms: [] } },
    },
    isAll: !KEPT.test(word),
  };
}

const directionWord = (normal: string, raw: string): string =>
  /^(?:left|right)$/i.test(raw) ? raw.toLowerCase() : normal;

const isLeading = ({ kind, normal, raw }: Atom): boolean =>
  kind === 'word' &&
  /^(?:on|to|in|at|just|side|located|situated|placed|hung|parked|mounted|directly)$/.test(
    raw.toLowerCase() === 'hung' ? 'hung' : normal,
  );

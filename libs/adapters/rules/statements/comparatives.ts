/** "Aisha is younger than Bilal", "Bilal is older than Aisha": one claim, told of the one who has more of it. */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import { partyOf } from './parties.js';
import { splitValue } from './values.js';

/** The less of each pair stands on the left. */
const LESS = new Map(
  `younger=older shorter=taller smaller=larger littler=larger lighter=heavier slower=faster cheaper=dearer lower=higher
  weaker=stronger poorer=richer colder=warmer cooler=warmer worse=better quieter=louder nearer=farther closer=farther
  narrower=wider thinner=thicker later=earlier newer=older easier=harder simpler=harder`
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
);
const MORE = new Map(
  'older taller larger heavier faster dearer higher stronger richer warmer better louder farther wider thicker earlier harder'
    .split(' ')
    .map((word) => [word, word] as const),
)
  .set('bigger', 'larger')
  .set('longer', 'longer')
  .set('hotter', 'warmer')
  .set('further', 'farther')
  .set('elder', 'older');

/** Undefined where nothing is compared, or not with the words of a pair. */
export function comparedDraft(rest: readonly Atom[], subject: string): Draft | undefined {
  const than = rest.findIndex(({ normal }) => normal === 'than');
  if (than < 1 || than === rest.length - 1) return undefined;
  const isMuch = rest[than - 1]!.normal === 'expensive';
  const word = isMuch ? 'dearer' : rest[than - 1]!.raw.toLowerCase();
  const isLess = rest[than - 2]?.normal === 'less';
  const less = isMuch && isLess ? 'dearer' : LESS.get(word);
  const quality = less ?? MORE.get(word);
  if (quality === undefined) return undefined;
  const other = splitValue(rest.slice(than + 1));
  if (other.atoms.length === 0 || other.atoms.some(({ kind }) => kind !== 'word')) return undefined;
  const compared = partyOf(other.atoms).normal;
  const difference = rest.slice(0, than).find(({ kind }) => kind === 'measure');
  const by = difference === undefined ? [] : [`by ${difference.normal}`];
  const [more, fewer] = less === undefined ? [subject, compared] : [compared, subject];
  return {
    slot: `do:be ${quality} than`,
    atoms: other.atoms,
    subject: more,
    normal: fewer,
    value: { ...other, qualifiers: [...other.qualifiers, ...by], atoms: [] },
  };
}

import { areOpposite } from '../belief/opposites.js';
import { haveOneStem, isAlike } from '../belief/overlap.js';
import type { MaintainedMemory } from './maintained-memory.js';

/** What two memories have in common of their content words, numbers and ids. */
export interface SharedTerms {
  /** Dice coefficient, terms being equal by their stem; a light word that only one of the two has is not missed. */
  same: number;
  /** Likewise, words of one field being equal too. */
  alike: number;
  /** Each has a word of its own that no claim holds, and they are not of one field: "the red key", "the blue key". */
  isExchanged: boolean;
  /** A word of the one is the opposite of a word of the other. */
  isOpposed: boolean;
}

interface Told {
  memory: MaintainedMemory;
  terms: ReadonlySet<string>;
}

type SameWord = (one: string, other: string) => boolean;

/** They tell little beside what they are said with: "takes 45 minutes", "a 45 minute". */
const LIGHT = new Set('be have do take get make go come give'.split(' '));
/** That something is wished for, or is over, is told by the claims. */
const WISHES = new Set('want wish like love hope'.split(' '));
const ENDINGS = new Set('stop quit give up cease'.split(' '));

export function comparedTerms(one: Told, other: Told, areClaimsEqual: boolean): SharedTerms {
  const [mine, theirs] = areClaimsEqual ? [untold(one), untold(other)] : [one.terms, other.terms];
  const [onlyMine, onlyTheirs] = [without(mine, theirs), without(theirs, mine)];
  const dice = (isSame: SameWord): number => {
    const [lost, added] = [unmatched(onlyMine, onlyTheirs, isSame), unmatched(onlyTheirs, onlyMine, isSame)];
    const shared = mine.size - lost.length + (theirs.size - added.length);
    return shared === 0 ? 0 : shared / (shared + lost.length + added.length);
  };
  const isUnread = (memory: MaintainedMemory) => (word: string) => !areClaimsEqual || !isHeld(memory, word);
  const [lost, added] = [unmatched(onlyMine, onlyTheirs, isAlike), unmatched(onlyTheirs, onlyMine, isAlike)];
  return {
    ...{ same: dice(isSameWord), alike: dice(isAlike) },
    isExchanged: lost.some(isUnread(one.memory)) && added.some(isUnread(other.memory)),
    isOpposed: onlyMine.some((word) => onlyTheirs.some((counter) => areOpposite(word, counter))),
  };
}

const isSameWord: SameWord = (one, other) => one === other || haveOneStem(one, other);

const unmatched = (words: readonly string[], others: readonly string[], isSame: SameWord): string[] =>
  words.filter((word) => !others.some((other) => isSame(word, other)));

const without = (words: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...words].filter((word) => !others.has(word) && !LIGHT.has(word));

/** The terms that equal claims do not tell already. */
function untold({ memory: { modality, claims }, terms }: Told): ReadonlySet<string> {
  const isOver = claims.every(({ aspect }) => aspect === 'ended');
  if (modality !== 'wish' && !isOver) return terms;
  return new Set([...terms].filter((term) => !(modality === 'wish' ? WISHES : ENDINGS).has(term)));
}

/** "Reserved" of a hall that is claimed to be booked: the word became the value. */
const isHeld = ({ claims }: MaintainedMemory, word: string): boolean =>
  claims.some(({ value }) =>
    value
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .some((said) => isSameWord(said, word)),
  );

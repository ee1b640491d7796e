/** "One of Kenji's hobbies", "a goal of mine", "Mia's dream": a noun that somebody has, and whose it is. */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import { partyOf, SELF } from './parties.js';
import type { Party } from './parties.js';
import { splitValue, wordsOf } from './values.js';

/** Nouns under which somebody holds what the subject names. */
const SLOT_OF_NOUN = new Map(
  Object.entries({
    hobby: 'hobby pastime interest sideline',
    goal: 'goal aim ambition dream target resolution aspiration objective intention wish plan',
    fear: 'fear phobia',
    skill: 'skill strength talent forte speciality specialty',
    allergy: 'allergy',
  }).flatMap(([slot, nouns]) => nouns.split(' ').map((noun) => [noun, slot] as const)),
);

/** The noun and its owner; undefined where the phrase names nobody. */
export function ownNoun(rest: readonly Atom[]): { head: Atom; owner: Party } | undefined {
  const from = /^(?:one|1|some|part)$/.test(rest[0]?.normal ?? '') && rest[1]?.normal === 'of' ? 2 : 0;
  const phrase = rest.slice(from);
  const of = phrase.findIndex(({ normal }) => normal === 'of');
  if (of > 0) {
    const named = phrase.slice(of + 1).filter(({ normal }) => normal !== "'s");
    const isMine = /^(?:mine|me|ours)$/.test(named[0]?.normal ?? '');
    const isOwner = isMine || partyOf(named).kind === 'person';
    return named.length > 0 && isOwner ? { head: phrase[of - 1]!, owner: isMine ? SELF : partyOf(named) } : undefined;
  }
  const mark = phrase.findIndex(({ normal }) => normal === "'s");
  if (mark > 0 && mark < phrase.length - 1) return { head: phrase.at(-1)!, owner: partyOf(phrase.slice(0, mark)) };
  const article = phrase[0]?.article;
  return article === 'own' && phrase.length <= 3 ? { head: phrase.at(-1)!, owner: SELF } : undefined;
}

/** At the start of a sentence a gerund has a capital. */
const asDeed = (atom: Atom, at: number): Atom =>
  at === 0 && /ing$/i.test(atom.raw) ? { ...atom, normal: atom.lemma, capital: false } : atom;

/** "Learning Swedish is a goal of mine". */
export function heldUnder(rest: readonly Atom[], subject: Party): Draft | undefined {
  const found = subject.atoms.length > 0 ? ownNoun(rest) : undefined;
  const slot = found === undefined ? undefined : SLOT_OF_NOUN.get(found.head.normal);
  if (found === undefined || slot === undefined) return undefined;
  return {
    ...{ slot, atoms: subject.atoms, normal: wordsOf(subject.atoms.map(asDeed)), subject: found.owner.normal },
    value: splitValue([]),
  };
}

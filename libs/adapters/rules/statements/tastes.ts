/** What somebody likes or dislikes, told of the thing: "is not my cup of tea", "something I enjoy", "no dessert I like more". */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import type { Frame } from './frames.js';
import { ownNoun } from './own-nouns.js';
import { partyOf } from './parties.js';
import type { Party } from './parties.js';
import { splitValue, wordsOf } from './values.js';

const LIKING = /^(?:like|love|enjoy|prefer|adore|appreciate|want|cherish|relish|savor|fancy|value)$/;
const DISLIKING = /^(?:hate|dislike|detest|loathe|despise|avoid|dread|resent|abhor)$/;
const TASTE = /^(?:thing|jam|bag|scene|passion|love|obsession|addiction|delight|pleasure|joy|favorite|cup)$/;
const DISTASTE = /^(?:nightmare|aversion|turn-off|dread|horror|hate|peeve|bugbear)$/;

/** What "X is Y" tells of somebody's taste, X being the thing. */
export function tasteDraft(rest: readonly Atom[], subject: Party): Draft | undefined {
  return ofTaste(rest, subject) ?? whatOneLikes(rest, subject);
}

const liked = (subject: Party, owner: Party, denied: boolean): Draft => ({
  slot: 'preference',
  atoms: subject.atoms,
  normal: wordsOf(subject.atoms),
  subject: owner.normal,
  value: splitValue([]),
  denied,
});

/** "My thing", "Omar's cup of tea", "a passion of mine", "Kim's pet hate". */
function ofTaste(rest: readonly Atom[], subject: Party): Draft | undefined {
  const of = rest.findIndex(({ normal }) => normal === 'of');
  const isCup = of > 0 && rest[of - 1]!.normal === 'cup' && rest[of + 1]?.normal === 'tea' && of + 2 === rest.length;
  const found = subject.atoms.length === 0 ? undefined : ownNoun(isCup ? rest.slice(0, of) : rest);
  if (found === undefined) return undefined;
  const { head, owner } = found;
  const isDenied = DISTASTE.test(head.normal);
  if ((!TASTE.test(head.normal) && !isDenied) || (head.normal === 'cup') !== isCup) return undefined;
  const isNamed = head.normal === 'favorite' && !rest.some(({ normal }) => normal === 'of');
  return isNamed ? undefined : liked(subject, owner, isDenied);
}

/** "Something I enjoy", "what Kim loves", "the kind of film Ben hates". */
function whatOneLikes(rest: readonly Atom[], subject: Party): Draft | undefined {
  const verb = rest.findIndex(({ kind, lemma }, at) => at > 1 && kind === 'word' && isTaste(lemma));
  const isAll = verb === rest.length - 1;
  if (
    !isAll ||
    subject.atoms.length === 0 ||
    !/^(?:something|someth|thing|what|one|sort|kind|type)$/.test(rest[0]!.normal)
  )
    return undefined;
  const owner = rest.slice(1, verb).filter(({ normal }) => !/^(?:that|which|of|thing)$/.test(normal));
  return owner.length === 0 ? undefined : liked(subject, partyOf(owner), DISLIKING.test(rest[verb]!.lemma));
}

const isTaste = (lemma: string): boolean => LIKING.test(lemma) || DISLIKING.test(lemma);

/** "There is no dessert I like more than tiramisu": the favourite one. */
export function unmatched(rest: readonly Atom[]): Draft | undefined {
  const than = rest.findIndex(({ normal }) => normal === 'than');
  const verb = rest.findIndex(({ lemma }, at) => at > 1 && LIKING.test(lemma));
  if (verb < 2 || than !== verb + 2 || than === rest.length - 1) return undefined;
  const owner = rest.slice(1, verb).filter(({ normal }) => !/^(?:that|which)$/.test(normal));
  const value = splitValue(rest.slice(than + 1));
  const isNone = /^(?:more|better)$/.test(rest[verb + 1]!.normal);
  // The clause denies; what it denies is every other one.
  return isNone && owner.length > 0
    ? { slot: `favorite:${rest[0]!.normal}`, atoms: value.atoms, value, subject: partyOf(owner).normal }
    : undefined;
}

/** "Likes Heat best of all films". */
export function likedBest(frame: Frame): Draft | undefined {
  const { rest, verb } = frame;
  const best = rest.findIndex(({ normal }, at) => at > 0 && /^(?:best|most)$/.test(normal));
  if (!LIKING.test(verb) || best < 1) return undefined;
  const of = rest.findIndex(({ normal }, at) => at > best && /^(?:of|among)$/.test(normal));
  const topic = of < 0 ? [] : rest.slice(of + 1).filter(({ normal }) => !/^(?:all|the)$/.test(normal));
  const value = splitValue(rest.slice(0, best));
  if (topic.length === 0 || value.atoms.length === 0) return undefined;
  return { slot: `favorite:${wordsOf(topic)}`, atoms: value.atoms, value };
}

/** "For Wes, trains beat planes": who prefers which. */
export function beatenBy(frame: Frame): Draft[] {
  const { front, verb, subject, rest } = frame;
  if (!/^(?:beat|trump|top|outrank|surpass)$/.test(verb) || !/^(?:for|to)$/.test(front[0]?.normal ?? '')) return [];
  const owner = partyOf(front.slice(1));
  const loser = splitValue(rest);
  if (subject.atoms.length === 0 || loser.atoms.length === 0 || owner.kind === 'thing') return [];
  const winner: Draft = { slot: 'prefer', atoms: subject.atoms, subject: owner.normal, value: splitValue([]) };
  return [winner, { slot: 'prefer', atoms: loser.atoms, value: loser, subject: owner.normal, denied: true }];
}

/** Whom or what a statement is about, in normal form: the same party gives the same string. */
import type { Clause } from '../clauses.js';
import { FEMALE_KIN, MALE_KIN, NEUTRAL_KIN, PETS, PLURAL_PEOPLE, ROLE_NOUNS } from '../lexicon.js';
import type { Token } from '../tokens.js';
import { readAtoms } from './atoms.js';
import { isNumbered } from './measures.js';
import type { Atom, RelativeTime } from './atoms.js';

export interface Party {
  /** `self`, `kate`, `mother`, `kate's manager`, `bug 77`. */
  normal: string;
  kind: 'self' | 'person' | 'thing';
  atoms: readonly Atom[];
}

export const SELF: Party = { normal: 'self', kind: 'self', atoms: [] };

/** A speaker by any name. */
const OWNERS = new Map([
  ['his', 'he'],
  ['her', 'she'],
  ['their', 'they'],
]);
const OWN_GROUPS = new Set([
  'team',
  'company',
  'organization',
  'group',
  'department',
  'household',
  'crew',
  'squad',
  'family',
  'firm',
  'startup',
  'business',
]);
const SELF_WORDS = new Set(['user', 'i', 'we', 'me', 'us', 'speaker', 'myself']);

export function subjectOf(
  clause: Clause,
  tokens: readonly Token[],
  text: string,
  before: Party | undefined,
  relative: readonly RelativeTime[],
): Party {
  const { subject } = clause;
  switch (subject.kind) {
    case 'speaker':
    case 'implied':
    case 'imperative':
      return SELF;
    case 'it':
    case 'he':
    case 'she':
    case 'they':
      if (before !== undefined && tokens[subject.from]?.word !== 'there') return before;
      return pronoun(subject.kind, tokens[subject.from]?.word ?? '');
    default:
      return partyOf(withoutTime(readAtoms(tokens, subject.from, subject.to, text, relative)));
  }
}

/** "My favourite band these days": when it is so is no part of what it is. */
function withoutTime(atoms: readonly Atom[]): readonly Atom[] {
  const kept = atoms.filter(({ kind, normal }) => kind !== 'moment' || !normal.startsWith('r='));
  return kept.length === 0 ? atoms : kept;
}

function pronoun(kind: 'it' | 'he' | 'she' | 'they', word: string): Party {
  return { normal: word === 'there' ? 'there' : kind, kind: kind === 'it' ? 'thing' : 'person', atoms: [] };
}

/** The party that a noun phrase names. "The user" is the speaker; "the user's mother" and "my mother" are the same. */
export function partyOf(atoms: readonly Atom[]): Party {
  let phrase = atoms.filter(({ normal }) => normal !== ',');
  if (phrase.length === 1 && SELF_WORDS.has(phrase[0]!.normal)) return SELF;
  if (phrase.length > 2 && phrase[0]!.normal === 'user' && phrase[1]!.normal === "'s")
    phrase = [{ ...phrase[2]!, article: 'own' }, ...phrase.slice(3)];
  if (phrase.length === 2 && isNumbered(phrase[0]!.normal) && /^[a-z]+-\d+$/.test(phrase[1]!.raw.toLowerCase()))
    phrase = phrase.slice(1);
  if (phrase.length === 0 || (phrase.length === 1 && phrase[0]!.article === 'own' && OWN_GROUPS.has(phrase[0]!.normal)))
    return SELF;
  const owner = OWNERS.get(phrase[0]!.article ?? '');
  return {
    normal: `${owner === undefined ? '' : `${owner}'s `}${phraseNormal(phrase)}`,
    kind: isPerson(phrase) ? 'person' : 'thing',
    atoms: phrase,
  };
}

/** Words in order; the mark of an owner stays with the owner. */
export function phraseNormal(atoms: readonly Atom[]): string {
  let normal = '';
  for (const atom of atoms) normal += atom.normal === "'s" || normal === '' ? atom.normal : ` ${atom.normal}`;
  return normal;
}

const KIN = [MALE_KIN, FEMALE_KIN, NEUTRAL_KIN];

export function isPersonWord(word: string): boolean {
  return KIN.some((kin) => kin.has(word)) || ROLE_NOUNS.has(word) || PLURAL_PEOPLE.has(word);
}

export function isKin(word: string): boolean {
  return KIN.some((kin) => kin.has(word));
}

export function isPet(word: string): boolean {
  return PETS.has(word);
}

const isPluralNoun = (normal: string, raw: string): boolean => raw.endsWith('s') && !normal.endsWith('s');

/** A lone capitalised word is taken for a person; "Kate's phone" and "Bug 77" are things. */
function isPerson(phrase: readonly Atom[]): boolean {
  const from = phrase.findIndex(({ normal }) => normal === 'from');
  if (from > 0) return isPerson(phrase.slice(0, from));
  if (phrase.length === 1 && /^(?:someone|somebody|everyone|everybody|nobody|anyone)$/.test(phrase[0]!.normal))
    return true;
  const head = phrase.at(-1)!;
  if (isPersonWord(head.normal) || isPersonWord(head.raw.toLowerCase())) return true;
  if (phrase.some(({ kind, normal }) => kind !== 'word' || normal === "'s")) {
    return false;
  }
  const names = phrase.filter(({ capital, normal, raw }) => capital && !isPluralNoun(normal, raw)).length;
  if (names === phrase.length && phrase.every(({ article }) => article === null)) return phrase.length <= 3;
  const told = phrase.length - names;
  return (
    told > 0 &&
    told <= 2 &&
    isPersonWord(phrase[told - 1]!.normal) &&
    phrase.slice(told).every(({ capital }) => capital) &&
    head.capital
  );
}

/** A relative or pet, and whose: "Lars's son" is the son of Lars, "my dog" the speaker's dog. */
export interface Relative {
  noun: string;
  owner: string;
  subject: string;
}

export function relativeOf({ atoms, normal, kind }: Party): Relative | undefined {
  const head = atoms.at(-1);
  if (kind === 'self' || head === undefined) return undefined;
  const mark = atoms.findLastIndex((atom) => atom.normal === "'s");
  const noun = mark < 0 ? normal : phraseNormal(atoms.slice(mark + 1));
  if (!isKin(noun) && !isPet(noun)) return undefined;
  return { noun, owner: mark < 0 ? SELF.normal : phraseNormal(atoms.slice(0, mark)), subject: normal };
}

const KIN_SLOTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:half-|step)?(?:brother|sister|sibling|twin)/, 'sibling'],
  [/^(?:son|daughter|child|stepson|stepdaughter)$/, 'child'],
  [/^(?:wife|husband|partner|girlfriend|boyfriend|fiance|fiancé|fiancée|spouse)$/, 'partner'],
  [/^(?:friend|roommate|flatmate|housemate)$/, 'friend'],
];

/** The slot that a relative or friend fills; `relative` for the more distant ones. */
export function kinSlot(word: string): string {
  return KIN_SLOTS.find(([words]) => words.test(word))?.[1] ?? 'relative';
}

import {
  ADVERBS,
  BE_FORMS,
  DETERMINERS,
  FEMALE_KIN,
  MALE_KIN,
  MODALS,
  NEUTRAL_KIN,
  NOT_NAMES,
  PETS,
  PLURAL_PEOPLE,
  POSSESSIVES,
  PREPOSITIONS,
  ROLE_NOUNS,
  SPEAKER_WORDS,
} from './lexicon.js';
import type { Token } from './tokens.js';
import { readVerb } from './verbs.js';

/** Whom or what a clause is about. `implied` is a speaker left out: "Lost my job". */
export type SubjectKind =
  | 'speaker'
  | 'implied'
  | 'addressee'
  | 'named'
  | 'person'
  | 'thing'
  | 'activity'
  | 'he'
  | 'she'
  | 'they'
  | 'it'
  | 'imperative';

export interface Subject {
  kind: SubjectKind;
  /** Token indices; `from === to` when nothing was said (implied, imperative). */
  from: number;
  to: number;
  plural: boolean;
  /** Last word of the noun phrase, lower case. */
  head: string;
}

/** A noun phrase before a verb is not longer than this many tokens. */
const NOUN_PHRASE_MAX_TOKENS = 9;

const PRONOUN_KINDS = new Map<string, SubjectKind>([
  ['you', 'addressee'],
  ['he', 'he'],
  ['she', 'she'],
  ['they', 'they'],
  ['it', 'it'],
  ['there', 'it'],
]);

/** Reads the subject that starts at `from`; undefined when no subject followed by a finite verb stands there. */
export function readSubject(tokens: readonly Token[], from: number): Subject | undefined {
  const first = tokens[from];
  if (first === undefined) return undefined;
  const { word } = first;
  if (SPEAKER_WORDS.has(word)) return pronoun('speaker', tokens, from, word);
  const kind = PRONOUN_KINDS.get(word);
  if (kind !== undefined) return pronoun(kind, tokens, from, word);
  if ((word === 'this' || word === 'that') && isFinite(tokens, from + 1, true))
    return pronoun('it', tokens, from, word);
  return nounPhrase(tokens, from);
}

function pronoun(kind: SubjectKind, tokens: readonly Token[], from: number, word: string): Subject | undefined {
  const next = tokens[from + 1];
  if (next === undefined || next.gap === 'break') return undefined;
  return { kind, from, to: from + 1, plural: word === 'we' || word === 'they', head: word };
}

function nounPhrase(tokens: readonly Token[], from: number): Subject | undefined {
  const first = tokens[from]!;
  const determined = POSSESSIVES.has(first.word) || DETERMINERS.has(first.word);
  const name = first.capital && !NOT_NAMES.has(first.word);
  if (!determined && (ADVERBS.has(first.word) || PREPOSITIONS.has(first.word) || MODALS.has(first.word)))
    return undefined;
  const gerund = readVerb(first.word)?.gerund === true;
  const limit = Math.min(tokens.length, from + NOUN_PHRASE_MAX_TOKENS);
  for (let at = from + 1; at < limit; at += 1) {
    const token = tokens[at]!;
    if (token.gap === 'break') return undefined;
    const bound = tokens[at - 1]!.word;
    const inner = PREPOSITIONS.has(token.word) || (DETERMINERS.has(token.word) && bound !== 'and' && bound !== 'of');
    if (!determined && !gerund && inner) return undefined;
    if (token.gap === 'comma' && !isAppositive(tokens, from, at)) return undefined;
    const mayBeVerb =
      at > from + (determined ? 1 : 0) && !PREPOSITIONS.has(bound) && bound !== 'of' && !isPossessive(tokens, at - 1);
    if (mayBeVerb && isFinite(tokens, at, isPluralHead(tokens, from, at), !determined && !name)) {
      return describe(tokens, from, at, determined, name);
    }
    if (mayBeVerb && ADVERBS.has(token.word) && isFinite(tokens, at + 1, isPluralHead(tokens, from, at))) {
      return describe(tokens, from, at, determined, name);
    }
    if ((SPEAKER_WORDS.has(token.word) || PRONOUN_KINDS.has(token.word)) && bound !== 'and') return undefined;
  }
  return undefined;
}

/** `My sister, Anna, works`: the name between commas belongs to the phrase. */
function isAppositive(tokens: readonly Token[], from: number, at: number): boolean {
  if (at - from > 4) return false;
  if (tokens[at]!.capital) return true;
  return tokens[at - 1]!.capital && tokens[at - 1]!.gap === 'comma';
}

function isPossessive(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.word === "'s" && !NOT_NAMES.has(tokens[at - 1]?.word ?? '');
}

/** `'s` is `is` when no noun follows that a later verb would need: "Kate's a doctor", "Kate's moving". */
function isContractedBe(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (next === undefined) return false;
  if (DETERMINERS.has(next.word) || ADVERBS.has(next.word) || PREPOSITIONS.has(next.word)) return true;
  return /(?:ing|ed)$/.test(next.word) || next.word === 'been' || next.word === 'got' || next.word === 'married';
}

/** Can the token at `at` be the verb of a main clause? `bare` also takes a base form only before an object. */
function isFinite(tokens: readonly Token[], at: number, plural: boolean, bare = false): boolean {
  const token = tokens[at];
  if (token === undefined || token.gap === 'break' || (token.capital && !bare)) return false;
  const { word } = token;
  if (word === "'s") return isContractedBe(tokens, at);
  if (BE_FORMS.has(word)) return word !== 'be' && word !== 'been' && word !== 'being';
  if (MODALS.has(word)) return true;
  const reading = readVerb(word);
  if (reading === undefined) return false;
  const next = tokens[at + 1];
  if (
    next !== undefined &&
    next.gap !== 'break' &&
    ((BE_FORMS.has(next.word) && next.word !== 'been' && next.word !== 'being') || MODALS.has(next.word))
  )
    return false;
  if (reading.third) return true;
  if (reading.past && !reading.base) return true;
  return reading.base && (plural || reading.past) && (word !== 'like' || !bare);
}

function isPluralHead(tokens: readonly Token[], from: number, at: number): boolean {
  const head = tokens[at - 1]!.word;
  if (PLURAL_PEOPLE.has(head) || head === 'people' || head === 'i') return true;
  for (let back = from; back < at; back += 1) if (tokens[back]!.word === 'and') return true;
  return head.length > 3 && head.endsWith('s') && !head.endsWith('ss') && head !== "'s";
}

function describe(
  tokens: readonly Token[],
  from: number,
  to: number,
  determined: boolean,
  name: boolean,
): Subject | undefined {
  const head = tokens[to - 1]!;
  const plural = isPluralHead(tokens, from, to);
  const isName = name || (determined && head.capital && to - from > 2 && isPersonNoun(tokens[to - 2]!.word));
  const person = hasPersonHead(tokens, from, to);
  if (!determined && !name && !person && tokens[from]!.gap !== 'none' && to - from > 4) return undefined;
  if (!determined && readVerb(tokens[from]!.word)?.gerund === true)
    return { kind: 'activity', from, to, plural: false, head: head.word };
  const kind: SubjectKind = isName && !determined ? 'named' : person || isName ? 'person' : 'thing';
  return { kind, from, to, plural, head: head.word };
}

/** True when the phrase names a person by kinship or role, and not something of that person ("my sister's car"). */
function hasPersonHead(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = to - 1; at >= from; at -= 1) {
    const { word } = tokens[at]!;
    if (isPersonNoun(word)) return tokens[at + 1] === undefined || at + 1 >= to || tokens[at + 1]!.word !== "'s";
    if (!tokens[at]!.capital && word !== 'and' && word !== 'i') return false;
  }
  return false;
}

export function isPersonNoun(word: string): boolean {
  return (
    MALE_KIN.has(word) ||
    FEMALE_KIN.has(word) ||
    NEUTRAL_KIN.has(word) ||
    ROLE_NOUNS.has(word) ||
    PLURAL_PEOPLE.has(word) ||
    PETS.has(word)
  );
}

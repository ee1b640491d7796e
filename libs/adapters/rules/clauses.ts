import {
  ADVERBS,
  COORDINATORS,
  DAYS,
  EXPLAINERS,
  INTERJECTIONS,
  MODALS,
  NEGATIONS,
  OPENERS,
  PREPOSITIONS,
  SPEAKER_WORDS,
  TIME_OPENERS,
} from './lexicon.js';
import { readPredicate } from './predicate.js';
import type { Predicate } from './predicate.js';
import { readSubject } from './subject.js';
import type { Subject } from './subject.js';
import type { Token } from './tokens.js';
import { readVerb } from './verbs.js';

/** One statement inside a sentence: token indices `[from, to)`. */
export interface Clause {
  from: number;
  to: number;
  subject: Subject;
  predicate: Predicate;
  /** The subject (and an auxiliary, as it was written) is that of the clause before: "love Python and [prefer] dark mode". */
  sharesSubject: boolean;
  /** Auxiliary to repeat in front of a shared subject's verb: `is`, `was`, `have`; empty when there is none. */
  sharedAuxiliary: string;
  /** `if`, `when`, …: the circumstance that opens the clause; `because`, …: it explains the clause before. */
  opener: string | null;
  /** Verb of saying or thinking that frames the statement: `say`, `think`; and who says it. */
  frame: { lemma: string; subject: Subject; negated: boolean } | null;
}

/** The opener of a standing order. */
export const STANDING = 'from now on';

/** Openers and fronted phrases are not longer than this many tokens. */
const FRONT_MAX_TOKENS = 14;
const WEEKDAY = new RegExp(`^(?:${DAYS})s?$`);
const REPORTING = new Set('say tell hear mention report claim announce explain confirm read learn'.split(' '));
const THINKING = new Set('think guess believe suppose assume feel imagine'.split(' '));
const KNOWING = new Set('know realize realise notice remember find discover mean forget glad sure'.split(' '));

/** Base forms that a speaker starts with when leaving out "I": "Love Python", "Need a new laptop". */
const ELIDABLE = new Set('love hate prefer enjoy adore dislike need want hope wish'.split(' '));

/** Gerunds that a speaker starts with when leaving out "I'm"; others are subjects ("Dancing helps"). */
const ELIDABLE_GERUNDS = new Set(
  'working planning thinking trying learning studying looking waiting hoping moving living staying considering training preparing starting saving'.split(
    ' ',
  ),
);

/** Reads the statements of one sentence from left to right. */
export function readClauses(tokens: readonly Token[]): Clause[] {
  const clauses: Clause[] = [];
  let at = 0;
  while (at < tokens.length) {
    const clause = readClause(tokens, at, clauses.at(-1));
    if (clause === undefined) {
      at = nextStart(tokens, at);
      continue;
    }
    clauses.push(clause);
    at = Math.max(clause.to, at + 1);
  }
  return clauses;
}

function readClause(tokens: readonly Token[], from: number, before: Clause | undefined): Clause | undefined {
  const start = skipLead(tokens, from);
  const first = tokens[start];
  if (first === undefined) return undefined;
  const opener =
    EXPLAINERS.has(first.word) || OPENERS.has(first.word)
      ? first.word
      : (explainerBefore(tokens, from, start) ?? standing(tokens, start));
  const shared = start > 0 ? sharedClause(tokens, start, before) : undefined;
  if (shared !== undefined) return { ...shared, opener };
  const head = findHead(tokens, start);
  if (head === undefined) return undefined;
  return frameClause(tokens, start, head, opener);
}

/** "From now on, …", "going forward, …": an order that stands. */
function standing(tokens: readonly Token[], start: number): string | null {
  const opening = tokens.slice(start, start + 3).map(({ word }) => word);
  return isStanding(opening) ? STANDING : null;
}

function isStanding([first, second, third]: readonly string[]): boolean {
  return (
    (first === 'from' && second === 'now' && third === 'on') ||
    (first === 'going' && second === 'forward') ||
    (first === 'in' && second === 'future')
  );
}

function explainerBefore(tokens: readonly Token[], from: number, start: number): string | null {
  for (let at = from; at < start; at += 1) if (EXPLAINERS.has(tokens[at]!.word)) return tokens[at]!.word;
  return null;
}

/** Leaves out "Hey Gina,", "so", "yes,": words that belong to no statement. */
function skipLead(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length) {
    const { word, capital } = tokens[at]!;
    const next = tokens[at + 1];
    const beforePause = next !== undefined && (next.gap === 'comma' || next.gap === 'break');
    const vocative = capital && beforePause && at > from && readVerb(word) === undefined;
    const skippable =
      COORDINATORS.has(word) || EXPLAINERS.has(word) || (INTERJECTIONS.has(word) && !startsSubject(tokens, at));
    if (!vocative && !(capital && next?.gap === 'comma' && at === 0 && !TIME_OPENERS.has(word)) && !skippable)
      return at;
    at += 1;
  }
  return at;
}

function startsSubject(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.word === "that's" || (tokens[at + 1]?.word === 'morning' && tokens[at + 1]?.gap === 'space');
}

interface Head {
  subject: Subject;
  predicate: Predicate;
}

/** The subject and verb of the statement that starts at `start`, behind an opener or a fronted phrase if there is one. */
function findHead(tokens: readonly Token[], start: number): Head | undefined {
  const { word } = tokens[start]!;
  const opens = OPENERS.has(word);
  if (standing(tokens, start) !== null) {
    const next = start + (word === 'from' ? 3 : 2);
    return tokens[next] === undefined ? undefined : (headAt(tokens, next) ?? elidedHead(tokens, next));
  }
  if (!opens) {
    const direct = headAt(tokens, start);
    if (direct !== undefined) return direct;
    if (tokens[start]!.gap !== 'space' || start === 0) {
      const elided = elidedHead(tokens, start);
      if (elided !== undefined) return elided;
    }
  }
  const fronted = opens || PREPOSITIONS.has(word) || TIME_OPENERS.has(word) || /^\d/.test(word) || WEEKDAY.test(word);
  if (!fronted && !ADVERBS.has(word)) return undefined;
  const limit = Math.min(tokens.length, start + FRONT_MAX_TOKENS);
  for (let at = start + 1; at < limit; at += 1) {
    const token = tokens[at]!;
    if (token.gap === 'break') return undefined;
    const pause = token.gap === 'comma';
    if (!pause && (opens || !isFrontedSubject(token))) continue;
    const head = headAt(tokens, pause && COORDINATORS.has(token.word) ? at + 1 : at);
    if (head !== undefined) return head;
    const order = pause ? elidedHead(tokens, at) : undefined;
    if (order?.subject.kind === 'imperative') return order;
  }
  return undefined;
}

function isFrontedSubject({ word, capital }: Token): boolean {
  return (
    SPEAKER_WORDS.has(word) ||
    word === 'he' ||
    word === 'she' ||
    word === 'they' ||
    word === 'my' ||
    word === 'our' ||
    word === 'the' ||
    capital
  );
}

function headAt(tokens: readonly Token[], at: number): Head | undefined {
  const subject = readSubject(tokens, at);
  if (subject === undefined) return undefined;
  const anyVerb = subject.kind === 'speaker' || subject.kind === 'they';
  const predicate = readPredicate(tokens, subject.to, anyVerb);
  return predicate === undefined ? undefined : { subject, predicate };
}

/** "Lost my job", "Working on my thesis", "Love Python": the speaker left out. "Use tabs": an order. */
function elidedHead(tokens: readonly Token[], start: number): Head | undefined {
  let at = start;
  while (at < tokens.length && (ADVERBS.has(tokens[at]!.word) || NEGATIONS.has(tokens[at]!.word))) at += 1;
  const verb = tokens[at];
  if (verb === undefined || verb.gap === 'break') return undefined;
  const { word } = verb;
  const none: Subject = { kind: 'implied', from: start, to: start, plural: false, head: '' };
  const order: Subject = { ...none, kind: 'imperative' };
  const denied = tokens[at + 1]?.word === "n't" || tokens[at + 1]?.word === 'not';
  if (word === 'do' && denied) return withPredicate(tokens, order, start);
  if (MODALS.has(word) && (tokens[at + 1]?.word === "n't" || tokens[at + 1]?.word === 'not'))
    return withPredicate(tokens, none, start);
  const reading = readVerb(word);
  if (reading === undefined) {
    if (word === 'been') return withPredicate(tokens, none, start);
    return at > start && isLasting(tokens[at - 1]!.word) ? withPredicate(tokens, order, start, true) : undefined;
  }
  if (reading.gerund) {
    if (!ELIDABLE_GERUNDS.has(word)) return undefined;
    const predicate = readPredicate(tokens, at, false);
    return predicate && { subject: none, predicate: { ...predicate, progressive: true } };
  }
  if (reading.past && !reading.base) return withPredicate(tokens, none, start);
  if (ELIDABLE.has(word)) return withPredicate(tokens, none, start);
  return reading.base ? withPredicate(tokens, order, start) : undefined;
}

/** "Always quote prices": after these an order may use any verb. */
function isLasting(word: string): boolean {
  return word === 'always' || word === 'never';
}

function withPredicate(tokens: readonly Token[], subject: Subject, at: number, anyVerb = false): Head | undefined {
  const predicate = readPredicate(tokens, at, anyVerb);
  return predicate && { subject, predicate };
}

/** "… and [prefer dark mode]": a finite verb in the form of the verb before, with the same subject. */
function sharedClause(tokens: readonly Token[], start: number, before: Clause | undefined): Clause | undefined {
  if (before === undefined || before.to > start || before.frame !== null) return undefined;
  const coordinator = tokens[start - 1]!.word;
  if (coordinator !== 'and' && coordinator !== 'but' && coordinator !== 'then') return undefined;
  if (!continues(tokens, start, before)) return undefined;
  const predicate = readPredicate(tokens, start, false);
  if (predicate === undefined) return undefined;
  const progressive = before.predicate.progressive && readVerb(tokens[predicate.at]!.word)?.gerund === true;
  const sharedAuxiliary = progressive
    ? before.predicate.tense === 'past'
      ? 'was'
      : before.sharedAuxiliary || 'is'
    : '';
  const to = clauseEnd(tokens, before.subject, predicate);
  const tense = progressive ? before.predicate.tense : predicate.tense;
  return {
    from: start,
    to,
    subject: before.subject,
    predicate: { ...predicate, progressive: predicate.progressive || progressive, tense },
    sharesSubject: true,
    sharedAuxiliary,
    opener: null,
    frame: null,
  };
}

/** Does the verb at `at` share the subject of the clause before? A bare base form after "to" or a modal does not. */
function continues(tokens: readonly Token[], start: number, before: Head): boolean {
  let at = start;
  while (at < tokens.length && (ADVERBS.has(tokens[at]!.word) || NEGATIONS.has(tokens[at]!.word))) at += 1;
  const token = tokens[at];
  if (token === undefined || token.gap === 'break' || token.gap === 'comma' || token.capital) return false;
  const { word } = token;
  const next = tokens[at + 1];
  const hasMore = next !== undefined && next.gap !== 'break' && next.gap !== 'comma';
  if (word === 'am' || word === 'is' || word === 'was' || word === 'had') return hasMore;
  if ((word === 'do' || word === 'does' || word === 'did' || word === 'can' || word === 'ca') && next?.gap === 'none')
    return true;
  const reading = readVerb(word);
  if (reading === undefined) return false;
  const { predicate } = before;
  if (predicate.progressive) return reading.gerund && hasMore;
  if (predicate.modals.length > 0 || predicate.perfect) return ELIDABLE.has(word) && predicate.negated && hasMore;
  if (reading.past && !reading.base) return predicate.tense === 'past' || !reading.participle || hasMore;
  if (!hasMore) return false;
  if (reading.third) return !before.subject.plural && before.subject.kind !== 'speaker' && predicate.tense !== 'future';
  if (!reading.base || predicate.tense !== 'present') return false;
  if (ELIDABLE.has(word)) return true;
  if (COORDINATORS.has(next.word) || PREPOSITIONS.has(next.word) || next.word === 'of')
    return word === 'live' || word === 'work';
  return predicate.base && !hasInfinitive(tokens, predicate.rest, start);
}

function hasInfinitive(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from; at < to - 1; at += 1)
    if (tokens[at]!.word === 'to' && readVerb(tokens[at + 1]!.word)?.base) return true;
  return false;
}

/** First token behind the clause: where another subject with a verb starts, or a verb that shares this subject. */
function clauseEnd(tokens: readonly Token[], subject: Subject, predicate: Predicate): number {
  for (let at = predicate.rest; at < tokens.length; at += 1) {
    const { gap, word } = tokens[at]!;
    if (gap === 'break') return at;
    const coordinates = COORDINATORS.has(word) && word !== 'or' && word !== 'nor';
    const explains = EXPLAINERS.has(word);
    if (gap !== 'comma' && !coordinates && !explains) continue;
    if (isClauseStart(tokens, at, { subject, predicate }, coordinates || explains)) return at;
  }
  return tokens.length;
}

function isClauseStart(tokens: readonly Token[], at: number, head: Head, linked: boolean): boolean {
  let start = at;
  while (start < tokens.length && start < at + 3 && isLink(tokens[start]!.word)) start += 1;
  if (tokens[start] === undefined) return false;
  if (headAt(tokens, start) !== undefined) return true;
  let front = start;
  while (front < start + 2 && ADVERBS.has(tokens[front]?.word ?? '')) front += 1;
  if (front > start && headAt(tokens, front) !== undefined) return true;
  if (linked && (TIME_OPENERS.has(tokens[start]!.word) || PREPOSITIONS.has(tokens[start]!.word))) {
    const fronted = findHead(tokens, start);
    if (fronted !== undefined && fronted.subject.from !== fronted.subject.to) return true;
  }
  const last = tokens[start - 1]!.word;
  if (!linked || start === at || (last !== 'and' && last !== 'but' && last !== 'then')) return false;
  return continues(tokens, start, head);
}

function isLink(word: string): boolean {
  return COORDINATORS.has(word) || EXPLAINERS.has(word) || word === 'also';
}

/** Unwraps "Kate said that …" and "I think …" to the statement inside, which keeps its frame. */
function frameClause(tokens: readonly Token[], from: number, outer: Head, opener: string | null): Clause {
  const plain = (): Clause => ({
    from,
    to: clauseEnd(tokens, outer.subject, outer.predicate),
    ...outer,
    sharesSubject: false,
    sharedAuxiliary: '',
    opener,
    frame: null,
  });
  const { lemma, modals, rest } = outer.predicate;
  if (modals.includes('would') || !(REPORTING.has(lemma) || THINKING.has(lemma) || KNOWING.has(lemma))) return plain();
  const inner = complement(tokens, rest, lemma);
  if (inner === undefined) return plain();
  const frame = { lemma, subject: outer.subject, negated: outer.predicate.negated };
  return {
    from,
    to: clauseEnd(tokens, inner.subject, inner.predicate),
    ...inner,
    sharesSubject: false,
    sharedAuxiliary: '',
    opener,
    frame,
  };
}

/** The statement behind a verb of saying: right away, after "that", or after the listener ("told me that …"). */
function complement(tokens: readonly Token[], rest: number, lemma: string): Head | undefined {
  let at = rest;
  const listener = tokens[at]?.word ?? '';
  if (
    (lemma === 'tell' || lemma === 'find') &&
    (listener === 'me' || listener === 'us' || listener === 'you' || listener === 'out')
  )
    at += 1;
  if (tokens[at]?.word === 'out' || tokens[at]?.word === 'from') return undefined;
  if (tokens[at]?.word === 'that' && tokens[at + 1]?.gap === 'space') at += 1;
  const head = headAt(tokens, at);
  return head !== undefined && head.subject.kind !== 'it' ? head : undefined;
}

/** Where a statement may start after one that could not be read. */
function nextStart(tokens: readonly Token[], from: number): number {
  for (let at = from + 1; at < tokens.length; at += 1) {
    const { gap, word } = tokens[at]!;
    if (gap === 'break' || gap === 'comma' || COORDINATORS.has(word) || EXPLAINERS.has(word)) return at;
  }
  return tokens.length;
}

/** What the verb of a frame says about how sure the statement is. */
export function frameKind(lemma: string): 'reported' | 'thought' | 'known' {
  if (REPORTING.has(lemma)) return 'reported';
  return THINKING.has(lemma) ? 'thought' : 'known';
}

import { MAX_QUERY_TERM_COUNT } from './bm25.js';
import type { DaySpan } from './calendar.js';
import { explicitWindow } from './date-windows.js';
import { readQuestion } from './question-reading.js';
import { adjacentPairs, isUnspaced, tokenize } from './tokenizer.js';
import { capitalisedWords } from './turn-reading.js';

/** Everything the ranker takes from a question, read once per search. */
export interface QuestionPlan {
  /** The question with dates and speakers' names spelled in full. */
  text: string;
  /** The same without speakers' names, for an embedder. */
  textWithoutNames: string;
  /** What that means to the embedder, of unit length; null without one, or where it means nothing to it. */
  direction: Float64Array | null;
  /** Distinct content words, speakers' names left out unless nothing else is asked. */
  terms: readonly string[];
  /** How often each term is asked, 1 or 2. */
  termCounts: readonly number[];
  /** Adjacent content words, `first_second`. */
  pairs: readonly string[];
  namedSpeakers: ReadonlySet<string>;
  /** Whose turns "I" or "you" means in a chat without names; null when neither is asked about. */
  addressedRole: 'user' | 'assistant' | null;
  asksWhen: boolean;
  asksWhere: boolean;
  asksTitle: boolean;
  asksPlan: boolean;
  /** It asks about the past, so a superseded claim may be the answer. */
  isHistorical: boolean;
  /** The days that it names with their year. */
  explicitWindow: DaySpan | null;
  /** Capitalised words of the question that are no speaker, in lower case. */
  knownNames: ReadonlySet<string>;
}

/** What a plan needs to know about the conversations that are searched. */
export interface PlanContext {
  /** Names of the speakers in sight, in ascending order. */
  speakers: readonly string[];
  /** Whether conversations use a lower-case word without a capital; see `readQuestion`. */
  isOrdinaryWord(word: string): boolean;
}

/** A pasted page is no longer a question: its first words are asked, so that no query can hold up the others. */
const MAX_ASKED_TOKENS = 64;
/** Where words have no spaces between them, each is about three tokens: pairs of characters. */
const MAX_ASKED_PAIRS = 192;
/** Names and dates are looked for in no more than this, several times what those words take. */
const MAX_READ_CHARACTERS = 2_000;

const ASKS_WHEN =
  /^(when|how long|what (date|day|year|month)|since when|how many (days|weeks|months|years)|in which (year|month))/;
const ASKS_WHERE =
  /\b(where|(what|which) (city|country|state|place|town|location|park|beach|area|region|national park|restaurant|shop|store|museum))\b/;
const ASKS_TITLE =
  /\b(book|movie|film|song|band|show|series|game|album|novel|called|named?|title|artist|author|singer|musician|poem)s?\b/;
const ASKS_PLAN = /\b(plan|planning|going to|will|would|upcoming|next|future|goal|want|intend|hope)s?\b/;
const ASKS_PAST =
  /\b(did|was|were|had|used to|previously|formerly|originally|initially|before|back then|at first|earlier|in the past)\b/;

/** Polite frames around a question: their "you" is not what is asked about. */
const POLITE_FRAME =
  /\b(?:do|can|could|would|will) you (?:please )?(?:remember|recall|know|remind|tell|say|show|give|help)\b/g;
const ASKS_ASSISTANT =
  /\b(?:did|have|had|were|are|was) you\b|\byou (?:(?:have|had|just|also|previously|earlier|already) )?(?:[a-z]+ed|said|gave|told|wrote|made|sent|chose|found|recommend|suggest|say)\b|\byour (?:answer|advice|suggestion|recommendation|reply|list|explanation)s?\b/;
const ASKS_USER = /\b(?:i|i'm|i've|i'd|i'll|my|mine|me|myself|we|our|us)\b/;

/** As much of a question as is read: all of it, unless it is a pasted page. */
export function beginningOf(question: string): string {
  return question.slice(0, MAX_READ_CHARACTERS).toWellFormed();
}

/** Reads a question. Linear in its length for a given set of speakers. */
export function planQuestion(question: string, context: PlanContext): QuestionPlan {
  const read = readQuestion(question, context.speakers, (word) => context.isOrdinaryWord(word));
  const lower = read.full.toLowerCase();
  const asked = askedTokens(read.full, read.named);
  const counts = new Map<string, number>();
  for (const token of asked) counts.set(token, Math.min((counts.get(token) ?? 0) + 1, MAX_QUERY_TERM_COUNT));
  const speakers = context.speakers.flatMap((speaker) => [
    speaker.toLowerCase(),
    ...speaker.toLowerCase().split(/\s+/),
  ]);
  return {
    text: read.full,
    textWithoutNames: read.withoutNames,
    direction: null,
    terms: [...counts.keys()],
    termCounts: [...counts.values()],
    pairs: adjacentPairs(asked),
    namedSpeakers: read.named,
    addressedRole: addressedRole(lower),
    asksWhen: ASKS_WHEN.test(lower),
    asksWhere: ASKS_WHERE.test(lower),
    asksTitle: ASKS_TITLE.test(lower),
    asksPlan: ASKS_PLAN.test(lower),
    isHistorical: ASKS_WHEN.test(lower) || ASKS_PAST.test(lower),
    explicitWindow: explicitWindow(read.full),
    knownNames: new Set([...speakers, ...capitalisedWords(read.full)]),
  };
}

function askedTokens(question: string, named: ReadonlySet<string>): string[] {
  const names = new Set([...named].flatMap((speaker) => tokenize(speaker)));
  const all = tokenize(question);
  const most = isUnspaced(question) ? MAX_ASKED_PAIRS : MAX_ASKED_TOKENS;
  const content = all.filter((token) => !names.has(token)).slice(0, most);
  // "Who is Ann?" asks for nothing but the name: then the texts that mention it are the best there is.
  return content.length > 0 ? content : all.slice(0, most);
}

function addressedRole(lowerQuestion: string): 'user' | 'assistant' | null {
  const question = lowerQuestion.replaceAll('’', "'").replace(POLITE_FRAME, ' ');
  if (ASKS_ASSISTANT.test(question)) return 'assistant';
  return ASKS_USER.test(question) ? 'user' : null;
}

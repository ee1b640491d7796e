import type { DayNumber, DaySpan } from './calendar.js';
import { dayOfIsoText, MONTH_NAMES, WEEKDAY_NAMES } from './calendar.js';
import { spokenSpan } from './spoken-span.js';
import { STOP_WORDS, tokenize } from './tokenizer.js';

/** What is known of one turn before any question is asked; read once, when the turn enters an index. */
export interface TurnReading {
  /** Content words in order, of the text and of the caption of what it shares. */
  tokens: readonly string[];
  saidOn: DayNumber;
  /** The days that the text speaks of; the day it was said where it names none. */
  spokenSpan: DaySpan;
  endsWithQuestionMark: boolean;
  hasTimeExpression: boolean;
  hasPlanPhrase: boolean;
  /** Words like "I" and "our", counted up to three. */
  firstPersonWordCount: number;
}

export const MAX_FIRST_PERSON_WORDS = 3;

const TIME_EXPRESSION = new RegExp(
  '\\b(yesterday|today|tonight|tomorrow|last|next|ago|week|weekend|month|year|years|' +
    `${WEEKDAY_NAMES.join('|')}|${MONTH_NAMES.join('|')}|recently|just|since|\\d{4}|days|morning|night)\\b`,
  'i',
);
const PLAN_PHRASE =
  /\b(going to|gonna|planning|plan|plans|will|'ll|can't wait|looking forward|next (week|month|year|weekend)|soon|hope|hoping|tomorrow|want to)\b/i;
const FIRST_PERSON = /\b(i|i'm|i've|i'd|i'll|my|mine|me|we|we're|we've|our|us|myself)\b/gi;
const SENTENCE_END = /[.!?]\s+|["\u201c]/;
const LETTERS = /\p{L}[\p{L}'’]*/gu;

/**
 * Reads a turn. `saidAt` is ISO 8601; a text that is no date counts as 1970-01-01. `caption` describes what the turn
 * shares: its words are searched, but they are not speech, so nothing else is read from it.
 */
export function readTurn(text: string, caption: string | null, saidAt: string): TurnReading {
  const saidOn = dayOfIsoText(saidAt) ?? 0;
  return {
    tokens: tokenize(caption ? `${text} [shares ${caption}]` : text),
    saidOn,
    spokenSpan: spokenSpan(text, saidOn),
    endsWithQuestionMark: text.trimEnd().endsWith('?'),
    hasTimeExpression: TIME_EXPRESSION.test(text),
    hasPlanPhrase: PLAN_PHRASE.test(text),
    firstPersonWordCount: countFirstPersonWords(text),
  };
}

/** Capitalised words that do not open a sentence, in lower case: names of people, places and works. */
export function capitalisedWords(text: string): Set<string> {
  const found = new Set<string>();
  for (const sentence of text.split(SENTENCE_END)) {
    let isFirst = true;
    for (const [word] of sentence.matchAll(LETTERS)) {
      if (!isFirst && isCapitalised(word) && word.length > 1 && !word.startsWith("I'")) {
        const lower = word.toLowerCase();
        if (!STOP_WORDS.has(lower)) found.add(lower);
      }
      isFirst = false;
    }
  }
  return found;
}

/** Whether the first letter of a word is an upper-case one; letters of scripts without case are not. */
export function isCapitalised(word: string): boolean {
  return word.charAt(0) !== word.charAt(0).toLowerCase();
}

function countFirstPersonWords(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(FIRST_PERSON)) {
    count += 1;
    if (count === MAX_FIRST_PERSON_WORDS) break;
  }
  return count;
}

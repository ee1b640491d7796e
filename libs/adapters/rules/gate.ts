import { DAYS, MODALS, MONTHS, NOT_NAMES, PREPOSITIONS } from './lexicon.js';
import type { Token } from './tokens.js';
import { readVerb } from './verbs.js';

/** The parties of the conversation, and those that agents write about. */
const PARTIES = new Set('i me my mine myself we us our ours you your user customer client'.split(' '));
const TIMES = new Set([
  ...DAYS.split('|'),
  ...MONTHS.split('|'),
  ...'yesterday today tomorrow week month year'.split(' '),
]);
const CONTENT_WORD_MIN_CHARS = 3;
const CONTENT_WORDS_FOR_A_POINT = 6;

/**
 * How much a sentence promises: a point each for a party of the conversation, an inner proper noun, a number or time, and six
 * content words. Under `GATE_MIN_SCORE` only a rule about work may take it ("Customer cannot log in" names nobody);
 * otherwise it stays an episode, which search still finds.
 */
export function gateScore(tokens: readonly Token[]): number {
  let firstPerson = 0;
  let properNoun = 0;
  let figure = 0;
  let contentWords = 0;
  tokens.forEach(({ word, capital, gap }, at) => {
    if (PARTIES.has(word)) firstPerson = 1;
    else if (capital && !NOT_NAMES.has(word) && (at > 0 ? gap !== 'break' : isVerb(tokens[1]))) properNoun = 1;
    if (hasDigit(word) || TIMES.has(word)) figure = 1;
    if (word.length >= CONTENT_WORD_MIN_CHARS && !PREPOSITIONS.has(word) && !MODALS.has(word)) contentWords += 1;
  });
  const long = contentWords >= CONTENT_WORDS_FOR_A_POINT ? 1 : 0;
  return firstPerson + properNoun + figure + long;
}

export const GATE_MIN_SCORE = 1;

/** "Rita smokes": the first word is a name when a verb in the third person or the past follows it. */
function isVerb(token: Token | undefined): boolean {
  if (token === undefined || token.gap !== 'space') return false;
  return token.word === 'is' || token.word === 'was' || readVerb(token.word)?.base === false;
}

function hasDigit(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) return true;
  }
  return false;
}

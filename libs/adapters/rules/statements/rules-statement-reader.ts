import type { Claim, Cues, Modality, Statement } from '#libs/domain/belief/claim.js';
import { StatementReader } from '#libs/ports/statement-reader.js';
import type { StatementContext } from '#libs/ports/statement-reader.js';
import type { Direction } from '../calendar.js';
import { splitSentences } from '../sentences.js';
import type { Sentence } from '../sentences.js';
import { lower, tokenise } from '../tokens.js';
import type { Token } from '../tokens.js';
import { readClauseTime } from '../world-time.js';
import type { ClauseTime } from '../world-time.js';
import { claimsOf } from './claims.js';
import { findClauses } from './clause-finding.js';
import { frameOf } from './frames.js';
import type { Frame, SentenceView } from './frames.js';
import { withLabel, withOrder, withoutReport } from './clause-shaping.js';
import { readCues, takeEndings, trimCues } from './cues.js';
import { contentOf } from './content-words.js';

/** A statement is a sentence or a few; what is longer is a document and claims nothing that could be weighed. */
export const STATEMENT_MAX_CHARS = 2_000;
export const STATEMENT_MAX_CLAIMS = 24;
const SENTENCES_MAX_READ = 8;

/** Reads statements by rules alone: clauses, then frames, then claims; one pass over the text for each. */
export class RulesStatementReader extends StatementReader {
  override readonly version = 'statements-1';

  override read(said: string, context: StatementContext): Statement {
    const text = withPlainNumbers(said).replace(TITLE_POINT, '$1 ');
    const isLong = text.length > STATEMENT_MAX_CHARS;
    const empty = emptyStatement(isLong ? '' : text, context);
    if (isLong) return { ...empty, text };
    const claims: Claim[] = [];
    const sentences = splitSentences(text).slice(0, SENTENCES_MAX_READ);
    let before: Frame | undefined;
    let modality: Modality = 'asserted';
    for (const sentence of sentences) {
      if (sentence.question) {
        modality = 'question';
        continue;
      }
      const frames = framesOf(text, sentence, context, before);
      before = frames.at(-1) ?? before;
      for (const frame of frames) claims.push(...claimsOf(frame, text));
    }
    const isQuestion = modality === 'question' && claims.length === 0;
    return {
      ...empty,
      modality: context.modality ?? (isQuestion ? 'question' : (claims[0]?.modality ?? 'asserted')),
      claims: isNumberedName(text, claims) ? [] : claims.slice(0, STATEMENT_MAX_CLAIMS),
    };
  }
}

/** The point of "Dr. Lang" ends no sentence. */
const TITLE_POINT = /\b(Dr|Mr|Mrs|Ms|Prof)\.(?= \p{Lu})/gu;

/** "(555) 010-7788", "+47 555 01 234", "555.010.7788": the marks tell nothing; every offset stays as it was. */
const withPlainNumbers = (text: string): string =>
  !/\d{3}/.test(text)
    ? text
    : text
        .replace(/\((\d{2,5})\)(?=[ -]?\d)/g, ' $1 ')
        .replace(/(?<![\d\p{L}])\+(?=\d{1,3}[ \d-]{6})/gu, ' ')
        .replace(/(?<![\d.])(\d{3})\.(\d{3})\.(\d{4})(?!\d|\.\d)/g, '$1-$2-$3');

const NUMBERED_NAME = /^(?:the )?(?<first>[\p{L}-]+)(?: [\p{L}-]+){0,3} #?\d+[.!]?$/iu;
const ORDERS = new Set(
  (
    'use set keep limit cap wait retry run call send choose pick take give add make ship deploy release schedule reserve ' +
    'book allow restrict reply answer respond'
  ).split(' '),
);

/** "Garden plan 1" names a thing, though its first word could be an order. */
function isNumberedName(text: string, claims: readonly Claim[]): boolean {
  if (!claims.every(({ slot }) => slot.startsWith('guideline'))) return false;
  const name = NUMBERED_NAME.exec(text.trim());
  return name !== null && !ORDERS.has(name.groups!['first']!.toLowerCase());
}

function emptyStatement(text: string, { observedAt, modality }: StatementContext): Statement {
  const lowered = lower(text);
  const tokens = tokenise(text, 0, text.length);
  const cues: Cues = readCues(tokens, lowered);
  return { text, observedAt, modality: modality ?? 'asserted', claims: [], cues, ...contentOf(tokens, text) };
}

function framesOf(
  text: string,
  { start, end }: Sentence,
  context: StatementContext,
  before: Frame | undefined,
): Frame[] {
  const polite = /\bplease\W*$/i.test(text.slice(start, end));
  const plain = withOrder(withLabel(withoutReport(trimCues(tokenise(text, start, end))), text), polite);
  const { tokens, endings } = takeEndings(plain);
  if (tokens.length < 2) return [];
  const view = { ...viewOf(text, tokens, start, end, context), endings };
  const frames: Frame[] = [];
  for (const clause of findClauses(tokens)) frames.push(frameOf(clause, view, frames.at(-1) ?? before));
  return frames;
}

function viewOf(
  text: string,
  tokens: readonly Token[],
  start: number,
  end: number,
  context: StatementContext,
): SentenceView {
  const lowered = lower(text);
  const whole = lowered.slice(start, end);
  const direction: Direction = /\b(?:was|were|did|went|had|ago|last|since|moved|[a-z]+ed)\b/.test(whole)
    ? 'past'
    : 'future';
  const saidMs = Date.parse(context.observedAt);
  const ongoing = !/\b(?:was|were|had)\b/.test(whole);
  const time = readClauseTime(whole, text.slice(start, end), { saidMs, direction, ongoing });
  return {
    text,
    lowered,
    tokens,
    endings: [],
    relative: relativeTimes(time, whole, start),
    time: { validFrom: time.validFrom, validTo: time.validTo, isFuture: time.future },
  };
}

const RELATIVE =
  /\b(?:(?:last|next|this(?: past)?|past) (?:week|month|year|summer|winter|spring|autumn|fall|quarter|weekend|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|morning|afternoon|evening)|yesterday|today|tonight|tomorrow|(?:a|an|\w+|a few|a couple of) (?:minutes?|hours?|days?|weeks?|months?|years?|decades?) ago|(?:in|for|since|over the (?:last|past)) (?:a|an|about|\d+|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of) (?:years?|months?|weeks?|days?|decades?)|recently|lately|these days|right now|at the moment|as of now|from now on|(?:since|from|to) (?:19|20)\d\d|just now|so far|for now|for years|(?:earlier|later) (?:today|this week|this month|this year)|a while ago|the other day|this time)\b/g;

/** Stretches that name a time relative to now: no part of a value, unless the time is the value. */
function relativeTimes(time: ClauseTime, whole: string, start: number): SentenceView['relative'] {
  return [...whole.matchAll(RELATIVE)].map((match) => {
    const dated = /^(?:last|next|this|yesterday|today|tonight|tomorrow)/.test(match[0]);
    const parts = dated && time.validFrom !== null ? partsOf(time.validFrom) : [`r=${match[0].replaceAll(' ', '-')}`];
    return { start: start + match.index, end: start + match.index + match[0].length, parts };
  });
}

const SEASON_OF_MONTH: Readonly<Record<number, string>> = { 3: 'spring', 6: 'summer', 9: 'autumn', 12: 'winter' };

function partsOf({ instant, precision }: { instant: string; precision: string }): string[] {
  const [year, month, day] = instant.slice(0, 10).split('-').map(Number);
  if (precision === 'year') return [`y=${year}`];
  if (precision === 'season') return [`y=${year}`, `s=${SEASON_OF_MONTH[month!] ?? 'winter'}`];
  if (precision === 'month') return [`y=${year}`, `m=${month}`];
  if (precision === 'week') return [`y=${year}`, `k=${month}-${day}`];
  const parts = [`y=${year}`, `m=${month}`, `d=${day}`];
  return precision === 'instant' ? [...parts, `t=${instant.slice(11, 16)}`] : parts;
}

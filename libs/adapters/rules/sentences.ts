/** A stretch of a message, as UTF-16 offsets: `text.slice(start, end)`. */
export interface Sentence {
  start: number;
  end: number;
  /** It ended with a question mark. */
  question: boolean;
}

/** A longer sentence is cut at its commas, so that no rule ever reads more than this at once. */
export const SENTENCE_MAX_CHARS = 400;

const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st vs etc eg ie e.g i.e approx dept est jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m'.split(
    ' ',
  ),
);
const FENCE = '```';

/**
 * Splits a message at full stops, question and exclamation marks and line breaks, in one pass. Fenced code is left out
 * (code is not a statement). A stop inside a number, a version, an address or an abbreviation ends nothing.
 */
export function splitSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x60 && text.startsWith(FENCE, at)) {
      pushSentence(text, start, at, false, sentences);
      const close = text.indexOf(FENCE, at + FENCE.length);
      at = close < 0 ? text.length : close + FENCE.length;
      start = at;
      continue;
    }
    const stop = stopLength(text, at, start);
    if (stop === 0) {
      at += 1;
      continue;
    }
    const marks = text.slice(at, at + stop);
    pushSentence(text, start, at, marks.includes('?') || marks.includes('？'), sentences);
    at += stop;
    start = at;
  }
  pushSentence(text, start, text.length, false, sentences);
  return sentences;
}

/** How many characters at `at` end a sentence; 0 when none does. */
function stopLength(text: string, at: number, start: number): number {
  const code = text.charCodeAt(at);
  if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return 1;
  if (!isStop(code)) return 0;
  let end = at + 1;
  while (end < text.length && isStop(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(end);
  const open = Number.isNaN(next) || isBlank(next) || isCloser(next) || code >= 0x80;
  if (!open) return 0;
  if (code === 0x2e && end === at + 1 && isAbbreviation(text, at, start)) return 0;
  return end - at;
}

function isAbbreviation(text: string, at: number, start: number): boolean {
  let from = at;
  while (from > start && at - from < 8 && !isBlank(text.charCodeAt(from - 1))) from -= 1;
  const word = text.slice(from, at).toLowerCase();
  return ABBREVIATIONS.has(word) || (word.length === 1 && word !== 'i' && !(word >= '0' && word <= '9'));
}

function pushSentence(text: string, from: number, to: number, question: boolean, into: Sentence[]): void {
  let start = from;
  let end = to;
  while (start < end && isEdge(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  if (start >= end) return;
  if (end - start <= SENTENCE_MAX_CHARS) {
    into.push({ start, end, question });
    return;
  }
  cutLong(text, start, end, question, into);
}

const BORDER_WORD = /^ (?:and|but|because|so) /;

/** Cuts at the last comma, semicolon or conjunction that fits; a run without one is left to the episode. */
function cutLong(text: string, start: number, end: number, question: boolean, into: Sentence[]): void {
  let from = start;
  let border = -1;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const isPause = (code === 0x2c || code === 0x3b) && isBlank(text.charCodeAt(at + 1));
    const isBorder = isPause || (code === 0x20 && BORDER_WORD.test(text.slice(at, at + 9)));
    if (at - from >= SENTENCE_MAX_CHARS) {
      if (border > from) into.push({ start: from, end: border, question });
      from = border > from ? border + 1 : at;
      while (from < at && isBlank(text.charCodeAt(from))) from += 1;
      border = -1;
    }
    if (isBorder) border = at;
  }
  if (end - from <= SENTENCE_MAX_CHARS && from > start && isBlank(text.charCodeAt(from - 1))) {
    into.push({ start: from, end, question });
  }
}

function isStop(code: number): boolean {
  return (
    code === 0x2e ||
    code === 0x21 ||
    code === 0x3f ||
    code === 0x2026 ||
    code === 0x3002 ||
    code === 0xff01 ||
    code === 0xff1f
  );
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d || code === 0xa0 || code === 0;
}

function isCloser(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x29 || code === 0x5d || code === 0x2019 || code === 0x201d;
}

/** What may stand before a sentence without belonging to it: blanks, list bullets, closing quotes. */
function isEdge(code: number): boolean {
  return (
    isBlank(code) ||
    isCloser(code) ||
    code === 0x2d ||
    code === 0x2a ||
    code === 0x2022 ||
    code === 0x3e ||
    code === 0x2c
  );
}

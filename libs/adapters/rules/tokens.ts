import { isBlank } from './sentences.js';

/** What stands between a token and the one before it. */
export type Gap = 'none' | 'space' | 'comma' | 'break';

/** One word of a sentence. `don't` is two tokens, `do` and `n't`; the offsets are those of the message. */
export interface Token {
  /** Lower case, with a straight apostrophe. */
  word: string;
  start: number;
  end: number;
  /** It begins with a capital letter. */
  capital: boolean;
  gap: Gap;
}

const SUFFIXES = ["n't", "'m", "'re", "'ve", "'ll", "'d", "'s"] as const;

/** Chat spellings without the apostrophe, with the length of their first part. */
const BARE_CONTRACTIONS = new Map<string, readonly [number, string]>([
  ['im', [1, "'m"]],
  ['ive', [1, "'ve"]],
  ['dont', [2, "n't"]],
  ['doesnt', [4, "n't"]],
  ['didnt', [3, "n't"]],
  ['cant', [2, "n't"]],
  ['wont', [2, "n't"]],
  ['isnt', [2, "n't"]],
  ['wasnt', [3, "n't"]],
  ['havent', [4, "n't"]],
  ['cannot', [3, 'not']],
]);

/** Words of `text.slice(start, end)` in one pass; punctuation and emoji become gaps. */
export function tokenise(text: string, start: number, end: number): Token[] {
  const tokens: Token[] = [];
  let gap: Gap = 'none';
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (!isWordStart(text, at, end)) {
      gap = widen(gap, gapOf(text, at, code));
      at += 1;
      continue;
    }
    let stop = at + 1;
    while (stop < end && isInside(text, stop, end)) stop += 1;
    pushWord(text, at, stop, tokens.length === 0 ? 'none' : gap, tokens);
    gap = 'none';
    at = stop;
  }
  return tokens;
}

function pushWord(text: string, start: number, end: number, gap: Gap, into: Token[]): void {
  const raw = text.slice(start, end);
  const word = lower(raw);
  const capital = raw.charCodeAt(0) < 0x80 ? raw[0]! >= 'A' && raw[0]! <= 'Z' : raw[0] !== word[0];
  const bare = BARE_CONTRACTIONS.get(word);
  const suffix = bare?.[1] ?? (word.includes("'") ? SUFFIXES.find((one) => word.endsWith(one)) : undefined);
  const cut = bare ? bare[0] : suffix ? word.length - suffix.length : 0;
  if (suffix === undefined || cut === 0) {
    into.push({ word, start, end, capital, gap });
    return;
  }
  into.push({ word: word.slice(0, cut), start, end: start + cut, capital, gap });
  into.push({ word: suffix, start: start + cut, end, capital: false, gap: 'none' });
}

/** Lower case that never changes the length, so that offsets stay those of the message. */
export function lower(text: string): string {
  const lowered = text.toLowerCase();
  const same = lowered.length === text.length ? lowered : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return same.includes('’') ? same.replaceAll('’', "'") : same;
}

function isWordStart(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  if (isLetter(code)) return true;
  const prefix = code === 0x23 || code === 0x24 || code === 0x40 || code === 0xa3 || code === 0x20ac;
  return prefix && at + 1 < end && isLetter(text.charCodeAt(at + 1));
}

function isInside(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  if (isLetter(code)) return true;
  if (code === 0x25 || code === 0x2b || code === 0x23) return true;
  const joins = code === 0x27 || code === 0x2019 || code === 0x2d || code === 0x2e || code === 0x2f || code === 0x3a;
  const numberComma = code === 0x2c && isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1));
  const ampersand = code === 0x26 || code === 0x40;
  return (joins || numberComma || ampersand) && at + 1 < end && isLetter(text.charCodeAt(at + 1));
}

function isLetter(code: number): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || isDigit(code) || code === 0x5f;
  const punctuation =
    code < 0xc0 || (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) || code >= 0xff00;
  const surrogateOrJoiner = (code >= 0xd800 && code <= 0xdfff) || (code >= 0xfe00 && code <= 0xfe0f);
  return !punctuation && !surrogateOrJoiner;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function gapOf(text: string, at: number, code: number): Gap {
  if (isBlank(code)) return 'space';
  if (code === 0x2c) return 'comma';
  if (code === 0x2d) return isBlank(text.charCodeAt(at - 1)) ? 'break' : 'space';
  if (code === 0x22 || code === 0x27 || (code >= 0x2018 && code <= 0x201f) || code === 0x2a) return 'space';
  return 'break';
}

const WIDTH: Readonly<Record<Gap, number>> = { none: 0, space: 1, comma: 2, break: 3 };

function widen(left: Gap, right: Gap): Gap {
  return WIDTH[left] >= WIDTH[right] ? left : right;
}

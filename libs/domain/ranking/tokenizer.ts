import { streamSafe } from '../stream-safe.js';
import { stem } from './porter-stemmer.js';

/** Words that carry no content of their own; they are neither indexed nor asked for. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the and or but if then else of to in on at by for with from into onto about as is are was were be been being am
  do does did doing done have has had having i me my mine we us our ours you your yours he him his she her hers it its
  they them their theirs this that these those there here what which who whom whose when where why how could would should
  can will shall may might must not no nor so than too very just also
  s t re ve ll d m don didn doesn isn wasn weren hasn haven hadn won wouldn couldn shouldn`.split(/\s+/),
);

/** Longer tokens (encoded blobs, links) are cut, so that no text can fill the dictionary with itself. */
const MAX_TOKEN_CHARACTERS = 64;

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:'[\p{L}\p{M}]+)?/gu;
/** Scripts written without spaces between words, and Korean, whose particles cling to the word. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const UNSPACED_RUN = new RegExp(`[${UNSPACED}][${UNSPACED}\\p{M}]*`, 'gu');
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u');
const HAN = /^\p{Script=Han}$/u;
const NOT_ASCII = /[^\u0000-\u007f]/;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const ACCENTED = /([a-z])\p{M}+/gu;
/** French and Italian elision: in "l'école" the word is what follows. English heads of one letter are never words. */
const ELISION = /^(?:[cdjlmnst]|qu)'(?=[\p{L}\p{M}]{3})/u;

/**
 * The content words of a text in order, repeated as they are: lower case, stop words out, English endings stemmed
 * (Porter), accents of Latin letters folded. Runs of scripts without spaces become overlapping pairs of characters,
 * and single Han characters, which needs no dictionary and so never changes with the runtime.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [match] of fold(text).matchAll(WORD)) {
    if (isUnspaced(match)) pushUnspaced(match, tokens);
    else pushWord(match, tokens);
  }
  return tokens;
}

/** The words of a text as `tokenize` takes them, neither stemmed nor, in scripts without spaces, taken apart. */
export function* contentWords(text: string): Generator<string> {
  for (const [match] of fold(text).matchAll(WORD)) {
    const word = bareWord(match);
    if (isContent(word)) yield word;
  }
}

/** Pairs of different neighbours in a token list, each once, in order: `first_second`. */
export function adjacentPairs(tokens: readonly string[]): string[] {
  const pairs = new Set<string>();
  for (let index = 1; index < tokens.length; index++) {
    if (tokens[index - 1] !== tokens[index]) pairs.add(`${tokens[index - 1]}_${tokens[index]}`);
  }
  return [...pairs];
}

/** Lower case, one kind of apostrophe, full-width forms as plain ones, Latin letters without their accents. */
export function fold(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  const plain = text
    .replaceAll('’', "'")
    .replace(FULL_WIDTH, (form) => String.fromCharCode(form.charCodeAt(0) - 0xfee0));
  // Not NFKD, which makes eighteen letters of one in some scripts.
  const letters = streamSafe(plain).normalize('NFD').toLowerCase();
  return streamSafe(letters.replace(ACCENTED, '$1')).normalize('NFC');
}

/** Whether a text has letters of a script that is written without spaces, where no word boundary can be told. */
export function isUnspaced(text: string): boolean {
  return HAS_UNSPACED.test(text);
}

function pushWord(match: string, tokens: string[]): void {
  const word = bareWord(match);
  if (isContent(word)) tokens.push(stemOf(word));
}

function bareWord(match: string): string {
  return match.replace(ELISION, '').split("'")[0]!.slice(0, MAX_TOKEN_CHARACTERS);
}

function isContent(word: string): boolean {
  return word !== '' && !STOP_WORDS.has(word);
}

function pushUnspaced(match: string, tokens: string[]): void {
  let end = 0;
  for (const run of match.matchAll(UNSPACED_RUN)) {
    if (run.index > end) pushWord(match.slice(end, run.index), tokens);
    end = run.index + run[0].length;
    const characters = [...run[0]];
    characters.forEach((character, index) => {
      if (HAN.test(character) || characters.length === 1) tokens.push(character);
      if (index > 0) tokens.push(characters[index - 1]! + character);
    });
  }
  if (end < match.length) pushWord(match.slice(end), tokens);
}

/** A plain memo: stemming is a pure function and the words of a language are few; cleared when it grows large. */
const stems = new Map<string, string>();
const MAX_REMEMBERED_STEMS = 50_000;
const MAX_REMEMBERED_CHARACTERS = 12;

function stemOf(word: string): string {
  // Long words are rare, and remembering one may keep alive the whole text that it was cut from.
  if (word.length > MAX_REMEMBERED_CHARACTERS) return stem(word);
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= MAX_REMEMBERED_STEMS) stems.clear();
  const result = stem(word);
  stems.set(word, result);
  return result;
}

import { MONTH_NAMES } from './calendar.js';
import { isUnspaced, STOP_WORDS } from './tokenizer.js';
import { isCapitalised } from './turn-reading.js';

/** A question with its dates and its speakers' names spelled in full. */
export interface ReadQuestion {
  full: string;
  /** Without the speakers' names: what an embedder should get (worth 12 points of recall@5 when measured). */
  withoutNames: string;
  /** The speakers it names, each as the conversation calls them. */
  named: ReadonlySet<string>;
}

interface NameSpan {
  start: number;
  end: number;
  speaker: string;
}

const SHORT_MONTHS = new Map(
  MONTH_NAMES.filter((name) => name !== 'may').map((name) => [name.slice(0, 3), titleCase(name)] as const),
).set('sept', 'September');
const SHORT_MONTH_NAMES = [...SHORT_MONTHS.keys()].join('|');
const SHORT_MONTH = new RegExp(
  `\\b(${SHORT_MONTH_NAMES})\\b\\.?(?=\\s{0,9}(?:\\d|of\\b))|(?<=\\d\\s)(${SHORT_MONTH_NAMES})\\b\\.?`,
  'gi',
);
const WORD = /\p{L}[\p{L}\p{M}\p{N}]*/gu;
const PLAIN_LATIN = /^[a-z]+$/;

/**
 * Spells dates (3.5.2023, 2023-05-03, 3 Sept) and the names of `speakers` in full. A speaker is named by any part of
 * the name in any case, or by a capitalised word that sounds like a part and that `isOrdinaryWord` (lower case; the
 * word as conversations use it without a capital) does not know.
 */
export function readQuestion(
  question: string,
  speakers: readonly string[],
  isOrdinaryWord: (word: string) => boolean,
): ReadQuestion {
  const text = spellDates(question);
  const spans = speakers.flatMap((speaker) => spansOfName(text, speaker, isOrdinaryWord));
  spans.sort(
    (left, right) => left.start - right.start || left.end - right.end || (left.speaker < right.speaker ? -1 : 1),
  );
  let full = '';
  let bare = '';
  let position = 0;
  let replaced: NameSpan | undefined;
  const named = new Set<string>(speakers.filter((speaker) => isUnspaced(speaker) && text.includes(speaker)));
  for (const span of spans) {
    const { start, end, speaker } = span;
    // "Ann" names every Ann, but only one of them can be spelled in full.
    if (replaced && start === replaced.start && end === replaced.end) named.add(speaker);
    if (start < position) continue;
    replaced = span;
    full += text.slice(position, start) + speaker;
    bare += text.slice(position, start) + ' ';
    named.add(speaker);
    position = end;
  }
  full += text.slice(position);
  bare += text.slice(position);
  const withoutNames = bare
    .replace(/(?<= )['’]s\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { full, withoutNames, named };
}

/** Capitalised words of a question that could be a speaker's name misspelled, in lower case. */
export function possibleMisspelledNames(question: string, speakers: readonly string[]): string[] {
  const words = new Set<string>();
  for (const speaker of speakers) {
    const parts = nameParts(speaker);
    for (const match of question.matchAll(WORD)) {
      if (soundsLikeName(match[0], match.index, parts)) words.add(match[0].toLowerCase());
    }
  }
  return [...words];
}

/** American Soundex of a word as the reference ranker computes it: its first letter and three digits. */
export function soundex(word: string): string {
  const lower = word.toLowerCase();
  let digits = '';
  let last = soundexDigit(lower.charAt(0));
  for (const letter of lower.slice(1)) {
    if (letter === 'h' || letter === 'w') continue;
    const digit = soundexDigit(letter);
    if (digit !== '' && digit !== last) digits += digit;
    last = digit;
  }
  return (lower.charAt(0).toUpperCase() + digits + '000').slice(0, 4);
}

function soundexDigit(letter: string): string {
  const group = ['bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r'].findIndex(
    (letters) => letter !== '' && letters.includes(letter),
  );
  return group < 0 ? '' : String(group + 1);
}

function spellDates(question: string): string {
  const spelled = (whole: string, year: string, month: string, day: string): string => {
    const name = MONTH_NAMES[Number(month) - 1];
    return name === undefined ? whole : `${titleCase(name)} ${Number(day)}, ${year}`;
  };
  return question
    .replace(/\b(\d{1,2})[./](\d{1,2})[./](20\d\d)\b/g, (whole, day: string, month: string, year: string) =>
      spelled(whole, year, month, day),
    )
    .replace(/\b(20\d\d)-(\d\d)-(\d\d)\b/g, (whole, year: string, month: string, day: string) =>
      spelled(whole, year, month, day),
    )
    .replace(SHORT_MONTH, (_, before?: string, after?: string) => SHORT_MONTHS.get((before ?? after)!.toLowerCase())!);
}

function spansOfName(text: string, speaker: string, isOrdinaryWord: (word: string) => boolean): NameSpan[] {
  const parts = nameParts(speaker);
  const spans: NameSpan[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0].toLowerCase();
    const isPart = isNamePart(match[0], match.index, parts);
    if (!isPart && !(soundsLikeName(match[0], match.index, parts) && !isOrdinaryWord(word))) continue;
    const end = match.index + match[0].length;
    const previous = spans.at(-1);
    if (previous && text.slice(previous.end, match.index).trim() === '') previous.end = end;
    else spans.push({ start: match.index, end, speaker });
  }
  return spans;
}

/** Lower-case parts of a name, initials left out. */
function nameParts(speaker: string): string[] {
  return [...speaker.matchAll(WORD)].map(([part]) => part.toLowerCase()).filter((part) => part.length > 1);
}

/**
 * Whether a word of the question is a part of a name, alone or with an s ("Anns"). Names that are also stop words
 * (Will, Don) count only where the capital cannot come from the start of the question.
 */
function isNamePart(word: string, position: number, parts: readonly string[]): boolean {
  const lower = word.toLowerCase();
  if (STOP_WORDS.has(lower) && (position === 0 || !isCapitalised(word))) return false;
  return parts.includes(lower) || (lower.endsWith('s') && parts.includes(lower.slice(0, -1)));
}

function soundsLikeName(word: string, position: number, parts: readonly string[]): boolean {
  const lower = word.toLowerCase();
  if (!isCapitalised(word) || position === 0 || lower.length <= 3) return false;
  if (!PLAIN_LATIN.test(lower) || STOP_WORDS.has(lower) || MONTH_NAMES.includes(lower)) return false;
  const near = parts.filter(
    (part) => part.length > 3 && PLAIN_LATIN.test(part) && Math.abs(part.length - lower.length) <= 1,
  );
  return near.length > 0 && near.some((part) => soundex(part) === soundex(lower));
}

function titleCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

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
/** Shorter names sound like too much. */
const MAX_UNMISTAKABLE_LETTERS = 3;

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
  const spans = spansOfNames(text, new SpeakerNames(speakers), isOrdinaryWord);
  // Of names that begin together the longest is meant: "Ann Jones" is no other Ann.
  spans.sort(
    (left, right) => left.start - right.start || right.end - left.end || (left.speaker < right.speaker ? -1 : 1),
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
  const names = new SpeakerNames(speakers);
  const matches = [...question.matchAll(WORD)];
  const near = matches.filter((match) => names.soundingLike(match[0], match.index).length > 0);
  return [...new Set(near.map(([word]) => word.toLowerCase()))];
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

function spansOfNames(text: string, names: SpeakerNames, isOrdinaryWord: (word: string) => boolean): NameSpan[] {
  const spans: NameSpan[] = [];
  const last = new Map<string, NameSpan>();
  for (const { 0: word, index: start } of text.matchAll(WORD)) {
    const end = start + word.length;
    for (const speaker of names.meantBy(word, start, isOrdinaryWord)) {
      const previous = last.get(speaker);
      if (previous && text.slice(previous.end, start).trim() === '') previous.end = end;
      else {
        const span = { start, end, speaker };
        spans.push(span);
        last.set(speaker, span);
      }
    }
  }
  return spans;
}

interface NamePart {
  part: string;
  speaker: string;
}

/** The speakers by the parts of their names and by their sound, so that a question is read once and not once for each. */
class SpeakerNames {
  private readonly byPart = new Map<string, Set<string>>();
  private readonly bySound = new Map<string, NamePart[]>();

  constructor(speakers: readonly string[]) {
    for (const speaker of speakers) {
      for (const part of nameParts(speaker)) {
        const known = this.byPart.get(part);
        if (known) known.add(speaker);
        else this.byPart.set(part, new Set([speaker]));
        if (part.length > MAX_UNMISTAKABLE_LETTERS && PLAIN_LATIN.test(part)) this.addSound({ part, speaker });
      }
    }
  }

  /** Whom a word of a question names. @param start its place in the question */
  meantBy(word: string, start: number, isOrdinaryWord: (word: string) => boolean): Iterable<string> {
    const lower = word.toLowerCase();
    const exact = this.namedExactly(word, lower, start);
    const near = this.soundingLike(word, start);
    if (near.length === 0 || isOrdinaryWord(lower)) return exact;
    return new Set([...exact, ...near]);
  }

  /** Speakers with a part that a capitalised word of the question sounds like. */
  soundingLike(word: string, start: number): string[] {
    const lower = word.toLowerCase();
    if (!isCapitalised(word) || start === 0 || lower.length <= MAX_UNMISTAKABLE_LETTERS) return [];
    if (!PLAIN_LATIN.test(lower) || STOP_WORDS.has(lower) || MONTH_NAMES.includes(lower)) return [];
    const near = this.bySound.get(soundex(lower)) ?? [];
    return near.filter(({ part }) => Math.abs(part.length - lower.length) <= 1).map(({ speaker }) => speaker);
  }

  /**
   * A word is a part of a name alone or with an s ("Anns"). Names that are also stop words (Will, Don) count only where
   * the capital cannot come from the start of the question.
   */
  private namedExactly(word: string, lower: string, start: number): Iterable<string> {
    if (STOP_WORDS.has(lower) && (start === 0 || !isCapitalised(word))) return [];
    const whole = this.byPart.get(lower) ?? [];
    const stem = lower.endsWith('s') ? this.byPart.get(lower.slice(0, -1)) : undefined;
    return stem === undefined ? whole : new Set([...whole, ...stem]);
  }

  private addSound(named: NamePart): void {
    const sound = soundex(named.part);
    const known = this.bySound.get(sound);
    if (known) known.push(named);
    else this.bySound.set(sound, [named]);
  }
}

/** Lower-case parts of a name, initials left out. */
function nameParts(speaker: string): string[] {
  return [...speaker.matchAll(WORD)].map(([part]) => part.toLowerCase()).filter((part) => part.length > 1);
}

function titleCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What two texts have in common where no claim tells it: their names, their figures and their other words. */
import type { Statement } from './claim.js';
import { areKindred } from './word-fields.js';

export interface Overlap {
  /** Names that both tell, that only the older one tells, that only the newer one tells. */
  names: readonly [shared: number, lost: number, added: number];
  /** Numbers, dates and ids, counted likewise. */
  figures: readonly [shared: number, lost: number, added: number];
  /** Other content words, alike by their stem or their field. */
  sharedWords: number;
  lost: readonly string[];
  added: readonly string[];
}

export function overlapOf(a: Statement, b: Statement): Overlap {
  const [before, after] = [namesIn(a.text, b.text), namesIn(b.text, a.text)];
  const plainWords = (words: readonly string[], names: ReadonlySet<string>): string[] => [
    ...new Set(words.filter((word) => !names.has(word))),
  ];
  const [old, young] = [plainWords(a.words, before), plainWords(b.words, after)];
  const lost = old.filter((word) => !young.some((other) => isAlike(word, other)));
  const added = young.filter((word) => !old.some((other) => isAlike(word, other)));
  return {
    names: counted([...before], [...after], isSameName),
    figures: counted(a.identifiers, b.identifiers, (one, other) => one === other),
    sharedWords: old.length - lost.length,
    ...{ lost, added },
  };
}

function counted(
  before: readonly string[],
  after: readonly string[],
  isSame: (one: string, other: string) => boolean,
): readonly [number, number, number] {
  const lost = before.filter((one) => !after.some((other) => isSame(one, other))).length;
  const added = after.filter((one) => !before.some((other) => isSame(one, other))).length;
  return [before.length - lost, lost, added];
}

const isSameName = (one: string, other: string): boolean => one === other || `${one}s` === other || one === `${other}s`;

/** Capitalised at the start of a sentence, and no name. */
const OPENING =
  /^(?:i|i'm|i've|i'd|i'll|my|our|we|we're|we've|the|a|an|this|that|these|those|he|she|it|it's|they|you|your|his|her|their|its|there|there's|please|actually|sorry|no|yes|in|on|at|by|for|from|with|since|after|before|until|when|if|as|every|everyone|nothing|nobody|none|all|some|most|many|only|about|never|always|do|don't|to|of|and|but|not|now|one|two|three|last|next|user|correction|perhaps|maybe|both|each|no-one|someone|more|how|what)$/;
const DATED =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mr|mrs|ms|dr)s?$/;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}@_'’+-]*(?:\.[\p{L}\p{N}]+)*|[.!?;:]/gu;
const SCANNED_MAX_CHARS = 600;

/** Names in `text`: capitalised inside a sentence, or in front of one where nothing speaks against it. */
function namesIn(text: string, other: string): Set<string> {
  const names = new Set<string>();
  const plain = new Set(`${text} ${other}`.slice(0, SCANNED_MAX_CHARS).match(/(?<![\p{L}])\p{Ll}[\p{L}'’-]*/gu));
  const inner = new Set(other.slice(0, SCANNED_MAX_CHARS).match(/(?<=[^.!?;:\s] )\p{Lu}[\p{L}-]*/gu));
  let isStart = true;
  for (const [found] of text.slice(0, SCANNED_MAX_CHARS).matchAll(WORD)) {
    const isPause = /^[.!?;:]$/.test(found);
    const raw = found.replace(/['’]s$/, '');
    const word = raw.toLowerCase();
    const isCapital = !isPause && /^\p{Lu}/u.test(raw) && !OPENING.test(word) && !DATED.test(word);
    if (isCapital && (!isStart || inner.has(raw) || (!/(?:ing|s|ly)$/.test(word) && !plain.has(word)))) names.add(word);
    isStart = isPause;
  }
  return names;
}

const STEM_MIN_CHARS = 4;
const ENDING_MAX_CHARS = 5;

/** "Ski" and "skiing", "allergic" and "allergy"; or of one field: "child" and "kid". */
export function isAlike(one: string, other: string): boolean {
  if (one === other || areKindred(one, other)) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length < STEM_MIN_CHARS) return short.length === 3 && long.startsWith(short) && long.length <= 6;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  return same >= STEM_MIN_CHARS && same >= short.length - 2 && same >= long.length - ENDING_MAX_CHARS;
}

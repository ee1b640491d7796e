/** What two texts have in common where no claim tells it: their names, their figures and their other words. */
import type { Statement } from './claim.js';
import { oncePerStatement } from './once.js';
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
  const [before, after] = [namesIn(a, b), namesIn(b, a)];
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

interface Words {
  /** In lower case as they stand, so none of them is a name here. */
  plain: ReadonlySet<string>;
  /** With a capital letter inside a sentence. */
  inner: ReadonlySet<string>;
  capitals: readonly Capital[];
}

interface Capital {
  written: string;
  word: string;
  /** It begins a sentence, so the letter tells nothing. */
  isStart: boolean;
}

const wordsOf = oncePerStatement((statement): Words => {
  const text = statement.text.slice(0, SCANNED_MAX_CHARS);
  const plain = new Set(text.match(/(?<![\p{L}])\p{Ll}[\p{L}'’-]*/gu));
  const inner = new Set(text.match(/(?<=[^.!?;:\s] )\p{Lu}[\p{L}-]*/gu));
  const capitals: Capital[] = [];
  let isStart = true;
  for (const [found] of text.matchAll(WORD)) {
    const isPause = /^[.!?;:]$/.test(found);
    const written = found.replace(/['’]s$/, '');
    const word = written.toLowerCase();
    const isCapital = !isPause && /^\p{Lu}/u.test(written) && !OPENING.test(word) && !DATED.test(word);
    if (isCapital) capitals.push({ written, word, isStart });
    isStart = isPause;
  }
  return { plain, inner, capitals };
});

/** Names in a statement: capitalised inside a sentence, or in front of one where nothing in either speaks against it. */
function namesIn(statement: Statement, other: Statement): Set<string> {
  const { capitals, plain } = wordsOf(statement);
  const beside = wordsOf(other);
  const isName = ({ written, word, isStart }: Capital): boolean =>
    !isStart ||
    beside.inner.has(written) ||
    (!/(?:ing|s|ly)$/.test(word) && !plain.has(word) && !beside.plain.has(word));
  return new Set(capitals.filter(isName).map(({ word }) => word));
}

const STEM_MIN_CHARS = 4;
const ENDING_MAX_CHARS = 5;

/** "Ski" and "skiing", "allergic" and "allergy"; or of one field: "child" and "kid". */
export function isAlike(one: string, other: string): boolean {
  return one === other || haveOneStem(one, other) || areKindred(one, other);
}

/** "Ski" and "skiing", but not "child" and "kid". */
export function haveOneStem(one: string, other: string): boolean {
  if (one[0] !== other[0]) return false;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length < STEM_MIN_CHARS) return short.length === 3 && long.startsWith(short) && long.length <= 6;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  return same >= STEM_MIN_CHARS && same >= short.length - 2 && same >= long.length - ENDING_MAX_CHARS;
}

import type { Atom } from './atoms.js';

/** Phrases before an amount and the mark that they leave on it: about, at most, at least. */
const BEFORE: readonly (readonly [mark: string, phrases: readonly string[]])[] = [
  ['~', ['about', 'around', 'roughly', 'approximately', 'approx', 'circa', 'nearly', 'almost', 'close to', 'near']],
  [
    '<',
    [
      ...['up to', 'at most', 'no more than', 'not more than', 'less than', 'fewer than', 'under', 'below', 'maximum'],
      ...['maximum of', 'at maximum', 'a maximum of', 'within', 'not over', 'no longer than', 'capped at'],
    ],
  ],
  [
    '>',
    [
      ...['at least', 'more than', 'over', 'above', 'no less than', 'no fewer than', 'not less than', 'minimum'],
      ...['minimum of', 'at minimum', 'upwards of', 'in excess of', 'well over', 'from', 'exceeding', 'older than'],
    ],
  ],
];

/** Phrases behind an amount: "or so", "or more". */
const AFTER: ReadonlyMap<string, string> = new Map([
  ...([['or so', '~'] as const, ['or thereabouts', '~'] as const, ['give or take', '~'] as const] as const),
  ...([['or more', '>'] as const, ['or over', '>'] as const, ['and up', '>'] as const] as const),
  ...([['or less', '<'] as const, ['or fewer', '<'] as const, ['at most', '<'] as const] as const),
]);

const MARK_OF = new Map(BEFORE.flatMap(([mark, phrases]) => phrases.map((phrase) => [phrase, mark] as const)));
/** "Put me up to 40" names the new amount. */
const RAISED =
  /^(?:me|him|her|it|us|them|put|go|raise|bump|move|rise|come|add|increase|grow|climb|jump|creep|push|scale)$/;
const PHRASE_MAX_WORDS = 3;

/** "Under 50,000 euros", "an hour or so": the words that bound an amount become part of it. */
export function boundAmounts(atoms: readonly Atom[], verb: string): Atom[] {
  if (!atoms.some(({ kind }) => kind === 'measure')) return [...atoms];
  const bounded: Atom[] = [];
  for (let at = 0; at < atoms.length; at += 1) {
    const atom = atoms[at]!;
    if (atom.kind !== 'measure' || /\.\./.test(atom.normal)) {
      bounded.push(atom);
      continue;
    }
    const before = takeBefore(bounded, atoms[at + 1], verb);
    const after = before === undefined ? markAfter(atoms, at) : undefined;
    const mark = before?.mark ?? after?.mark;
    if (mark === undefined) {
      bounded.push(atom);
      continue;
    }
    bounded.push(marked(atom, mark, before?.first ?? atom));
    at += after?.length ?? 0;
  }
  return bounded;
}

function marked(atom: Atom, mark: string, first: Atom): Atom {
  const normal = `${mark}${atom.normal}`;
  return { ...atom, normal, lemma: normal, start: first.start, gap: first.gap };
}

/** "From 9 to 5" is no bound: what follows names the other end. */
function takeBefore(bounded: Atom[], next: Atom | undefined, verb: string): { mark: string; first: Atom } | undefined {
  for (let length = PHRASE_MAX_WORDS; length > 0; length -= 1) {
    if (length > bounded.length) continue;
    const words = bounded.slice(-length);
    if (words.some(({ kind }) => kind !== 'word')) continue;
    const phrase = words.map(({ raw }) => raw.toLowerCase()).join(' ');
    const mark = MARK_OF.get(phrase);
    if (mark === undefined || (phrase === 'from' && (next !== undefined || bounded.length > 1))) continue;
    if (phrase === 'up to' && RAISED.test(bounded.at(-3)?.lemma ?? verb)) return undefined;
    bounded.splice(-length);
    return { mark, first: words[0]! };
  }
  return undefined;
}

function markAfter(atoms: readonly Atom[], at: number): { mark: string; length: number } | undefined {
  for (let length = 3; length > 1; length -= 1) {
    const phrase = atoms
      .slice(at + 1, at + 1 + length)
      .map(({ raw }) => raw.toLowerCase())
      .join(' ');
    const mark = AFTER.get(phrase);
    if (mark !== undefined) return { mark, length };
  }
  return undefined;
}

import type { Atom } from './atoms.js';
import { CLAIM_PATTERNS } from './claim-patterns.js';
import type { ClaimPattern } from './claim-pattern.js';

/** A pattern that fits, with what stands in its places. */
export interface Match {
  rule: ClaimPattern;
  /** The atoms of `*`, `*1`, `@m` or `@q`, in order. */
  captures: Atom[][];
}

interface Element {
  kind: 'words' | 'value' | 'moment' | 'measure';
  words: ReadonlySet<string>;
  optional: boolean;
}

interface Compiled {
  rule: ClaimPattern;
  elements: readonly Element[];
}

const BY_VERB = compile();

function compile(): ReadonlyMap<string, readonly Compiled[]> {
  const byVerb = new Map<string, Compiled[]>();
  for (const rule of CLAIM_PATTERNS) {
    const [verbs, ...elements] = rule.pattern.split(' ');
    const compiled = { rule, elements: elements.map(elementOf) };
    for (const verb of verbs!.split('|')) byVerb.set(verb, [...(byVerb.get(verb) ?? []), compiled]);
  }
  return byVerb;
}

function elementOf(written: string): Element {
  const optional = written.endsWith('?');
  const text = optional ? written.slice(0, -1) : written;
  const kind = text.startsWith('*') ? 'value' : text === '@m' ? 'moment' : text === '@q' ? 'measure' : 'words';
  return { kind, words: new Set(text.split('|')), optional };
}

/** The patterns of `verb` that fit `rest` from its start, in order; the caller takes the first that it can use. */
export function* matchesOf(verb: string, rest: readonly Atom[]): Generator<Match> {
  for (const { rule, elements } of BY_VERB.get(verb) ?? []) {
    const captures: Atom[][] = [];
    if (fits(elements, 0, rest, 0, captures)) yield { rule, captures };
  }
}

/** Optional words are taken where they stand; a value reaches to the next fixed word, or to the end. */
function fits(
  elements: readonly Element[],
  at: number,
  rest: readonly Atom[],
  from: number,
  captures: Atom[][],
): boolean {
  const element = elements[at];
  if (element === undefined)
    return elements.at(-1)?.kind !== 'words' || from >= rest.length || elements.length === 0
      ? isEnd(elements, rest, from)
      : isLoose(rest, from);
  const atom = rest[from];
  if (element.kind === 'value') return fitsValue(elements, at, rest, from, captures);
  const taken = atom !== undefined && isTaken(element, atom);
  if (taken) {
    if (element.kind !== 'words') captures.push([atom]);
    if (fits(elements, at + 1, rest, from + 1, captures)) return true;
    if (element.kind !== 'words') captures.pop();
  }
  return element.optional && fits(elements, at + 1, rest, from, captures);
}

/** Behind a moment or an amount more may follow ("… on Mondays in Leeds"). */
function isEnd(elements: readonly Element[], rest: readonly Atom[], from: number): boolean {
  const last = elements.at(-1);
  if (last === undefined || last.kind === 'words') return from >= rest.length || isTail(rest[from]!);
  return true;
}

const isLoose = (rest: readonly Atom[], from: number): boolean => isTail(rest[from]!);

/** What may follow a pattern that captures nothing at its end: a circumstance, not an object. */
function isTail(atom: Atom): boolean {
  return (
    atom.kind === 'moment' ||
    /^(?:in|on|at|for|since|after|before|during|because|when|while|by|until|with|from|and|,|but|due|if|to|as)$/.test(
      atom.normal,
    )
  );
}

function isTaken(element: Element, atom: Atom): boolean {
  if (element.kind === 'moment') return atom.kind === 'moment';
  if (element.kind === 'measure') return atom.kind === 'measure';
  return atom.kind === 'word' && (element.words.has(atom.normal) || element.words.has(atom.raw.toLowerCase()));
}

function fitsValue(
  elements: readonly Element[],
  at: number,
  rest: readonly Atom[],
  from: number,
  captures: Atom[][],
): boolean {
  if (from >= rest.length || (rest[from]!.kind === 'moment' && rest.length - from === 1 && !rest[from]!.recurring))
    return false;
  const next = elements[at + 1];
  if (next === undefined) {
    captures.push(rest.slice(from));
    return true;
  }
  for (let to = from + 1; to < rest.length; to += 1) {
    captures.push(rest.slice(from, to));
    if (fits(elements, at + 1, rest, to, captures)) return true;
    captures.pop();
  }
  return false;
}

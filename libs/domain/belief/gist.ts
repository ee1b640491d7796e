import type { Statement } from './claim.js';
import { oncePerStatement } from './once.js';
import { isGone, stateOfPhrase, stateOfWord } from './states.js';
import { isLight, respectsOf, stemOf } from './topic-words.js';

/** What a statement is about and what it tells of that, by its words alone: no grammar, so the wording matters little. */
export interface Gist {
  /** Stems of the words that name what is spoken of. */
  topic: ReadonlySet<string>;
  /** Stems that may name a thing as well as tell in which respect it is described ("order", "budget"). */
  loose: ReadonlySet<string>;
  /** In which respects the thing is described: price, deadline, owner. */
  respects: ReadonlySet<string>;
  /** Words with a capital letter by their stems: names are compared as they are written. */
  names: ReadonlyMap<string, string>;
  /** Stem of the first word. */
  first: string;
  /** Parts of moments, as the reader writes them. */
  moment: string;
  amounts: readonly GistAmount[];
  /** Versions and ids. */
  ids: readonly string[];
  /** All states that it tells; the first is told by a phrase where there is one. */
  states: readonly string[];
  isDenied: boolean;
}

export interface GistAmount {
  amount: number;
  unit: string;
}

/** "No more than", "no later than" and "not only" deny nothing; "unless" and the like neither. */
const BOUNDS = /\b(?:no|not) (?:more|less|fewer|later|earlier|longer than|sooner|only|just|until)\b/gi;
const DENIALS =
  /\b(?:not|never|no|nobody|none|nothing|without|cannot|neither|nor|no longer|anymore)\b|n['’]t\b|\b(?:stopped|stops|stop|ceased|ran out|run out)\b|\b(?:am|is|are|['’]re|['’]m|got|get|finally) (?:\w+ )?off\b/i;
const AMOUNT = /^[~<>]?([\d.]+)([a-z]*)$/;
/** "3b", "19th": a letter behind a number tells things apart, unless it is a unit. */
const LETTERED = /^\d+(?:[a-km-rt-z]|th|st|nd|rd)$/;
/** A number that long is called, not counted. */
const CALLED_MIN_DIGITS = 7;
const VERSION = /^v?(\d+(?:\.\d+)+)$/;

export const gistOf = oncePerStatement(readGist);

function readGist({ text, words, identifiers }: Statement): Gist {
  const names = namesOf(text);
  const topic = new Set<string>();
  const loose = new Set<string>();
  const respects = new Set<string>();
  const { state: phrase, told } = stateOfPhrase(text);
  const states = phrase === undefined ? [] : [phrase];
  const inPhrase = new Set(
    told
      .toLowerCase()
      .split(/[^a-z]+/)
      .map(stemOf),
  );
  for (const word of words) {
    const stem = stemOf(word);
    if (inPhrase.has(stem)) continue;
    const described = respectsOf(stem);
    const isState = stateOfWord(word);
    if (isState !== undefined) states.push(isState);
    for (const respect of described) respects.add(respect);
    if (names.has(stem) && !isLight(stem) && described.length === 0) topic.add(stem);
    else if (isLight(stem)) continue;
    else if (isState !== undefined || described.length > 0) loose.add(stem);
    else topic.add(stem);
  }
  const figures = figuresOf(identifiers, text, respects.has('version'));
  const isFree = figures.amounts.length === 0 && (respects.has('price') || respects.has('budget')) && FREE.test(text);
  if (isFree)
    return { ...{ topic, loose, respects, names, first: stemOf(words[0] ?? ''), ...figures, states }, ...NOTHING };
  const isDenied = DENIALS.test(text.replace(told, ' ').replace(BOUNDS, ' '));
  return {
    topic,
    loose,
    respects,
    names,
    first: stemOf(words[0] ?? ''),
    ...figures,
    states,
    isDenied: isDenied || states.some(isGone),
  };
}

/** "Free", "costs nothing", "no fee", "nothing is budgeted": an amount like others. */
const FREE =
  /\b(?:(?:is|are|was|were|for|now) (?:free|gratis)|free of charge|nothing|no (?:\w+ )?(?:fee|fees|charge|charges|cost|costs|budget|money|funding)|stopped charging|without charge)\b/i;
const NOTHING = { amounts: [{ amount: 0, unit: '' }], isDenied: false };

function namesOf(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [written] of text.matchAll(/\p{Lu}[\p{L}'’-]*/gu)) {
    const name = written.toLowerCase().replace(/['’]s?$/, '');
    names.set(stemOf(name), name);
  }
  return names;
}

function figuresOf(
  identifiers: readonly string[],
  text: string,
  isVersioned: boolean,
): Pick<Gist, 'moment' | 'amounts' | 'ids'> {
  const moment: string[] = [];
  const amounts: GistAmount[] = [];
  const ids: string[] = [];
  const counted = countedNumbers(text);
  for (const one of identifiers) {
    const [, version] = VERSION.exec(one) ?? [];
    const [, amount, unit] = AMOUNT.exec(one) ?? [];
    if (/^[a-z]=/.test(one)) moment.push(one);
    else if (version !== undefined && (one.startsWith('v') || version.split('.').length > 2)) ids.push(version);
    else if (amount === undefined || amount.length >= CALLED_MIN_DIGITS || LETTERED.test(one)) ids.push(one);
    else if (unit === '' && (isVersioned || !counted.has(Number(amount)))) ids.push(amount);
    else amounts.push({ amount: Number(amount), unit: unit! });
  }
  return { moment: moment.join(' '), amounts, ids };
}

/** What may stand before a number that counts; behind a noun it tells one thing from another ("issue 19"). */
const BEFORE_COUNT =
  /(?:^|[^\p{L}\p{N}])(?:is|are|was|were|be|been|at|to|of|by|for|only|about|around|roughly|has|have|had|than|cost|costs|a|an|the|in|over|under|up|with|from|some|nearly|almost|exactly|just|now|or|and|own|owns|need|needs|takes?|holds?|my|our|his|her|their|all|these|those|into|within|until|last|next|max|maximum|minimum|least|most|limit|count|total|said|says|meant|charges?|paid|pays?|sold|bought|ordered|got|gets|gives?|employs?)\s+[$€£]?(\d[\d,]*(?:\.\d+)?)/giu;

/** Numbers that tell how many; written-out ones always do. */
const NO_DIGITS = { has: () => true } as unknown as ReadonlySet<number>;

function countedNumbers(text: string): ReadonlySet<number> {
  if (!/\d/.test(text)) return NO_DIGITS;
  const told = new Set([...text.matchAll(BEFORE_COUNT)].map(([, number]) => numeric(number!)));
  const digits = new Set([...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([number]) => numeric(number)));
  const start = /^\W*(\d[\d,]*(?:\.\d+)?)/.exec(text)?.[1];
  if (start !== undefined) told.add(numeric(start));
  return { has: (number: number) => told.has(number) || !digits.has(number) } as ReadonlySet<number>;
}

const numeric = (written: string): number => Number(written.replaceAll(',', ''));

import { ADVERBS, BE_FORMS, MODALS, NEGATIONS } from './lexicon.js';
import type { Token } from './tokens.js';
import { readVerb } from './verbs.js';

export type Tense = 'past' | 'present' | 'future';

/** The verb of a clause with what stands around it. */
export interface Predicate {
  lemma: string;
  tense: Tense;
  /** `is moving`, `has been working`. */
  progressive: boolean;
  /** `has moved`. */
  perfect: boolean;
  negated: boolean;
  /** Modals in order, spelled out: `will`, `would`, `can`, `used to`, `going to`, `have to`. */
  modals: readonly string[];
  adverbs: readonly string[];
  /** Index of the main verb, and of the first token after it. */
  at: number;
  rest: number;
  /** The main verb is a bare base form: `I [like] it`, not `I do like it`. */
  base: boolean;
}

const FULL_MODAL = new Map([
  ["'ll", 'will'],
  ["'d", 'would'],
  ['ca', 'can'],
  ['wo', 'will'],
  ['gonna', 'going to'],
  ['gotta', 'have to'],
]);

/** A verb group is not longer than this many tokens. */
const GROUP_MAX_TOKENS = 12;

/**
 * Reads the verb group that starts at `from`. After the pronoun `I` any word is taken for a verb; elsewhere only words
 * of the lexicon. Undefined when there is no main verb.
 */
export function readPredicate(tokens: readonly Token[], from: number, anyVerb: boolean): Predicate | undefined {
  const group: Group = {
    modals: [],
    adverbs: [],
    negated: false,
    perfect: false,
    progressive: false,
    past: false,
    bare: true,
  };
  const limit = Math.min(tokens.length, from + GROUP_MAX_TOKENS);
  for (let at = from; at < limit; at += 1) {
    const token = tokens[at]!;
    if (token.gap === 'break' && at > from) return undefined;
    const { word } = token;
    if (word === 'no' && tokens[at + 1]?.word === 'longer') {
      group.negated = true;
      at += 1;
    } else if (NEGATIONS.has(word)) {
      group.negated = true;
      if (word === 'never') group.adverbs.push(word);
    } else if (ADVERBS.has(word) && !(word === 'like' && group.adverbs.length > 0)) {
      group.adverbs.push(word);
      if ((word === 'kind' || word === 'sort') && tokens[at + 1]?.word === 'of') at += 1;
    } else {
      const taken = takeVerb(tokens, at, group, anyVerb);
      if (taken === undefined) return undefined;
      if (typeof taken !== 'number') return taken;
      at += taken;
    }
  }
  return undefined;
}

interface Group {
  modals: string[];
  adverbs: string[];
  negated: boolean;
  perfect: boolean;
  progressive: boolean;
  past: boolean;
  bare: boolean;
}

/** An auxiliary gives the number of further tokens it takes; the main verb gives the predicate. */
function takeVerb(
  tokens: readonly Token[],
  at: number,
  group: Group,
  anyVerb: boolean,
): number | Predicate | undefined {
  const { word } = tokens[at]!;
  const next = nextVerbWord(tokens, at + 1);
  if (word === 'used' && tokens[at + 1]?.word === 'to') {
    group.modals.push('used to');
    group.past = true;
    return 1;
  }
  if (
    word === 'going' &&
    tokens[at + 1]?.word === 'to' &&
    group.progressive &&
    readVerb(tokens[at + 2]?.word ?? '')?.base
  ) {
    group.modals.push('going to');
    group.progressive = false;
    return 1;
  }
  if (word === "'d" && (next === 'better' || readVerb(next)?.participle === true) && !readVerb(next)?.base) {
    group.perfect = true;
    return 0;
  }
  if (MODALS.has(word)) {
    group.modals.push(FULL_MODAL.get(word) ?? word);
    group.bare = false;
    return 0;
  }
  if (isBe(word)) return takeBe(tokens, at, next, group);
  if (
    (word === 'do' || word === 'does' || word === 'did') &&
    (tokens[at + 1]?.word === "n't" || readVerb(next)?.base)
  ) {
    group.past ||= word === 'did';
    group.bare = false;
    return 0;
  }
  const isHave = word === 'have' || word === 'has' || word === 'had' || word === "'ve";
  if (
    isHave &&
    (next === 'been' || (next !== 'had' && readVerb(next)?.participle === true && !isNounAfterHave(tokens, at)))
  ) {
    group.perfect = true;
    return 0;
  }
  return mainVerb(tokens, at, group, anyVerb || group.modals.length > 0 || !group.bare);
}

function takeBe(tokens: readonly Token[], at: number, next: string, group: Group): number | Predicate {
  const { word } = tokens[at]!;
  const follows = readVerb(next);
  const gerund =
    follows?.gerund === true || (/^[a-z-]{3,}ing$/.test(next) && follows !== undefined) || next === 'gonna';
  if (word === "'s" && (next === 'been' || next === 'got')) {
    group.perfect = true;
    return 0;
  }
  if (word === 'was' || word === 'were') group.past = true;
  group.bare = false;
  if (gerund) {
    group.progressive = next !== 'gonna';
    return 0;
  }
  return finish(tokens, at, group, 'be', false);
}

function mainVerb(tokens: readonly Token[], at: number, group: Group, anyVerb: boolean): Predicate | undefined {
  const { word } = tokens[at]!;
  const reading = readVerb(word);
  if (reading === undefined) {
    if (word === 'wanna') return finish(tokens, at, group, 'want', true);
    if (!anyVerb || !/^[a-z-]+$/.test(word)) return undefined;
    const past = word.endsWith('ed') && !word.endsWith('eed');
    group.past ||= past && !group.perfect;
    return finish(tokens, at, group, word, !past);
  }
  if (reading.past && !group.perfect && group.modals.length === 0 && group.bare && (!reading.base || word !== 'read')) {
    group.past = true;
  }
  return finish(tokens, at, group, reading.lemma, reading.base && !reading.past);
}

function finish(tokens: readonly Token[], at: number, group: Group, lemma: string, base: boolean): Predicate {
  let rest = at + 1;
  while (rest < tokens.length && tokens[rest]!.gap !== 'break') {
    const { word } = tokens[rest]!;
    if (NEGATIONS.has(word)) group.negated = true;
    else if (ADVERBS.has(word)) group.adverbs.push(word);
    else if (word === 'no' && tokens[rest + 1]?.word === 'longer') {
      group.negated = true;
      rest += 1;
    } else break;
    rest += 1;
  }
  const { modals, adverbs, perfect, progressive, negated } = group;
  const future = modals.includes('will') || modals.includes('going to') || modals.includes('shall');
  const tense: Tense = future ? 'future' : group.past ? 'past' : 'present';
  return { lemma, tense, progressive, perfect, negated, modals, adverbs, at, rest, base: base && group.bare };
}

/** The next word that is no adverb and no negation. */
function nextVerbWord(tokens: readonly Token[], from: number): string {
  for (let at = from; at < Math.min(tokens.length, from + 5); at += 1) {
    const { word, gap } = tokens[at]!;
    if (gap === 'break') return '';
    if (!NEGATIONS.has(word) && !ADVERBS.has(word)) return word;
  }
  return '';
}

/** `I have set hours`, `I have cut flowers` are rare; a determiner between settles that it is possession. */
function isNounAfterHave(tokens: readonly Token[], at: number): boolean {
  const reading = readVerb(tokens[at + 1]?.word ?? '');
  return reading !== undefined && reading.base && reading.past && tokens[at + 2] === undefined;
}

function isBe(word: string): boolean {
  return BE_FORMS.has(word) || word === "'s";
}

import type { Quantity } from '#libs/domain/belief/claim.js';
import type { Gap, Token } from '../tokens.js';
import { boundAmounts } from './amount-bounds.js';
import { measureAt, oneOf } from './measures.js';
import { momentAt } from './moments.js';
import { readVerb } from '../verbs.js';
import { lemmaOf, normalWord } from './spelling.js';

export type Article = 'a' | 'the' | 'own' | 'his' | 'her' | 'their' | 'its' | 'no' | null;

/** Somebody's: "my", "her". */
export const isOwned = ({ article }: { article: Article }): boolean =>
  article !== null && !/^(?:a|the|no)$/.test(article);

/** A piece of a statement that claims are made from: a word, an amount or a moment; articles are folded into what follows. */
export interface Atom {
  kind: 'word' | 'measure' | 'moment';
  /** Normal form; of a moment its parts, joined by blanks. */
  normal: string;
  /** As a verb: "smoking" is `smoke`. */
  lemma: string;
  raw: string;
  capital: boolean;
  gap: Gap;
  article: Article;
  recurring: boolean;
  quantity: Quantity | null;
  start: number;
  end: number;
}

const ARTICLES = new Map<string, Article>([
  ['a', 'a'],
  ['an', 'a'],
  ['some', 'a'],
  ['another', 'a'],
  ['the', 'the'],
  ['this', 'the'],
  ['these', 'the'],
  ['that', 'the'],
  ['those', 'the'],
  ['my', 'own'],
  ['our', 'own'],
  ['his', 'his'],
  ['her', 'her'],
  ['their', 'their'],
  ['its', 'its'],
  ['your', 'own'],
  ['no', 'no'],
  ['any', 'a'],
]);

/** They add force, not content. */
const FILLERS = new Set(
  `really very quite pretty so such totally absolutely definitely truly actually honestly just simply basically literally
  please kindly indeed super extremely incredibly rather fairly certainly obviously apparently officially own overall
  always currently now still anymore already nowadays presently currently again instead too also yet exactly precisely
  merely purely effectively`.split(/\s+/),
);
/** A stretch of the text that names a time relative to the moment of saying, with the day that it means. */
export interface RelativeTime {
  start: number;
  end: number;
  parts: string[];
}

/** The atoms of `tokens[from, to)`, left to right, each token once. */
export function readAtoms(
  tokens: readonly Token[],
  from: number,
  to: number,
  text: string,
  relative: readonly RelativeTime[],
): Atom[] {
  const atoms: Atom[] = [];
  let article: Article = null;
  let at = from;
  while (at < to) {
    const token = tokens[at]!;
    const single = singleUnit(tokens, at, text);
    if (single !== undefined && atoms.at(-1)?.kind !== 'measure' && at + single.length <= to) {
      atoms.push(single.atom);
      at += single.length;
      continue;
    }
    // "Vitamin A", "plan A": a letter that names.
    const isLetter = token.word === 'a' && token.capital && token.gap === 'space';
    const marked = isLetter ? undefined : ARTICLES.get(token.word);
    if (marked !== undefined && at + 1 < to && !(token.word === 'no' && tokens[at + 1]?.word === 'longer')) {
      article = marked;
      at += 1;
      continue;
    }
    const { atom, length } = atomAt(tokens, at, to, text, relative);
    at += length;
    if (atom === undefined) continue;
    atom.article = article;
    article = null;
    if (atom.kind === 'moment' && joinMoment(atoms, atom)) continue;
    atoms.push(atom);
  }
  return boundAmounts(atoms, lemmaOf(tokens[from - 1]?.word ?? ''));
}

/** "An hour", "an hour and a half": one of a unit. */
function singleUnit(tokens: readonly Token[], at: number, text: string): { atom: Atom; length: number } | undefined {
  if (
    !/^an?$/.test(tokens[at]!.word) ||
    tokens[at + 1] === undefined ||
    /^(?:times?|once|twice)$/.test(tokens[at - 1]?.word ?? '')
  )
    return undefined;
  const unit = oneOf(tokens[at + 1]!.word);
  if (unit === undefined) return undefined;
  const half = tokens[at + 2]?.word === 'and' && tokens[at + 4]?.word === 'half' ? 3 : 0;
  const amount = unit.amount * (half > 0 ? 1.5 : 1);
  const atom = makeAtom(tokens, at, 2 + half, text, 'measure', `${amount}${unit.unit}`);
  atom.quantity = { amount, unit: unit.unit };
  return { atom, length: 2 + half };
}

function atomAt(
  tokens: readonly Token[],
  at: number,
  to: number,
  text: string,
  relative: readonly RelativeTime[],
): { atom?: Atom; length: number } {
  const token = tokens[at]!;
  const time = relative.find(({ start, end }) => start <= token.start && token.start < end);
  if (time !== undefined) {
    let length = 1;
    while (at + length < to && tokens[at + length]!.start < time.end) length += 1;
    const atom = makeAtom(tokens, at, length, text, 'moment', time.parts.join(' '));
    return { atom, length };
  }
  const digits = digitRun(tokens, at, to);
  if (digits !== undefined)
    return { atom: makeAtom(tokens, at, digits.length, text, 'word', digits.join('')), length: digits.length };
  const moment = momentAt(tokens, at);
  if (moment !== undefined && at + moment.length <= to) {
    const atom = makeAtom(tokens, at, moment.length, text, 'moment', moment.parts.join(' '));
    atom.recurring = moment.recurring;
    return { atom, length: moment.length };
  }
  const measure = isPronounOne(tokens, at, to) ? undefined : measureAt(tokens, at, text);
  if (measure !== undefined && at + measure.length <= to) {
    const atom = makeAtom(tokens, at, measure.length, text, 'measure', measure.word);
    atom.quantity = measure.quantity;
    return { atom, length: measure.length };
  }
  const isContrast = token.word === 'instead' && tokens[at + 1]?.word === 'of';
  if ((FILLERS.has(token.word) && !isContrast) || token.word === "'s" || token.word === 'n')
    return { length: 1, ...possessive(tokens, at, text) };
  return {
    atom: makeAtom(tokens, at, 1, text, 'word', isName(tokens, at) ? token.word : normalWord(token.word)),
    length: 1,
  };
}

/** "The blue one", "a Russian one": a noun, no number. */
function isPronounOne(tokens: readonly Token[], at: number, to: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]!.word !== 'one' || before === undefined || tokens[at]!.gap !== 'space') return false;
  const isLast = at + 1 >= to || /^(?:than|that|which|who|in|on|at|from|with|for|by)$/.test(tokens[at + 1]!.word);
  const isTold =
    /^(?:the|this|that|another|other)$/.test(before.word) ||
    (/^(?:an?|the|this|that|my|another|his|her|our|their)$/.test(tokens[at - 2]?.word ?? '') &&
      !/^(?:only|just|at|about|number)$/.test(before.word));
  return isLast && isTold;
}

const NUMBER_MIN_DIGITS = 7;

/** "0171 555 2093": groups of digits are one number that is called, no amounts. */
function digitRun(tokens: readonly Token[], at: number, to: number): string[] | undefined {
  const run: string[] = [];
  while (at + run.length < to && /^\d[\d-]*$/.test(tokens[at + run.length]!.word)) {
    if (run.length > 0 && tokens[at + run.length]!.gap !== 'space') break;
    run.push(tokens[at + run.length]!.word.replaceAll('-', ''));
  }
  const digits = run.join('');
  const isCalled =
    digits.length >= NUMBER_MIN_DIGITS &&
    (run.length > 1 ||
      (digits.length > 8 && !digits.endsWith('000')) ||
      digits.startsWith('0') ||
      tokens[at]!.word.includes('-'));
  return isCalled && !/^(?:19|20)\d\d-\d\d?-\d\d?$/.test(tokens[at]!.word) ? run : undefined;
}

/** A capitalised word keeps its form; at the start of a sentence only if what follows makes it one ("Lars is", not "Tests are"). */
function isName(tokens: readonly Token[], at: number): boolean {
  const { capital, gap, word } = tokens[at]!;
  if (!capital) return false;
  if (gap !== 'none' && gap !== 'break') return !COUNTRY_SHORT.test(word);
  const next = tokens[at + 1]?.word ?? '';
  if (!word.endsWith('s')) return !STARTING_NOUNS.test(word);
  const following = readVerb(next);
  if (following?.base === true && following.third !== true && !following.past) return false;
  return !/^(?:are|were|have|should|must|do|need|can|will|may|cost|happen|take|go|run|start|end|stay|get|in|of|for|with|on|at|to|and|or|per|left)$/.test(
    next,
  );
}

const STARTING_NOUNS =
  /^(?:mum|mom|mommy|mummy|dad|daddy|dev|repo|app|config|docs?|db|prod|standup|stand-up|boss|hubby|spouse|colou?r|favou?rite|user|kid|phone|postgresql|mongo|k8s|js|ts)$/;
const COUNTRY_SHORT = /^(?:us|usa|uk|u\.s|u\.k|britain|america|nyc|postgresql|mongo|k8s|js|ts|golang|autumn|fall)$/;

/** "Kate 's manager": the mark stays, because it tells the owner from the owned. */
function possessive(tokens: readonly Token[], at: number, text: string): { atom?: Atom } {
  if (tokens[at]!.word !== "'s" || at === 0) return {};
  return { atom: makeAtom(tokens, at, 1, text, 'word', "'s") };
}

function makeAtom(
  tokens: readonly Token[],
  at: number,
  length: number,
  text: string,
  kind: Atom['kind'],
  normal: string,
): Atom {
  const first = tokens[at]!;
  const last = tokens[at + length - 1]!;
  return {
    kind,
    normal,
    lemma: kind === 'word' ? lemmaOf(first.word) : normal,
    raw: text.slice(first.start, last.end),
    capital: first.capital,
    gap: first.gap,
    article: null,
    recurring: false,
    quantity: null,
    start: first.start,
    end: last.end,
  };
}

const MOMENT_LINKS = new Set(['at', 'on', 'in', 'of']);

/** "on 21 May at noon", "Mondays and Thursdays": one moment in several pieces. */
function joinMoment(atoms: Atom[], atom: Atom): boolean {
  const last = atoms.at(-1);
  if (last === undefined) return false;
  const linked = last.kind === 'word' && MOMENT_LINKS.has(last.normal) ? atoms.at(-2) : last;
  if (linked?.kind !== 'moment') return false;
  const taken = new Set(linked.normal.split(' ').map((part) => part.slice(0, 2)));
  if (atom.normal.split(' ').some((part) => taken.has(part.slice(0, 2)))) return false;
  if (linked !== last) atoms.pop();
  linked.normal = `${linked.normal} ${atom.normal}`.split(' ').sort().join(' ');
  linked.lemma = linked.normal;
  linked.recurring ||= atom.recurring;
  linked.end = atom.end;
  return true;
}

import { fold, tokenize } from '../ranking/tokenizer.js';

/** Of what one text is made, as far as it matters whether another one tells the same. */
export interface ToldText {
  words: ReadonlySet<string>;
  /** Numbers in their order. */
  figures: string;
  /** Words with a capital letter, in their order: who did it to whom. */
  names: readonly string[];
  /** Words that deny, end, date or condition what stands beside them, in their order. */
  turns: string;
}

/** A copy may leave out at most half of the words of what it is a copy of. */
const LEAST_SHARED = 0.5;
/** One new word for so many shared ones is a slip of the pen. */
const WORDS_PER_SLIP = 20;
/** A turn says clearly more than the memory that was read out of it when more than this share of it is new. */
const NEW_IN_TURN = 0.4;

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)?/gu;
const NUMBER = /\d+(?:[.,:/-]\d+)*/g;
const CAPITALISED = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}\p{N}'’-]*/gu;
/** They tell nothing that the words beside them do not tell. */
const EMPTY = new Set(
  `a an the is are am be it's that this very really actually also just so oh hey hi well currently now still some
  quite rather indeed please truly simply basically yes`.split(/\s+/),
);
/** With one of these more or less it is another statement, in the languages that we are asked in most. */
const TURNING = new Set(
  `not no never nobody none nothing without cannot neither nor hardly barely rarely seldom only all every any
  was were had been did used will would could should might may must shall ago last next until till since before after
  former formerly ex stop stopped stops quit quits left longer anymore cancel cancelled canceled refuse refused deny
  denied hate hates dislike dislikes if unless maybe perhaps probably possibly almost less more fewer least most
  nicht nie kein keine keinen keinem keiner keines nichts ohne wenn vielleicht pas jamais rien sans ne plus non si nunca
  jamás jamas nada sin mai niente senza não nao nem niet geen nooit inte ikke bez не нет ни никогда без если`.split(
    /\s+/,
  ),
);
const isTurning = (word: string): boolean => TURNING.has(word) || /n['’]t$/.test(word);

export function toldText(text: string): ToldText {
  const folded = fold(text);
  const words = [...folded.matchAll(WORD)].map(([word]) => word);
  return {
    words: new Set(words.filter((word) => !EMPTY.has(word)).map(singular)),
    figures: figuresIn(folded).join(' '),
    names: [...text.matchAll(CAPITALISED)].map(([name]) => singular(fold(name))).filter((name) => !EMPTY.has(name)),
    turns: words.filter((word) => isTurning(word)).join(' '),
  };
}

/**
 * Does a text tell nothing that another one, which is shown already, does not tell? Its words are all among those of the
 * other one (one slip for every 20), which are at most twice as many; numbers, negations and the like are the same, and
 * names stand in the same order. Rather two copies than a statement lost: another value, tense or person is no copy.
 */
export function isNearCopy(text: ToldText, shown: ToldText): boolean {
  if (text.figures !== shown.figures || text.turns !== shown.turns) return false;
  if (text.words.size > shown.words.size * (1 + 1 / WORDS_PER_SLIP)) return false;
  const shared = [...text.words].filter((word) => shown.words.has(word)).length;
  if (shared === 0 || shared < LEAST_SHARED * shown.words.size) return false;
  const slips = Math.floor(shared / WORDS_PER_SLIP);
  return text.words.size - shared <= slips && areInOrder(text.names, shown.names);
}

/**
 * Is the turn that a memory was read out of a copy of it? The memory is worded anew ("I" became a name, "yesterday" a
 * date), so only what is new in the turn counts: a number, or more than two fifths of its content words.
 */
export function isCopyOfItsMemory(turn: string, memory: string): boolean {
  const known = new Set(figuresIn(fold(memory)));
  if (figuresIn(fold(turn)).some((figure) => !known.has(figure))) return false;
  const stems = new Set(tokenize(turn));
  const told = new Set(tokenize(memory));
  return [...stems].filter((stem) => !told.has(stem)).length <= NEW_IN_TURN * stems.size;
}

/** "Alice paid Bob" is not "Bob paid Alice". The first word of a sentence has a capital letter too, so extra ones pass. */
function areInOrder(names: readonly string[], shown: readonly string[]): boolean {
  const common = new Set(names.filter((name) => shown.includes(name)));
  const orderOf = (all: readonly string[]): string => [...new Set(all.filter((name) => common.has(name)))].join(' ');
  return orderOf(names) === orderOf(shown);
}

function figuresIn(folded: string): string[] {
  return [...folded.matchAll(NUMBER)].map(([number]) => number);
}

/** "Likes" and "like", "services" and "service": alike enough. "Lived" stays what it is. */
function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

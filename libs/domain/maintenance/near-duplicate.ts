import type { Claim, Statement } from '../belief/claim.js';
import { areOpposite } from '../belief/opposites.js';
import { haveOneStem, isAlike, overlapOf } from '../belief/overlap.js';
import { relate } from '../belief/relate.js';
import type { Relation } from '../belief/relation.js';
import { subjectSureness } from '../belief/subjects.js';
import { adjacentPairs } from '../ranking/tokenizer.js';
import { byText, isHappening, type MaintainedMemory } from './maintained-memory.js';
import { areWordsInOrder, haveSameTurns, isDoneByAll, type Wording, wordingOf } from './wording.js';

/** A memory with what is compared of it, worked out once. */
export interface ComparedMemory {
  memory: MaintainedMemory;
  statement: Statement;
  wording: Wording;
  /** Content words, numbers and ids, each once. */
  terms: ReadonlySet<string>;
  /** Terms and pairs of neighbours: what MinHash looks at. */
  shingles: ReadonlySet<string>;
  /** How much it tells: the number of its terms and of the conditions of its claims. */
  specificity: number;
}

const STEM_CHARS = 5;
/** "Intolerant" and "intolerance" are candidates for each other. */
const stemmed = (term: string): string => (/^\p{L}+$/u.test(term) ? term.slice(0, STEM_CHARS) : term);

/** What equal words are worth where the claims read out of them differ: the reader saw another side of the same. */
const WORDS_ALONE = 0.95;

export interface Likeness {
  /** 0 to 1. */
  similarity: number;
  /** For people: what makes the two the same. */
  reason: string;
}

export function comparedMemory(memory: MaintainedMemory, statement: Statement): ComparedMemory {
  const identifiers = statement.identifiers.map((one) => one.replace(/^#/, ''));
  const terms = new Set([...statement.words, ...identifiers]);
  const conditions = memory.claims.reduce((sum, { qualifiers }) => sum + qualifiers.length, 0);
  return {
    memory,
    statement,
    wording: wordingOf(memory),
    terms,
    shingles: new Set([...[...terms].map(stemmed), ...adjacentPairs(statement.words.map(stemmed))]),
    specificity: terms.size + conditions,
  };
}

/**
 * How alike two memories are, or null where they must not become one, however alike they look: another number, id, name,
 * negation, time, kind or modality makes another memory.
 *
 * The similarity is the Dice coefficient of their terms (2·shared / (2·shared + missing in either); L. R. Dice, 1945),
 * terms being equal by stem or field of words. Where both were read into claims it is the mean of that and of the share
 * of equal claims (Jaccard): equal claims make up for other words, and equal words nearly for other claims.
 */
export function likenessOf(one: ComparedMemory, other: ComparedMemory): Likeness | null {
  const claims = jaccardOf(one.memory.claims, other.memory.claims);
  if (!areOfOneKind(one.memory, other.memory, claims === 1) || !areOfOneTime(one.memory, other.memory)) return null;
  if (!haveSameFigures(one, other)) return null;
  if (!haveSameTurns(one.wording, other.wording, claims === 1 ? one.memory.claims : null)) return null;
  if (claims !== 1 && one.statement.isNegated !== other.statement.isNegated) return null;
  if (isOfSomebodyUntold(one, other) || isOfSomebodyUntold(other, one)) return null;
  if (claims !== null && claims < 1 && (isOfSpeakerAlone(one, other) || isOfSpeakerAlone(other, one))) return null;
  const { names } = overlapOf(one.statement, other.statement);
  if (names[1] > 0 && names[2] > 0) return null;
  const [relation, backwards] = relationsOf(one, other);
  if (![relation, backwards].every((each) => each.relation === 'duplicate' || each.relation === 'refines')) return null;
  // A word of the same field is the same only in a slot that both fill: "wife" and "husband" are of one field too.
  const isSame = relation.slot === null ? isSameWord : isAlike;
  const { terms, isExchanged, isOpposed } = comparedTerms(...termsBeside(one, other, claims === 1), isSame);
  if (isOpposed) return null;
  if (isExchanged && (relation.slot === null || OPEN_SLOT.test(relation.slot))) return null;
  if (
    !isOrderFree(one, other, relation.slot !== null || (claims !== null && claims > 0)) &&
    !areWordsInOrder(plainWords(one), plainWords(other))
  )
    return null;
  // What only adds to the other one has to tell it in the same words.
  const isSaidAgain = [relation, backwards].every((each) => each.relation === 'duplicate') || terms === 1;
  const byWords = isSaidAgain ? WORDS_ALONE * terms : 0;
  return {
    similarity: claims === null ? terms : Math.max((terms + claims) / 2, byWords),
    reason: relation.slot === null ? relation.ruleId : `${relation.ruleId} ${relation.slot}`,
  };
}

/** Does one of the two say what the other one denies? */
export function conflicts(one: ComparedMemory, other: ComparedMemory): boolean {
  return relationsOf(one, other).some(({ relation }) => relation === 'contradicts');
}

/** Of the newer one to the older one, and as if they had been told in the other order: the same is so either way. */
function relationsOf(one: ComparedMemory, other: ComparedMemory): readonly [Relation, Relation] {
  const order = byText(one.memory.observedAt, other.memory.observedAt) || byText(one.memory.id, other.memory.id);
  const [older, newer] = order < 0 ? [one.statement, other.statement] : [other.statement, one.statement];
  return [relate(newer, older, { sameSession: false }), relate(older, newer, { sameSession: false })];
}

/** The type that a memory has when nobody said more of it. */
const GENERAL_TYPE = 'fact';

function areOfOneKind(one: MaintainedMemory, other: MaintainedMemory, areClaimsEqual: boolean): boolean {
  const isType = one.memoryType === other.memoryType || [one.memoryType, other.memoryType].includes(GENERAL_TYPE);
  // "I hate olives" denies nothing, "I can't stand olives" does: their claims are of one polarity.
  const isStated = areClaimsEqual && [one, other].every(({ modality }) => STATED.has(modality));
  return isType && (one.modality === other.modality || isStated) && one.derived === other.derived;
}

const STATED: ReadonlySet<string> = new Set(['asserted', 'negated']);

function areOfOneTime(one: MaintainedMemory, other: MaintainedMemory): boolean {
  const [from, to] = [one.validFrom?.instant ?? '', one.validTo?.instant ?? '~'];
  if (from > (other.validTo?.instant ?? '~') || (other.validFrom?.instant ?? '') > to) return false;
  if (!one.claims.some(isHappening) && !other.claims.some(isHappening)) return true;
  return dayOfHappening(one) === dayOfHappening(other);
}

/** What happened on two days happened twice. */
const dayOfHappening = ({ claims, observedAt }: MaintainedMemory): string =>
  (claims.find((claim) => isHappening(claim) && claim.validFrom !== null)?.validFrom?.instant ?? observedAt).slice(
    0,
    10,
  );

function haveSameFigures(one: ComparedMemory, other: ComparedMemory): boolean {
  const figuresOf = ({ statement: { words }, terms }: ComparedMemory): string =>
    [...terms]
      .filter((term) => !words.includes(term))
      .sort(byText)
      .join(' ');
  return figuresOf(one) === figuresOf(other);
}

/** Of whom or what one of the two speaks, the other one says no word: "my boss quit smoking", "I quit smoking". */
const isOfSomebodyUntold = ({ memory }: ComparedMemory, { terms, statement }: ComparedMemory): boolean =>
  memory.claims.some(
    ({ subject }) =>
      !UNNAMED.test(subject) &&
      !statement.claims.some((claim) => subjectSureness(subject, claim.subject) > 0) &&
      subject.split(' ').every((word) => ![...terms].some((term) => isAlike(word, term))),
  );

const UNNAMED = /^(?:self|it|they|he|she|you|there|we|this|that)$/;

/** "Anna works at Nokia" is less than "I work with Anna at Nokia", and of another person. */
const isOfSpeakerAlone = ({ memory: one }: ComparedMemory, { memory: other }: ComparedMemory): boolean =>
  /\b(?:I|me|we|us)\b/i.test(one.content) &&
  !/\b(?:I|me|my|mine|we|us|our|ours)\b/i.test(other.content) &&
  !isDoneByAll(one.content, other.content);

type SameWord = (one: string, other: string) => boolean;

const isSameWord: SameWord = (one, other) => one === other || haveOneStem(one, other);

/** They hold whatever was done or is so: what else was said of it may be another thing's. Others hold all that matters. */
const OPEN_SLOT = /^(?:do|status|quantity|has|schedule|event|time|duration|guideline|goal|measure:percent)(?::|$)/;

/** "The health of the herd", "herd health"; "we heat it", "it is heated": grammar turns the words around. */
function isOrderFree({ wording: one, memory }: ComparedMemory, other: ComparedMemory, isRead: boolean): boolean {
  if (one.isCompared || other.wording.isCompared) return false;
  const isGenitive = / of /.test(memory.content) !== / of /.test(other.memory.content);
  return isRead || isGenitive || one.isPassive !== other.wording.isPassive;
}

/** Names stand where grammar puts them: "Ben's desk", "the desk of Ben". */
const plainWords = ({ statement, wording: { names } }: ComparedMemory): string[] =>
  statement.words.filter((word) => !names.some((name) => name.startsWith(word) || word.startsWith(name)));

/** They tell little beside what they are said with: "takes 45 minutes", "a 45 minute". */
const LIGHT = new Set('be have do take get make go come give'.split(' '));

/** That something is wished for, or is over, is told by the claims. */
const WISHES = new Set('want wish like love hope'.split(' '));
const ENDINGS = new Set('stop quit give up cease'.split(' '));

function termsBeside(
  one: ComparedMemory,
  other: ComparedMemory,
  areClaimsEqual: boolean,
): [ReadonlySet<string>, ReadonlySet<string>] {
  if (!areClaimsEqual) return [one.terms, other.terms];
  const isTold = (term: string): boolean =>
    (one.memory.modality === 'wish' && WISHES.has(term)) ||
    (ENDINGS.has(term) && one.memory.claims.every(({ aspect }) => aspect === 'ended'));
  const rest = ({ terms }: ComparedMemory): Set<string> => new Set([...terms].filter((term) => !isTold(term)));
  return [rest(one), rest(other)];
}

interface ComparedTerms {
  /** Dice coefficient; a light word that only one of the two has is not missed. */
  terms: number;
  /** Each has a word of its own, and they are not of one field: "the red key", "the blue key". */
  isExchanged: boolean;
  /** A word of the one is the opposite of a word of the other. */
  isOpposed: boolean;
}

function comparedTerms(mine: ReadonlySet<string>, theirs: ReadonlySet<string>, isSame: SameWord): ComparedTerms {
  const [onlyMine, onlyTheirs] = [without(mine, theirs), without(theirs, mine)];
  const unmatched = (words: readonly string[], others: readonly string[], same: SameWord): string[] =>
    words.filter((word) => !others.some((other) => same(word, other)));
  const [lost, added] = [unmatched(onlyMine, onlyTheirs, isSame), unmatched(onlyTheirs, onlyMine, isSame)];
  const shared = mine.size - lost.length + (theirs.size - added.length);
  const missing = [...lost, ...added].length;
  const isExchanged =
    unmatched(lost, added, areKindredWords).length > 0 && unmatched(added, lost, areKindredWords).length > 0;
  const isOpposed = onlyMine.some((one) => onlyTheirs.some((other) => areOpposite(one, other)));
  return { terms: shared === 0 ? 0 : shared / (shared + missing), isExchanged, isOpposed };
}

const areKindredWords: SameWord = (one, other) => isAlike(one, other);

const without = (words: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...words].filter((word) => !others.has(word) && !LIGHT.has(word));

/** Share of equal claims among all; null where one of the two claims nothing. */
function jaccardOf(mine: readonly Claim[], theirs: readonly Claim[]): number | null {
  if (mine.length === 0 || theirs.length === 0) return null;
  const found = mine.filter((claim) => theirs.some((other) => isSameClaim(claim, other))).length;
  const met = theirs.filter((claim) => mine.some((other) => isSameClaim(other, claim))).length;
  const same = Math.min(found, met);
  return same / (mine.length + theirs.length - same);
}

function isSameClaim(one: Claim, other: Claim): boolean {
  return (
    one.slot === other.slot &&
    one.normal === other.normal &&
    one.polarity === other.polarity &&
    (one.modality === other.modality || (STATED.has(one.modality) && STATED.has(other.modality))) &&
    one.aspect === other.aspect &&
    one.quantity?.amount === other.quantity?.amount &&
    one.qualifiers.join('|') === other.qualifiers.join('|') &&
    subjectSureness(one.subject, other.subject) === 1
  );
}

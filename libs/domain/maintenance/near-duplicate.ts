import type { Claim, Statement } from '../belief/claim.js';
import { isAlike, overlapOf } from '../belief/overlap.js';
import { relate } from '../belief/relate.js';
import type { Relation } from '../belief/relation.js';
import { subjectSureness } from '../belief/subjects.js';
import { adjacentPairs } from '../ranking/tokenizer.js';
import { byText, isHappening, type MaintainedMemory } from './maintained-memory.js';
import { comparedTerms } from './shared-terms.js';
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
  /** Numbers, dates and ids, sorted. */
  figures: string;
  /** Words but for names, which stand where grammar puts them: "Ben's desk", "the desk of Ben". */
  plainWords: readonly string[];
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
  const words = new Set(statement.words);
  const wording = wordingOf(memory);
  const isName = (word: string): boolean =>
    wording.names.some((name) => name.startsWith(word) || word.startsWith(name));
  const conditions = memory.claims.reduce((sum, { qualifiers }) => sum + qualifiers.length, 0);
  return {
    memory,
    statement,
    wording,
    terms,
    shingles: new Set([...[...terms].map(stemmed), ...adjacentPairs(statement.words.map(stemmed))]),
    figures: [...terms]
      .filter((term) => !words.has(term))
      .sort(byText)
      .join(' '),
    plainWords: statement.words.filter((word) => !isName(word)),
    specificity: terms.size + conditions,
  };
}

/**
 * How alike two memories are, or null where they must not become one, however alike they look: another number, id, name,
 * negation, time, kind or modality makes another memory.
 *
 * The similarity is the Dice coefficient of their terms (2·shared / (2·shared + missing in either); L. R. Dice, 1945),
 * terms being equal by stem or field of words. Where both were read into claims it is the mean of that and of the share
 * of equal claims (Jaccard): equal claims make up for other words, and equal words nearly for other claims. Pairs that
 * cannot be as alike as `least` are null too.
 */
export function likenessOf(one: ComparedMemory, other: ComparedMemory, least = 0): Likeness | null {
  if (one.figures !== other.figures || !areOfOneTime(one.memory, other.memory)) return null;
  const claims = jaccardOf(one.memory.claims, other.memory.claims);
  if (!areOfOneKind(one.memory, other.memory, claims === 1)) return null;
  const compared = comparedTerms(one, other, claims === 1);
  // The words of one field count as the same here, so the pair is at most so much alike: most pairs end here.
  if (similarityOf(compared.alike, claims, compared.alike) < least || compared.isOpposed) return null;
  if (!areWordedAlike(one, other, claims)) return null;
  const relations = relationsOf(one, other);
  if (!relations.every(({ relation }) => relation === 'duplicate' || relation === 'refines')) return null;
  const { slot, ruleId } = relations[0];
  if (compared.isExchanged && (slot === null || OPEN_SLOT.test(slot))) return null;
  const isRead = slot !== null || (claims !== null && claims > 0);
  if (!isOrderFree(one, other, isRead) && !areWordsInOrder(one.plainWords, other.plainWords)) return null;
  // A word of the same field is the same only in a slot that both fill: "wife" and "husband" are of one field too.
  const terms = slot === null ? compared.same : compared.alike;
  // What only adds to the other one has to tell it in the same words.
  const isSaidAgain = relations.every(({ relation }) => relation === 'duplicate') || terms === 1;
  return {
    similarity: similarityOf(terms, claims, isSaidAgain ? terms : 0),
    reason: slot === null ? ruleId : `${ruleId} ${slot}`,
  };
}

const similarityOf = (terms: number, claims: number | null, saidAgain: number): number =>
  claims === null ? terms : Math.max((terms + claims) / 2, WORDS_ALONE * saidAgain);

/** Neither a negation, a stance, a direction, a person nor a name more or less, or in the place of another. */
function areWordedAlike(one: ComparedMemory, other: ComparedMemory, claims: number | null): boolean {
  if (!haveSameTurns(one.wording, other.wording, claims === 1 ? one.memory.claims : null)) return false;
  if (claims !== 1 && one.statement.isNegated !== other.statement.isNegated) return false;
  if (isOfSomebodyUntold(one, other) || isOfSomebodyUntold(other, one)) return false;
  if (claims !== null && claims < 1 && (isOfSpeakerAlone(one, other) || isOfSpeakerAlone(other, one))) return false;
  const { names } = overlapOf(one.statement, other.statement);
  return names[1] === 0 || names[2] === 0;
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

/** Said to be so or not to be so: which of the two is the polarity of the claims. */
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

/** They hold whatever was done or is so: what else was said of it may be another thing's. Others hold all that matters. */
const OPEN_SLOT = /^(?:do|status|quantity|has|schedule|event|time|duration|guideline|goal|measure:percent)(?::|$)/;

/** "The health of the herd", "herd health"; "we heat it", "it is heated": grammar turns the words around. */
function isOrderFree({ wording: one, memory }: ComparedMemory, other: ComparedMemory, isRead: boolean): boolean {
  if (one.isCompared || other.wording.isCompared) return false;
  const isGenitive = / of /.test(memory.content) !== / of /.test(other.memory.content);
  return isRead || isGenitive || one.isPassive !== other.wording.isPassive;
}

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

import type { Claim, Statement } from '../belief/claim.js';
import { isAlike, overlapOf } from '../belief/overlap.js';
import { relate } from '../belief/relate.js';
import type { Relation } from '../belief/relation.js';
import { subjectSureness } from '../belief/subjects.js';
import { toldText, type ToldText } from '../context/near-copies.js';
import { adjacentPairs } from '../ranking/tokenizer.js';
import { byText, isHappening, type MaintainedMemory } from './maintained-memory.js';

/** A memory with what is compared of it, worked out once. */
export interface ComparedMemory {
  memory: MaintainedMemory;
  statement: Statement;
  told: ToldText;
  /** Content words, numbers and ids, each once. */
  terms: ReadonlySet<string>;
  /** Terms and pairs of neighbours: what MinHash looks at. */
  shingles: ReadonlySet<string>;
  /** How much it tells: the number of its terms and of the conditions of its claims. */
  specificity: number;
}

export interface Likeness {
  /** 0 to 1. */
  similarity: number;
  /** For people: what makes the two the same. */
  reason: string;
}

export function comparedMemory(memory: MaintainedMemory, statement: Statement): ComparedMemory {
  const terms = new Set([...statement.words, ...statement.identifiers]);
  const conditions = memory.claims.reduce((sum, { qualifiers }) => sum + qualifiers.length, 0);
  return {
    memory,
    statement,
    told: toldText(memory.content),
    terms,
    shingles: new Set([...terms, ...adjacentPairs(statement.words)]),
    specificity: terms.size + conditions,
  };
}

/**
 * How alike two memories are, or null where they must not become one, however alike they look: another number, id, name,
 * negation, time, kind or modality makes another memory.
 *
 * The similarity is the Dice coefficient of their terms (2·shared / (2·shared + missing in either); L. R. Dice, 1945),
 * terms being equal by stem or field of words; where both were read into claims, the mean of that and of the share of
 * equal claims (Jaccard).
 */
export function likenessOf(one: ComparedMemory, other: ComparedMemory): Likeness | null {
  if (!areOfOneKind(one.memory, other.memory) || !areOfOneTime(one.memory, other.memory)) return null;
  if (!haveSameFigures(one, other)) return null;
  const terms = diceOf(one.terms, other.terms);
  const claims = jaccardOf(one.memory.claims, other.memory.claims);
  if (claims !== 1 && one.told.turns !== other.told.turns) return null;
  if (one.statement.isNegated !== other.statement.isNegated && claims !== 1) return null;
  const { names } = overlapOf(one.statement, other.statement);
  if (names[1] > 0 && names[2] > 0) return null;
  const relation = relationOf(one, other);
  if (relation.relation !== 'duplicate' && relation.relation !== 'refines') return null;
  return {
    similarity: claims === null ? terms : (terms + claims) / 2,
    reason: relation.slot === null ? relation.ruleId : `${relation.ruleId} ${relation.slot}`,
  };
}

/** Does one of the two say what the other one denies? */
export function conflicts(one: ComparedMemory, other: ComparedMemory): boolean {
  return relationOf(one, other).relation === 'contradicts';
}

function relationOf(one: ComparedMemory, other: ComparedMemory): Relation {
  const order = byText(one.memory.observedAt, other.memory.observedAt) || byText(one.memory.id, other.memory.id);
  const [older, newer] = order < 0 ? [one, other] : [other, one];
  return relate(newer.statement, older.statement, { sameSession: false });
}

/** The type that a memory has when nobody said more of it. */
const GENERAL_TYPE = 'fact';

function areOfOneKind(one: MaintainedMemory, other: MaintainedMemory): boolean {
  const isType = one.memoryType === other.memoryType || [one.memoryType, other.memoryType].includes(GENERAL_TYPE);
  return isType && one.modality === other.modality && one.derived === other.derived;
}

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
  const [mine, theirs] = [new Set(one.statement.identifiers), new Set(other.statement.identifiers)];
  return mine.size === theirs.size && [...mine].every((figure) => theirs.has(figure));
}

function diceOf(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): number {
  const missing = (from: ReadonlySet<string>, within: ReadonlySet<string>): number =>
    [...from].filter((term) => !within.has(term) && ![...within].some((known) => isAlike(term, known))).length;
  const [lost, added] = [missing(mine, theirs), missing(theirs, mine)];
  const shared = mine.size - lost + (theirs.size - added);
  return shared === 0 ? 0 : shared / (shared + lost + added);
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
    one.modality === other.modality &&
    one.aspect === other.aspect &&
    one.quantity?.amount === other.quantity?.amount &&
    one.qualifiers.join('|') === other.qualifiers.join('|') &&
    subjectSureness(one.subject, other.subject) === 1
  );
}

import type { Claim, Statement } from '../belief/claim.js';
import { haveOneStem, isAlike, overlapOf } from '../belief/overlap.js';
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

/** What equal words are worth where the claims read out of them differ: the reader saw another side of the same. */
const WORDS_ALONE = 0.95;

export interface Likeness {
  /** 0 to 1. */
  similarity: number;
  /** For people: what makes the two the same. */
  reason: string;
}

const EVERY_WEEKDAY = /\bevery ((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi;

export function comparedMemory(memory: MaintainedMemory, statement: Statement): ComparedMemory {
  const identifiers = statement.identifiers.map((one) => one.replace(/^#/, ''));
  const terms = new Set([...statement.words, ...identifiers]);
  const conditions = memory.claims.reduce((sum, { qualifiers }) => sum + qualifiers.length, 0);
  return {
    memory,
    statement,
    told: toldText(memory.content.replace(EVERY_WEEKDAY, 'on $1s')),
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
 * terms being equal by stem or field of words. Where both were read into claims it is the mean of that and of the share
 * of equal claims (Jaccard): equal claims make up for other words, and equal words nearly for other claims.
 */
export function likenessOf(one: ComparedMemory, other: ComparedMemory): Likeness | null {
  if (!areOfOneKind(one.memory, other.memory) || !areOfOneTime(one.memory, other.memory)) return null;
  if (!haveSameFigures(one, other)) return null;
  const claims = jaccardOf(one.memory.claims, other.memory.claims);
  if (!haveSameTurns(one, other, claims === 1)) return null;
  if (claims !== null && claims < 1 && (isOfSpeakerAlone(one, other) || isOfSpeakerAlone(other, one))) return null;
  const { names } = overlapOf(one.statement, other.statement);
  if (names[1] > 0 && names[2] > 0) return null;
  const [relation, backwards] = relationsOf(one, other);
  if (![relation, backwards].every((each) => each.relation === 'duplicate' || each.relation === 'refines')) return null;
  // A word of the same field is the same only in a slot that both fill: "wife" and "husband" are of one field too.
  const isSame = relation.slot === null ? isSameWord : isAlike;
  const terms = diceOf(one.terms, other.terms, isSame);
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
  const figuresOf = ({ statement: { words }, terms }: ComparedMemory): string =>
    [...terms]
      .filter((term) => !words.includes(term))
      .sort(byText)
      .join(' ');
  return figuresOf(one) === figuresOf(other);
}

/** They tell a tense, which claims hold already. */
const AUXILIARY = /^(?:was|were|had|been|did|will|may)$/;
/** Who says so, and whether it is so or has to be: read past by claims, and yet another statement. */
const STANCE =
  /\b(?:(?:have|has|had|need|needs|want|wants|try|tries|trying|going|supposed|about|ought) to|must|should|think|thinks|thought|believes?|guess(?:es)?|suppose|told|said|says?|claims?|heard|apparently|allegedly|reportedly|probably|maybe|perhaps|hopefully|used to|start(?:s|ed|ing)?|beg[aiu]ns?|beginning)\b/gi;
/** One of these in place of another turns a statement around: from here, to here. */
const DIRECTION =
  /\b(?:to|from|for|with|without|against|before|after|under|over|above|below|behind|into|off|until|since|inside|outside|upper|lower|left|right)\b/gi;

/** The same negations, tenses, stances, directions, and names in the same order: what few letters turn around. */
function haveSameTurns(one: ComparedMemory, other: ComparedMemory, areClaimsEqual: boolean): boolean {
  if (!areClaimsEqual && one.statement.isNegated !== other.statement.isNegated) return false;
  const turnsOf = ({ told }: ComparedMemory): string =>
    told.turns
      .split(' ')
      .filter((word) => !areClaimsEqual || !AUXILIARY.test(word))
      .join(' ');
  if (turnsOf(one) !== turnsOf(other) || found(STANCE, one).join(' ') !== found(STANCE, other).join(' ')) return false;
  const [mine, theirs] = [found(DIRECTION, one), found(DIRECTION, other)];
  const isTurned = mine.some((word) => !theirs.includes(word)) && theirs.some((word) => !mine.includes(word));
  return !isTurned && (areClaimsEqual || (areNamesInOrder(one, other) && !areSpeakersSwapped(one, other)));
}

/** "I lent Tom money" is not "Tom lent me money": does the speaker only act, or is it only done to them? */
function areSpeakersSwapped(one: ComparedMemory, other: ComparedMemory): boolean {
  const [mine, theirs] = [speakerOf(one), speakerOf(other)];
  return mine !== theirs && mine !== 'either' && theirs !== 'either';
}

function speakerOf({ memory: { content } }: ComparedMemory): 'acts' | 'undergoes' | 'either' {
  const [isActing, isUndergoing] = [/\b(?:I|we)\b/i.test(content), /\b(?:me|us)\b/i.test(content)];
  if (isActing === isUndergoing) return 'either';
  return isActing ? 'acts' : 'undergoes';
}

/** "Anna works at Nokia" is less than "I work with Anna at Nokia", and of another person. */
const isOfSpeakerAlone = ({ memory: one }: ComparedMemory, { memory: other }: ComparedMemory): boolean =>
  /\b(?:I|me|we|us)\b/i.test(one.content) && !/\b(?:I|me|my|mine|we|us|our|ours)\b/i.test(other.content);

const found = (pattern: RegExp, { memory }: ComparedMemory): string[] =>
  [...memory.content.matchAll(pattern)].map(([word]) => word.toLowerCase());

/** "Anna helps Ben" is not "Ben helps Anna". */
function areNamesInOrder(
  { told: { names: mine } }: ComparedMemory,
  { told: { names: theirs } }: ComparedMemory,
): boolean {
  const order = (names: readonly string[], within: readonly string[]): string =>
    [...new Set(names.filter((name) => within.includes(name)))].join(' ');
  return order(mine, theirs) === order(theirs, mine);
}

type SameWord = (one: string, other: string) => boolean;

const isSameWord: SameWord = (one, other) => one === other || haveOneStem(one, other);

function diceOf(mine: ReadonlySet<string>, theirs: ReadonlySet<string>, isSame: SameWord): number {
  const onlyMine = [...mine].filter((term) => !theirs.has(term));
  const onlyTheirs = [...theirs].filter((term) => !mine.has(term));
  const lost = onlyMine.filter((term) => !onlyTheirs.some((other) => isSame(term, other))).length;
  const added = onlyTheirs.filter((term) => !onlyMine.some((other) => isSame(term, other))).length;
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

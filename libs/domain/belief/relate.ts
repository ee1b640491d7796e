import type { Claim, Statement } from './claim.js';
import { relateClaims } from './claim-relation.js';
import { lossOf } from './cross-slot-rules.js';
import type { Finding } from './finding.js';
import { relateByLikeness, relateFragment } from './likeness.js';
import { oncePerStatement } from './once.js';
import { SUPERSEDING_PROBABILITY } from './relation.js';
import type { Relate, Relation, RelationContext } from './relation.js';
import { subjectSureness } from './subjects.js';
import { areReadInPart, relateTopics } from './topics.js';
import { relateTransition } from './transitions.js';
import { givenUpByUser, toldOfThing } from './told-of-things.js';
import { toldOtherwise } from './told-otherwise.js';

/** Pairs of claims that are looked at; statements with more are lists. */
const CLAIMS_MAX = 12;

/** How the newer statement stands to the older one: the ordered rules, the first that applies. */
export const relate: Relate = (b: Statement, a: Statement, context: RelationContext): Relation => {
  if (b.modality === 'question' || a.modality === 'question')
    return plain('relation.not_comparable', 'unrelated', 0.85);
  if (isUnread(a) || isUnread(b))
    return isSameText(a, b)
      ? plain('relation.same_form', 'duplicate', 0.97)
      : plain('relation.nothing_shared', 'unrelated', 0.8);
  if (isCounterfactual(b) || isCounterfactual(a)) return plain('relation.not_comparable', 'unrelated', 0.75);
  if (areOtherEntries(a.text, b.text)) return plain('relation.other_subject', 'unrelated', 0.8);
  if (isSameText(a, b)) return plain('relation.same_form', 'duplicate', 0.97);
  const swapped = roleSwap(a, b) ?? wordSwap(a, b);
  if (swapped !== null) return swapped;
  if (isRepeated(a, b)) return { ...plain('relation.addition', 'extends', 0.65), evidence: ['again'] };
  const findings = compareClaims(a, b, context);
  const chosen = choose(findings, b);
  if (chosen !== null && !isLoose(chosen)) return byTopic(withOtherFigures(chosen, a, b), a, b);
  const turned = relateTransition(a, b);
  if (turned !== null) return turned;
  if (chosen !== null) return byTopic(chosen, a, b);
  return relateFragment(a, b) ?? relateTopics(a, b) ?? relateByLikeness(a, b);
};

/** Too long to be read, or without a word: its text tells nothing that rules could compare. */
const isUnread = ({ claims, words, identifiers }: Statement): boolean =>
  claims.length + words.length + identifiers.length === 0;

/** Beside each other in one slot: told otherwise it may still be the end of what was so. */
const isLoose = ({ relation, ruleId }: Relation): boolean => relation === 'extends' && ruleId === 'relation.many_slot';

/** May this relation retire the older statement by itself? A conflict tells only that one of the two is wrong. */
export function wouldSupersede({ relation, kind, probability, grounds }: Relation): boolean {
  const isMoved = kind === 'update' || kind === 'correction';
  return relation === 'contradicts' && isMoved && probability >= SUPERSEDING_PROBABILITY && grounds.length > 0;
}

const plain = (ruleId: string, relation: Relation['relation'], probability: number): Relation => ({
  ...{ relation, kind: null, probability, ruleId, evidence: [], grounds: [], slot: null },
});

/** "I wish it were", "if it were cheaper", "I'd love it to be": told as not so. */
const COUNTERFACTUAL =
  /\bwish(?:es)?\b.*\b(?:were|was|had|could|would|did|didn['’]t|weren['’]t|wasn['’]t)\b|^if\b.*\b(?:were|had)\b.*(?:\b(?:would|could|might)\b|['’]d\b)|(?:\bwould|['’]d) (?:love|like|prefer) (?:\S+ ){1,5}to be\b|\bwould be (?:nice|great|good|better) (?:if|to)\b/i;

const isCounterfactual = oncePerStatement(({ text }): boolean => COUNTERFACTUAL.test(text));

/** Of a contradiction that may be one of other things: shown, and nothing is retired. */
const UNSURE_PROBABILITY = 0.76;

/** Two moments or amounts differ: of two things they may, and both are right. */
const isFigure = ({ evidence }: Relation): boolean =>
  evidence.filter((one) => /^(?:before|after)=(?:not )?[~<>]?(?:\d|[a-z]=)/.test(one)).length === 2;

/** What the words alone tell, where the claims left something of it unread. */
function byTopic(chosen: Relation, a: Statement, b: Statement): Relation {
  if (wouldSupersede(chosen) && isFigure(chosen) && areReadInPart(a, b))
    return { ...chosen, probability: UNSURE_PROBABILITY };
  const isCorrection = b.cues.correction && /^(?:extends|refines)$/.test(chosen.relation);
  const topical = isCorrection || chosen.relation === 'duplicate' ? relateTopics(a, b) : null;
  if (topical === null) return chosen;
  if (isCorrection) return topical.relation === 'contradicts' ? { ...topical, kind: 'correction' } : chosen;
  return topical.relation === 'refines' && topical.probability >= 0.6 ? topical : chosen;
}

const ENTRY = /^\s*(\p{L}[\p{L} ]{0,24}?)\s?#?(\d{1,6})\s*[:–—]/u;

/** "Note 1: …", "Note 2: …": numbered entries of a list, whatever they say. */
function areOtherEntries(older: string, newer: string): boolean {
  const [before, after] = [ENTRY.exec(older), ENTRY.exec(newer)];
  if (before === null || after === null) return false;
  return before[1]!.toLowerCase() === after[1]!.toLowerCase() && Number(before[2]) !== Number(after[2]);
}

function isSameText(a: Statement, b: Statement): boolean {
  return lettersOf(a) === lettersOf(b);
}

const lettersOf = oncePerStatement(({ text }): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim(),
);

const saysAgain = oncePerStatement(({ text }): boolean => /\b(?:again|once more|another time)\b/i.test(text));

/** "The server crashed on Monday", "it crashed again on Thursday": the same, another time. */
function isRepeated(a: Statement, b: Statement): boolean {
  if (!saysAgain(b) || saysAgain(a)) return false;
  return a.claims.some((older) =>
    b.claims.some(
      (newer) =>
        older.slot === newer.slot &&
        older.normal === newer.normal &&
        older.polarity === newer.polarity &&
        older.aspect === newer.aspect &&
        subjectSureness(older.subject, newer.subject) > 0,
    ),
  );
}

/** "Anna manages Ben" and "Ben manages Anna". */
function roleSwap(a: Statement, b: Statement): Relation | null {
  for (const older of a.claims)
    for (const newer of b.claims) {
      const isSwapped =
        older.slot === newer.slot &&
        older.subject === newer.normal &&
        older.normal === newer.subject &&
        older.subject !== older.normal;
      if (!isSwapped || older.polarity !== newer.polarity) continue;
      if (SYMMETRIC.test(older.slot))
        return older.aspect === newer.aspect &&
          /^(?:partner|sibling|friend|neighbor|roommate|flatmate|housemate|colleague|classmate|teammate|cousin|twin|rival|acquaintance|penpal|relative|do:be (?:beside|opposite))$/.test(
            older.slot,
          )
          ? { ...plain('relation.same_form', 'duplicate', 0.9), slot: older.slot }
          : null;
      return {
        ...plain('relation.role_swap', 'contradicts', 0.7),
        kind: 'conflict',
        slot: older.slot,
        evidence: [`${older.subject} and ${older.normal} changed places`],
      };
    }
  return null;
}

const PASSIVE =
  /\b(?:is|are|was|were|be|been|being|gets?|got)(?: not)?(?: \w+ly)? (?:\w+(?:ed|en|wn|ept|ung|ught|old|ade)|run|led|cut|put|set|met|held|paid|sent|built|beat|won|shut)\b/i;

/** The same words, but another one in front, and neither turned into the passive: "the falcons beat the herons". */
function wordSwap(a: Statement, b: Statement): Relation | null {
  if (
    a.words.length < 3 ||
    a.words.length !== b.words.length ||
    a.words[0] === b.words[0] ||
    a.isNegated !== b.isNegated
  )
    return null;
  const isSaid = a.claims.some((older) =>
    b.claims.some(
      ({ subject, slot, normal }) =>
        subject === older.subject && slot === older.slot && normal.startsWith(older.normal),
    ),
  );
  if (isSaid) return null;
  const sorted = (words: readonly string[]): string => [...words].sort().join(' ');
  if (sorted(a.words) !== sorted(b.words) || sorted(a.identifiers) !== sorted(b.identifiers)) return null;
  const isPassive = ({ text }: Statement): boolean => PASSIVE.test(text);
  const isList = ({ text }: Statement): boolean => /\b(?:and|or|is|are|was|were|with)\b/i.test(text);
  if (isPassive(a) !== isPassive(b)) return plain('relation.same_form', 'duplicate', 0.8);
  const isCompared = /\bthan\b/i.test(a.text) && /\bthan\b/i.test(b.text);
  if (!isCompared && (isList(a) || isList(b))) return null;
  return {
    ...plain('relation.role_swap', 'contradicts', 0.65),
    kind: 'conflict',
    evidence: ['the same words in another order'],
  };
}

/** Equal in everything but a figure that no claim holds: "60 % of our customers renew". */
function withOtherFigures(chosen: Relation, a: Statement, b: Statement): Relation {
  if (chosen.relation !== 'duplicate') return chosen;
  const figures = ({ identifiers }: Statement): string[] => identifiers.filter((one) => /^\d/.test(one));
  const [before, after] = [figures(a), figures(b)];
  const differ =
    before.length > 0 &&
    before.length === after.length &&
    before.some((one) => !after.includes(one)) &&
    !a.claims.some(({ quantity }) => quantity !== null) &&
    !/=/.test(a.claims[0]?.normal ?? '');
  if (!differ) return chosen;
  return {
    ...chosen,
    relation: 'contradicts',
    kind: 'conflict',
    probability: 0.7,
    ruleId: 'relation.likeness',
    evidence: [`${before.join(' ')} and ${after.join(' ')}`],
  };
}

const SYMMETRIC =
  /^(?:partner|sibling|friend|neighbor|roommate|flatmate|housemate|colleague|classmate|teammate|cousin|twin|rival|acquaintance|penpal|relative|do:be (?:beside|opposite)|do:(?:meet|know|marry|work|live|like|love|talk|speak|play|call|visit|email|see|help))/;

interface Comparison {
  finding: Finding;
  newer: Claim;
}

function compareClaims(a: Statement, b: Statement, { sameSession }: RelationContext): Comparison[] {
  const compared: Comparison[] = [];
  for (const older of a.claims.slice(0, CLAIMS_MAX))
    for (const newer of b.claims.slice(0, CLAIMS_MAX)) {
      const loss = lossOf(older, newer) ?? givenUpByUser(older, newer);
      if (loss !== null) compared.push({ finding: loss, newer });
      const sureness = subjectSureness(older.subject, newer.subject);
      const thing = older.subject === newer.subject ? null : toldOfThing(older, newer);
      if (thing !== null) compared.push({ finding: thing, newer });
      const otherwise = older.slot === newer.slot ? null : toldOtherwise(older, newer);
      if (otherwise !== null) compared.push({ finding: otherwise, newer });
      if (sureness === 0) continue;
      const finding = relateClaims(older, newer, a, b, sureness, sameSession);
      if (finding !== null) compared.push({ finding, newer });
    }
  return compared;
}

/** A contradiction anywhere counts; otherwise each claim of the newer statement counts by its closest match. */
function choose(compared: readonly Comparison[], b: Statement): Relation | null {
  if (compared.length === 0) return null;
  const settled = compared.filter(
    ({ newer, finding }) =>
      finding.relation !== 'contradicts' ||
      !compared.some(
        (other) => other.newer === newer && other.finding.relation === 'duplicate' && other.finding.probability > 0.8,
      ),
  );
  const contradictions = settled.map(({ finding }) => finding).filter(({ relation }) => relation === 'contradicts');
  const strongest = best(contradictions);
  if (strongest !== undefined) return strongest;
  const order = ['duplicate', 'refines', 'extends', 'unrelated'] as const;
  const closest = b.claims.map((claim) => {
    const own = compared.filter(({ newer }) => newer === claim).map(({ finding }) => finding);
    for (const relation of order) {
      const match = best(own.filter((one) => one.relation === relation));
      if (match !== undefined) return match;
    }
    return null;
  });
  const present = closest.filter((one) => one !== null);
  const same = present.filter(({ relation }) => relation === 'duplicate');
  const named = b.claims.filter((claim, at) => closest[at] === null && claim.slot === 'name').length;
  const more = present.length + named < b.claims.length || same.length < present.length;
  const refining = best(present.filter(({ relation }) => relation === 'refines'));
  if (refining !== undefined) return refining;
  if (same.length > 0 && !more) return best(same)!;
  if (same.length > 0) return { ...best(same)!, relation: 'refines', ruleId: 'relation.containment', probability: 0.7 };
  return best(present) ?? null;
}

function best(findings: readonly Finding[]): Finding | undefined {
  let top: Finding | undefined;
  for (const finding of findings) if (top === undefined || finding.probability > top.probability) top = finding;
  return top;
}

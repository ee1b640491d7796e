import type { Statement } from './claim.js';
import { areOpposite } from './opposites.js';
import { isAlike, overlapOf } from './overlap.js';
import type { Overlap } from './overlap.js';
import type { Relation, RelationName } from './relation.js';
import type { RelationRuleId } from './relation-rules.js';
import { subjectSureness } from './subjects.js';

const decided = (
  ruleId: RelationRuleId,
  relation: RelationName,
  probability: number,
  evidence: string[],
  more: Partial<Relation> = {},
): Relation => ({
  ...{ relation, kind: null, probability, ruleId, evidence, grounds: [], slot: null },
  ...more,
});

/** "Sorry, I meant Thursday": the value alone, of the kind that the older statement names. */
export function relateFragment(a: Statement, b: Statement): Relation | null {
  if (!b.cues.correction || b.words.length > 4 || b.words.length + b.identifiers.length === 0) return null;
  const kinds = new Set(a.identifiers.map(kindOf));
  const matches = b.identifiers.some((one) => kinds.has(kindOf(one)) && !a.identifiers.includes(one));
  if (!matches) return null;
  return decided('relation.correction_fragment', 'contradicts', 0.82, [`meant=${b.identifiers.join(' ')}`], {
    kind: 'correction',
    grounds: ['correction'],
  });
}

/** `w=` for weekdays, `t=` for times, the unit of an amount, else a bare number. */
const kindOf = (identifier: string): string =>
  /^[a-z]=/.test(identifier) ? identifier.slice(0, 2) : identifier.replace(/^[\d.,]+/, '#');

/** Two statements without a shared slot, and what their words have in common. */
interface Likeness {
  a: Statement;
  b: Statement;
  overlap: Overlap;
  /** Do claims of both speak of one subject; null where one of them claims nothing. */
  isSameSubject: boolean | null;
  /** Names, figures and words that both tell. */
  shared: number;
  /** Two subjects, and neither statement speaks of the subject of the other one. */
  areApart: () => boolean;
  evidence: string[];
}

type LikenessRule = (likeness: Likeness) => Relation | null;

/** Without a shared slot only words are left: they relate, but alone they never retire, and seldom dispute. */
export function relateByLikeness(a: Statement, b: Statement): Relation {
  const overlap = overlapOf(a, b);
  const isRead = a.claims.length > 0 && b.claims.length > 0;
  const isSameSubject = a.claims.some((older) =>
    b.claims.some((newer) => subjectSureness(older.subject, newer.subject) > 0),
  );
  const likeness: Likeness = {
    ...{ a, b, overlap },
    isSameSubject: isRead ? isSameSubject : null,
    shared: overlap.names[0] + overlap.figures[0] + overlap.sharedWords,
    areApart: once(() => areApart(a, b)),
    evidence: [`shared=${[...new Set(a.words)].filter((word) => b.words.includes(word)).join(' ')}`],
  };
  for (const rule of RULES) {
    const relation = rule(likeness);
    if (relation !== null) return relation;
  }
  return decided('relation.nothing_shared', 'unrelated', 0.8, likeness.evidence);
}

function once<Value>(work: () => Value): () => Value {
  let found: { value: Value } | undefined;
  return () => (found ??= { value: work() }).value;
}

/** In order: the first that says something decides. */
const RULES: readonly LikenessRule[] = [
  supposed,
  furtherOne,
  corrected,
  changed,
  otherParty,
  opposed,
  withinBound,
  otherFigures,
  otherNames,
  toldMore,
  toldAgain,
  oneTopic,
];

function supposed({ a, b, evidence, overlap }: Likeness): Relation | null {
  const isSupposed = a.modality === 'hypothetical' || b.modality === 'hypothetical' || /\bif only\b/i.test(b.text);
  const isWish = (one: Statement): boolean => one.modality === 'wish';
  if (isSupposed) return decided('relation.not_comparable', 'unrelated', 0.7, evidence);
  if (isWish(a) === isWish(b) || overlap.added.some(isTurn)) return null;
  return decided('relation.not_comparable', 'unrelated', 0.6, evidence);
}

function furtherOne({ b, shared, isSameSubject, evidence }: Likeness): Relation | null {
  if (!b.cues.addition || (shared === 0 && isSameSubject !== true)) return null;
  return decided('relation.addition', 'extends', 0.55, evidence);
}

const doubted = (likeness: Likeness, probability: number): Relation =>
  decided('relation.likeness', 'contradicts', probability, likeness.evidence, {
    kind: likeness.b.cues.correction || !likeness.b.cues.change ? 'conflict' : 'update',
  });

function corrected(likeness: Likeness): Relation | null {
  const { b, shared, isSameSubject } = likeness;
  return b.cues.correction && (shared > 0 || isSameSubject === true) ? doubted(likeness, 0.55) : null;
}

/** "Now", "switched", "cancelled": something of what both speak of is no longer as it was told. */
function changed(likeness: Likeness): Relation | null {
  const { a, b, overlap, shared, isSameSubject, evidence } = likeness;
  const { names, figures, lost, added, sharedWords } = overlap;
  const isTold = b.cues.change || (shared > 0 && added.some(isTurn));
  const isOther =
    isSameSubject === false && ((names[1] > 0 && names[2] > 0 && sharedWords === 0) || likeness.areApart());
  const isTopical = shared > 0 || (isSameSubject === true && b.cues.change);
  if (!isTold || !isTopical || isOther || lost.some(isTurn)) return null;
  const wasSo = a.claims.length > 0 && a.claims.every(({ aspect }) => aspect === 'past');
  if (wasSo || a.claims.some(({ slot }) => UNCHANGING.test(slot)))
    return decided('relation.disjoint_time', 'extends', 0.5, evidence);
  const isFigure = isSameSubject === false && figures[1] > 0 && figures[2] > 0 && !b.cues.change;
  // Without a shared word it is a guess that not even a model need look at.
  return isFigure ? null : doubted(likeness, shared > 0 ? 0.5 : 0.35);
}

const UNCHANGING = /^(?:birth|origin)/;

/** Words that tell that something came to be otherwise. */
const TURNS = new Set(
  `heal recover cure refill bring return abolish scrap terminate reopen resell resold revoke refund abandon lift waive
  withdraw cancel canceled drop ditch rehome sell quit leave retire resign replace fix repair resolve settle approve deliver
  finish complete submit graduate fail lose slip extend back off away home remission over die divorce stop end
  shut kick swap switch downgrade upgrade promote demote lapse expire disconnect disconnected bounce reject repeal
  revoked abolished terminated refilled suspend pause resume postpone reschedule delay relocate overturn reverse undo
  restore restored dissolve disband evict fire sack expel ban unban dismiss exhaust deplete repaint rename renovate`.split(
    /\s+/,
  ),
);

const isTurn = (word: string): boolean => TURNS.has(word);

/** Two subjects, and neither statement speaks of the subject of the other one. */
function otherParty(likeness: Likeness): Relation | null {
  const { isSameSubject, overlap, shared, evidence } = likeness;
  if (isSameSubject !== false) return null;
  const { names } = overlap;
  const isNamed = names[1] > 0 && names[2] > 0;
  if (!isNamed && shared > 0 && !likeness.areApart()) return null;
  return decided('relation.other_subject', 'unrelated', 0.8, evidence);
}

const NOBODY = /^(?:self|it|they|he|she|you|there|we|this|that|everyone|everybody|nothing|nobody|people)$/;

/** Is neither subject told of by the other statement? What belongs to somebody is not the somebody. */
function areApart(a: Statement, b: Statement): boolean {
  const isTold = (one: Statement, other: Statement): boolean =>
    one.claims.some(({ subject }) => {
      if (NOBODY.test(subject)) return false;
      const head = subject.slice(subject.lastIndexOf("'s ") < 0 ? 0 : subject.lastIndexOf("'s ") + 3).split(' ');
      const owned = new Set(other.claims.flatMap((claim) => ownersOf(claim.subject)));
      const words = [...other.words, ...other.identifiers].filter((word) => !owned.has(word));
      return head.every((word) => words.some((known) => isAlike(known, word)));
    });
  return !isTold(a, b) && !isTold(b, a);
}

const ownersOf = (subject: string): string[] =>
  subject.includes("'s ") ? subject.slice(0, subject.lastIndexOf("'s ")).split(' ') : [];

/** Words that deny without a "not". */
const DENYING =
  /^(?:forbid|forbidden|prohibit|prohibited|ban|banned|zero|nothing|off|miss|without|less|lack|refuse|deny|more|full|only|late|lose)$/;

function opposed(likeness: Likeness): Relation | null {
  const { a, b, overlap, shared, evidence } = likeness;
  const { lost, added, figures } = overlap;
  if (shared < 2 || (figures[1] > 0 && figures[2] > 0)) return null;
  const isAntonym = lost.some((one) => added.some((other) => areOpposite(one, other)));
  if (a.isNegated === b.isNegated) return isAntonym ? doubted(likeness, 0.6) : null;
  const isDenied = isAntonym || [...lost, ...added].some((word) => DENYING.test(word));
  return isDenied ? decided('relation.likeness', 'duplicate', 0.5, evidence) : doubted(likeness, 0.55);
}

const BOUNDED_WORDS = 2;
const INDEFINITE = /^(?:someone|somebody|something|someth|anyone|several|few|some|many)$/;

/** "At least 50 people", "63 people"; "someone from legal", "Beatriz from legal". */
function withinBound({ a, b, overlap, evidence }: Likeness): Relation | null {
  const isInside = overlap.sharedWords >= BOUNDED_WORDS && isInsideBound(a.text, b.text);
  const missing = a.words.filter((word) => !b.words.includes(word));
  const isNamed = missing.length > 0 && overlap.sharedWords > 1 && missing.every((word) => INDEFINITE.test(word));
  return isInside || isNamed ? decided('relation.containment', 'refines', 0.55, evidence) : null;
}

const BOUNDED =
  /\b(at least|more than|over|at most|up to|less than|fewer than|under|about|around|roughly|nearly|almost)\s+[$€£]?(\d[\d,]*(?:\.\d+)?)/i;

function isInsideBound(older: string, newer: string): boolean {
  const [, bound, limit] = BOUNDED.exec(older) ?? [];
  const given = /\d[\d,]*(?:\.\d+)?/.exec(newer)?.[0];
  if (bound === undefined || limit === undefined || given === undefined) return false;
  const [most, amount] = [limit, given].map((number) => Number(number.replaceAll(',', ''))) as [number, number];
  if (/^(?:at least|more than|over)$/i.test(bound)) return amount >= most;
  if (/^(?:at most|up to|less than|fewer than|under)$/i.test(bound)) return amount <= most;
  return Math.abs(amount - most) <= 0.15 * most;
}

/** Of one subject another figure of the same kind is another answer; of two subjects it is theirs. */
function otherFigures(likeness: Likeness): Relation | null {
  const { a, b, overlap, isSameSubject, shared, evidence } = likeness;
  const { figures, lost, added } = overlap;
  if (figures[1] === 0 || figures[2] === 0) return null;
  const kinds = new Set(a.identifiers.filter((one) => !b.identifiers.includes(one)).map(kindOf));
  const isSameKind = b.identifiers.some((one) => !a.identifiers.includes(one) && kinds.has(kindOf(one)));
  const isWhole = lost.length + added.length <= 2 && figures[1] === 1 && figures[2] === 1;
  if (isSameSubject !== false && isSameKind && isWhole && shared > 0) return doubted(likeness, 0.5);
  if (isSameSubject === false && isNumberedSubject(a, b))
    return decided('relation.other_subject', 'unrelated', 0.8, evidence);
  return shared > 0 ? decided('relation.related_topic', 'extends', 0.5, evidence) : null;
}

/** "Train 8", "train 18": each has a number of its own. */
const isNumberedSubject = (a: Statement, b: Statement): boolean =>
  [a, b].every(({ claims }) => claims.some(({ subject }) => /\d/.test(subject)));

function otherNames({ overlap, evidence }: Likeness): Relation | null {
  const { names, sharedWords } = overlap;
  if (names[1] === 0 || names[2] === 0) return null;
  return sharedWords > 0
    ? decided('relation.related_topic', 'extends', 0.5, evidence)
    : decided('relation.nothing_shared', 'unrelated', 0.6, evidence);
}

/** All that the older one tells but a word, and more. */
function toldMore({ overlap, shared, evidence }: Likeness): Relation | null {
  const { names, figures, lost, added, sharedWords } = overlap;
  const isMore = names[2] + figures[2] > 0 || added.length - lost.length >= 2;
  if (shared === 0 || names[1] + figures[1] > 0 || lost.length > 1 || !isMore) return null;
  return sharedWords > 0 || figures[2] > 0 ? decided('relation.likeness', 'refines', 0.5, evidence) : null;
}

const TOLD_AGAIN_MAX_WORDS = 4;

/** The same names and figures, and few words that differ. */
function toldAgain({ overlap, shared, evidence }: Likeness): Relation | null {
  const { names, figures, lost, added } = overlap;
  const isSame = names[1] + names[2] + figures[1] + figures[2] === 0;
  const isClose = lost.length + added.length <= TOLD_AGAIN_MAX_WORDS;
  return shared >= 2 && (isSame || lost.length + added.length <= 2) && isClose
    ? decided('relation.likeness', 'duplicate', 0.5, evidence)
    : null;
}

function oneTopic({ a, shared, isSameSubject, evidence }: Likeness): Relation | null {
  const isUsers = a.claims.every(({ subject }) => subject === 'self');
  return (isSameSubject !== false && shared > 0 && (shared > 1 || !isUsers)) || shared > 2
    ? decided('relation.related_topic', 'extends', 0.5, evidence)
    : null;
}

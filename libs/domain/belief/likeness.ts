import type { Statement } from './claim.js';
import { areOpposite } from './opposites.js';
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

const DUPLICATE_SHARE = 0.99;
const CONTAINED_MIN_WORDS = 2;
const RELATED_SHARE = 0.34;
const CLOSE_SHARE = 0.6;

/** Without a shared slot only words are left: they relate, but alone they never retire. */
export function relateByLikeness(a: Statement, b: Statement): Relation {
  const left = new Set(a.words);
  const right = new Set(b.words);
  const shared = [...left].filter((word) => right.has(word));
  const share = shared.length / Math.max(1, Math.max(left.size, right.size));
  const evidence = [`shared=${shared.join(' ')}`];
  const sameSubject = a.claims.some((older) =>
    b.claims.some((newer) => subjectSureness(older.subject, newer.subject) > 0),
  );
  const unread = a.claims.length === 0 || b.claims.length === 0;
  const crossed = unread || sameSubject ? null : relateCrossed(a, b, share, evidence);
  if (crossed !== null) return crossed;
  const otherIds = differs(a.identifiers, b.identifiers);
  if (b.cues.addition && shared.length > 0 && b.modality !== 'hypothetical')
    return decided('relation.addition', 'extends', 0.55, evidence);
  if (!sameSubject && !unread) return decided('relation.other_subject', 'unrelated', 0.8, evidence);
  if (b.modality === 'hypothetical' || a.modality === 'hypothetical')
    return decided('relation.not_comparable', 'unrelated', 0.7, evidence);
  if (b.cues.addition && (sameSubject || shared.length > 1))
    return decided('relation.addition', 'extends', 0.6, evidence);
  if (share >= BOUNDED_SHARE && isInsideBound(a.text, b.text))
    return decided('relation.containment', 'refines', 0.55, evidence);
  if (isNamedLater(left, right)) return decided('relation.containment', 'refines', 0.55, evidence);
  if (share >= CLOSE_SHARE && otherIds)
    return decided('relation.likeness', 'contradicts', 0.45, evidence, { kind: 'conflict' });
  if (share >= CLOSE_SHARE && a.isNegated !== b.isNegated)
    return decided('relation.likeness', 'contradicts', 0.6, evidence, { kind: 'conflict' });
  if (share >= CLOSE_SHARE && isOpposed(left, right))
    return decided('relation.likeness', 'contradicts', 0.6, evidence, { kind: 'conflict' });
  if (share >= DUPLICATE_SHARE) return decided('relation.likeness', 'duplicate', 0.75, evidence);
  if (shared.length === left.size && left.size >= CONTAINED_MIN_WORDS)
    return decided('relation.likeness', 'refines', 0.6, evidence);
  if (
    share >= RELATED_SHARE ||
    (sameSubject && !a.claims.every(({ subject }) => subject === 'self') && shared.length > 1)
  )
    return decided('relation.related_topic', 'extends', 0.5, evidence);
  return decided('relation.nothing_shared', 'unrelated', 0.8, evidence);
}

const BOUNDED_SHARE = 0.5;
const INDEFINITE = /^(?:someone|somebody|something|someth|anyone|several|few|some|many)$/;

/** "Someone from legal", "Beatriz from legal": all else is the same. */
function isNamedLater(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const missing = [...left].filter((word) => !right.has(word));
  return missing.length > 0 && left.size - missing.length > 1 && missing.every((word) => INDEFINITE.test(word));
}

const BOUNDED =
  /\b(at least|more than|over|at most|up to|less than|fewer than|under|about|around|roughly|nearly|almost)\s+[$€£]?(\d[\d,]*(?:\.\d+)?)/i;

/** "At least 50 people", "63 people": within the bound. */
function isInsideBound(older: string, newer: string): boolean {
  const [, bound, limit] = BOUNDED.exec(older) ?? [];
  const given = /\d[\d,]*(?:\.\d+)?/.exec(newer)?.[0];
  if (bound === undefined || limit === undefined || given === undefined) return false;
  const [most, amount] = [limit, given].map((number) => Number(number.replaceAll(',', ''))) as [number, number];
  if (/^(?:at least|more than|over)$/i.test(bound)) return amount >= most;
  if (/^(?:at most|up to|less than|fewer than|under)$/i.test(bound)) return amount <= most;
  return Math.abs(amount - most) <= 0.15 * most;
}

/** "We use X for our Y", "our Y is managed with X": each names the subject of the other. */
function relateCrossed(a: Statement, b: Statement, share: number, evidence: string[]): Relation | null {
  const isNamed = (one: Statement, other: Statement): boolean =>
    one.claims.every(
      ({ subject }) => subject !== 'self' && subject.split(' ').every((word) => other.words.includes(word)),
    );
  const isCrossed =
    (isNamed(b, a) && a.claims.every(({ subject }) => subject === 'self')) ||
    (isNamed(a, b) && (isNamed(b, a) || b.claims.every(({ subject }) => subject === 'self')));
  if (!isCrossed || a.modality === 'hypothetical' || b.modality === 'hypothetical') return null;
  if (differs(a.identifiers, b.identifiers) || a.isNegated !== b.isNegated)
    return share >= CLOSE_SHARE
      ? decided('relation.likeness', 'contradicts', 0.55, evidence, { kind: 'conflict' })
      : share >= RELATED_SHARE
        ? decided('relation.related_topic', 'extends', 0.5, evidence)
        : null;
  if (share >= CLOSE_SHARE) return decided('relation.likeness', 'duplicate', 0.55, evidence);
  return share >= RELATED_SHARE ? decided('relation.related_topic', 'extends', 0.5, evidence) : null;
}

function differs(older: readonly string[], newer: readonly string[]): boolean {
  return (
    older.length > 0 &&
    newer.length > 0 &&
    older.some((one) => !newer.includes(one)) &&
    newer.some((one) => !older.includes(one))
  );
}

function isOpposed(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const one of left)
    if (!right.has(one)) for (const other of right) if (!left.has(other) && areOpposite(one, other)) return true;
  return false;
}

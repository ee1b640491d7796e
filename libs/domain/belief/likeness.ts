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
  const otherIds = differs(a.identifiers, b.identifiers);
  if (!sameSubject && !unread) return decided('relation.other_subject', 'unrelated', 0.8, evidence);
  if (b.modality === 'hypothetical' || a.modality === 'hypothetical')
    return decided('relation.not_comparable', 'unrelated', 0.7, evidence);
  if (b.cues.addition && sameSubject) return decided('relation.addition', 'extends', 0.6, evidence);
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

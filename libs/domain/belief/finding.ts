import type { Claim, Statement } from './claim.js';
import type { ContradictionKind, Relation, RelationName } from './relation.js';
import type { RelationRuleId } from './relation-rules.js';
import { slotRuleOf } from './slot-registry.js';
import type { Comparison, ConditionComparison } from './value-comparison.js';

/** What one pair of claims says about the two statements. */
export interface Finding {
  relation: RelationName;
  kind: ContradictionKind | null;
  probability: number;
  ruleId: RelationRuleId;
  grounds: Relation['grounds'];
  slot: string | null;
  evidence: string[];
}

/** Two claims side by side, older first, with all that the rules ask about them. */
export interface ClaimPair {
  older: Claim;
  newer: Claim;
  a: Statement;
  b: Statement;
  values: Comparison;
  conditions: ConditionComparison;
  slot: string;
  sameSession: boolean;
  /** How surely both speak of the same subject. */
  sureness: number;
}

export type ClaimRule = (pair: ClaimPair) => Finding | null;

export const found = (
  pair: ClaimPair,
  ruleId: RelationRuleId,
  relation: RelationName,
  probability: number,
  kind: ContradictionKind | null = null,
  grounds: Relation['grounds'] = ['slot'],
): Finding => ({
  ...{ relation, kind, ruleId, slot: pair.slot },
  grounds: relation === 'contradicts' ? grounds : [],
  probability: probability * pair.sureness,
  evidence: [`slot=${pair.slot}`, `before=${told(pair.older)}`, `after=${told(pair.newer)}`],
});

export const told = ({ normal, polarity, aspect }: Claim): string =>
  `${polarity === 'negative' ? 'not ' : ''}${normal}${aspect === 'current' ? '' : ` (${aspect})`}`;

export const plainFinding = (ruleId: RelationRuleId, relation: RelationName, probability: number): Finding => ({
  ...{ relation, kind: null, probability, ruleId, grounds: [], slot: null, evidence: [] },
});

export const isSame = ({ values }: ClaimPair): boolean =>
  values === 'equal' || values === 'narrower' || values === 'wider';

export const isOpposed = ({ older, newer }: ClaimPair): boolean => older.polarity !== newer.polarity;

export const isOne = ({ slot }: ClaimPair): boolean => slotRuleOf(slot).cardinality === 'one';

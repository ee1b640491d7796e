import type { Statement } from './claim.js';

/** How a new statement B stands to a stored one A. */
export type RelationName = 'duplicate' | 'refines' | 'extends' | 'contradicts' | 'unrelated';

/** `update`: the world changed. `correction`: A was wrong. `conflict`: both cannot be so, and nothing tells which. */
export type ContradictionKind = 'update' | 'correction' | 'conflict';

export interface Relation {
  relation: RelationName;
  /** Of a contradiction; null otherwise. */
  kind: ContradictionKind | null;
  /** How sure the rule is, 0 to 1. */
  probability: number;
  /** The rule that decided; stable across releases. */
  ruleId: string;
  /** What the rule saw, as short sentences or `name=value` facts. */
  evidence: string[];
  /** What joins the two beyond likeness: without one of these nothing is ever retired by itself. */
  grounds: ('slot' | 'correction' | 'change' | 'closer')[];
  /** The slot that both fill, where there is one. */
  slot: string | null;
}

/** Facts about the two statements that are in neither text. */
export interface RelationContext {
  /** Both were said in the same session. */
  sameSession: boolean;
}

/** What the relation rules are recorded as; raised when a rule changes what it says. */
export const RELATION_RULES_VERSION = 'relations-2';

/** A contradiction at least this sure, with grounds, retires the older statement by itself. */
export const SUPERSEDING_PROBABILITY = 0.8;

/**
 * A contradiction less sure than this is shown to whoever asks, and nothing is made of it: two beliefs that are only
 * alike would otherwise cast doubt on each other.
 */
export const DISPUTING_PROBABILITY = 0.6;

/** How `b`, the newer statement, stands to `a`. Pure. */
export type Relate = (b: Statement, a: Statement, context: RelationContext) => Relation;

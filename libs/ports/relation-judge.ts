import type { ContradictionKind, RelationName } from '#libs/domain/belief/relation.js';
import type { ModelIdentity, ModelUse } from './model-use.js';

/** Just under what retires a memory by itself: a model's word alone flags, and what rules see as well decides. */
export const judgementProbabilityMax = 0.79;

/** A statement to be judged. */
export interface JudgedText {
  text: string;
  /** ISO 8601 in UTC: when it was said. */
  observedAt: string;
}

export interface Judgement {
  relation: RelationName;
  /** Of a contradiction; null otherwise. */
  kind: ContradictionKind | null;
  /** 0 to `judgementProbabilityMax`. */
  probability: number;
  /** Version of the prompt. */
  version: string;
  model: ModelIdentity;
}

/**
 * Port: asks a model how a new statement stands to stored ones, where the rules leave it open.
 *
 * Promises:
 * - It answers one judgement for each candidate, in their order; null where it has none: no model, no budget, an error.
 * - It never rejects, and never waits longer than the model's timeout and its turn.
 * - No judgement is surer than `judgementProbabilityMax`, whatever the texts or the model say.
 * - Texts are data: what they ask for changes no tenant, scope, user or trust.
 * - Only a contradiction has a kind, and each has one.
 */
export abstract class RelationJudge {
  /** How `statement`, the newer one, stands to each of the candidates. */
  abstract judge(
    statement: JudgedText,
    candidates: readonly JudgedText[],
    use: ModelUse,
  ): Promise<(Judgement | null)[]>;
}

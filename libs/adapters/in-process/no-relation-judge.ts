import { type JudgedText, type Judgement, RelationJudge } from '#libs/ports/relation-judge.js';

/** The judge where there is no model: what the rules leave open stays open. */
export class NoRelationJudge extends RelationJudge {
  override async judge(_statement: JudgedText, candidates: readonly JudgedText[]): Promise<(Judgement | null)[]> {
    return candidates.map(() => null);
  }
}

import { type JudgedText, type Judgement, judgementProbabilityMax, RelationJudge } from '#libs/ports/relation-judge.js';
import type { ModelUse } from '#libs/ports/model-use.js';
import { judgementPrompt } from './judgement-prompt.js';
import type { StructuredModel } from './structured-model.js';

/** Longer ones are no statements; they would only buy tokens. */
const textCharsMax = 2_000;
/** The nearest ones come first, and more cost more than they tell. */
const candidatesMax = 16;

const labelOf = (index: number): string => `c${index + 1}`;

/** Judges with a model. What it does not answer, or may not be asked, stays open. */
export class ModelRelationJudge extends RelationJudge {
  constructor(private readonly model: StructuredModel) {
    super();
  }

  override async judge(
    statement: JudgedText,
    candidates: readonly JudgedText[],
    use: ModelUse,
  ): Promise<(Judgement | null)[]> {
    const shown = candidates.slice(0, candidatesMax).flatMap((one, index) => {
      return isStatement(one) ? [{ id: labelOf(index), ...shownOf(one) }] : [];
    });
    if (shown.length === 0 || !isStatement(statement)) return candidates.map(() => null);
    const question = { statement: shownOf(statement), candidates: shown };
    const asked = await this.model.ask('judge', judgementPrompt, question, use);
    if (asked.kind === 'too_long') this.model.giveUp('judge');
    if (asked.kind !== 'answer') return candidates.map(() => null);
    const judged = new Map(asked.answer.judgements.map((one) => [one.candidate, one]));
    const asks = new Set(shown.map(({ id }) => id));
    return candidates.map((_, index) => {
      const one = judged.get(labelOf(index));
      if (one === undefined || !asks.has(one.candidate)) return null;
      const { relation, kind, probability } = one;
      return {
        relation,
        kind: relation === 'contradicts' ? (kind ?? 'conflict') : null,
        probability: Math.min(Math.max(probability, 0), judgementProbabilityMax),
        version: judgementPrompt.version,
        model: this.model.identity(judgementPrompt),
      };
    });
  }
}

function isStatement({ text }: JudgedText): boolean {
  return text.trim() !== '' && text.length <= textCharsMax;
}

function shownOf({ text, observedAt }: JudgedText) {
  return { text: text.toWellFormed(), said_at: observedAt };
}

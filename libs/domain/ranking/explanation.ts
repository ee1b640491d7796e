import { isoTextOf } from './calendar.js';
import type { QuestionPlan } from './question-plan.js';
import type { FeatureName } from './weights.js';

/** What one feature adds to a score: its value times its weight. */
export interface FeatureContribution {
  name: FeatureName;
  value: number;
  weight: number;
  contribution: number;
}

/**
 * What a score loses after its features are added up. `superseded`: it is of a claim, or of a message that a claim
 * stands for, whose place another took. `related`: a message and the memories of it vouch for each other. `decay`: its
 * age, where the tenant wants that; the only one that can be a gain.
 */
export interface ScoreAdjustment {
  name: 'superseded' | 'related' | 'decay';
  /** What is kept of the magnitude so far, 0 to 1; up to 1.1 for `decay`. */
  share: number;
  /** What is added to the score. */
  amount: number;
}

/** Why a result has its score: the contributions and the amounts of the adjustments add up to it. */
export interface ScoreExplanation {
  /**
   * The document whose features these are. Not that of the result where a memory stands for its message, or where a
   * related one scores higher and lends.
   */
  scoredId: string;
  features: readonly FeatureContribution[];
  /** In the order in which they were made. */
  adjustments: readonly ScoreAdjustment[];
}

/** What a question can ask for besides its words. */
export type AskedKind = 'when' | 'where' | 'title' | 'plan';

/** What was read from a question, as plain data. */
export interface QuestionReading {
  /** With dates and speakers' names spelled in full. */
  text: string;
  /** The words that are looked for, as they are indexed. */
  terms: readonly string[];
  /** Speakers that it names, in ascending order. */
  speakers: readonly string[];
  /** Whose turns "I" or "you" means in a chat without names. */
  addressedRole: 'user' | 'assistant' | null;
  asks: readonly AskedKind[];
  /** Superseded claims count in full, because it asks about the past. */
  isHistorical: boolean;
  /** The days that it names with their year, as ISO 8601 writes them. */
  days: { first: string; last: string } | null;
}

/** The plan of a question for those who want to know how it was understood. */
export function readingOf(plan: QuestionPlan): QuestionReading {
  const { text, terms, addressedRole, isHistorical, explicitWindow } = plan;
  const asked: [AskedKind, boolean][] = [
    ['when', plan.asksWhen],
    ['where', plan.asksWhere],
    ['title', plan.asksTitle],
    ['plan', plan.asksPlan],
  ];
  return {
    ...{ text, terms, addressedRole, isHistorical },
    speakers: [...plan.namedSpeakers].sort(),
    asks: asked.filter(([, isAsked]) => isAsked).map(([kind]) => kind),
    days: explicitWindow && { first: isoTextOf(explicitWindow.first), last: isoTextOf(explicitWindow.last) },
  };
}

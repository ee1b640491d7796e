import type { DaySpan } from './calendar.js';
import { daysOfTelling } from './date-windows.js';
import type { FeatureContribution } from './explanation.js';
import type { JudgedTurn, TurnInContext } from './judged-turn.js';
import { judgeTurns } from './judged-turn.js';
import type { QuestionPlan } from './question-plan.js';
import type { RankingStatistics } from './statistics.js';
import { capitalisedWords, MAX_FIRST_PERSON_WORDS } from './turn-reading.js';
import type { FeatureName, Weights } from './weights.js';

export type FeatureValues = Readonly<Record<FeatureName, number>>;

export interface ScoredTurn {
  /** Weighted sum of the features; a log-odds, so it may be negative. */
  score: number;
  judged: JudgedTurn;
}

type Feature = (turn: JudgedTurn, plan: QuestionPlan) => number;

/** Pairs are worth at most this much, in units of `PAIR_MASS_UNIT`. */
const MAX_PAIRS = 2;
const PAIR_MASS_UNIT = 8;
const SAID_DECAY_DAYS = 14;
const OPENING_TURNS = 2;

/** The features of a turn. Each is a plain number of a known range; see the comments. */
export const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  /** How much information the turn carries beyond the question: a short "yes, me too" carries none. */
  'new idf': (turn) => Math.log1p(Math.max(0, turn.idfMass - turn.cover)) / 5,
  /** Its weight is negative: what counts is information for its length. */
  length: (turn) => Math.log1p(turn.turn.reading.tokens.length) / 4,
  /** A neighbour speaks of the days that the question means, 0 to 1. */
  'date resolved near': (turn) => turn.neighbourDateMatch,
  'window back': (turn) => turn.windowBackScore,
  speaker: (turn, plan) => speakerMatch(turn, plan),
  /** It was said in, or soon after, the days that the question names with their year, 0 to 1. */
  date: (turn, plan) => (plan.explicitWindow ? saidNear(turn.turn.reading.saidOn, plan.explicitWindow) : 0),
  'at where:entity': (turn, plan) => (plan.asksWhere ? hasNewName(turn, plan) : 0),
  /** Negative: what repeats the turn before it seldom adds to it, unless that turn asked; then it is the answer. */
  'bm25 -1': (turn) => turn.previousScore,
  'bm25 -1 if question': (turn) => (turn.previous?.reading.endsWithQuestionMark ? turn.previousScore : 0),
  window: (turn) => turn.windowScore,
  bigram: (turn) => pairFeature(turn.pairMass),
  session: (turn) => turn.sessionScore,
  /** The question asks for a time and the turn has one. */
  when: (turn, plan) => flag(plan.asksWhen && turn.turn.reading.hasTimeExpression),
  'at title:entity': (turn, plan) => (plan.asksTitle ? hasNewName(turn, plan) : 0),
  'cover window5': (turn) => turn.coverAround,
  'at plan:plan': (turn, plan) => flag(plan.asksPlan && turn.turn.reading.hasPlanPhrase),
  'bigram near': (turn) => pairFeature(turn.neighbourPairMass),
  /** The named speaker speaks of himself. */
  'speaker x first': (turn, plan) =>
    (speakerMatch(turn, plan) * turn.turn.reading.firstPersonWordCount) / MAX_FIRST_PERSON_WORDS,
  opening: (turn) => flag(turn.turn.ordinal < OPENING_TURNS),
  question: (turn) => flag(turn.turn.reading.endsWithQuestionMark),
  'time expr': (turn) => flag(turn.turn.reading.hasTimeExpression),
  /** How near it comes to what the question means, in other words too; 0 to 1, as the next two. */
  meaning: (turn) => turn.meaning,
  'meaning window': (turn) => turn.windowMeaning,
  'meaning session': (turn) => turn.sessionMeaning,
};

/** Scores all candidates of one question together, in the order given. */
export function scoreTurns(
  plan: QuestionPlan,
  turns: readonly TurnInContext[],
  statistics: RankingStatistics,
  weights: Weights,
): ScoredTurn[] {
  const features = weighted(weights);
  return judgeTurns(plan, turns, statistics).map((judged) => {
    let score = 0;
    for (const { weight, valueOf } of features) score += weight * valueOf(judged, plan);
    return { score, judged };
  });
}

/** What each feature of a judged turn adds to a score that was made with `weights`; the sum is that score. */
export function contributionsOf(judged: JudgedTurn, plan: QuestionPlan, weights: Weights): FeatureContribution[] {
  return weighted(weights).map(({ name, weight, valueOf }) => {
    const value = valueOf(judged, plan);
    return { name, value, weight, contribution: weight * value };
  });
}

/** Every feature of a judged turn by its name. */
export function featuresOf(judged: JudgedTurn, plan: QuestionPlan): FeatureValues {
  const names = Object.keys(FEATURES) as FeatureName[];
  return Object.fromEntries(names.map((name) => [name, FEATURES[name](judged, plan)])) as FeatureValues;
}

function weighted(weights: Weights): { name: FeatureName; weight: number; valueOf: Feature }[] {
  const names = Object.keys(weights) as FeatureName[];
  return names.map((name) => ({ name, weight: weights[name]!, valueOf: FEATURES[name] }));
}

function flag(condition: boolean): number {
  return condition ? 1 : 0;
}

function pairFeature(pairMass: number): number {
  return Math.min(pairMass / PAIR_MASS_UNIT, MAX_PAIRS);
}

/**
 * 1 when the question names the turn's speaker. Where nobody in sight of the turn has a name, as in a chat with an
 * assistant, "I" in the question means the user's turns and "you" the assistant's. A boost, never a filter.
 */
function speakerMatch(turn: JudgedTurn, plan: QuestionPlan): number {
  if (turn.turn.speaker !== null) return flag(plan.namedSpeakers.has(turn.turn.speaker));
  if (plan.addressedRole === null || turn.turn.role !== plan.addressedRole) return 0;
  return flag(!turn.hasNamedNeighbour);
}

/** 1 when the turn has a capitalised word inside a sentence that is neither in the question nor a speaker. */
function hasNewName(turn: JudgedTurn, plan: QuestionPlan): number {
  for (const word of capitalisedWords(turn.turn.text)) if (!plan.knownNames.has(word)) return 1;
  return 0;
}

function saidNear(saidOn: number, window: DaySpan): number {
  const { first, last } = daysOfTelling(window);
  if (first <= saidOn && saidOn <= last) return 1;
  return Math.exp(-Math.min(Math.abs(saidOn - first), Math.abs(saidOn - last)) / SAID_DECAY_DAYS);
}

import type { ViewStatistics } from './bm25.js';
import { inverseDocumentFrequency, saturate } from './bm25.js';
import type { DaySpan } from './calendar.js';
import { singleDay } from './calendar.js';
import { possibleWindows, yearsAround } from './date-windows.js';
import type { QuestionPlan } from './question-plan.js';
import type { RankingStatistics, SearchView } from './statistics.js';
import type { TurnReading } from './turn-reading.js';

/** One turn as the ranker sees it: an episode, or a memory standing where its source was said. */
export interface Turn {
  text: string;
  /** The speaker's name; null when the conversation names nobody. */
  speaker: string | null;
  /** `user`, `assistant`, ...; null when unknown. */
  role: string | null;
  /** Place in its conversation, from 0. */
  ordinal: number;
  reading: TurnReading;
}

/** A turn with the neighbours of its own conversation, the nearest first, at most two on each side. */
export interface TurnInContext {
  turn: Turn;
  before: readonly Turn[];
  after: readonly Turn[];
  conversation: ConversationWords;
}

/** The words of a whole conversation, counted against the question. */
export interface ConversationWords {
  /** Number of tokens. */
  length: number;
  /** Occurrences of each of the plan's terms, in their order. */
  termCounts: readonly number[];
}

/** A turn measured against one question; the features are read off it. */
export interface JudgedTurn extends TurnInContext {
  /** BM25 scores, each divided by its maximum over the candidates: 0 to 1. */
  previousScore: number;
  windowScore: number;
  windowBackScore: number;
  sessionScore: number;
  /** Sum of the idf of adjacent word pairs shared with the question: of the turn, and the larger of its neighbours'. */
  pairMass: number;
  neighbourPairMass: number;
  /** Share of the question's idf mass that the turn, or the five turns around it, has: 0 to 1. */
  cover: number;
  coverAround: number;
  /** Sum of the idf of the turn's distinct tokens. */
  idfMass: number;
  /** How near a neighbour's days come to those that the question may mean, 0 to 1. */
  neighbourDateMatch: number;
  /** Occurrences of each of the plan's terms in the turn itself. */
  termCounts: readonly number[];
}

/** Keeps a division by a maximum of zero finite. */
const EPSILON = 1e-9;
const SPOKEN_DECAY_DAYS = 7;

/** Measures every candidate against the question. The maxima are taken over `turns`, so give all candidates at once. */
export function judgeTurns(
  plan: QuestionPlan,
  turns: readonly TurnInContext[],
  statistics: RankingStatistics,
): JudgedTurn[] {
  const judge = new TurnJudge(plan, statistics, windowsFor(plan, turns));
  const judged = turns.map((turn) => judge.judge(turn));
  const maximum = (of: (turn: JudgedTurn) => number): number =>
    judged.reduce((max, turn) => Math.max(max, of(turn)), 0);
  const own = turns.reduce((max, { turn }) => Math.max(max, judge.scoreOf([turn], 'turn')), 0);
  const previousMax =
    Math.max(
      own,
      maximum((turn) => turn.previousScore),
    ) + EPSILON;
  const windowMax = maximum((turn) => turn.windowScore) + EPSILON;
  const windowBackMax = maximum((turn) => turn.windowBackScore) + EPSILON;
  const sessionMax = maximum((turn) => turn.sessionScore) + EPSILON;
  for (const turn of judged) {
    turn.previousScore /= previousMax;
    turn.windowScore /= windowMax;
    turn.windowBackScore /= windowBackMax;
    turn.sessionScore /= sessionMax;
  }
  return judged;
}

interface TurnWords {
  /** Occurrences of each of the plan's terms. */
  counts: readonly number[];
  length: number;
  pairMass: number;
}

/** Counts the words of turns against one question; neighbours overlap, so each turn is counted once. */
class TurnJudge {
  private readonly termIndexes: ReadonlyMap<string, number>;
  private readonly pairIdfs: ReadonlyMap<string, number>;
  private readonly pairStarts: ReadonlySet<string>;
  /** The idf of each term times how often it is asked, by view. */
  private readonly weights: Readonly<Record<SearchView, readonly number[]>>;
  private readonly termIdfs: readonly number[];
  private readonly idfTotal: number;
  private readonly counted = new Map<TurnReading, TurnWords>();
  private readonly turnIdfs = new Map<string, number>();

  constructor(
    private readonly plan: QuestionPlan,
    private readonly statistics: RankingStatistics,
    private readonly windows: readonly DaySpan[],
  ) {
    this.termIndexes = new Map(plan.terms.map((term, index) => [term, index]));
    this.pairIdfs = new Map(plan.pairs.map((pair) => [pair, idfIn(statistics.pair, pair)]));
    this.pairStarts = new Set(plan.terms);
    const weightsIn = (view: SearchView): number[] =>
      plan.terms.map((term, index) => idfIn(statistics[view], term) * plan.termCounts[index]!);
    this.weights = {
      turn: weightsIn('turn'),
      window: weightsIn('window'),
      windowBack: weightsIn('windowBack'),
      session: weightsIn('session'),
    };
    this.termIdfs = plan.terms.map((term) => idfIn(statistics.turn, term));
    this.idfTotal = this.termIdfs.reduce((sum, idf) => sum + idf, 0) + EPSILON;
  }

  judge(context: TurnInContext): JudgedTurn {
    const { turn, before, after, conversation } = context;
    const [previous, next] = [before[0], after[0]];
    const around = [...before, turn, ...after];
    const words = this.wordsOf(turn);
    return {
      ...context,
      previousScore: previous ? this.scoreOf([previous], 'turn') : 0,
      windowScore: this.scoreOf([previous, turn, next], 'window'),
      windowBackScore: this.scoreOf([before[1], previous, turn], 'windowBack'),
      sessionScore: this.score(conversation.termCounts, conversation.length, 'session'),
      pairMass: words.pairMass,
      neighbourPairMass: Math.max(
        previous ? this.wordsOf(previous).pairMass : 0,
        next ? this.wordsOf(next).pairMass : 0,
      ),
      cover: this.coverOf([turn]),
      coverAround: this.coverOf(around),
      idfMass: this.idfMassOf(turn),
      neighbourDateMatch: Math.max(this.dateMatchOf(previous), this.dateMatchOf(next)),
      termCounts: words.counts,
    };
  }

  /** BM25 of several turns as one text. */
  scoreOf(turns: readonly (Turn | undefined)[], view: SearchView): number {
    const present = turns.filter((turn) => turn !== undefined).map((turn) => this.wordsOf(turn));
    const length = present.reduce((sum, words) => sum + words.length, 0);
    const counts = this.plan.terms.map((_, index) => present.reduce((sum, words) => sum + words.counts[index]!, 0));
    return this.score(counts, length, view);
  }

  private score(counts: readonly number[], length: number, view: SearchView): number {
    const meanLength = this.statistics[view].meanLength;
    const weights = this.weights[view];
    let score = 0;
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index]!;
      if (count > 0) score += weights[index]! * saturate(count, length, meanLength);
    }
    return score;
  }

  private coverOf(turns: readonly Turn[]): number {
    const present = turns.map((turn) => this.wordsOf(turn));
    const mass = this.termIdfs.reduce(
      (sum, idf, index) => (present.some((words) => words.counts[index]! > 0) ? sum + idf : sum),
      0,
    );
    return mass / this.idfTotal;
  }

  private idfMassOf(turn: Turn): number {
    let mass = 0;
    for (const token of new Set(turn.reading.tokens)) {
      let idf = this.turnIdfs.get(token);
      if (idf === undefined) this.turnIdfs.set(token, (idf = idfIn(this.statistics.turn, token)));
      mass += idf;
    }
    return mass;
  }

  private dateMatchOf(turn: Turn | undefined): number {
    if (!turn || this.windows.length === 0) return 0;
    const { first, last } = turn.reading.spokenSpan;
    const gapsDays = this.windows.map((window) => Math.max(first - window.last, window.first - last, 0));
    return Math.exp(-Math.min(...gapsDays) / SPOKEN_DECAY_DAYS);
  }

  private wordsOf(turn: Turn): TurnWords {
    const known = this.counted.get(turn.reading);
    if (known) return known;
    const tokens = turn.reading.tokens;
    const counts = this.plan.terms.map(() => 0);
    const pairs = new Set<string>();
    for (let position = 0; position < tokens.length; position++) {
      const token = tokens[position]!;
      const index = this.termIndexes.get(token);
      if (index === undefined) continue;
      counts[index]! += 1;
      const next = tokens[position + 1];
      if (next !== undefined && next !== token && this.pairStarts.has(next)) pairs.add(`${token}_${next}`);
    }
    let pairMass = 0;
    for (const pair of pairs) pairMass += this.pairIdfs.get(pair) ?? 0;
    const words = { counts, length: tokens.length, pairMass };
    this.counted.set(turn.reading, words);
    return words;
  }
}

function windowsFor(plan: QuestionPlan, turns: readonly TurnInContext[]): DaySpan[] {
  const saidOn = turns.map(({ turn }) => turn.reading.saidOn);
  const said = saidOn.reduce(
    (span, day) => ({ first: Math.min(span.first, day), last: Math.max(span.last, day) }),
    singleDay(saidOn[0] ?? 0),
  );
  return possibleWindows(plan.text, yearsAround(said));
}

function idfIn(view: ViewStatistics, term: string): number {
  return inverseDocumentFrequency(view.documentCount, view.documentFrequency(term));
}

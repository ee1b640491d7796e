import type { ViewStatistics } from './bm25.js';
import { inverseDocumentFrequency, saturate } from './bm25.js';
import type { DaySpan } from './calendar.js';
import { singleDay } from './calendar.js';
import { possibleWindows, yearsAround } from './date-windows.js';
import type { QuestionPlan } from './question-plan.js';
import type { RankingStatistics, SearchView } from './statistics.js';
import type { TextVector } from './text-vector.js';
import { Cosines } from './text-vector.js';
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
  /** Its meaning; absent or null where no embedder has read it. */
  vector?: TextVector | null;
}

/** A turn with the neighbours of its own conversation, the nearest first, at most two on each side. */
export interface TurnInContext {
  turn: Turn;
  before: readonly Turn[];
  after: readonly Turn[];
  conversation: ConversationWords;
  /** False for a memory extracted from a turn. It says again what the turn says, so others are not measured by it. */
  isOriginal: boolean;
}

/** The words of a whole conversation, counted against the question. */
export interface ConversationWords {
  /** Null for what stands in no conversation, which is one of its own. */
  id: string | null;
  /** Number of tokens. */
  length: number;
  /** Occurrences of each of the plan's terms, in their order. */
  termCounts: readonly number[];
}

/** A turn measured against one question; the features are read off it. */
export interface JudgedTurn {
  turn: Turn;
  /** The neighbour right before it, if there is one. */
  previous: Turn | undefined;
  /** Whether a turn within two places of it has a speaker with a name. */
  hasNamedNeighbour: boolean;
  /** BM25 scores; once all candidates are judged, divided by their maximum over the candidates: 0 to 1. */
  previousScore: number;
  windowScore: number;
  windowBackScore: number;
  sessionScore: number;
  /** Cosine with the question, of the turn and of it with its neighbours, as the scores before; 0 without vectors. */
  meaning: number;
  windowMeaning: number;
  /** The largest `meaning` in its conversation. */
  sessionMeaning: number;
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
/** Up to this length a scan for repeated words is quicker than a set. */
const SHORT_TEXT_TOKENS = 24;

/** Measures every candidate against the question. The maxima are those of `turns`, so give all candidates at once. */
export function judgeTurns(
  plan: QuestionPlan,
  turns: readonly TurnInContext[],
  statistics: RankingStatistics,
): JudgedTurn[] {
  const judge = new TurnJudge(plan, statistics, windowsFor(plan, turns));
  const judged = turns.map((turn) => judge.judge(turn));
  const originals = judged.filter((_, index) => turns[index]!.isOriginal);
  const largest = { previous: 0, window: 0, windowBack: 0, session: 0, meaning: 0, windowMeaning: 0 };
  for (const turn of originals.length > 0 ? originals : judged) {
    largest.previous = Math.max(largest.previous, turn.previousScore, judge.scoreOf(turn.turn));
    largest.window = Math.max(largest.window, turn.windowScore);
    largest.windowBack = Math.max(largest.windowBack, turn.windowBackScore);
    largest.session = Math.max(largest.session, turn.sessionScore);
    largest.meaning = Math.max(largest.meaning, turn.meaning);
    largest.windowMeaning = Math.max(largest.windowMeaning, turn.windowMeaning);
  }
  for (const turn of judged) {
    turn.previousScore = shareOf(largest.previous, turn.previousScore);
    turn.windowScore = shareOf(largest.window, turn.windowScore);
    turn.windowBackScore = shareOf(largest.windowBack, turn.windowBackScore);
    turn.sessionScore = shareOf(largest.session, turn.sessionScore);
    turn.meaning = shareOf(largest.meaning, turn.meaning);
    turn.windowMeaning = shareOf(largest.windowMeaning, turn.windowMeaning);
  }
  if (plan.direction) raiseToSessions(judged, turns);
  return judged;
}

/** What an original turn means counts for all of its conversation. */
function raiseToSessions(judged: readonly JudgedTurn[], turns: readonly TurnInContext[]): void {
  const largest = new Map<string, number>();
  for (const [at, { meaning }] of judged.entries()) {
    const { isOriginal, conversation } = turns[at]!;
    if (isOriginal && conversation.id !== null)
      largest.set(conversation.id, Math.max(largest.get(conversation.id) ?? 0, meaning));
  }
  for (const [at, turn] of judged.entries()) {
    const { id } = turns[at]!.conversation;
    turn.sessionMeaning = (id === null ? undefined : largest.get(id)) ?? turn.meaning;
  }
}

/** The words of a turn, counted against the question. */
interface TurnWords {
  /** Occurrences of each of the plan's terms. */
  counts: readonly number[];
  length: number;
  pairMass: number;
}

/** Measures turns against one question. Neighbours overlap, so the words of a turn are counted once. */
class TurnJudge {
  private readonly termIndexes: ReadonlyMap<string, number>;
  private readonly pairIdfs: ReadonlyMap<string, number>;
  /** The idf of each term times how often it is asked, by view. */
  private readonly weights: Readonly<Record<SearchView, readonly number[]>>;
  private readonly termIdfs: readonly number[];
  private readonly idfTotal: number;
  private readonly noWords: TurnWords;
  private readonly counted = new Map<TurnReading, TurnWords>();
  private readonly turnIdfs = new Map<string, number>();
  private readonly cosines: Cosines | null;

  constructor(
    private readonly plan: QuestionPlan,
    private readonly statistics: RankingStatistics,
    private readonly windows: readonly DaySpan[],
  ) {
    this.cosines = plan.direction && new Cosines(plan.direction);
    this.termIndexes = new Map(plan.terms.map((term, index) => [term, index]));
    this.pairIdfs = new Map(plan.pairs.map((pair) => [pair, idfIn(statistics.pair, pair)]));
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
    this.noWords = { counts: plan.terms.map(() => 0), length: 0, pairMass: 0 };
  }

  judge({ turn, before, after, conversation }: TurnInContext): JudgedTurn {
    const [previous, next] = [before[0], after[0]];
    const own = this.wordsOf(turn);
    const [first, second] = [this.wordsOf(previous), this.wordsOf(before[1])];
    const [following, last] = [this.wordsOf(next), this.wordsOf(after[1])];
    const meaning = this.meaningOf(turn);
    return {
      turn,
      previous,
      hasNamedNeighbour: before.some(isNamed) || after.some(isNamed),
      previousScore: this.score('turn', first),
      windowScore: this.score('window', first, own, following),
      windowBackScore: this.score('windowBack', second, first, own),
      sessionScore: this.score('session', {
        ...this.noWords,
        counts: conversation.termCounts,
        length: conversation.length,
      }),
      meaning,
      windowMeaning: this.meaningOf(previous, turn, next),
      sessionMeaning: meaning,
      pairMass: own.pairMass,
      neighbourPairMass: Math.max(first.pairMass, following.pairMass),
      cover: this.cover(own),
      coverAround: this.cover(own, first, second, following, last),
      idfMass: this.idfMassOf(turn),
      neighbourDateMatch: Math.max(this.dateMatchOf(previous), this.dateMatchOf(next)),
      termCounts: own.counts,
    };
  }

  /** BM25 of a turn on its own. */
  scoreOf(turn: Turn): number {
    return this.score('turn', this.wordsOf(turn));
  }

  /** Cosine between the question and turns taken as one; never negative. */
  private meaningOf(...turns: readonly (Turn | undefined)[]): number {
    return this.cosines === null ? 0 : Math.max(0, this.cosines.of(...turns.map((turn) => turn?.vector)));
  }

  /** BM25 of up to three turns as one text. */
  private score(view: SearchView, one: TurnWords, two = this.noWords, three = this.noWords): number {
    const meanLength = this.statistics[view].meanLength;
    const weights = this.weights[view];
    const length = one.length + two.length + three.length;
    let score = 0;
    for (let term = 0; term < weights.length; term++) {
      const count = one.counts[term]! + two.counts[term]! + three.counts[term]!;
      if (count > 0) score += weights[term]! * saturate(count, length, meanLength);
    }
    return score;
  }

  /** Share of the question's idf mass that any of the turns has. */
  private cover(...turns: readonly TurnWords[]): number {
    let mass = 0;
    for (let term = 0; term < this.termIdfs.length; term++) {
      if (turns.some((words) => words.counts[term]! > 0)) mass += this.termIdfs[term]!;
    }
    return mass / this.idfTotal;
  }

  private idfMassOf({ reading: { tokens } }: Turn): number {
    const isShort = tokens.length <= SHORT_TEXT_TOKENS;
    let mass = 0;
    let position = 0;
    for (const token of isShort ? tokens : new Set(tokens)) {
      if (!isShort || tokens.indexOf(token) === position) mass += this.turnIdfOf(token);
      position += 1;
    }
    return mass;
  }

  private turnIdfOf(token: string): number {
    let idf = this.turnIdfs.get(token);
    if (idf === undefined) this.turnIdfs.set(token, (idf = idfIn(this.statistics.turn, token)));
    return idf;
  }

  private dateMatchOf(turn: Turn | undefined): number {
    if (!turn || this.windows.length === 0) return 0;
    const { first, last } = turn.reading.spokenSpan;
    let gapDays = Infinity;
    for (const window of this.windows)
      gapDays = Math.min(gapDays, Math.max(first - window.last, window.first - last, 0));
    return Math.exp(-gapDays / SPOKEN_DECAY_DAYS);
  }

  private wordsOf(turn: Turn | undefined): TurnWords {
    if (!turn) return this.noWords;
    let words = this.counted.get(turn.reading);
    if (!words) this.counted.set(turn.reading, (words = this.countWords(turn.reading.tokens)));
    return words;
  }

  private countWords(tokens: readonly string[]): TurnWords {
    let counts: number[] | undefined;
    let pairs: Set<string> | undefined;
    let previous = '';
    let previousIsAsked = false;
    for (const token of tokens) {
      const term = this.termIndexes.get(token);
      if (term !== undefined) {
        counts ??= this.plan.terms.map(() => 0);
        counts[term]! += 1;
        if (previousIsAsked && previous !== token) (pairs ??= new Set()).add(`${previous}_${token}`);
      }
      previous = token;
      previousIsAsked = term !== undefined;
    }
    let pairMass = 0;
    for (const pair of pairs ?? []) pairMass += this.pairIdfs.get(pair) ?? 0;
    return { counts: counts ?? this.noWords.counts, length: tokens.length, pairMass };
  }
}

function shareOf(largest: number, score: number): number {
  return Math.min(1, score / (largest + EPSILON));
}

function isNamed(turn: Turn): boolean {
  return turn.speaker !== null;
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

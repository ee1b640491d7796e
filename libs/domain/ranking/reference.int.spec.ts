import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ViewStatistics } from './bm25.js';
import type { FeatureValues } from './features.js';
import { featuresOf, scoreTurns } from './features.js';
import type { Turn, TurnInContext } from './judged-turn.js';
import type { QuestionPlan } from './question-plan.js';
import { planQuestion } from './question-plan.js';
import type { RankingStatistics } from './statistics.js';
import { adjacentPairs } from './tokenizer.js';
import { readTurn } from './turn-reading.js';
import type { FeatureName } from './weights.js';
import { WEIGHTS } from './weights.js';

/**
 * Compares this ranker with the readable reference implementation beside the development set, feature by feature.
 * The reference scores every turn of a conversation with the statistics of that conversation, so this test does too.
 */
const DATA = '../shared/data';
const REFERENCE = `${DATA}/ranker/reference.py`;
const FEATURE_NAMES = Object.keys(WEIGHTS.none) as FeatureName[];

/** Writes, for each conversation in turn, the features as float64 of [feature][question][turn]. */
const PYTHON_DRIVER = `
import collections, json, sys
sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True
import numpy as np
import reference
reference.np.float32 = np.float64
read = lambda name: [json.loads(line) for line in open(sys.argv[2] + '/' + name)]
turns, questions = collections.defaultdict(list), collections.defaultdict(list)
for t in read('corpus.jsonl'): turns[t['conv']].append(t)
for q in read('queries.jsonl'): questions[q['conv']].append(q)
for conv, asked in questions.items():
    f = reference.features(turns[conv], [q['text'] for q in asked])
    for name in json.loads(sys.argv[3]):
        sys.stdout.buffer.write(np.broadcast_to(np.asarray(f[name], np.float64), (len(asked), len(turns[conv]))).tobytes())
`;

interface CorpusTurn {
  _id: string;
  conv: string;
  session: number;
  pos: number;
  speaker: string;
  date: string;
  text: string;
  caption: string;
}

interface CorpusQuestion {
  _id: string;
  conv: string;
  text: string;
}

interface Conversation {
  turns: CorpusTurn[];
  questions: CorpusQuestion[];
  rank(question: CorpusQuestion): { plan: QuestionPlan; features: FeatureValues[]; scores: number[] };
}

const missing = whatIsMissing();
if (missing) console.warn(`skipped: comparison with the reference ranker, because ${missing}`);

(missing ? describe.skip : describe)(
  'the ranker on the development set, given the reference its own statistics',
  () => {
    const conversations = missing ? [] : loadConversations();

    it('computes every feature of every turn as the reference does, within 1e-6', () => {
      const reference = referenceFeatures();
      let offset = 0;
      let compared = 0;
      const differences = new Map<string, number>();
      for (const { turns, questions, rank } of conversations) {
        questions.forEach((question, questionIndex) => {
          const { features } = rank(question);
          FEATURE_NAMES.forEach((name, featureIndex) => {
            const row = offset + (featureIndex * questions.length + questionIndex) * turns.length;
            features.forEach((values, turnIndex) => {
              const difference = Math.abs(values[name] - reference[row + turnIndex]!);
              compared += 1;
              if (!(difference <= 1e-6)) differences.set(name, (differences.get(name) ?? 0) + 1);
            });
          });
        });
        offset += FEATURE_NAMES.length * questions.length * turns.length;
      }
      expect(Object.fromEntries(differences)).toEqual({});
      expect(compared).toBe(reference.length);
    }, 120_000);

    it('ranks the same 50 turns in the same order for every question', () => {
      const expected = new Map(
        readLines<{ query_id: string; ranked: string[] }>(`${DATA}/ranker/expected-dev.jsonl`).map((line) => [
          line.query_id,
          line.ranked,
        ]),
      );
      const wrong: string[] = [];
      for (const { turns, questions, rank } of conversations) {
        for (const question of questions) {
          const { scores } = rank(question);
          const order = turns.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
          const ids = order.slice(0, 50).map((index) => turns[index]!._id);
          if (JSON.stringify(ids) !== JSON.stringify(expected.get(question._id))) wrong.push(question._id);
        }
      }
      expect(expected.size).toBe(conversations.reduce((sum, { questions }) => sum + questions.length, 0));
      expect(wrong).toEqual([]);
    }, 120_000);
  },
);

function whatIsMissing(): string | null {
  if (!existsSync(REFERENCE)) return `${REFERENCE} is absent`;
  const python = spawnSync('python3', ['-c', 'import numpy']);
  return python.status === 0 ? null : 'python3 with numpy is not installed';
}

function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

function referenceFeatures(): Float64Array {
  const args = ['-c', PYTHON_DRIVER, `${DATA}/ranker`, `${DATA}/locomo-dev`, JSON.stringify(FEATURE_NAMES)];
  const python = spawnSync('python3', args, { maxBuffer: 1 << 28 });
  if (python.status !== 0) throw new Error(python.stderr.toString());
  return new Float64Array(Uint8Array.from(python.stdout).buffer);
}

function loadConversations(): Conversation[] {
  const turns = groupBy(readLines<CorpusTurn>(`${DATA}/locomo-dev/corpus.jsonl`), (turn) => turn.conv);
  const questions = groupBy(readLines<CorpusQuestion>(`${DATA}/locomo-dev/queries.jsonl`), (asked) => asked.conv);
  return [...questions].map(([conversation, asked]) => conversationOf(turns.get(conversation)!, asked));
}

function conversationOf(turns: CorpusTurn[], questions: CorpusQuestion[]): Conversation {
  const ranked: Turn[] = turns.map((turn) => ({
    text: turn.text,
    speaker: turn.speaker,
    role: 'user',
    ordinal: turn.pos,
    reading: readTurn(turn.text, turn.caption || null, turn.date),
  }));
  const tokensAround = (index: number, before: number, after: number): string[] =>
    ranked
      .slice(Math.max(0, index - before), index + after + 1)
      .filter((_, at) => turns[Math.max(0, index - before) + at]!.session === turns[index]!.session)
      .flatMap((turn) => turn.reading.tokens);
  const sessions = groupBy([...turns.keys()], (index) => turns[index]!.session);
  const sessionTokens = new Map(
    [...sessions].map(([session, indexes]) => [session, indexes.flatMap((index) => ranked[index]!.reading.tokens)]),
  );
  const statistics: RankingStatistics = {
    turn: statisticsOf(ranked.map((turn) => turn.reading.tokens)),
    window: statisticsOf(ranked.map((_, index) => tokensAround(index, 1, 1))),
    windowBack: statisticsOf(ranked.map((_, index) => tokensAround(index, 2, 0))),
    session: statisticsOf([...sessionTokens.values()]),
    pair: statisticsOf(ranked.map((turn) => adjacentPairs(turn.reading.tokens))),
  };
  const lowerCaseWords = new Set(turns.flatMap((turn) => turn.text.match(/\b[a-z]+\b/g) ?? []));
  const context = {
    speakers: [...new Set(turns.map((turn) => turn.speaker))].sort(),
    isOrdinaryWord: (word: string) => lowerCaseWords.has(word),
  };
  const rank = (question: CorpusQuestion): ReturnType<Conversation['rank']> => {
    const plan = planQuestion(question.text, context);
    const conversationWords = new Map(
      [...sessionTokens].map(([session, tokens]) => [
        session,
        {
          id: null,
          length: tokens.length,
          termCounts: plan.terms.map((term) => tokens.filter((token) => token === term).length),
        },
      ]),
    );
    const inContext = ranked.map((turn, index): TurnInContext => {
      const members = sessions.get(turns[index]!.session)!;
      const place = members.indexOf(index);
      return {
        turn,
        before: [members[place - 1], members[place - 2]].filter((at) => at !== undefined).map((at) => ranked[at]!),
        after: [members[place + 1], members[place + 2]].filter((at) => at !== undefined).map((at) => ranked[at]!),
        conversation: conversationWords.get(turns[index]!.session)!,
        isOriginal: true,
      };
    });
    const scored = scoreTurns(plan, inContext, statistics, WEIGHTS.none);
    return {
      plan,
      features: scored.map((turn) => featuresOf(turn.judged, plan)),
      scores: scored.map((turn) => turn.score),
    };
  };
  return { turns, questions, rank };
}

function statisticsOf(documents: readonly (readonly string[])[]): ViewStatistics {
  const frequencies = new Map<string, number>();
  let tokenCount = 0;
  for (const tokens of documents) {
    tokenCount += tokens.length;
    for (const token of new Set(tokens)) frequencies.set(token, (frequencies.get(token) ?? 0) + 1);
  }
  return {
    documentCount: documents.length,
    documentFrequency: (term) => frequencies.get(term) ?? 0,
    meanLength: tokenCount / documents.length,
  };
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

import { describe, expect, it } from '@jest/globals';
import { featuresOf, scoreTurns } from './features.js';
import { planQuestion } from './question-plan.js';
import type { Said } from './ranking.fixture.js';
import { conversation, evenStatistics } from './ranking.fixture.js';
import type { FeatureName } from './weights.js';
import { WEIGHTS } from './weights.js';

/** The value of a feature for every turn of a conversation. */
function values(name: FeatureName, question: string, said: readonly (Said | string)[]): number[] {
  const turns = said.map((each) => (typeof each === 'string' ? { text: each } : each));
  const speakers = [
    ...new Set(turns.map(({ speaker }) => speaker).filter((speaker) => typeof speaker === 'string')),
  ].sort();
  const plan = planQuestion(question, { speakers, isOrdinaryWord: () => false });
  const scored = scoreTurns(plan, conversation(turns, plan.terms), evenStatistics(), WEIGHTS.none);
  return scored.map(({ judged }) => Math.round(featuresOf(judged, plan)[name] * 1000) / 1000);
}

describe('the features', () => {
  it('score is the weighted sum of what is explained', () => {
    const plan = planQuestion('Where did Ann buy tea in May 2024?', { speakers: ['Ann'], isOrdinaryWord: () => false });
    const turns = conversation(
      [{ text: 'I bought tea in Lyon last week', speaker: 'Ann' }, { text: 'Nice!' }],
      plan.terms,
    );
    for (const { score, judged } of scoreTurns(plan, turns, evenStatistics(), WEIGHTS.none)) {
      const features = Object.entries(featuresOf(judged, plan)) as [FeatureName, number][];
      expect(features).toHaveLength(24);
      expect(score).toBeCloseTo(
        features.reduce((sum, [name, value]) => sum + (WEIGHTS.none[name] ?? 0) * value, 0),
        9,
      );
    }
  });

  it('lends the words of a turn to its neighbours by window and cover', () => {
    const said = ['red tea', 'nice', 'yes', 'what', 'rain'];
    expect(values('window', 'red tea?', said).map((value) => value > 0)).toEqual([true, true, false, false, false]);
    expect(values('window back', 'red tea?', said).map((value) => value > 0)).toEqual([true, true, true, false, false]);
    expect(values('cover window5', 'red tea?', said)).toEqual([1, 1, 1, 0, 0]);
    expect(values('session', 'red tea?', said)).toEqual([1, 1, 1, 1, 1]);
    expect(values('bm25 -1', 'red tea?', said)).toEqual([0, 1, 0, 0, 0]);
    expect(values('bigram', 'red tea?', said).map((value) => value > 0)).toEqual([true, false, false, false, false]);
    expect(values('bigram near', 'red tea?', said).map((value) => value > 0)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('sees the answer behind a question', () => {
    expect(values('bm25 -1 if question', 'red tea?', ['Red tea?', 'Sure', 'Red tea.', 'Sure'])).toEqual([0, 1, 0, 0]);
    expect(values('question', 'red tea?', ['Red tea? ', 'Sure'])).toEqual([1, 0]);
  });

  it('boosts the turns of the speaker who is named', () => {
    const said = [
      { text: 'I like my tea', speaker: 'Ann' },
      { text: 'Tea is hot', speaker: 'Bob' },
    ];
    expect(values('speaker', 'What does ann like?', said)).toEqual([1, 0]);
    expect(values('speaker x first', 'What does ann like?', said)).toEqual([0.667, 0]);
    expect(values('speaker', 'What do I like?', said)).toEqual([0, 0]);
  });

  it('boosts the turns of the user or the assistant in a chat without names', () => {
    const said = [
      { text: 'Which tea is best?', role: 'user' },
      { text: 'Try the red one', role: 'assistant' },
    ];
    expect(values('speaker', 'Which tea did you recommend?', said)).toEqual([0, 1]);
    expect(values('speaker', 'What did I ask?', said)).toEqual([1, 0]);
    expect(values('speaker', 'What is the best tea?', said)).toEqual([0, 0]);
    expect(values('speaker', 'What did I ask?', [...said, { text: 'Hi', speaker: 'Ann' }])[0]).toBe(0);
  });

  it('sees times, plans, names and openings where they are asked for', () => {
    const said = ['We met last week in Lyon', 'I hope so', 'ok'];
    expect(values('when', 'When did they meet?', said)).toEqual([1, 0, 0]);
    expect(values('when', 'Why did they meet?', said)).toEqual([0, 0, 0]);
    expect(values('time expr', 'Why did they meet?', said)).toEqual([1, 0, 0]);
    expect(values('at where:entity', 'Where did they meet?', said)).toEqual([1, 0, 0]);
    expect(values('at where:entity', 'Where in Lyon did they meet?', said)).toEqual([0, 0, 0]);
    expect(values('at title:entity', 'Which book is it?', ['It is Dune', 'Dune', 'I'])).toEqual([1, 0, 0]);
    expect(values('at plan:plan', 'What is the plan?', said)).toEqual([0, 1, 0]);
    expect(values('opening', 'x', said)).toEqual([1, 1, 0]);
  });

  it('places turns by the days that the question names', () => {
    const said = ['2024-05-01', '2024-06-20', '2024-08-01'].map((saidAt) => ({ text: 'rain', saidAt }));
    expect(values('date', 'What happened in May 2024?', said)).toEqual([
      1,
      1,
      Math.round(Math.exp(-41 / 14) * 1000) / 1000,
    ]);
    expect(values('date', 'What happened in May?', said)).toEqual([0, 0, 0]);
    const told = [
      { text: 'It rained yesterday', saidAt: '2024-05-04' },
      { text: 'ok', saidAt: '2024-05-20' },
    ];
    expect(values('date resolved near', 'What happened on May 3?', told)).toEqual([
      Math.round(Math.exp(-17 / 7) * 1000) / 1000,
      1,
    ]);
  });

  it('prefers information for its length', () => {
    const [short, long] = values('new idf', 'tea', ['Rome', 'Rome Lyon Paris Berlin Madrid']) as [number, number];
    expect(long).toBeGreaterThan(short);
    expect(values('length', 'tea', ['Rome', 'and the'])).toEqual([Math.round((Math.log(2) / 4) * 1000) / 1000, 0]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import { consolidate } from '#libs/domain/maintenance/consolidate.js';
import { reflect } from '#libs/domain/maintenance/reflect.js';

interface Score {
  precision: number;
  recall: number;
  mistakes: string[];
}
interface Size {
  seed: number;
  believers: number;
}
interface Scoring {
  scoreMerges(
    parts: { reader: RulesStatementReader; consolidate: typeof consolidate },
    topics: unknown,
    size: Size,
  ): Score;
  scorePatterns(parts: { reader: RulesStatementReader; reflect: typeof reflect }, topics: unknown, size: Size): Score;
}
interface Written {
  mergeTopicsOf(file: string): unknown;
  patternTopicsOf(file: string): unknown;
}
const beside = async <Module>(file: string) => (await import(new URL(file, import.meta.url).href)) as Module;
const { scoreMerges, scorePatterns } = await beside<Scoring>('scoring.mjs');
const size: Size = { seed: 5, believers: 4 };

describe('the quality of maintenance, by rules alone', () => {
  it.each(['merge-topics.mjs', 'kept-merge-topics.mjs'])('merges what %s says twice, and little else', async (file) => {
    const { mergeTopics } = await beside<{ mergeTopics: unknown }>(file);
    const score = scoreMerges({ reader: new RulesStatementReader(), consolidate }, mergeTopics, size);
    expect(score.mistakes).toEqual([]);
    expect(score.recall).toBeGreaterThanOrEqual(0.8);
  });

  it.each(['pattern-topics.mjs', 'kept-pattern-topics.mjs'])(
    'finds the patterns of %s, and few others',
    async (file) => {
      const topics = await beside<unknown>(file);
      const score = scorePatterns({ reader: new RulesStatementReader(), reflect }, topics, { ...size, believers: 10 });
      expect(score.precision).toBeGreaterThanOrEqual(0.95);
      expect(score.recall).toBeGreaterThanOrEqual(0.8);
    },
  );

  it.each([
    ['third', 0.7],
    ['fourth', 0.5],
    ['fifth', 0.65],
  ])('merges hardly anything wrong of the %s set', async (name, recall) => {
    const { mergeTopicsOf } = await beside<Written>('written-topics.mjs');
    const topics = mergeTopicsOf(`${name}-merges.txt`);
    const score = scoreMerges({ reader: new RulesStatementReader(), consolidate }, topics, size);
    expect(score.precision).toBeGreaterThanOrEqual(0.98);
    expect(score.recall).toBeGreaterThanOrEqual(recall);
  });

  it.each(['third', 'fourth'])('finds few patterns in the %s set that are none', async (name) => {
    const { patternTopicsOf } = await beside<Written>('written-topics.mjs');
    const topics = patternTopicsOf(`${name}-patterns.txt`);
    const score = scorePatterns({ reader: new RulesStatementReader(), reflect }, topics, { ...size, believers: 10 });
    expect(score.precision).toBeGreaterThanOrEqual(0.95);
    expect(score.recall).toBeGreaterThanOrEqual(0.6);
  });
});

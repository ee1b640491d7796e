import { describe, expect, it } from '@jest/globals';

interface Interval {
  low: number;
  high: number;
}
interface Metrics {
  bootstrapInterval(values: readonly number[], options?: { resamples?: number; seed?: number }): Interval;
  withIntervals(judged: readonly { ranked: string[]; evidence: Set<string> }[]): {
    questions: number;
    figures: Record<string, Interval & { mean: number }>;
  };
}
const metrics = (await import(new URL('metrics.mjs', import.meta.url).href)) as Metrics;

describe('bootstrapInterval', () => {
  const halves = Array.from({ length: 400 }, (_, at) => at % 2);

  it('comes near to the interval of the normal distribution, for any seed', () => {
    const spread = 1.96 * Math.sqrt(0.25 / halves.length);
    for (const seed of [1, 2, 3]) {
      const { low, high } = metrics.bootstrapInterval(halves, { seed });
      expect(Math.abs(low - (0.5 - spread))).toBeLessThan(0.01);
      expect(Math.abs(high - (0.5 + spread))).toBeLessThan(0.01);
    }
  });

  it('is the same on every run, another for another seed, and narrow where all agree', () => {
    const values = Array.from({ length: 200 }, (_, at) => (at * at) % 97);
    expect(metrics.bootstrapInterval(values)).toEqual(metrics.bootstrapInterval(values));
    expect(metrics.bootstrapInterval(values, { seed: 2 })).not.toEqual(metrics.bootstrapInterval(values));
    expect(metrics.bootstrapInterval([0.3, 0.3, 0.3])).toEqual({ low: 0.3, high: 0.3 });
  });
});

it('withIntervals gives means in per cent', () => {
  const judged = [
    { ranked: ['a', 'b', 'c', 'd', 'e', 'f'], evidence: new Set(['a', 'f']) },
    { ranked: ['x'], evidence: new Set(['y']) },
  ];
  const { questions, figures } = metrics.withIntervals(judged);
  expect([questions, figures['recall@5']!.mean, figures['recall@10']!.mean]).toEqual([2, 25, 50]);
  for (const { mean, low, high } of Object.values(figures)) expect(low <= mean && mean <= high).toBe(true);
  expect(figures['nDCG@10']!.mean).toBeCloseTo((50 * (1 + 1 / Math.log2(7))) / (1 + 1 / Math.log2(3)), 9);
});

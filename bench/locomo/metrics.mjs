// Metrics of ranked retrieval with binary relevance, over the ids of one ranking and the set of its evidence.
import { seededRandom } from '../spoken-words.mjs';

/** Share of the evidence among the first `depth` results. */
export function recallAt(ranked, evidence, depth) {
  return ranked.slice(0, depth).filter((id) => evidence.has(id)).length / evidence.size;
}

/** Normalised discounted cumulative gain: a hit at rank r (from 1) gains 1 / log2(r + 1). */
export function ndcgAt(ranked, evidence, depth) {
  const gain = (rank) => 1 / Math.log2(rank + 1);
  let found = 0;
  ranked.slice(0, depth).forEach((id, index) => {
    if (evidence.has(id)) found += gain(index + 1);
  });
  let ideal = 0;
  for (let rank = 1; rank <= Math.min(depth, evidence.size); rank += 1) ideal += gain(rank);
  return found / ideal;
}

/** 1 / rank of the first hit, 0 without one. */
export function reciprocalRank(ranked, evidence) {
  const index = ranked.findIndex((id) => evidence.has(id));
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * The turns that a list of results stands for, in order: a memory counts as its source turns, in their order, and a
 * turn that was named before does not count twice.
 * @param {readonly (readonly string[])[]} results the turn ids of each result
 */
export function turnsOf(results) {
  return [...new Set(results.flat())];
}

/**
 * The interval in which the mean of `values` lies with 95 % confidence, by the percentile bootstrap (Efron, 1979): the
 * questions are drawn again, with replacement, and the means of the draws are cut at 2.5 % on each side.
 * @param {readonly number[]} values one for each question
 * @returns {{low: number, high: number}} the same on every run
 */
export function bootstrapInterval(values, { resamples = 1_000, seed = 1 } = {}) {
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(random() * values.length)];
    means[resample] = sum / values.length;
  }
  means.sort();
  const at = (share) => means[Math.round(share * (resamples - 1))];
  return { low: at(0.025), high: at(0.975) };
}

/**
 * Means over questions with their intervals, in per cent.
 * @param {{ranked: string[], evidence: Set<string>}[]} judged
 */
export function withIntervals(judged) {
  const measures = {
    'recall@5': (ranked, evidence) => recallAt(ranked, evidence, 5),
    'recall@10': (ranked, evidence) => recallAt(ranked, evidence, 10),
    'nDCG@10': (ranked, evidence) => ndcgAt(ranked, evidence, 10),
  };
  const figures = Object.entries(measures).map(([name, of]) => {
    const values = judged.map(({ ranked, evidence }) => 100 * of(ranked, evidence));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [name, { mean, ...bootstrapInterval(values) }];
  });
  return { questions: judged.length, figures: Object.fromEntries(figures) };
}

/** Means over questions, in per cent. @param {{ranked: string[], evidence: Set<string>}[]} judged */
export function summarise(judged) {
  const mean = (of) =>
    (100 * judged.reduce((sum, { ranked, evidence }) => sum + of(ranked, evidence), 0)) / judged.length;
  return {
    questions: judged.length,
    'recall@1': mean((ranked, evidence) => recallAt(ranked, evidence, 1)),
    'recall@5': mean((ranked, evidence) => recallAt(ranked, evidence, 5)),
    'recall@10': mean((ranked, evidence) => recallAt(ranked, evidence, 10)),
    'recall@20': mean((ranked, evidence) => recallAt(ranked, evidence, 20)),
    'nDCG@10': mean((ranked, evidence) => ndcgAt(ranked, evidence, 10)),
    MRR: mean(reciprocalRank),
  };
}

// Metrics of ranked retrieval with binary relevance, over the ids of one ranking and the set of its evidence.

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

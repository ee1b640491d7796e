/**
 * How sure a belief is: a sum of log-odds over distinct pieces of evidence, so that neither their order nor a repeated
 * delivery matters. log-odds L = ln(p / (1 - p)); p = 1 / (1 + e^-L) (the logistic function).
 */

/** What support adds to the log-odds. */
export const support = { sameSession: 0.2, newSession: 0.8, independentSource: 1.2, confirmation: 2 } as const;

/** What a contradiction adds, by how strong it is beside the belief. */
export const conflict = { weaker: -0.6, equal: -1.2, stronger: -2 } as const;

/** Nobody is beyond doubt: a confidence of 0 or 1 has no finite log-odds, and is weighed as this far from it. */
const NEAREST_TO_CERTAIN = 0.001;

/** The confidence, 0 to 1, that `confidence` becomes with `weight` added to its log-odds. A weight of 0 changes nothing. */
export function weighed(confidence: number, weight: number): number {
  if (weight === 0) return confidence;
  return 1 / (1 + Math.exp(-(logOdds(confidence) + weight)));
}

function logOdds(confidence: number): number {
  const open = confidence >= 1 ? 1 - NEAREST_TO_CERTAIN : confidence <= 0 ? NEAREST_TO_CERTAIN : confidence;
  return Math.log(open / (1 - open));
}

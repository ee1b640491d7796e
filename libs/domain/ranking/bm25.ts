/** Okapi BM25 with the constants that the weights of the ranker were fitted with. */
export const SATURATION_K1 = 0.9;
export const LENGTH_B = 0.4;
/** Asking for a word three times says no more than asking twice. */
export const MAX_QUERY_TERM_COUNT = 2;

/** What BM25 must know about a collection of texts. */
export interface ViewStatistics {
  documentCount: number;
  documentFrequency(term: string): number;
  /** Mean number of tokens of a text. */
  meanLength: number;
}

/** ln(1 + (n - df + .5) / (df + .5)): never negative, so a common word cannot count against a text. */
export function inverseDocumentFrequency(documentCount: number, documentFrequency: number): number {
  // Statistics may lag a document behind: more texts with a word than texts must not give the log of a negative.
  const documents = Math.max(documentCount, documentFrequency);
  return Math.log(1 + (documents - documentFrequency + 0.5) / (documentFrequency + 0.5));
}

/** What `count` occurrences in a text of `length` tokens are worth, 0 to k1 + 1. */
export function saturate(count: number, length: number, meanLength: number): number {
  return (
    (count * (SATURATION_K1 + 1)) / (count + SATURATION_K1 * (1 - LENGTH_B + (LENGTH_B * length) / (meanLength || 1)))
  );
}

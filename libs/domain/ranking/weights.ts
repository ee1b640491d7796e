/** Names of the features, as `explain` prints them and as the file of the reference ranker calls them. */
export type FeatureName =
  | 'new idf'
  | 'length'
  | 'date resolved near'
  | 'window back'
  | 'speaker'
  | 'date'
  | 'at where:entity'
  | 'bm25 -1'
  | 'bm25 -1 if question'
  | 'window'
  | 'bigram'
  | 'session'
  | 'when'
  | 'at title:entity'
  | 'cover window5'
  | 'at plan:plan'
  | 'bigram near'
  | 'speaker x first'
  | 'opening'
  | 'question'
  | 'time expr';

/**
 * Weights of the ranker without an embedder. A score is the sum of weight times feature.
 *
 * How they were obtained: a linear model fitted by softmax cross-entropy (L2 1e-3) over the candidates of each
 * question of the LoCoMo benchmark (Maharana et al., 2024), categories 1 to 4. Judged leave-one-conversation-out they
 * reach recall@5 75.4, recall@10 82.1, nDCG@10 68.3. They are coefficients of general properties of turns: no word,
 * name or sentence of the data is in them. A score is therefore a log-odds, only differences between the texts of one
 * question mean something, and it can be negative.
 */
export const WEIGHTS: Readonly<Record<FeatureName, number>> = {
  'new idf': 10.331,
  length: -7.735,
  'date resolved near': 3.703,
  'window back': 2.802,
  speaker: 2.322,
  date: 2.794,
  'at where:entity': 2.156,
  'bm25 -1': -1.392,
  'bm25 -1 if question': 1.554,
  window: 1.225,
  bigram: 0.921,
  session: 1.341,
  when: 2.068,
  'at title:entity': 1.147,
  'cover window5': 1.673,
  'at plan:plan': 0.776,
  'bigram near': 1.034,
  'speaker x first': 0.419,
  opening: 0.492,
  question: -0.565,
  'time expr': 0.224,
};

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
  | 'time expr'
  | 'meaning'
  | 'meaning window'
  | 'meaning session';

/** What the weights were fitted for: the embedder that vectors are from, or `vector` for a question asked by vectors alone. */
export type WeightsName = 'none' | 'static' | 'contextual' | 'vector';

export type Weights = Readonly<Partial<Record<FeatureName, number>>>;

/**
 * Weights of the ranker. A score is the sum of weight times feature, over the features that have a weight.
 *
 * How they were obtained: a linear model fitted by softmax cross-entropy (L2 1e-3) over the candidates of each
 * question of the LoCoMo benchmark (Maharana et al., 2024), categories 1 to 4. Judged leave-one-conversation-out they
 * reach recall@5, recall@10 and nDCG@10 of
 *
 * - `none` (no embedder): 75.4, 82.1, 68.3
 * - `static` (sums of word vectors): 76.6, 82.8, 68.8
 * - `contextual` (fitted with all-MiniLM-L6-v2, for models that read a text as a whole): 79.1, 84.9, 70.8
 *
 * They are coefficients of general properties of turns: no word, name or sentence of the data is in them. A score is
 * therefore a log-odds, only differences between the texts of one question mean something, and it can be negative.
 */
export const WEIGHTS: Readonly<Record<WeightsName, Weights>> = {
  none: {
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
  },
  static: {
    'new idf': 10.388,
    length: -8.282,
    'date resolved near': 3.644,
    'window back': 2.631,
    speaker: 2.424,
    date: 2.473,
    'at where:entity': 2.019,
    'bm25 -1': -1.219,
    'bm25 -1 if question': 1.493,
    window: 0.69,
    bigram: 0.825,
    session: 1.421,
    when: 2.111,
    'at title:entity': 1.148,
    'cover window5': 1.69,
    'at plan:plan': 0.767,
    'bigram near': 1.039,
    'speaker x first': 0.356,
    opening: 0.538,
    question: -0.517,
    'time expr': 0.217,
    meaning: 2.662,
    'meaning window': 2.731,
    'meaning session': 1.531,
  },
  contextual: {
    'new idf': 8.4,
    length: -6.405,
    'date resolved near': 3.951,
    'window back': 2.39,
    speaker: 2.299,
    date: 2.259,
    'at where:entity': 2.195,
    'bm25 -1': -1.227,
    'bm25 -1 if question': 1.418,
    window: 0.072,
    bigram: 0.739,
    session: 0.907,
    when: 2.225,
    'at title:entity': 1.137,
    'cover window5': 1.636,
    'at plan:plan': 0.681,
    'bigram near': 1.007,
    'speaker x first': 0.399,
    opening: 0.539,
    question: -0.543,
    'time expr': 0.272,
    meaning: 1.904,
    'meaning window': 1.585,
    'meaning session': 1.644,
  },
  vector: { meaning: 1 },
};

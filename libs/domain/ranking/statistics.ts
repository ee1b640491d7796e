import type { ViewStatistics } from './bm25.js';

/** The texts that are scored as if each were one document. */
export type SearchView = 'turn' | 'window' | 'windowBack' | 'session';

export type RankingStatistics = Readonly<Record<SearchView | 'pair', ViewStatistics>>;

/** How often words occur in one tenant; never in another one's texts. */
export interface WordStatistics {
  /**
   * Live original texts of the tenant: episodes and verbatim memories. A memory extracted from an episode says again what
   * is counted there, and the score of a turn must not depend on how much was learned from it.
   */
  documentCount: number;
  /** Original texts that hold a token, or a pair of adjacent tokens (`first_second`); absent means none. */
  documentFrequencies: ReadonlyMap<string, number>;
}

/**
 * Mean lengths in tokens. They are constants, so that a score does not drift while a conversation is being stored
 * and two indexes with the same words agree; a session is about twenty turns.
 */
export const MEAN_LENGTHS: Readonly<Record<SearchView, number>> = {
  turn: 10,
  window: 30,
  windowBack: 30,
  session: 200,
};

/**
 * One tenant's word statistics used for every view: the frequencies of turns, with constant mean lengths.
 *
 * @param asked those of the question's words and pairs
 * @param words those of the words of the candidates
 */
export function pooledStatistics(asked: WordStatistics, words: WordStatistics): RankingStatistics {
  const view = (meanLength: number): ViewStatistics => ({
    documentCount: asked.documentCount,
    documentFrequency: (term) => words.documentFrequencies.get(term) ?? asked.documentFrequencies.get(term) ?? 0,
    meanLength,
  });
  return {
    turn: view(MEAN_LENGTHS.turn),
    window: view(MEAN_LENGTHS.window),
    windowBack: view(MEAN_LENGTHS.windowBack),
    session: view(MEAN_LENGTHS.session),
    // Pairs are weighed without their length.
    pair: view(1),
  };
}

import type { TurnInContext } from './judged-turn.js';
import type { RankableDocument, RankedDocument } from './rank.js';
import type { RankingStatistics } from './statistics.js';
import { pooledStatistics } from './statistics.js';
import { readTurn } from './turn-reading.js';

export interface Said {
  text: string;
  speaker?: string | null;
  role?: string | null;
  saidAt?: string;
}

/** A conversation as the turns in their context, the words of each counted against `terms`. */
export function conversation(said: readonly Said[], terms: readonly string[]): TurnInContext[] {
  const turns = said.map(({ text, speaker = null, role = null, saidAt = '2024-05-15' }, ordinal) => ({
    ...{ text, speaker, role, ordinal },
    reading: readTurn(text, null, saidAt),
  }));
  const tokens = turns.flatMap(({ reading }) => reading.tokens);
  return turns.map((turn, at) => ({
    turn,
    before: turns.slice(Math.max(0, at - 2), at).reverse(),
    after: turns.slice(at + 1, at + 3),
    conversation: {
      id: 'conversation',
      length: tokens.length,
      termCounts: terms.map((term) => tokens.filter((word) => word === term).length),
    },
    isOriginal: true,
  }));
}

/** Statistics of a tenant in which every word is in five of a hundred documents. */
export function evenStatistics(): RankingStatistics {
  const everyWord = { get: () => 5 } as unknown as ReadonlyMap<string, number>;
  const words = { documentCount: 100, documentFrequencies: everyWord };
  return pooledStatistics(words, words);
}

export function episodeAt(id: string, context: TurnInContext): RankableDocument<RankedDocument> {
  return { document: { id, kind: 'episode', status: 'active', sourceEpisodeIds: [] }, context };
}

/** A memory with the given text, standing where its source was said. */
export function memoryAt(
  id: string,
  text: string,
  source: RankableDocument<RankedDocument>,
  status = 'active',
): RankableDocument<RankedDocument> {
  const turn = { ...source.context.turn, text, reading: readTurn(text, null, '2024-05-15') };
  return {
    document: { id, kind: 'memory', status, sourceEpisodeIds: [source.document.id] },
    context: { ...source.context, turn, isOriginal: false },
  };
}

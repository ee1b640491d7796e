import type { Embedder } from './embedder.js';
import type { SearchIndex } from './search-index.js';
import type { TextVectors } from './text-vectors.js';

/** An index, and the embedder that its vectors come from. */
export interface EmbeddedIndex {
  readonly generation: number;
  readonly index: SearchIndex;
  readonly embedder: Embedder;
  readonly vectors: TextVectors;
}

/**
 * Port: the index that answers now. It may be another one at the next look, so who asks several questions that belong
 * together looks once.
 */
export abstract class ServedIndex {
  abstract get now(): EmbeddedIndex;
}

import type { Embedder } from '#libs/ports/embedder.js';
import { type EmbeddedIndex, ServedIndex } from '#libs/ports/served-index.js';
import { InstantVectors } from './instant-vectors.js';
import { NoEmbedder } from './no-embedder.js';
import { InProcessSearchIndex } from './search-index.js';

/** One that never gives way to another. */
export class OnlyIndex extends ServedIndex {
  constructor(override readonly now: EmbeddedIndex) {
    super();
  }

  get written(): readonly EmbeddedIndex[] {
    return [this.now];
  }

  onChange(): () => void {
    return () => undefined;
  }
}

/** An index in this process that answers, with the vectors of an embedder. */
export function servedBy(embedder: Embedder = new NoEmbedder()): OnlyIndex {
  const vectors = new InstantVectors(embedder);
  return new OnlyIndex({ generation: 1, index: new InProcessSearchIndex(vectors), embedder, vectors });
}

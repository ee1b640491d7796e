import type { Embedder } from '#libs/ports/embedder.js';
import { OnlyIndex } from '#libs/ports/served-index.js';
import { InstantVectors } from './instant-vectors.js';
import { NoEmbedder } from './no-embedder.js';
import { InProcessSearchIndex } from './search-index.js';

/** An index in this process that answers, with the vectors of an embedder. */
export function servedBy(embedder: Embedder = new NoEmbedder()): OnlyIndex {
  const vectors = new InstantVectors(embedder);
  return new OnlyIndex(new InProcessSearchIndex(vectors), embedder, vectors);
}

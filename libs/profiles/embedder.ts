import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { Configuration } from '#libs/service-kit/configuration.js';

/** The embedder that the configuration names. */
export function embedderOf(name: Configuration['embedder']): Embedder {
  return name === 'static' ? new StaticEmbedder() : new NoEmbedder();
}

import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import type { EmbedderSettings } from '#libs/contracts/embedder-settings.js';
import type { Embedder } from '#libs/ports/embedder.js';

/** The embedder that the configuration names. */
export function embedderOf({ name }: EmbedderSettings): Embedder {
  return name === 'static' ? new StaticEmbedder() : new NoEmbedder();
}

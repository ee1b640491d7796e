import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import { Embedder, EmbedderUnavailable } from '#libs/ports/embedder.js';

/** The embedder `none`: search works by words and by the structure of conversations alone. */
export class NoEmbedder extends Embedder {
  override readonly model = 'none';
  override readonly kind = 'none';
  override readonly dimensions = 0;
  override readonly isInstant = true;

  override embed(): Promise<TextVector[]> {
    return Promise.reject(new EmbedderUnavailable());
  }
}

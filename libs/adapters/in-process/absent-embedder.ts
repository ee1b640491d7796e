import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import { Embedder, type EmbedderKind, EmbedderUnreachable } from '#libs/ports/embedder.js';

const retryAfterSeconds = 600;

/** Stands for a model that an index was made with and that is not there any more: the index is asked by words. */
export class AbsentEmbedder extends Embedder {
  override readonly model: string;
  override readonly kind: EmbedderKind;
  override readonly dimensions: number;
  override readonly isInstant = false;

  constructor({ model, kind, dimensions }: Pick<Embedder, 'model' | 'kind' | 'dimensions'>) {
    super();
    this.model = model;
    this.kind = kind;
    this.dimensions = dimensions;
  }

  override embed(): Promise<TextVector[]> {
    return Promise.reject(new EmbedderUnreachable(retryAfterSeconds));
  }
}

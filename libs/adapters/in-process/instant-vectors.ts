import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { Embedder } from '#libs/ports/embedder.js';
import { TextVectors } from '#libs/ports/text-vectors.js';

/** Of an embedder that is as quick as looking up what it once said: every text is known. */
export class InstantVectors extends TextVectors {
  override readonly dimensions: number;
  override readonly isInstant = true;

  constructor(private readonly embedder: Embedder) {
    super();
    this.dimensions = embedder.dimensions;
  }

  override known(_tenantId: string, texts: readonly string[]): Promise<TextVector[]> {
    return this.embedder.embed(texts, 'document');
  }

  override keep(): Promise<void> {
    return Promise.resolve();
  }

  override expect(): Promise<void> {
    return Promise.resolve();
  }

  override expectOn(): Promise<void> {
    return Promise.resolve();
  }

  override expected(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

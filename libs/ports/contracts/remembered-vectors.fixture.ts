import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { LearnedVector } from '../search-index.js';
import { TextVectors } from '../text-vectors.js';
import { tinyVector } from './tiny-embedder.fixture.js';

/** Of `TinyEmbedder`, when it takes its time: nothing is known that was not kept. */
export class RememberedVectors extends TextVectors {
  override readonly dimensions = 4;
  override readonly isInstant = false;
  private readonly kept = new Map<string, TextVector>();

  override async known(tenantId: string, texts: readonly string[]): Promise<(TextVector | null)[]> {
    return texts.map((text) => this.kept.get(`${tenantId} ${text}`) ?? null);
  }

  override async keep(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    for (const { text, vector } of vectors) this.kept.set(`${tenantId} ${text}`, vector);
  }
}

/** What `TinyEmbedder` says of texts. */
export function readByTiny<Text extends { text: string }>(texts: readonly Text[]): (Text & { vector: TextVector })[] {
  return texts.map((one) => ({ ...one, vector: tinyVector(one.text) }));
}

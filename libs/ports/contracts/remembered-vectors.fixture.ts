import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { LearnedVector } from '../search-index.js';
import { TextVectors } from '../text-vectors.js';
import { tinyVector } from './tiny-embedder.fixture.js';

/** Of `TinyEmbedder`, when it takes its time: nothing is known that was not kept. */
export class RememberedVectors extends TextVectors {
  override readonly dimensions = 4;
  override readonly isInstant = false;
  private readonly kept = new Map<string, TextVector>();
  private readonly onTheirWay = new Map<string, { ids: readonly string[]; untilMs: number }>();

  override async known(tenantId: string, texts: readonly string[]): Promise<(TextVector | null)[]> {
    return texts.map((text) => this.kept.get(`${tenantId} ${text}`) ?? null);
  }

  override async keep(tenantId: string, vectors: readonly LearnedVector[]): Promise<void> {
    for (const { text, vector } of vectors) this.kept.set(`${tenantId} ${text}`, vector);
  }

  override async expect(tenantId: string, ids: readonly string[], seconds: number): Promise<void> {
    this.onTheirWay.set(tenantId, { ids, untilMs: Date.now() + seconds * 1000 });
  }

  override async expectOn(tenantId: string, seconds: number): Promise<void> {
    await this.expect(tenantId, this.onTheirWay.get(tenantId)?.ids ?? [], seconds);
  }

  override async expected(tenantId: string): Promise<string[]> {
    const { ids, untilMs } = this.onTheirWay.get(tenantId) ?? { ids: [], untilMs: 0 };
    return untilMs > Date.now() ? [...ids] : [];
  }
}

/** What `TinyEmbedder` says of texts. */
export function readByTiny<Text extends { text: string }>(texts: readonly Text[]): (Text & { vector: TextVector })[] {
  return texts.map((one) => ({ ...one, vector: tinyVector(one.text) }));
}

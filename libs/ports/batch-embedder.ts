import type { TextVector } from '#libs/domain/ranking/text-vector.js';

export interface BatchText {
  /** Names its result; no two texts of a batch have the same. */
  key: string;
  text: string;
}

export interface BatchResults {
  /** By key. */
  vectors: Map<string, TextVector>;
  /** By key: why a text has no vector, in our own words. */
  refused: Map<string, string>;
  /** As billed; null where the provider does not say. */
  tokens: number | null;
}

/**
 * Port: the batch endpoint of a provider, which reads many texts within a day, and cheaper.
 *
 * Promises:
 * - A batch is the provider's: it goes on whatever becomes of this process, and any process may ask for it by its id.
 * - `submit` with the reference of one of the hundred latest batches is that batch, so that nothing is bought twice
 *   when the first answer was lost.
 * - The results of a batch that is over are told at every call. Each text has a vector or a reason; one that the
 *   provider never came to has neither.
 * - The vectors are those of the `Embedder` of the same model.
 * - A provider that is away is told as `EmbedderUnreachable`: the same call may come again.
 */
export abstract class BatchEmbedder {
  /** Name of the model, as that of the `Embedder`. */
  abstract readonly model: string;

  /** @param reference our name for the batch, which says nothing of anybody. @returns the provider's id */
  abstract submit(reference: string, texts: readonly BatchText[]): Promise<string>;

  /** `over`: whether or not it went well, nothing more comes. */
  abstract state(batchId: string): Promise<'running' | 'over'>;

  abstract results(batchId: string): Promise<BatchResults>;
}

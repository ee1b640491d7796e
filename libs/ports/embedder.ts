/**
 * Port: turns text into a vector, for the dense view of the search index.
 *
 * Promises:
 * - `dimensions` is 0 exactly when there is no model; `embed` then refuses with `EmbedderUnavailable`.
 * - The same text gives the same vector.
 */
export abstract class Embedder {
  /** Name of the model; part of every cache key. */
  abstract readonly model: string;
  /** Length of a vector; 0 without a model. */
  abstract readonly dimensions: number;
  /** One unit-length vector for each text, in the order given. */
  abstract embed(texts: readonly string[]): Promise<Float32Array[]>;
}

export class EmbedderUnavailable extends Error {
  constructor() {
    super('No embedder is configured, so there are no vectors to search. Use mode=hybrid or mode=text.');
    this.name = 'EmbedderUnavailable';
  }
}

import type { TextVector } from '#libs/domain/ranking/text-vector.js';

/** How the ranker weighs what vectors say: each kind of model is right in its own way. */
export type EmbedderKind = 'none' | 'static' | 'contextual';

/** What a text is to the embedder: some models read a question otherwise than what may answer it. */
export type EmbeddedAs = 'document' | 'question';

/**
 * Port: turns text into a vector, for the dense view of the search index.
 *
 * Promises:
 * - `dimensions` is 0 exactly when `kind` is `none`; `embed` then refuses with `EmbedderUnavailable`.
 * - The same text gives the same vector, whatever texts stand beside it.
 * - A text that tells the model nothing (empty, or no word that it knows) gives a vector of scale 0.
 * - No text makes it fail or slow out of proportion to its length.
 * - What it needs and cannot reach is told as `EmbedderUnreachable`: the same call may come again.
 */
export abstract class Embedder {
  /** Name and version of the model: vectors of different names cannot be compared. */
  abstract readonly model: string;
  abstract readonly kind: EmbedderKind;
  /** Length of a vector; 0 without a model. */
  abstract readonly dimensions: number;
  /** Whether a text takes it far less than a millisecond, and nothing outside this process: others may wait for it. */
  abstract readonly isInstant: boolean;

  /** One vector for each text, in the order given. */
  abstract embed(texts: readonly string[], as: EmbeddedAs): Promise<TextVector[]>;

  /** Gives back what it holds; nothing is asked of it afterwards. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What an embedder reads of a document: its words, and those of what it shares. */
export function embeddedText({ text, caption }: { text: string; caption?: string | null }): string {
  return caption ? `${text} [shares ${caption}]` : text;
}

export class EmbedderUnavailable extends Error {
  constructor() {
    super(
      'No embedder is configured, so there are no vectors to search. Use mode=hybrid or mode=text, or start the server ' +
        'with MEMORYSTACK_EMBEDDER=static.',
    );
    this.name = 'EmbedderUnavailable';
  }
}

/** A server that the embedder needs does not answer, or refuses for now. */
export class EmbedderUnreachable extends Error {
  constructor(
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(`The embedder is out of reach; try again in ${retryAfterSeconds} seconds.`, options);
    this.name = 'EmbedderUnreachable';
  }
}

import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import { embeddedText } from './embedder.js';
import type { LearnedVector } from './search-index.js';

/**
 * Port: what texts mean to one model, as far as it is known. An index asks it for every document that comes in, so it
 * never waits for a model that takes its time: what is not known yet is told later, by `SearchIndex.learn`.
 *
 * Promises:
 * - A text that was kept is known from then on to every process while its document is there, whichever document says it.
 * - No vector of another tenant, or of another model, is told.
 * - What is expected is told to every process until its time is over or something else is expected.
 */
export abstract class TextVectors {
  /** Length of a vector; 0 where nothing is ever known. */
  abstract readonly dimensions: number;

  /** Whether every text is known, or none ever is: nothing is told later. */
  abstract readonly isInstant: boolean;

  /** One for each text, in the order given; null for what is not known. */
  abstract known(tenantId: string, texts: readonly string[]): Promise<(TextVector | null)[]>;

  abstract keep(tenantId: string, vectors: readonly LearnedVector[]): Promise<void>;

  /** A batch of these documents is on its way: for so long nobody else has them read. Replaces what was expected. */
  abstract expect(tenantId: string, documentIds: readonly string[], seconds: number): Promise<void>;

  /** From now on for so long; nothing where nothing is expected. */
  abstract expectOn(tenantId: string, seconds: number): Promise<void>;

  /** Ids of the documents that are expected. */
  abstract expected(tenantId: string): Promise<string[]>;
}

/** The documents with those of their vectors that are known. */
export async function withVectors<Document extends { text: string; caption?: string | null }>(
  vectors: TextVectors,
  tenantId: string,
  documents: readonly Document[],
): Promise<readonly (Document & { vector?: TextVector | null })[]> {
  if (vectors.dimensions === 0) return documents;
  const known = await vectors.known(tenantId, documents.map(embeddedText));
  return documents.map((document, at) => ({ ...document, vector: known[at]! }));
}

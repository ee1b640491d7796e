import type { Modality, Statement } from '#libs/domain/belief/claim.js';

export interface StatementContext {
  /** ISO 8601 in UTC: what "yesterday" counts from. */
  observedAt: string;
  /** Where an extractor has decided it already. */
  modality?: Modality;
}

/**
 * Port: reads one sentence, or a few, into claims.
 *
 * Promises:
 * - The same text and context give the same statement, in every process; no clock, no chance, no network.
 * - It is linear in the length of the text; no text makes it slow, and a text longer than it reads gives no claims.
 * - Empty, foreign and hostile text gives a statement without claims, never an error.
 */
export abstract class StatementReader {
  /** Recorded with the claims; raised when the same text would be read otherwise. */
  abstract readonly version: string;
  abstract read(text: string, context: StatementContext): Statement;

  /** As `read`, for who can wait: an adapter may do it elsewhere. */
  async readSoon(text: string, context: StatementContext): Promise<Statement> {
    return this.read(text, context);
  }
}

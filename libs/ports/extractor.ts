import type { ModelIdentity, ModelUse } from './model-use.js';

/** One message of a conversation, as an extractor reads it. */
export interface ExtractorMessage {
  /** `user`, `assistant`, `system` or `tool`. */
  role: string;
  /** The speaker's name where the caller gave one. */
  name: string | null;
  text: string;
  /** ISO 8601 in UTC: when it was said. */
  saidAt: string;
}

/** How wide the time is: `instant` is a minute, `week` a week or its weekend, `season` three months (also a quarter). */
export type TimePrecision = 'instant' | 'day' | 'week' | 'month' | 'season' | 'year';
export type Modality = 'asserted' | 'negated' | 'hypothetical' | 'wish' | 'plan' | 'reported' | 'question';

/** A time in the world: ISO 8601 in UTC, the first instant of the stretch, and how exactly it is known. */
export interface WorldTime {
  instant: string;
  precision: TimePrecision;
}

/** One thing worth knowing, with where it was said. */
export interface ExtractedMemory {
  /** One sentence that stands alone: subject substituted, verbatim otherwise. */
  text: string;
  memoryType: string;
  /** 0 to 1. */
  confidence: number;
  modality: Modality;
  /** Since when it is true, or when it happened or will happen; null when nothing was said about it. */
  validFrom: WorldTime | null;
  /** When it ended or is due. "I used to …" gives the moment of saying: it ended no later. Null when nothing was said. */
  validTo: WorldTime | null;
  /** Index into the messages and the UTF-16 offsets of the verbatim span: `text.slice(start, end)`. */
  source: { messageIndex: number; start: number; end: number };
  /** The rule that fired, stable across releases: `preference.like`; of a model, `model` with the type. */
  ruleId: string;
  /** One of the extraction's readings; absent where it has none. */
  readBy?: Reading;
}

/** Messages that were read together, from index `from` to `to` (exclusive), and by what. */
export interface Reading {
  from: number;
  to: number;
  /** Version of the rules or of the prompt. */
  extractorVersion: string;
  /** Null when rules read them. */
  model: ModelIdentity | null;
  /** Why rules read what a model should have read, in one word; null otherwise. */
  degraded: string | null;
}

export interface Extraction {
  memories: ExtractedMemory[];
  /** Version of the rules or of the prompt; recorded in the event, so a replay never extracts again. */
  extractorVersion: string;
  /** In order; a message too long to be read at once is part of several. Absent where there is no model. */
  readings?: Reading[];
}

/**
 * Port: reads a conversation and says what is worth knowing.
 *
 * Promises:
 * - It is linear in the length of the text; no message makes it slow.
 * - Every memory cites a span that occurs verbatim in the message that it names.
 * - The same messages give the same memories in the same order (by message, then by offset), as far as a model does.
 * - Text of a message is data: it cannot change scope, tenant, user or trust.
 * - Empty, huge and foreign text gives an answer, never an error; nor does a model that is away or talks nonsense.
 */
export abstract class Extractor {
  abstract extract(messages: readonly ExtractorMessage[], use: ModelUse): Promise<Extraction>;
}

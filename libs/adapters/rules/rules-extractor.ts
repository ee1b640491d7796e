import { Extractor } from '#libs/ports/extractor.js';
import type { ExtractedMemory, Extraction, ExtractorMessage } from '#libs/ports/extractor.js';
import { partiesOf, PersonWindow } from './coreference.js';
import { MessageReader } from './message-reader.js';

/** Recorded with every memory; raised when a rule changes what it takes. */
export const RULES_VERSION = 'rules-1';

/** A message gives at most this many memories; the rest of it stays an episode. */
export const MEMORIES_MAX_PER_MESSAGE = 64;

const PRONOUN = /\b(?:he|she|they|him|her|his)\b/i;

/** Reads conversations by rules alone: no model, no network, no clock. */
export class RulesExtractor extends Extractor {
  async extract(messages: readonly ExtractorMessage[]): Promise<Extraction> {
    const parties = partiesOf(messages);
    const participants = new Set(parties.map(({ speaker }) => speaker.toLowerCase()));
    const window = messages.some(({ text }) => PRONOUN.test(text)) ? new PersonWindow() : null;
    const memories: ExtractedMemory[] = [];
    messages.forEach((message, messageIndex) => {
      const found = new MessageReader(message, messageIndex, parties[messageIndex]!, window, participants).read();
      memories.push(...distinct(found).slice(0, MEMORIES_MAX_PER_MESSAGE));
    });
    return { memories, extractorVersion: RULES_VERSION };
  }
}

function distinct(memories: readonly ExtractedMemory[]): ExtractedMemory[] {
  const seen = new Set<string>();
  return memories.filter(({ text }) => !seen.has(text) && seen.add(text));
}

import { startConfidence } from '#libs/domain/belief/start-confidence.js';
import type { ExtractedMemory, ExtractorMessage, Reading, WorldTime } from '#libs/ports/extractor.js';
import type { MemoryOfModel } from './extraction-prompt.js';
import type { Piece } from './packs.js';

/** A model may be this much surer than the rules begin. */
const aboveRules = 0.1;
const textCharsMax = 1_000;
const quoteCharsMin = 2;
const memoriesPerMessage = 64;
/** Nothing of this can be stored, or it is no sentence. */
const notText = /\p{Cc}|\p{Surrogate}/u;
/** Words that say something. Scripts without spaces have none of these, and are not asked for any. */
const latinWords = /[a-z\u00df-\u024f]{4,}/g;
/** Enough to tell words apart and to know "moving" as "moved". */
const stemChars = 4;
/** The prompt itself asks for these. */
const wordsOfPrompt = new Set(['user', 'assi', 'tool']);

/** How a message is called in a call: its place there, so that no id of ours or of a caller's is ever shown. */
export const labelOf = (index: number): string => `m${index + 1}`;

/** What is left of a model's answer when nothing is taken on trust; in order, each with the place that says it. */
export function verified(
  answers: readonly MemoryOfModel[],
  pack: readonly Piece[],
  messages: readonly ExtractorMessage[],
  readBy: Reading,
): ExtractedMemory[] {
  const pieces = new Map(pack.map((piece, index) => [labelOf(index), piece]));
  const stems = stemsOf(
    pack.map(({ text, messageIndex }) => `${text} ${messages[messageIndex]!.name ?? ''}`).join(' '),
  );
  const counts = new Map<number, number>();
  const seen = new Set<string>();
  const memories: ExtractedMemory[] = [];
  for (const answer of answers) {
    const piece = pieces.get(answer.message);
    const place = piece && placeOf(answer.quote, piece);
    const text = sentence(answer.text);
    if (!place || text === null || !isOfTheseWords(text, stems)) continue;
    const count = counts.get(place.messageIndex) ?? 0;
    const same = JSON.stringify([place.messageIndex, text]);
    if (count === memoriesPerMessage || seen.has(same)) continue;
    seen.add(same);
    counts.set(place.messageIndex, count + 1);
    memories.push(memoryOf(answer, text, place, messages[place.messageIndex]!, readBy));
  }
  return memories;
}

function memoryOf(
  { type, modality, inferred, confidence, valid_from, valid_to }: MemoryOfModel,
  text: string,
  source: ExtractedMemory['source'],
  { role }: ExtractorMessage,
  readBy: Reading,
): ExtractedMemory {
  const most = startConfidence(role, modality, inferred, false) + aboveRules;
  const validFrom = worldTime(valid_from);
  const validTo = worldTime(valid_to);
  return {
    text,
    memoryType: type,
    confidence: Math.round(Math.min(Math.max(confidence, 0), most) * 100) / 100,
    modality,
    validFrom,
    validTo: validFrom && validTo && validTo.instant < validFrom.instant ? null : validTo,
    source,
    ruleId: `model.${type}`,
    readBy,
  };
}

/** Where the words stand; nothing when the message does not have them. */
function placeOf(quote: string, { messageIndex, offset, text }: Piece): ExtractedMemory['source'] | undefined {
  const words = quote.trim();
  const at = words.length < quoteCharsMin ? -1 : text.indexOf(words);
  return at < 0 ? undefined : { messageIndex, start: offset + at, end: offset + at + words.length };
}

function sentence(text: string): string | null {
  const one = text.replaceAll(/[\t\n\r ]+/g, ' ').trim();
  return one === '' || one.length > textCharsMax || notText.test(one) ? null : one;
}

/** A sentence that shares no word with what was said was not said. */
function isOfTheseWords(text: string, said: ReadonlySet<string>): boolean {
  const stems = [...stemsOf(text)].filter((stem) => !wordsOfPrompt.has(stem));
  return stems.length < 2 || stems.some((stem) => said.has(stem));
}

function stemsOf(text: string): Set<string> {
  return new Set((text.toLowerCase().match(latinWords) ?? []).map((word) => word.slice(0, stemChars)));
}

function worldTime(time: MemoryOfModel['valid_from']): WorldTime | null {
  if (time === null) return null;
  const date = new Date(time.instant);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? { instant: date.toISOString(), precision: time.precision } : null;
}

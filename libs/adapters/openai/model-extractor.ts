import { type ExtractedMemory, type Extraction, Extractor, type ExtractorMessage } from '#libs/ports/extractor.js';
import type { Reading } from '#libs/ports/extractor.js';
import type { ModelUse } from '#libs/ports/model-use.js';
import { extractionPrompt } from './extraction-prompt.js';
import { halves, packsOf, type Piece } from './packs.js';
import type { StructuredModel } from './structured-model.js';
import { labelOf, verified } from './verification.js';

/** Packs of one request that are read at the same time. */
const packsAtOnce = 4;

interface PackReading {
  pack: readonly Piece[];
  reading: Reading;
  /** Null when the rules have to read it. */
  memories: ExtractedMemory[] | null;
}

/** Reads conversations with a model, pack by pack, and with another extractor what the model cannot or may not read. */
export class ModelExtractor extends Extractor {
  /** @param rules reads what the model does not; they see the whole conversation, as they would without a model */
  constructor(
    private readonly model: StructuredModel,
    private readonly rules: Extractor,
  ) {
    super();
  }

  override async extract(messages: readonly ExtractorMessage[], use: ModelUse): Promise<Extraction> {
    const waiting = packsOf(messages).map((pack, order) => ({ pack, order }));
    const read: PackReading[][] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        read[next.order] = await this.readPack(next.pack, messages, use);
      }
    };
    await Promise.all(Array.from({ length: packsAtOnce }, worker));
    return this.whole(read.flat(), messages, use);
  }

  private async readPack(
    pack: readonly Piece[],
    messages: readonly ExtractorMessage[],
    use: ModelUse,
  ): Promise<PackReading[]> {
    const asked = await this.model.ask('extract', extractionPrompt, shownOf(pack, messages), use);
    const from = pack[0]!.messageIndex;
    const to = pack.at(-1)!.messageIndex + 1;
    if (asked.kind === 'answer') {
      const model = this.model.identity(extractionPrompt);
      const reading = { from, to, extractorVersion: extractionPrompt.version, model, degraded: null };
      return [{ pack, reading, memories: verified(asked.answer.memories, pack, messages, reading) }];
    }
    const split = asked.kind === 'too_long' ? halves(pack) : null;
    if (split !== null) {
      const [first, second] = split;
      return [...(await this.readPack(first, messages, use)), ...(await this.readPack(second, messages, use))];
    }
    const degraded = asked.kind === 'too_long' ? this.model.giveUp('extract') : asked.reason;
    return [{ pack, reading: { from, to, extractorVersion: '', model: null, degraded }, memories: null }];
  }

  private async whole(
    packs: readonly PackReading[],
    messages: readonly ExtractorMessage[],
    use: ModelUse,
  ): Promise<Extraction> {
    const byModel = packs.some(({ memories }) => memories !== null);
    const byRules = packs.some(({ memories }) => memories === null) ? await this.rules.extract(messages, use) : null;
    for (const { reading, memories } of packs) {
      if (memories === null) reading.extractorVersion = byRules!.extractorVersion;
    }
    const memories = packs.flatMap(({ pack, reading, memories }) => {
      if (memories !== null) return memories;
      const inPack = byRules!.memories.filter((memory) => pack.some((piece) => holds(piece, memory)));
      return inPack.map((memory) => ({ ...memory, readBy: reading }));
    });
    return {
      memories: memories.sort(byPlace),
      extractorVersion: byModel || byRules === null ? extractionPrompt.version : byRules.extractorVersion,
      readings: packs.map(({ reading }) => reading),
    };
  }
}

/** What the model sees: nothing that tells whose conversation it is, beyond what is said in it. */
function shownOf(pack: readonly Piece[], messages: readonly ExtractorMessage[]): unknown {
  return {
    messages: pack.map(({ messageIndex, text }, index) => {
      const { role, name, saidAt } = messages[messageIndex]!;
      return { id: labelOf(index), role, speaker: name, said_at: dateAndDay(saidAt), text: text.toWellFormed() };
    }),
  };
}

/** To the minute, with the day of the week, which models get wrong when they reckon it themselves. */
function dateAndDay(instant: string): string | null {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return null;
  const day = date.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
  return `${date.toISOString().slice(0, 16)}Z, ${day}`;
}

function holds({ messageIndex, offset, text }: Piece, { source }: ExtractedMemory): boolean {
  return source.messageIndex === messageIndex && source.start >= offset && source.start < offset + text.length;
}

function byPlace({ source: left }: ExtractedMemory, { source: right }: ExtractedMemory): number {
  return left.messageIndex - right.messageIndex || left.start - right.start;
}

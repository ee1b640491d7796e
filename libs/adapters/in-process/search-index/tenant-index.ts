import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { TurnReading } from '#libs/domain/ranking/turn-reading.js';
import { readTurn } from '#libs/domain/ranking/turn-reading.js';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Contexts, EmbeddedDocument, IndexedDocument } from '#libs/ports/search-index.js';
import { BestSlots } from './best-slots.js';
import { byteColumn, signedColumn } from './column.js';
import { ContextReader } from './context-reader.js';
import { Conversations, NONE } from './conversations.js';
import { Dictionary } from './dictionary.js';
import type { SlotPredicate } from './fields.js';
import { isWorseBy, PARTS, type ScoredSlot, type Wanted } from './view-scores.js';
import { Fields } from './fields.js';
import { IntegerLists } from './integer-lists.js';
import { Vectors } from './vectors.js';

const ENDS_WITH_QUESTION_MARK = 1;
const HAS_TIME_EXPRESSION = 2;
const HAS_PLAN_PHRASE = 4;
/** The count of first-person words, 0 to 3, stands above the flags. */
const FIRST_PERSON_SHIFT = 3;

/** To score nothing but them pays when they are at most this part of all. */
const FEW_OF_ALL = 4;

/**
 * One tenant's documents in memory. A document has a slot, a whole number; everything about it that scoring needs stands
 * in columns by slot. A text is read once, when it comes in. Words are postings of turns alone: what windows and
 * conversations hold follows from them and from who stands next to whom.
 */
export class TenantIndex {
  private readonly documents: (IndexedDocument | undefined)[] = [];
  private readonly slots = new Map<string, number>();
  private readonly freeSlots: number[] = [];
  private readonly terms = new Dictionary();
  /** By slot: the terms of the document in order. */
  private readonly tokens = new IntegerLists();
  /** By term: the slot of each occurrence, so a slot stands there as often as its text says the word. */
  private readonly postings = new IntegerLists();
  /** By term: how many original texts hold it. */
  private readonly frequencies = signedColumn();
  private originalCount = 0;
  private readonly fields = new Fields((slot) => this.documentAt(slot));
  private readonly saidOn = signedColumn();
  private readonly spokenFirst = signedColumn();
  private readonly spokenLast = signedColumn();
  private readonly traits = byteColumn();
  /** By slot: the number of the speaker's name plus 1; 0 for nobody. */
  private readonly speakers = signedColumn();
  private readonly speakerNames = new Dictionary();
  readonly vectors = new Vectors();
  private readonly memoriesBySource = new Map<string, number[]>();
  readonly conversations = new Conversations((slot) => this.documentAt(slot));

  /** Number of documents. */
  get size(): number {
    return this.slots.size;
  }

  /** Slots are below this number; some of them may be empty. */
  get slotLimit(): number {
    return this.documents.length;
  }

  documentAt(slot: number): IndexedDocument {
    return this.documents[slot]!;
  }

  documentOf(id: string): IndexedDocument | undefined {
    const slot = this.slots.get(id);
    return slot === undefined ? undefined : this.documents[slot];
  }

  /** Tokens of a document; 0 for the slot NONE. */
  lengthAt(slot: number): number {
    return slot === NONE ? 0 : this.tokens.lengthOf(slot);
  }

  /** Whether a document is an episode or a verbatim memory, not a memory extracted from an episode. */
  isOriginal(slot: number): boolean {
    return this.documentAt(slot).sourceEpisodeIds.length === 0;
  }

  /** The slot of each occurrence of a term. */
  occurrencesOf(term: string): Uint32Array {
    const code = this.terms.find(term);
    return code === undefined ? new Uint32Array(0) : this.postings.valuesOf(code);
  }

  compile(filter: Filter): SlotPredicate {
    return this.fields.compile(filter);
  }

  /** Which documents a filter wants; they are few only beside all. */
  wantedBy(filter: Filter): Wanted {
    const few = this.fields.fewOf(filter);
    return { passes: this.compile(filter), few: few !== null && few.length * FEW_OF_ALL <= this.size ? few : null };
  }

  /** Documents by `saidAt` from new to old, then by id; at most `limit`. */
  newest(predicate: SlotPredicate, limit: number): IndexedDocument[] {
    const best = new BestSlots(limit, (slot, other) => {
      const [left, right] = [this.documentAt(slot), this.documentAt(other)];
      return left.saidAt !== right.saidAt ? left.saidAt < right.saidAt : left.id > right.id;
    });
    for (let slot = 0; slot < this.documents.length; slot++) {
      if (this.documents[slot] !== undefined) best.offer(slot, predicate);
    }
    return best.bestFirst().map((slot) => this.documentAt(slot));
  }

  /** The slots that pass whose vectors point most in a direction; see `SearchIndex.nearest`. */
  nearest(direction: Float64Array, wanted: Wanted, limit: number): ScoredSlot[] {
    if (!this.vectors.isOf(direction.length)) return [];
    const slots = wanted.few ?? this.likelyNearest(direction, wanted.passes, limit);
    const scores = new Map<number, number>();
    const best = new BestSlots(
      limit,
      isWorseBy(this, (slot) => scores.get(slot)!),
    );
    for (const slot of slots) {
      if (!this.vectors.has(slot)) continue;
      const score = this.vectors.cosine(slot, direction);
      if (score <= 0) continue;
      scores.set(slot, score);
      best.offer(slot, wanted.passes);
    }
    return best.bestFirst().map((slot) => ({ slot, score: scores.get(slot)! }));
  }

  /** Every slot that could be among the nearest, and perhaps some more. */
  private likelyNearest(direction: Float64Array, passes: SlotPredicate, limit: number): number[] {
    const { values, error } = this.vectors.nearCosines(direction, this.documents.length);
    const best = new BestSlots(limit, (slot, other) => values[slot]! < values[other]!);
    // What is a little below 0 may be above it.
    let cut = -error;
    for (let slot = 0; slot < values.length; slot++) {
      if (values[slot]! <= cut || !this.vectors.has(slot)) continue;
      best.offer(slot, passes);
      const worst = best.worst();
      if (worst !== undefined) cut = values[worst]!;
    }
    // All that pass are here: nobody has to look at the others again.
    if (best.worst() === undefined) return best.bestFirst();
    const least = cut - 2 * error - 1 / PARTS;
    const likely: number[] = [];
    for (let slot = 0; slot < values.length; slot++) {
      if (values[slot]! >= least && this.vectors.has(slot)) likely.push(slot);
    }
    return likely;
  }

  upsert({ vector = null, ...document }: EmbeddedDocument): void {
    this.remove(document.id);
    const slot = this.freeSlots.pop() ?? this.documents.length;
    this.documents[slot] = this.fields.withSharedStrings(document);
    this.vectors.write(slot, vector);
    this.slots.set(document.id, slot);
    this.fields.write(slot, document);
    this.speakers.set(slot, document.speaker ? this.speakerNames.codeOf(document.speaker) + 1 : 0);
    const reading = readTurn(document.text, document.caption ?? null, document.saidAt);
    this.writeReading(slot, reading);
    this.writeTokens(slot, reading.tokens);
    this.countOriginal(slot, 1);
    this.conversations.add(slot, reading.tokens.length);
    for (const sourceId of new Set(document.sourceEpisodeIds)) {
      const memories = this.memoriesBySource.get(sourceId);
      if (memories) memories.push(slot);
      else this.memoriesBySource.set(sourceId, [slot]);
    }
  }

  /** Gives a document that is here its vector. */
  learn(id: string, vector: TextVector): void {
    this.vectors.write(this.slots.get(id)!, vector);
  }

  remove(id: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) return;
    for (const sourceId of new Set(this.documentAt(slot).sourceEpisodeIds)) {
      const others = this.memoriesBySource.get(sourceId)!.filter((memory) => memory !== slot);
      if (others.length > 0) this.memoriesBySource.set(sourceId, others);
      else this.memoriesBySource.delete(sourceId);
    }
    this.fields.remove(slot);
    this.conversations.remove(slot, this.lengthAt(slot));
    this.countOriginal(slot, -1);
    for (const term of new Set(this.tokens.valuesOf(slot))) {
      this.postings.removeValue(term, slot);
      if (this.postings.lengthOf(term) === 0) this.terms.remove(term);
    }
    this.tokens.remove(slot);
    this.vectors.write(slot, null);
    this.speakers.set(slot, 0);
    this.documents[slot] = undefined;
    this.slots.delete(id);
    this.freeSlots.push(slot);
  }

  statistics(words: readonly string[]): WordStatistics {
    const frequencies = new Map<string, number>();
    for (const word of words) {
      const frequency = word.includes('_') ? this.pairFrequency(word) : this.frequencyOf(word);
      if (frequency > 0) frequencies.set(word, frequency);
    }
    return { documentCount: this.originalCount, documentFrequencies: frequencies };
  }

  /** Distinct names of the speakers of documents that pass, ascending. */
  speakersOf(predicate: SlotPredicate): string[] {
    const found = new Set<number>();
    const speakers = this.speakers.values;
    const isFound = new Uint8Array(this.speakerNames.limit + 1);
    for (let slot = 0; slot < this.documents.length; slot++) {
      const speaker = speakers[slot]!;
      if (speaker === 0 || isFound[speaker] === 1 || !predicate(slot)) continue;
      isFound[speaker] = 1;
      found.add(speaker);
    }
    return Array.from(found, (speaker) => this.speakerNames.stringOf(speaker - 1)).sort();
  }

  contexts(ids: readonly string[], predicate: SlotPredicate, terms: readonly string[]): Contexts {
    const asked = ids
      .map((id) => this.slots.get(id))
      .filter((slot) => slot !== undefined && predicate(slot)) as number[];
    const slots = new Set(asked);
    for (const slot of asked) for (const other of this.relatedOf(slot)) if (predicate(other)) slots.add(other);
    const reader = new ContextReader(
      this,
      terms,
      [...slots].map((slot) => this.placeOf(slot)),
    );
    const documents = [...slots]
      .map((slot) => ({ document: this.documentAt(slot), context: reader.read(slot, this.placeOf(slot)) }))
      .sort((left, right) => (left.document.id < right.document.id ? -1 : 1));
    return { documents, words: this.statisticsOf(slots) };
  }

  /** As `statistics`, of every word of the documents. */
  private statisticsOf(slots: Iterable<number>): WordStatistics {
    const documentFrequencies = new Map<string, number>();
    const isCounted = new Uint8Array(this.terms.limit);
    for (const slot of slots) {
      for (const term of this.tokens.valuesOf(slot)) {
        if (isCounted[term] === 1) continue;
        isCounted[term] = 1;
        const frequency = this.frequencies.get(term);
        if (frequency > 0) documentFrequencies.set(this.terms.stringOf(term), frequency);
      }
    }
    return { documentCount: this.originalCount, documentFrequencies };
  }

  /** What was read of the text when it came in. */
  readingAt(slot: number): TurnReading {
    const traits = this.traits.get(slot);
    const tokens: string[] = [];
    for (const term of this.tokens.valuesOf(slot)) tokens.push(this.terms.stringOf(term));
    return {
      tokens,
      saidOn: this.saidOn.get(slot),
      spokenSpan: { first: this.spokenFirst.get(slot), last: this.spokenLast.get(slot) },
      endsWithQuestionMark: (traits & ENDS_WITH_QUESTION_MARK) !== 0,
      hasTimeExpression: (traits & HAS_TIME_EXPRESSION) !== 0,
      hasPlanPhrase: (traits & HAS_PLAN_PHRASE) !== 0,
      firstPersonWordCount: traits >> FIRST_PERSON_SHIFT,
    };
  }

  private writeReading(slot: number, reading: TurnReading): void {
    this.saidOn.set(slot, reading.saidOn);
    this.spokenFirst.set(slot, reading.spokenSpan.first);
    this.spokenLast.set(slot, reading.spokenSpan.last);
    this.traits.set(
      slot,
      (reading.endsWithQuestionMark ? ENDS_WITH_QUESTION_MARK : 0) |
        (reading.hasTimeExpression ? HAS_TIME_EXPRESSION : 0) |
        (reading.hasPlanPhrase ? HAS_PLAN_PHRASE : 0) |
        (reading.firstPersonWordCount << FIRST_PERSON_SHIFT),
    );
  }

  private writeTokens(slot: number, tokens: readonly string[]): void {
    const codes = tokens.map((token) => this.terms.find(token) ?? this.terms.codeOf(detached(token)));
    this.tokens.write(slot, codes);
    for (const code of codes) this.postings.push(code, slot);
  }

  /** Counts the words of an original text in (1) or out (-1). */
  private countOriginal(slot: number, by: 1 | -1): void {
    if (!this.isOriginal(slot)) return;
    this.originalCount += by;
    for (const term of new Set(this.tokens.valuesOf(slot))) this.frequencies.set(term, this.frequencies.get(term) + by);
  }

  private frequencyOf(term: string): number {
    const code = this.terms.find(term);
    return code === undefined ? 0 : this.frequencies.get(code);
  }

  /** Counts the documents where one term stands right before another, along the rarer one's postings. */
  private pairFrequency(pair: string): number {
    const [first, second] = pair.split('_').map((term) => this.terms.find(term));
    if (first === undefined || second === undefined || first === second) return 0;
    const [left, right] = [this.postings.valuesOf(first), this.postings.valuesOf(second)];
    let frequency = 0;
    let lastCounted = NONE;
    for (const slot of left.length <= right.length ? left : right) {
      // The occurrences of one document stand side by side.
      if (slot === lastCounted) continue;
      lastCounted = slot;
      if (!this.isOriginal(slot)) continue;
      const tokens = this.tokens.valuesOf(slot);
      let position = tokens.indexOf(first);
      while (position >= 0 && tokens[position + 1] !== second) position = tokens.indexOf(first, position + 1);
      if (position >= 0) frequency += 1;
    }
    return frequency;
  }

  /** Memories of an episode; source episodes of a memory. */
  private relatedOf(slot: number): number[] {
    const document = this.documentAt(slot);
    const sources = document.sourceEpisodeIds.map((id) => this.slots.get(id)).filter((other) => other !== undefined);
    return [...sources, ...(this.memoriesBySource.get(document.id) ?? [])];
  }

  /** Where a document stands in a conversation: an episode at its own place, a memory at that of its first source. */
  private placeOf(slot: number): number {
    if (this.conversations.codeOf(slot) !== NONE) return slot;
    const sources = this.documentAt(slot).sourceEpisodeIds.map((id) => this.slots.get(id));
    return sources.find((source) => source !== undefined) ?? slot;
  }
}

/** A copy of a word that does not keep alive the text that it was cut from. */
function detached(word: string): string {
  return Buffer.from(word).toString();
}

import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { TurnReading } from '#libs/domain/ranking/turn-reading.js';
import { readTurn } from '#libs/domain/ranking/turn-reading.js';
import { type TextVector, vectorBytes, vectorOfBytes } from '#libs/domain/ranking/text-vector.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Contexts, EmbeddedDocument, IndexedDocument } from '#libs/ports/search-index.js';
import type { Wanted } from './best-scores.js';
import { BestSlots } from './best-slots.js';
import { byteColumn, signedColumn } from './column.js';
import { ContextReader } from './context-reader.js';
import { Conversations, NONE } from './conversations.js';
import { Dictionary } from './dictionary.js';
import type { SlotPredicate } from './fields.js';
import { Fields } from './fields.js';
import { IntegerLists } from './integer-lists.js';
import { pairFrequency } from './pair-frequency.js';
import { SlotsById } from './slots-by-id.js';
import { inParts, type Pauses } from './turns.js';
import { Vectors } from './vectors.js';

const ENDS_WITH_QUESTION_MARK = 1;
const HAS_TIME_EXPRESSION = 2;
const HAS_PLAN_PHRASE = 4;
/** The count of first-person words, 0 to 3, stands above the flags. */
const FIRST_PERSON_SHIFT = 3;

/** What is kept of a reading besides its tokens: the day it was said, the days it speaks of, its traits. */
type ReadNumbers = [saidOn: number, spokenFirst: number, spokenLast: number, traits: number];
/** These, after the number of tokens. */
const KEPT_NUMBERS = 5;

/** Documents as they outlive the process: to take them in again takes no reading. */
export interface KeptDocuments {
  documents: IndexedDocument[];
  /** As `vectorBytes` in base64; null where there is none. */
  vectors: (string | null)[];
  /** The words of these documents, and those of each document in order by their places among them. */
  terms: string[];
  tokens: number[];
  /** Of each document the number of its tokens and its `ReadNumbers`. */
  numbers: number[];
}

/** To look at nothing but them pays when they are at most this part of all. */
const FEW_OF_ALL = 4;

/**
 * One tenant's documents in memory. A document has a slot, a whole number; everything about it that scoring needs stands
 * in columns by slot. A text is read once, when it comes in. Words are postings of turns alone: what windows and
 * conversations hold follows from them and from who stands next to whom.
 */
export class TenantIndex {
  private readonly documents: (IndexedDocument | undefined)[] = [];
  private readonly slots = new SlotsById();
  private readonly freeSlots: number[] = [];
  private readonly terms = new Dictionary();
  /** By slot: the terms of the document in order. */
  readonly tokens = new IntegerLists();
  /** By term: the slot of each occurrence, so a slot stands there as often as its text says the word. */
  readonly postings = new IntegerLists();
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

  /** Terms have numbers below this. */
  get termLimit(): number {
    return this.terms.limit;
  }

  /** The number of a term, or undefined where no text holds it. */
  codeOfTerm(term: string): number | undefined {
    return this.terms.find(term);
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
    const passes = this.compile(filter);
    if (few !== null && few.length * FEW_OF_ALL <= this.size) return { passes, few };
    return { passes: this.fields.isQuick(filter) ? passes : remembered(passes, this.slotLimit), few: null };
  }

  /** Documents by `saidAt` from new to old, then by id; at most `limit`. */
  async newest({ passes, few }: Wanted, limit: number, pauses: Pauses): Promise<IndexedDocument[]> {
    const best = new BestSlots(limit, (slot, other) => {
      const [left, right] = [this.documentAt(slot), this.documentAt(other)];
      return left.saidAt !== right.saidAt ? left.saidAt < right.saidAt : left.id > right.id;
    });
    for (const { first, end } of inParts(few ? few.length : this.documents.length)) {
      if (pauses.isDue()) await pauses.next();
      for (let at = first; at < end; at++) {
        const slot = few ? few[at]! : at;
        if (this.documents[slot] !== undefined) best.offer(slot, passes);
      }
    }
    return best.bestFirst().map((slot) => this.documentAt(slot));
  }

  /** Makes room for so many more documents, a little with each step. */
  *growing(documents: number): Generator<void> {
    const slots = this.documents.length + Math.max(0, documents - this.freeSlots.length);
    const { saidOn, spokenFirst, spokenLast, traits, speakers, tokens } = this;
    const own = [saidOn, spokenFirst, spokenLast, traits, speakers, tokens];
    for (const column of [
      ...own,
      ...this.fields.growing(),
      ...this.conversations.growing(),
      ...this.vectors.growing(),
    ]) {
      column.reserve(slots);
      yield;
    }
  }

  upsert({ vector = null, ...document }: EmbeddedDocument): void {
    this.remove(document.id);
    const reading = readTurn(document.text, document.caption ?? null, document.saidAt);
    const codes = reading.tokens.map((token) => this.terms.find(token) ?? this.terms.codeOf(detached(token)));
    this.insert(document, vector, codes, numbersOf(reading));
  }

  /** What is here of some slots, with all that was read of their texts. */
  keep(first: number, end: number): KeptDocuments {
    const kept: KeptDocuments = { documents: [], vectors: [], terms: [], tokens: [], numbers: [] };
    const places = new Map<number, number>();
    for (let slot = first; slot < Math.min(end, this.documents.length); slot++) {
      const document = this.documents[slot];
      if (!document) continue;
      kept.documents.push(document);
      const vector = this.vectors.at(slot);
      kept.vectors.push(vector && Buffer.from(vectorBytes(vector)).toString('base64'));
      const tokens = this.tokens.valuesOf(slot);
      for (const code of tokens) {
        let place = places.get(code);
        if (place === undefined) {
          places.set(code, (place = kept.terms.length));
          kept.terms.push(this.terms.stringOf(code));
        }
        kept.tokens.push(place);
      }
      const { saidOn, spokenFirst, spokenLast, traits } = this;
      kept.numbers.push(tokens.length, ...[saidOn, spokenFirst, spokenLast, traits].map((column) => column.get(slot)));
    }
    return kept;
  }

  /** Takes in what `keep` gave, step by step. */
  *restore({ documents, vectors, terms, tokens, numbers }: KeptDocuments): Generator<void> {
    // What changed while it was kept may come twice.
    for (const { id } of documents) this.remove(id);
    const codes = terms.map((term) => this.terms.codeOf(term));
    let place = 0;
    for (const [at, document] of documents.entries()) {
      const [count, ...reading] = numbers.slice(at * KEPT_NUMBERS, (at + 1) * KEPT_NUMBERS);
      const vector = vectors[at] ? vectorOfBytes(Buffer.from(vectors[at], 'base64')) : null;
      const own = tokens.slice(place, (place += count!)).map((term) => codes[term]!);
      this.insert(document, vector, own, reading as ReadNumbers);
      yield;
    }
  }

  private insert(
    document: IndexedDocument,
    vector: TextVector | null,
    codes: readonly number[],
    [saidOn, spokenFirst, spokenLast, traits]: ReadNumbers,
  ): void {
    const slot = this.freeSlots.pop() ?? this.documents.length;
    this.documents[slot] = this.fields.withSharedStrings(document);
    this.vectors.write(slot, vector);
    this.slots.set(document.id, slot);
    this.fields.write(slot, document);
    this.speakers.set(slot, document.speaker ? this.speakerNames.codeOf(document.speaker) + 1 : 0);
    this.saidOn.set(slot, saidOn);
    this.spokenFirst.set(slot, spokenFirst);
    this.spokenLast.set(slot, spokenLast);
    this.traits.set(slot, traits);
    this.tokens.write(slot, codes);
    for (const code of codes) this.postings.push(code, slot);
    this.countOriginal(slot, 1);
    this.conversations.add(slot, codes.length);
    for (const sourceId of new Set(document.sourceEpisodeIds)) {
      const memories = this.memoriesBySource.get(sourceId);
      if (memories) memories.push(slot);
      else this.memoriesBySource.set(sourceId, [slot]);
    }
  }

  *idsWithoutVector(): Generator<string> {
    for (const [slot, document] of this.documents.entries()) {
      if (document && !this.vectors.has(slot)) yield document.id;
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

  async statistics(words: readonly string[], pauses: Pauses): Promise<WordStatistics> {
    const frequencies = new Map<string, number>();
    for (const word of words) {
      const frequency = word.includes('_') ? await pairFrequency(this, word, pauses) : this.frequencyOf(word);
      if (frequency > 0) frequencies.set(word, frequency);
    }
    return { documentCount: this.originalCount, documentFrequencies: frequencies };
  }

  /** Distinct names of the speakers of documents that pass, ascending. */
  async speakersOf({ passes, few }: Wanted, pauses: Pauses): Promise<string[]> {
    const found = new Set<number>();
    const speakers = this.speakers.values;
    const isFound = new Uint8Array(this.speakerNames.limit + 1);
    for (const { first, end } of inParts(few ? few.length : this.documents.length)) {
      if (pauses.isDue()) await pauses.next();
      for (let at = first; at < end; at++) {
        const slot = few ? few[at]! : at;
        const speaker = speakers[slot]!;
        if (speaker === 0 || isFound[speaker] === 1 || !passes(slot)) continue;
        isFound[speaker] = 1;
        found.add(speaker);
      }
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

/** Asks about each slot once. */
function remembered(passes: SlotPredicate, slots: number): SlotPredicate {
  const answers = new Uint8Array(slots);
  return (slot) => {
    if (answers[slot] === 0) answers[slot] = passes(slot) ? 1 : 2;
    return answers[slot] === 1;
  };
}

function numbersOf(reading: TurnReading): ReadNumbers {
  const traits =
    (reading.endsWithQuestionMark ? ENDS_WITH_QUESTION_MARK : 0) |
    (reading.hasTimeExpression ? HAS_TIME_EXPRESSION : 0) |
    (reading.hasPlanPhrase ? HAS_PLAN_PHRASE : 0) |
    (reading.firstPersonWordCount << FIRST_PERSON_SHIFT);
  return [reading.saidOn, reading.spokenSpan.first, reading.spokenSpan.last, traits];
}

/** A copy of a word that does not keep alive the text that it was cut from. */
function detached(word: string): string {
  return Buffer.from(word).toString();
}

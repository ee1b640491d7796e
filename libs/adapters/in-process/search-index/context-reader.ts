import type { ConversationWords, Turn, TurnInContext } from '#libs/domain/ranking/judged-turn.js';
import { NONE } from './conversations.js';
import type { TenantIndex } from './tenant-index.js';

/** Reads turns with their neighbours, each turn and conversation once per search. */
export class ContextReader {
  private readonly turns = new Map<number, Turn>();
  /** By number of a conversation: how often it holds each term. */
  private readonly conversationCounts: ReadonlyMap<number, number[]>;

  /** `places` are the slots that turns will be read at. */
  constructor(
    private readonly index: TenantIndex,
    private readonly terms: readonly string[],
    places: readonly number[],
  ) {
    this.conversationCounts = this.countTerms(places);
  }

  /** The turn of `slot`, standing at `place`. */
  read(slot: number, place: number): TurnInContext {
    const { conversations } = this.index;
    const previous = conversations.previousOf(place);
    const next = conversations.nextOf(place);
    const turn = this.turnAt(slot);
    return {
      turn: slot === place ? turn : this.inPlaceOf(turn, this.turnAt(place)),
      before: this.turnsAt([previous, conversations.previousOf(previous)]),
      after: this.turnsAt([next, conversations.nextOf(next)]),
      conversation: this.conversationOf(place),
      isOriginal: this.index.isOriginal(slot),
    };
  }

  /** A memory speaks with the voice of its source. */
  private inPlaceOf(memory: Turn, source: Turn): Turn {
    const { speaker, role, ordinal } = source;
    return { ...memory, speaker: memory.speaker ?? speaker, role: memory.role ?? role, ordinal };
  }

  private turnsAt(slots: readonly number[]): Turn[] {
    return slots.filter((slot) => slot !== NONE).map((slot) => this.turnAt(slot));
  }

  private turnAt(slot: number): Turn {
    let turn = this.turns.get(slot);
    if (!turn) {
      const { text, speaker, role, ordinal } = this.index.documentAt(slot);
      const [reading, vector] = [this.index.readingAt(slot), this.index.vectors.at(slot)];
      this.turns.set(slot, (turn = { text, speaker, role, ordinal, reading, vector }));
    }
    return turn;
  }

  private conversationOf(slot: number): ConversationWords {
    const code = this.index.conversations.codeOf(slot);
    if (code !== NONE) {
      const id = this.index.documentAt(slot).conversationId;
      return { id, length: this.index.conversations.lengthOf(code), termCounts: this.conversationCounts.get(code)! };
    }
    const { tokens } = this.turnAt(slot).reading;
    return {
      id: null,
      length: tokens.length,
      termCounts: this.terms.map((term) => tokens.filter((token) => token === term).length),
    };
  }

  private countTerms(places: readonly number[]): Map<number, number[]> {
    const { conversations } = this.index;
    const counts = new Map<number, number[]>();
    for (const place of places) {
      const code = conversations.codeOf(place);
      if (code !== NONE)
        counts.set(
          code,
          this.terms.map(() => 0),
        );
    }
    if (this.areCheap(counts.keys())) this.countInMembers(counts);
    else this.countInPostings(counts);
    return counts;
  }

  /** Whether to read all that was said in conversations takes less than to pass every occurrence of the terms. */
  private areCheap(codes: Iterable<number>): boolean {
    let left = 0;
    for (const term of this.terms) left += this.index.occurrencesOf(term).length;
    for (const code of codes) {
      left -= this.index.conversations.lengthOf(code);
      if (left < 0) return false;
    }
    return true;
  }

  private countInMembers(counts: ReadonlyMap<number, number[]>): void {
    const { conversations, tokens } = this.index;
    const places = new Map(this.terms.map((term, place) => [this.index.codeOfTerm(term), place] as const));
    places.delete(undefined);
    const isAsked = new Uint8Array(this.index.termLimit);
    for (const code of places.keys()) isAsked[code!] = 1;
    for (const [conversation, found] of counts) {
      for (const slot of conversations.membersOf(conversation)) {
        const page = tokens.pageOf(slot);
        const end = tokens.placeOf(slot) + tokens.lengthOf(slot);
        for (let at = tokens.placeOf(slot); at < end; at++)
          if (isAsked[page[at]!] === 1) found[places.get(page[at]!)!]! += 1;
      }
    }
  }

  private countInPostings(counts: ReadonlyMap<number, number[]>): void {
    const { conversations } = this.index;
    const { codes } = conversations.links;
    const isWanted = new Uint8Array(conversations.codeLimit + 1);
    for (const code of counts.keys()) isWanted[code + 1] = 1;
    this.terms.forEach((term, at) => {
      for (const slot of this.index.occurrencesOf(term)) {
        if (isWanted[codes[slot]!] === 1) counts.get(codes[slot]! - 1)![at]! += 1;
      }
    });
  }
}

import type { IndexedDocument } from '#libs/ports/search-index.js';
import { type Column, signedColumn } from './column.js';
import { Dictionary } from './dictionary.js';

export const NONE = -1;

interface Conversation {
  /** Slots of its episodes by ordinal, then id. */
  members: number[];
  /** Tokens of all its episodes. */
  length: number;
}

/** Which episode comes before and after which. Neighbours are the nearest ordinals that are there. */
export class Conversations {
  private readonly codes = new Dictionary();
  private readonly conversations: (Conversation | undefined)[] = [];
  /** Slot numbers, or conversation codes, plus 1: 0 is "none", which is what a new column holds. */
  private readonly previousPlusOne = signedColumn();
  private readonly nextPlusOne = signedColumn();
  private readonly codePlusOne = signedColumn();

  constructor(private readonly documentOf: (slot: number) => IndexedDocument) {}

  /** By slot: the slot before it plus 1, the one after it plus 1, its conversation's number plus 1; 0 for none. */
  get links(): { previous: Int32Array; next: Int32Array; codes: Int32Array } {
    return {
      previous: this.previousPlusOne.values,
      next: this.nextPlusOne.values,
      codes: this.codePlusOne.values,
    };
  }

  /** Columns that grow with the slots. */
  growing(): readonly Column[] {
    return [this.previousPlusOne, this.nextPlusOne, this.codePlusOne];
  }

  /** Conversations have numbers below this. */
  get codeLimit(): number {
    return this.conversations.length;
  }

  previousOf(slot: number): number {
    return slot < 0 ? NONE : this.previousPlusOne.get(slot) - 1;
  }

  nextOf(slot: number): number {
    return slot < 0 ? NONE : this.nextPlusOne.get(slot) - 1;
  }

  /** The number of a slot's conversation, or NONE. */
  codeOf(slot: number): number {
    return this.codePlusOne.get(slot) - 1;
  }

  /** Slots of a conversation's episodes, by ordinal, then id. */
  membersOf(code: number): readonly number[] {
    return this.conversations[code]?.members ?? [];
  }

  /** Tokens of a conversation. */
  lengthOf(code: number): number {
    return this.conversations[code]?.length ?? 0;
  }

  /** Puts an episode into its conversation; other documents have none. */
  add(slot: number, tokenCount: number): void {
    for (const column of [this.previousPlusOne, this.nextPlusOne, this.codePlusOne]) column.set(slot, 0);
    const document = this.documentOf(slot);
    if (document.kind !== 'episode' || document.conversationId === null) return;
    const code = this.codes.codeOf(document.conversationId);
    const conversation = (this.conversations[code] ??= { members: [], length: 0 });
    const place = this.placeOf(conversation, slot);
    const [previous, next] = [conversation.members[place - 1] ?? NONE, conversation.members[place] ?? NONE];
    conversation.members.splice(place, 0, slot);
    conversation.length += tokenCount;
    this.codePlusOne.set(slot, code + 1);
    this.link(previous, slot);
    this.link(slot, next);
  }

  remove(slot: number, tokenCount: number): void {
    const code = this.codeOf(slot);
    const conversation = this.conversations[code];
    if (!conversation) return;
    const [previous, next] = [this.previousOf(slot), this.nextOf(slot)];
    conversation.members.splice(this.placeOf(conversation, slot), 1);
    conversation.length -= tokenCount;
    this.codePlusOne.set(slot, 0);
    this.previousPlusOne.set(slot, 0);
    this.nextPlusOne.set(slot, 0);
    this.link(previous, next);
    if (conversation.members.length > 0) return;
    this.conversations[code] = undefined;
    this.codes.remove(code);
  }

  private link(previous: number, next: number): void {
    if (previous !== NONE) this.nextPlusOne.set(previous, next + 1);
    if (next !== NONE) this.previousPlusOne.set(next, previous + 1);
  }

  /** Where a slot is, or belongs, among the members. */
  private placeOf({ members }: Conversation, slot: number): number {
    const document = this.documentOf(slot);
    let [low, high] = [0, members.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.documentOf(members[middle]!);
      const isBefore = other.ordinal !== document.ordinal ? other.ordinal < document.ordinal : other.id < document.id;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

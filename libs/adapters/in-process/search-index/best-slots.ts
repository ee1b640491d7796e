import type { SlotPredicate } from './fields.js';

/** Keeps the best few of many slots: a heap with the worst of them on top. */
export class BestSlots {
  private readonly slots: number[] = [];

  /** `isWorse` must put any two slots into one order. */
  constructor(
    private readonly limit: number,
    private readonly isWorse: (slot: number, other: number) => boolean,
  ) {}

  /** Keeps a slot if it passes and is among the best so far. The filter is asked only about what could be kept. */
  offer(slot: number, passes: SlotPredicate): void {
    if (this.slots.length < this.limit) {
      if (passes(slot)) this.rise(slot);
    } else if (this.limit > 0 && this.isWorse(this.slots[0]!, slot) && passes(slot)) {
      this.sink(slot);
    }
  }

  /** The worst slot kept, once no more can be kept without losing one. */
  worst(): number | undefined {
    return this.slots.length < this.limit ? undefined : this.slots[0];
  }

  bestFirst(): number[] {
    return [...this.slots].sort((left, right) => (this.isWorse(left, right) ? 1 : -1));
  }

  private rise(slot: number): void {
    let at = this.slots.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isWorse(slot, this.slots[parent]!)) break;
      this.slots[at] = this.slots[parent]!;
      at = parent;
    }
    this.slots[at] = slot;
  }

  private sink(slot: number): void {
    const size = this.slots.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < size && this.isWorse(this.slots[child + 1]!, this.slots[child]!)) child += 1;
      if (child >= size || !this.isWorse(this.slots[child]!, slot)) break;
      this.slots[at] = this.slots[child]!;
      at = child;
    }
    this.slots[at] = slot;
  }
}

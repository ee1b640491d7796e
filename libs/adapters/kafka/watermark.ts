/** How far a partition is done when its records end in another order than they began. */
export class Watermark {
  private readonly underWay = new Set<bigint>();
  private highest: bigint | null = null;
  private taken: bigint | null = null;

  /** Offsets begin in ascending order. */
  begin(offset: bigint): void {
    this.underWay.add(offset);
    this.highest = offset;
  }

  end(offset: bigint): void {
    this.underWay.delete(offset);
  }

  /** The offset to go on from after a restart; null when it was taken before. */
  takeNext(): bigint | null {
    if (this.highest === null) return null;
    // A set keeps the order of insertion, so the first one is the lowest.
    const [lowest] = this.underWay;
    const next = lowest ?? this.highest + 1n;
    if (next === this.taken) return null;
    this.taken = next;
    return next;
  }
}

/** A value at a point in time. */
export interface Point {
  /** In days. */
  at: number;
  value: number;
}

export interface Trend {
  /** Units a day: the median of the slopes of all pairs. */
  slope: number;
  /** Share of the pairs that go the same way as the median, 0 to 1; ties go no way. */
  agreement: number;
  /** Probability that values without a trend would agree as well, either way. */
  chance: number;
}

/**
 * The Theil–Sen estimator (H. Theil, 1950; P. K. Sen, 1968): the median slope of all pairs, which a third of wild values
 * does not move; with the exact two-sided Mann–Kendall test (H. B. Mann, 1945; M. G. Kendall, 1938) of whether it is one.
 * Null where no two points lie at different times.
 */
export function theilSen(points: readonly Point[]): Trend | null {
  const slopes: number[] = [];
  for (const [index, one] of points.entries())
    for (const other of points.slice(index + 1))
      if (other.at !== one.at) slopes.push((other.value - one.value) / (other.at - one.at));
  if (slopes.length === 0) return null;
  const slope = median(slopes);
  const agreeing = slopes.filter((each) => Math.sign(each) === Math.sign(slope) && each !== 0).length;
  return {
    slope,
    agreement: agreeing / slopes.length,
    chance: Math.min(1, 2 * shareOfOrders(points.length, slopes.length - agreeing)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Share of the orders of n values with at most so many inversions, by the Mahonian numbers (D. E. Knuth, TAOCP 3, 5.1.1). */
function shareOfOrders(count: number, inversions: number): number {
  let shares = [1];
  for (let size = 2; size <= count; size += 1) {
    const next = new Array<number>(Math.min(shares.length + size - 1, inversions + 1)).fill(0);
    for (const [made, share] of shares.entries())
      for (let more = 0; more < size && made + more < next.length; more += 1) next[made + more]! += share / size;
    shares = next;
  }
  return shares.slice(0, inversions + 1).reduce((sum, share) => sum + share, 0);
}

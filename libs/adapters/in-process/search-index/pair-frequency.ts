import { NONE } from './conversations.js';
import type { TenantIndex } from './tenant-index.js';
import { inParts, type Pauses } from './turns.js';

/** Beside that of one step of a scan. */
const COST_OF_A_TEXT = 8;

/** Counts the documents where one term stands right before another, along the rarer one's postings. */
export async function pairFrequency(index: TenantIndex, pair: string, pauses: Pauses): Promise<number> {
  const [first, second] = pair.split('_').map((term) => index.codeOfTerm(term));
  if (first === undefined || second === undefined || first === second) return 0;
  const [left, right] = [index.postings.valuesOf(first), index.postings.valuesOf(second)];
  const slots = left.length <= right.length ? left : right;
  let frequency = 0;
  let lastCounted = NONE;
  for (const { first: from, end } of inParts(slots.length, COST_OF_A_TEXT)) {
    if (pauses.isDue()) await pauses.next();
    for (let at = from; at < end; at++) {
      const slot = slots[at]!;
      // The occurrences of one document stand side by side.
      if (slot === lastCounted) continue;
      lastCounted = slot;
      if (holdsPair(index, slot, first, second) && index.isOriginal(slot)) frequency += 1;
    }
  }
  return frequency;
}

function holdsPair({ tokens }: TenantIndex, slot: number, first: number, second: number): boolean {
  const page = tokens.pageOf(slot);
  const last = tokens.placeOf(slot) + tokens.lengthOf(slot) - 1;
  for (let at = tokens.placeOf(slot); at < last; at++) {
    if (page[at] === first && page[at + 1] === second) return true;
  }
  return false;
}

import type { Claim, Statement } from './claim.js';
import { found } from './finding.js';
import type { ClaimPair, Finding } from './finding.js';
import { slotRuleOf } from './slot-registry.js';

/** "A bank", then its name: the older value told only what kind of thing it is. */
const NAMED_LATER = /^(?:employer|education|owner|manager|partner|location)$/;

/** "A blue one", "somewhere in Portugal": told without its name. */
function isIndefinite({ value }: Claim, { text }: Statement): boolean {
  const before = text.slice(0, Math.max(0, text.indexOf(value))).trimEnd();
  return /^(?:some|any)/i.test(value) || /(?:^| )(?:an?|some|one of (?:the|my|his|her))$/i.test(before);
}

export function namedLater(pair: ClaimPair): Finding | null {
  const { older, newer, values, slot, a } = pair;
  if (
    values === 'different' &&
    newer.qualifiers.some((one) => /^(?:as|for) /.test(one) && one.endsWith(` ${older.normal}`))
  )
    return found(pair, 'relation.containment', 'refines', 0.7);
  if (
    older.quantity === null &&
    isIndefinite(older, a) &&
    slotRuleOf(slot).cardinality === 'one' &&
    /^[^a-z]/.test(newer.value)
  )
    return values === 'different' ? found(pair, 'relation.containment', 'refines', 0.65) : null;
  if (
    values !== 'different' ||
    !NAMED_LATER.test(slot) ||
    older.normal === 'self' ||
    older.value !== older.value.toLowerCase() ||
    newer.value === newer.value.toLowerCase()
  )
    return null;
  return found(pair, 'relation.containment', 'refines', 0.65);
}

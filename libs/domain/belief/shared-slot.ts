import type { Claim } from './claim.js';
import { ANY_SLOT, slotRuleOf } from './slot-registry.js';
import { areRivals, compareValues } from './value-comparison.js';

/** Slots that one fact fills under several names. */
const KINDRED: readonly ReadonlySet<string>[] = [
  new Set(['possession', 'pet', 'vehicle']),
  new Set(['skill', 'ability']),
  new Set(['partner', 'marital_status']),
  new Set(['time', 'deadline']),
];

/** A value told as ended in any slot does not end these. */
const NOT_CLOSED =
  /^(?:preference|favorite|event|fear|birth|origin|name|age|ability|status|kind|language|skill|measure|price|sibling|child)/;

export function sharedSlot(older: Claim, newer: Claim): string | null {
  if (older.slot === newer.slot) return older.slot;
  if (newer.slot === ANY_SLOT || newer.aspect === 'ended') return closes(older, newer) ? older.slot : null;
  const [left, right] = [slotRuleOf(older.slot).name, slotRuleOf(newer.slot).name];
  if (older.aspect === 'ended' && compareValues(older, newer) === 'equal' && KINDRED.some((names) => names.has(left)))
    return newer.slot;
  if (!KINDRED.some((names) => names.has(left) && names.has(right))) return null;
  if (left === 'partner' || left === 'marital_status') return null;
  return older.slot;
}

function closes(older: Claim, newer: Claim): boolean {
  const isTrip =
    newer.aspect === 'ended' &&
    newer.qualifiers.some((one) =>
      one
        .split(' ')
        .slice(1)
        .every((word) => older.normal.split(' ').includes(word)),
    );
  if (isTrip && /^(?:goal|do)/.test(older.slot)) return true;
  const isNamed = older.qualifiers.some((one) => one.split(' ').slice(1).join(' ') === newer.normal);
  if (isNamed && newer.aspect === 'ended') return true;
  if (NOT_CLOSED.test(older.slot) || older.polarity === 'negative') return false;
  if (newer.slot === ANY_SLOT && newer.aspect !== 'ended') return areRivals(older.normal, newer.normal);
  const values = compareValues(older, newer);
  if (
    newer.slot !== ANY_SLOT &&
    KINDRED.every((names) => !(names.has(newer.slot) && names.has(slotRuleOf(older.slot).name))) &&
    newer.normal.length < 3
  )
    return false;
  return values === 'equal' || values === 'wider' || values === 'narrower';
}

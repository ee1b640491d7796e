import { isCurrency, withoutAmounts } from './amount-comparison.js';
import type { Claim } from './claim.js';
import { ANY_SLOT, slotRuleOf } from './slot-registry.js';
import { areRivals, compareValues, compareWords } from './value-comparison.js';

/** Slots that one fact fills under several names. */
const KINDRED: readonly ReadonlySet<string>[] = [
  new Set(['possession', 'pet', 'vehicle']),
  new Set(['skill', 'ability']),
  new Set(['language', 'native language']),
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
  if (isCounted(older, newer) && newer.quantity !== null) return newer.slot;
  if (isSameMeasure(older, newer)) return older.slot;
  if (/^(?:time|deadline)/.test(older.slot) && areOtherEnds(older.slot, newer.slot)) return null;
  if (!KINDRED.some((names) => names.has(left) && names.has(right))) return null;
  if (left === 'partner' || left === 'marital_status') return null;
  return older.slot;
}

const END = /^time:(?:end|finish|close|stop|return|arrive|land)(?: |$)/;
const START = /^time(?::(?:start|begin|open|leave|depart|board|run)(?: \w+)?)?$/;

/** When it opens and when it closes are two times of one thing. */
const areOtherEnds = (older: string, newer: string): boolean =>
  (END.test(older) && START.test(newer)) || (START.test(older) && END.test(newer));

/** "Postgres 13" and "Postgres 16". */
export function isOtherVersion(older: string, newer: string): boolean {
  const name = withoutAmounts(older);
  return older !== newer && name !== '' && name !== older && name === withoutAmounts(newer);
}

/** "Affected several customers", "affected 37 customers": counted once, and once not. */
function isCounted(older: Claim, newer: Claim): boolean {
  const verbOf = ({ slot }: Claim): string => /^(?:do|quantity):([a-z]+)/.exec(slot)?.[1] ?? '';
  return (
    verbOf(older) !== '' &&
    verbOf(older) === verbOf(newer) &&
    older.slot.startsWith('do:') !== newer.slot.startsWith('do:') &&
    withoutAmounts(older.normal) !== '' &&
    withoutAmounts(newer.normal) !== '' &&
    /^(?:equal|narrower|wider)$/.test(compareWords(withoutAmounts(older.normal), withoutAmounts(newer.normal)))
  );
}

const PRICE = /^(?:price|measure:[a-z]{3}|quantity:(?:cost|be|come to|sell for|go for) \w+)$/;
const DURATION = /^(?:duration|measure:(?:s|day|month)|quantity:(?:take|last|be|run|go on|need) (?:s|day|month))$/;
const LIMIT = /^(?:limit|measure:\w+|quantity:(?:allow|hold|accept|take|support|permit) \w+)$/;

/** The same amount of the same thing under two names: a price and what it costs, a limit and "up to". */
function isSameMeasure(older: Claim, newer: Claim): boolean {
  const unit = older.quantity?.unit;
  if (unit === undefined || unit === null || unit !== newer.quantity?.unit) return false;
  if (isCurrency(unit)) return PRICE.test(older.slot) && PRICE.test(newer.slot);
  if (DURATION.test(older.slot) && DURATION.test(newer.slot)) return true;
  return (older.slot === 'limit' || newer.slot === 'limit') && LIMIT.test(older.slot) && LIMIT.test(newer.slot);
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
  if (newer.slot === ANY_SLOT && newer.aspect !== 'ended')
    return areRivals(older.normal, newer.normal) || isOtherVersion(older.normal, newer.normal);
  const values = compareValues(older, newer);
  if (
    newer.slot !== ANY_SLOT &&
    KINDRED.every((names) => !(names.has(newer.slot) && names.has(slotRuleOf(older.slot).name))) &&
    newer.normal.length < 3
  )
    return false;
  return values === 'equal' || values === 'wider' || values === 'narrower';
}

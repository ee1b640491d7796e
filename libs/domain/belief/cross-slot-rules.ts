import type { Claim } from './claim.js';
import { plainFinding, told } from './finding.js';
import type { Finding } from './finding.js';
import { isExcludedBy } from './kinds.js';

export const isHeld = ({ slot }: Claim): boolean =>
  /^(?:possession|pet|vehicle|quantity|child|sibling|friend|tool)/.test(slot);

/** "My dog died", "the car was stolen": the end of what somebody has, told of the thing itself. */
export function lossOf(older: Claim, newer: Claim): Finding | null {
  if (
    !/^(?:pet|possession|vehicle|partner|child|sibling|relative|friend)$/.test(older.slot) ||
    older.polarity === 'negative' ||
    older.aspect !== 'current'
  )
    return null;
  const isLost =
    /^do:(?:die|pass away|pass|run away|break down)/.test(newer.slot) ||
    (newer.slot === 'status' && /^(?:dead|died|sold|stolen|totaled|gone|donated|returned|scrapped)/.test(newer.normal));
  const owner = older.subject === 'self' ? '' : `${older.subject}'s `;
  if (!isLost || newer.polarity === 'negative' || !newer.subject.startsWith(owner)) return null;
  const words = newer.subject.slice(owner.length).split(' ');
  if (!words.every((word) => older.normal.split(' ').includes(word))) return null;
  return {
    ...plainFinding('relation.closer', 'contradicts', 0.85),
    kind: 'update',
    grounds: ['closer'],
    slot: older.slot,
    evidence: [`before=${told(older)}`, `after=${newer.subject} ${newer.slot}`],
  };
}

const CANCELED =
  /^(?:canceled|completed|discontinued|archived|suspended|paused|stopped|abandoned|over|obsolete|deprecated|dropped|removed)$/;

/** "The meeting is canceled" ends the time at which it was to be. */
export function calledOff(older: Claim, newer: Claim, sureness: number): Finding | null {
  const isBack =
    newer.slot === 'status' &&
    newer.normal === 'back' &&
    newer.qualifiers.some((one) => one === `from ${older.normal}`);
  if (isBack && /^(?:location|status|be)/.test(older.slot))
    return {
      ...plainFinding('relation.closer', 'contradicts', 0.85),
      kind: 'update',
      grounds: ['closer'],
      slot: older.slot,
    };
  if (newer.slot !== 'status' || newer.polarity === 'negative' || !CANCELED.test(newer.normal.split(' ')[0]!))
    return null;
  if (!/^(?:time|deadline|schedule|do|location|duration|owner)/.test(older.slot) || older.aspect !== 'current')
    return null;
  if (/^(?:completed|archived)$/.test(newer.normal) && !/^(?:schedule|do)/.test(older.slot)) return null;
  return {
    ...{
      relation: 'contradicts',
      kind: 'update',
      probability: 0.86 * sureness,
      ruleId: 'relation.closer',
      grounds: ['closer'],
    },
    ...{ slot: older.slot, evidence: [`before=${told(older)}`, `after=${told(newer)}`] },
  };
}

/** Slots that differ but cannot both hold: a diet and a meal, being single and being married. */
export function implied(older: Claim, newer: Claim, sureness: number): Finding | null {
  const byDiet = (diet: Claim, meal: Claim): boolean =>
    diet.slot === 'diet' &&
    /^(?:do:eat|do:drink|preference|favorite:.*)$/.test(meal.slot) &&
    meal.polarity === 'positive' &&
    diet.polarity === 'positive' &&
    isExcludedBy(meal.normal, diet.normal);
  const isSingle = ({ slot, normal, aspect }: Claim): boolean =>
    (slot === 'marital_status' && /^(?:single|divorced)$/.test(normal)) || (slot === 'partner' && aspect === 'ended');
  const isBound = ({ slot, normal, aspect, polarity: sign }: Claim): boolean =>
    aspect === 'current' &&
    sign === 'positive' &&
    (slot === 'partner' || (slot === 'marital_status' && normal === 'married'));
  const isBoth = (test: (one: Claim, other: Claim) => boolean): boolean => test(older, newer) || test(newer, older);
  if (older.aspect !== 'current' || (newer.aspect !== 'current' && newer.aspect !== 'ended')) return null;
  const isFree = (one: Claim, other: Claim): boolean =>
    one.slot === 'status' &&
    one.normal === 'free' &&
    one.polarity === 'positive' &&
    other.slot === 'price' &&
    other.polarity === 'positive';
  if (!isBoth(byDiet) && !isBoth(isFree) && !isBoth((one, other) => isSingle(one) && isBound(other))) return null;
  return {
    ...{
      relation: 'contradicts',
      kind: 'update',
      probability: 0.75 * sureness,
      ruleId: 'relation.implied',
      grounds: ['slot'],
    },
    ...{ slot: older.slot, evidence: [`before=${told(older)}`, `after=${told(newer)}`] },
  };
}

import type { Claim } from './claim.js';
import { plainFinding, told } from './finding.js';
import type { Finding } from './finding.js';
import { isExcludedBy, isKindOf } from './kinds.js';
import { compareMoments, isMoment } from './moment-comparison.js';

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
    /^do:(?:die|pass away|pass|run away|break down|get lost|go missing)/.test(newer.slot) ||
    (/^do:(?:run|pass|go)$/.test(newer.slot) && /^(?:away|off|missing)$/.test(newer.normal)) ||
    (newer.slot === 'status' &&
      /^(?:dead|died|sold|resold|stolen|totaled|gone|donated|returned|scrapped|rehomed|euthanized|written off|given away|lost|adopted|auctioned|traded|pawned|destroyed|wrecked|put down|put to sleep)/.test(
        newer.normal,
      ));
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

/** "I have no allergies", "I'm allergic to penicillin": the slot is what was denied. */
const denies = (one: Claim, other: Claim): boolean =>
  /^(?:possession|has)$/.test(one.slot) &&
  one.polarity === 'negative' &&
  other.polarity === 'positive' &&
  other.slot === one.normal.split(' ').at(-1);

/** "It contains nuts", "it is nut-free". */
const isWithout = (one: Claim, other: Claim): boolean =>
  /^(?:do:contain|do:have|do:include|has)$/.test(one.slot) &&
  other.slot === 'status' &&
  one.polarity === other.polarity &&
  other.normal.endsWith('-free') &&
  one.normal.split(' ').includes(other.normal.slice(0, -5));

const KIN_ROLE =
  /^(?:father|mother|brother|sister|uncle|aunt|cousin|son|daughter|nephew|niece|grandfather|grandmother|husband|wife)$/;

/** "Paul is Mia's father", "Paul is Mia's uncle": one of the two. */
const areOtherKin = (older: Claim, newer: Claim): boolean =>
  older.slot !== newer.slot &&
  KIN_ROLE.test(older.slot) &&
  KIN_ROLE.test(newer.slot) &&
  older.normal === newer.normal &&
  older.polarity === newer.polarity;

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
  if (isBoth(denies) || isBoth(isWithout) || areOtherKin(older, newer))
    return {
      ...plainFinding('relation.implied', 'contradicts', 0.75 * sureness),
      ...{ kind: areOtherKin(older, newer) ? 'conflict' : 'update', grounds: ['slot'], slot: older.slot },
      evidence: [`before=${told(older)}`, `after=${told(newer)}`],
    };
  const isFree = (one: Claim, other: Claim): boolean =>
    one.slot === 'status' &&
    one.normal === 'free' &&
    one.polarity === 'positive' &&
    other.slot === 'price' &&
    other.polarity === 'positive';
  const isKept = (diet: Claim, meal: Claim): boolean =>
    meal.polarity === 'negative' && byDiet(diet, { ...meal, polarity: 'positive' });
  if (isBoth(isKept))
    return {
      ...plainFinding('relation.implied', 'duplicate', 0.6),
      slot: older.slot,
      evidence: [told(older), told(newer)],
    };
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

/** "I eat out", "I eat out every Friday"; "she goes fencing on Mondays", "she quit fencing". */
export function scheduledActivity(older: Claim, newer: Claim): Finding | null {
  const isSchedule = ({ slot }: Claim): boolean => slot.startsWith('schedule:');
  if ([...older.qualifiers, ...newer.qualifiers].some((one) => /^(?:if|when|unless) /.test(one))) return null;
  if (isSchedule(older) === isSchedule(newer) || !isActivity(older) || !isActivity(newer)) return null;
  if (activityOf(older) !== activityOf(newer) || activityOf(older) === '') return null;
  const evidence = [`before=${told(older)}`, `after=${told(newer)}`];
  const slot = older.slot;
  const isAlways = (claim: Claim): boolean => claim.qualifiers.length === 0 && momentsOf(claim) === '';
  const isDenied = newer.polarity === 'negative' && older.polarity === 'positive' && isAlways(newer);
  if (isDenied || (older.polarity === 'negative' && newer.polarity === 'positive' && isAlways(older)))
    return {
      ...plainFinding(newer.aspect === 'ended' ? 'relation.closer' : 'relation.polarity', 'contradicts', 0.86),
      ...{ kind: 'update', grounds: [newer.aspect === 'ended' ? 'closer' : 'slot'], slot, evidence },
    };
  if (older.polarity !== newer.polarity || older.aspect !== 'current' || newer.aspect !== 'current') return null;
  const [before, after] = [momentsOf(older), momentsOf(newer)];
  if (before === '') return { ...plainFinding('relation.containment', 'refines', 0.7), slot, evidence };
  if (after === '') return { ...plainFinding('relation.less_specific', 'duplicate', 0.55), slot, evidence };
  const values = compareMoments(before, after);
  if (values === 'different')
    return {
      ...plainFinding('relation.single_slot', 'contradicts', 0.72),
      kind: 'update',
      grounds: ['slot'],
      slot,
      evidence,
    };
  return values === 'narrower'
    ? { ...plainFinding('relation.containment', 'refines', 0.75), slot, evidence }
    : { ...plainFinding('relation.same_form', 'duplicate', 0.7), slot, evidence };
}

const isActivity = ({ slot, modality }: Claim): boolean =>
  /^(?:do|schedule|quantity):/.test(slot) && (modality === 'asserted' || modality === 'negated');

const momentsOf = ({ slot, normal, qualifiers }: Claim): string =>
  slot.startsWith('schedule:') ? normal : qualifiers.filter(isMoment).join(' ');

/** The verb with its object, without the words that lead to a time: "meet on" is meeting. */
function activityOf({ slot, normal }: Claim): string {
  const verb = slot.slice(slot.indexOf(':') + 1).replace(/ (?:on|at|in|from|until)$/, '');
  if (slot.startsWith('quantity:')) return verb.split(' ')[0]!;
  return slot.startsWith('schedule:')
    ? verb
    : `${verb} ${/^(?:lot|often|regularly|all)$/.test(normal) ? '' : normal}`.trim();
}

/** "Abroad", "away", then where. */
export function awayAt(older: Claim, newer: Claim): Finding | null {
  const isAway = older.slot === 'status' && /^(?:abroad|away|overseas|traveling|out of town)$/.test(older.normal);
  return isAway && newer.slot === 'location' && older.polarity === 'positive' && newer.polarity === 'positive'
    ? { ...plainFinding('relation.containment', 'refines', 0.6), slot: older.slot, evidence: [`after=${told(newer)}`] }
    : null;
}

/** "Works in healthcare", then as what: the field holds the title. */
export function fieldOfTitle(older: Claim, newer: Claim): Finding | null {
  if (older.slot !== 'field' || newer.slot !== 'job_title' || newer.polarity === 'negative') return null;
  const isOf = newer.normal.split(' ').some((word) => isKindOf(word, older.normal));
  return isOf && older.polarity === 'positive'
    ? { ...plainFinding('relation.containment', 'refines', 0.7), slot: older.slot, evidence: [`after=${told(newer)}`] }
    : null;
}

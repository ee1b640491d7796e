import { compareAmounts, withoutAmounts } from './amount-comparison.js';
import type { Claim, Statement } from './claim.js';
import { awayAt, calledOff, fieldOfTitle, implied, isHeld, scheduledActivity } from './cross-slot-rules.js';
import { isKindOf, isKnownPlace, isWidePlace } from './kinds.js';
import { disjointConditions } from './condition-rules.js';
import { found, isOne, isOpposed, isSame, plainFinding } from './finding.js';
import type { ClaimPair, ClaimRule, Finding } from './finding.js';
import { compareMoments } from './moment-comparison.js';
import { areAlternatives, areOpposite } from './opposites.js';
import { namedLater } from './named-later.js';
import { sharedSlot } from './shared-slot.js';
import { areSameRate } from './rates.js';
import { ANY_SLOT, slotRuleOf } from './slot-registry.js';
import { disjointTime, ended, isMorePrecise, isSaidLikewise, resumed, timesDiffer } from './time-rules.js';
import { areRivals, compareConditions, compareValues } from './value-comparison.js';

/** In the order of the table of relation rules. */
const RULES: readonly ClaimRule[] = [
  notComparable,
  correction,
  closer,
  resumed,
  ended,
  insideNamed,
  disjointTime,
  insidePlace,
  disjointConditions,
  polarity,
  bothDenied,
  opposite,
  sameOrContained,
  namedLater,
  plannedThenDone,
  addition,
  singleSlot,
  manySlot,
];

/** The first rule that applies to two claims about the same subject; null when they fill different slots. */
export function relateClaims(
  older: Claim,
  newer: Claim,
  a: Statement,
  b: Statement,
  sureness: number,
  sameSession: boolean,
): Finding | null {
  const slot = sharedSlot(older, newer);
  if (slot === null && b.cues.addition && isHeld(older) && isHeld(newer))
    return { ...plainFinding('relation.addition', 'extends', 0.7), slot: newer.slot };
  if (slot === null)
    return (
      calledOff(older, newer, sureness) ??
      implied(older, newer, sureness) ??
      addedActivity(older, newer, b) ??
      fieldOfTitle(older, newer) ??
      awayAt(older, newer)
    );
  const pair: ClaimPair = {
    ...{ older, newer, a, b, slot, sureness, sameSession },
    values: compareValues(older, newer),
    conditions: compareConditions(older.qualifiers, newer.qualifiers),
  };
  for (const rule of RULES) {
    const finding = rule(pair);
    if (finding !== null) return finding;
  }
  return null;
}

/** "I swim on Thursdays too": beside the other days. */
function addedActivity(older: Claim, newer: Claim, b: Statement): Finding | null {
  const finding = scheduledActivity(older, newer);
  if (finding?.relation !== 'contradicts' || finding.ruleId !== 'relation.single_slot' || !b.cues.addition)
    return finding;
  return { ...plainFinding('relation.addition', 'extends', 0.7), slot: newer.slot };
}

const isLoose = (claim: Claim): boolean => claim.modality === 'hypothetical' || claim.modality === 'question';

function notComparable(pair: ClaimPair): Finding | null {
  return isLoose(pair.older) || isLoose(pair.newer) ? found(pair, 'relation.not_comparable', 'unrelated', 0.85) : null;
}

function correction(pair: ClaimPair): Finding | null {
  const { b, newer, older, values } = pair;
  if (!b.cues.correction) return null;
  const isOver = older.aspect === 'past' || older.aspect === 'ended';
  // What is over can have been told wrongly, but nothing of it is so now that could be retired.
  if (isOver && older.aspect === newer.aspect && values === 'different' && !isOpposed(pair) && !b.cues.addition)
    return found(pair, 'relation.correction', 'contradicts', 0.75, 'correction', []);
  if (older.aspect === 'past' || older.aspect === 'ended' || newer.aspect === 'past') return null;
  const differs = isOpposed(pair)
    ? isSame(pair)
    : newer.polarity === 'positive' &&
      (values === 'opposite' ||
        (values === 'different' &&
          (isOne(pair) ||
            older.normal.split(' ').some((word) => newer.normal.split(' ').includes(word)) ||
            areRivals(older.normal, newer.normal) ||
            b.claims.some((claim) => claim.polarity === 'negative' && claim.slot === newer.slot))));
  if (!differs || pair.conditions === 'disjoint' || b.cues.addition) return null;
  return found(pair, 'relation.correction', 'contradicts', 0.92, 'correction', ['slot', 'correction']);
}

/** "Sold", "left", "switched from": the newer claim ends a value, or begins one, in whichever slot holds it. */
function closer(pair: ClaimPair): Finding | null {
  const { newer, older, values } = pair;
  if (older.aspect === 'past' || older.aspect === 'ended' || older.polarity === 'negative') return null;
  if (newer.aspect === 'ended') {
    const isEverything = newer.normal === 'any' && newer.slot === older.slot;
    const isWhere = older.qualifiers.some((one) => one.endsWith(` ${newer.normal}`));
    const isTrip = newer.slot !== older.slot && older.modality !== 'asserted';
    if (!isSame(pair) && !isEverything && !isWhere && !isTrip) return null;
    if (
      pair.conditions === 'disjoint' ||
      (pair.conditions === 'narrower' &&
        older.slot === newer.slot &&
        newer.qualifiers.some((one) => /^(?:on|at|in|when|for) /.test(one)) &&
        newer.slot.startsWith('do:'))
    )
      return null;
    return found(pair, 'relation.closer', 'contradicts', older.modality === 'asserted' ? 0.92 : 0.85, 'update', [
      'closer',
    ]);
  }
  if (newer.slot === ANY_SLOT && values !== 'equal')
    return found(pair, 'relation.replaced', 'contradicts', 0.82, 'update', ['change']);
  return null;
}

function polarity(pair: ClaimPair): Finding | null {
  const { older, newer, b, values } = pair;
  if (!isOpposed(pair)) return null;
  if (!isSame(pair)) {
    if (values === 'opposite' && slotRuleOf(pair.slot).name === 'status')
      return found(pair, 'relation.same_form', 'duplicate', 0.6);
    return values === 'different' && isRivalDenied(pair)
      ? found(pair, 'relation.many_slot', 'extends', 0.6)
      : found(pair, 'relation.many_slot', 'extends', 0.5);
  }
  if (pair.slot === 'prefer')
    return found(pair, 'relation.polarity', 'contradicts', 0.88, b.cues.change ? 'update' : 'conflict');
  const isCase = newer.polarity === 'negative' ? values === 'narrower' : values === 'wider';
  if (
    (isCase && older.aspect === 'current') ||
    (pair.conditions === 'narrower' &&
      newer.qualifiers.some(
        (one) =>
          !(older.polarity === 'negative' && one.startsWith('f=')) &&
          !/^(?:r=|due|because|since|after|as|by|from|at all)/.test(one),
      ))
  ) {
    const isMuch =
      values === 'narrower' &&
      newer.normal.split(' ').length > older.normal.split(' ').length &&
      /^(?:possession|pet|vehicle)$/.test(slotRuleOf(pair.slot).name);
    if (!isMuch) return found(pair, 'relation.exception', 'extends', 0.6);
  }
  if (newer.aspect === 'ended' || b.cues.change)
    return found(pair, 'relation.polarity', 'contradicts', 0.93, 'update', ['slot', 'change']);
  const isFact = slotRuleOf(pair.slot).name !== 'preference';
  return found(
    pair,
    'relation.polarity',
    'contradicts',
    values === 'equal' ? 0.88 : 0.8,
    isFact ? 'update' : 'conflict',
  );
}

const isRivalDenied = ({ older, newer }: ClaimPair): boolean => areRivals(older.normal, newer.normal);

function bothDenied(pair: ClaimPair): Finding | null {
  const { older, newer, values, conditions } = pair;
  if (older.polarity !== 'negative' || newer.polarity !== 'negative') return null;
  if (values === 'equal')
    return conditions === 'narrower'
      ? found(pair, 'relation.containment', 'refines', 0.7)
      : found(pair, 'relation.same_form', 'duplicate', 0.9);
  if (values === 'narrower') return found(pair, 'relation.containment', 'refines', 0.6);
  if (values === 'wider' && pair.slot === 'sibling') return found(pair, 'relation.less_specific', 'duplicate', 0.6);
  return found(pair, 'relation.many_slot', 'extends', 0.6);
}

function opposite(pair: ClaimPair): Finding | null {
  if (pair.values !== 'opposite') return null;
  const isState =
    /^(?:status|guideline|prefer|tool|do|marital_status|workplace|schedule|favorite)$/.test(
      slotRuleOf(pair.slot).name,
    ) || isOne(pair);
  if (pair.b.cues.addition || !isState) return null;
  if (slotRuleOf(pair.slot).name === 'do' && !pair.b.cues.change)
    return pair.slot === 'do:work' ? found(pair, 'relation.opposite', 'contradicts', 0.76, 'update') : null;
  return found(
    pair,
    'relation.opposite',
    'contradicts',
    0.88,
    'update',
    pair.b.cues.change ? ['slot', 'change'] : ['slot'],
  );
}

/** "In Germany", "in a data centre in Germany"; "the web team", "Rosa on the web team". */
function insideNamed(pair: ClaimPair): Finding | null {
  const { older, newer, slot } = pair;
  if (
    !/^(?:location|owner|residence|employer|manager|workplace)$/.test(slot) ||
    pair.values !== 'different' ||
    isOpposed(pair)
  )
    return null;
  if (older.aspect !== 'current' || newer.aspect !== 'current' || older.normal.length < 3) return null;
  const isInside = newer.qualifiers.some(
    (one) => /^(?:in|on|at|of|from|near) /.test(one) && ` ${one} `.includes(` ${older.normal} `),
  );
  return isInside ? found(pair, 'relation.containment', 'refines', 0.75) : null;
}

function sameOrContained(pair: ClaimPair): Finding | null {
  const { values, conditions, older, newer, b } = pair;
  if (!isSame(pair)) return null;
  const isFurther =
    b.cues.addition &&
    /^(?:possession|pet|vehicle|child|sibling|do)/.test(pair.slot) &&
    /\b(?:another|second|one more|extra)\b/i.test(b.text);
  if (isFurther) return found(pair, 'relation.addition', 'extends', 0.8);
  if (pair.slot.startsWith('guideline') && values === 'equal' && conditions === 'other')
    return found(pair, 'relation.many_slot', 'contradicts', 0.6, 'conflict', []);
  if (values === 'narrower') return found(pair, 'relation.containment', 'refines', 0.85);
  if (values === 'wider')
    return found(pair, 'relation.less_specific', conditions === 'narrower' ? 'refines' : 'duplicate', 0.6);
  if (conditions === 'narrower') return found(pair, 'relation.containment', 'refines', 0.8);
  if (older.aspect === 'past' && timesDiffer(older, newer))
    return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  if (
    older.validTo !== null &&
    newer.validTo !== null &&
    older.validTo.instant !== newer.validTo.instant &&
    older.aspect === 'current'
  )
    return found(pair, 'relation.single_slot', 'contradicts', 0.8, 'update');
  const isDated = newer.quantity === null && isMorePrecise(older, newer) && !/^r=/.test(newer.normal);
  return isDated
    ? found(pair, 'relation.containment', 'refines', 0.7)
    : found(pair, 'relation.same_form', 'duplicate', 0.92);
}

function plannedThenDone(pair: ClaimPair): Finding | null {
  const isPlan = pair.newer.modality === 'plan' || pair.newer.aspect === 'planned';
  return isPlan && pair.slot !== 'goal' ? found(pair, 'relation.disjoint_time', 'extends', 0.6) : null;
}

function addition(pair: ClaimPair): Finding | null {
  return pair.b.cues.addition && !/^(?:birth|name|age)/.test(pair.slot)
    ? found(pair, 'relation.addition', 'extends', 0.8)
    : null;
}

function singleSlot(pair: ClaimPair): Finding | null {
  const { b, slot, sameSession, older, newer } = pair;
  if (!isOne(pair)) return null;
  const rule = slotRuleOf(slot);
  if (rule.mutability === 'immutable') return found(pair, 'relation.single_slot', 'contradicts', 0.88, 'conflict');
  if (rule.name === 'prefer') return preferred(pair);
  if (rule.name === 'status' && isOtherAmount(older, newer))
    return found(pair, 'relation.single_slot', 'contradicts', 0.82, 'update');
  if (rule.name === 'status')
    return b.cues.change && areOpposite(older.normal, newer.normal)
      ? found(pair, 'relation.single_slot', 'contradicts', 0.7, 'update')
      : found(pair, 'relation.many_slot', 'extends', 0.5);
  if (isSameRate(pair)) return found(pair, 'relation.same_form', 'duplicate', 0.75);
  if (isSaidLikewise(pair)) return found(pair, 'relation.containment', 'refines', 0.55);
  if (isWithinPlace(pair)) return found(pair, 'relation.containment', 'refines', 0.55);
  if (rule.name === 'schedule' && areOtherDays(older.normal, newer.normal))
    return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  const isWeekly = rule.name === 'schedule' && !older.normal.includes('t=') && !newer.normal.includes('t=');
  if (isWeekly && !b.cues.change) return found(pair, 'relation.single_slot', 'contradicts', 0.72, 'update');
  const kind = sameSession && !b.cues.change ? 'conflict' : 'update';
  // Of a property that nobody described, two words may both be true; two numbers may not.
  const isUnsure = rule.name === 'property' && !/\d/.test(older.normal) && !areRivals(older.normal, newer.normal);
  return found(
    pair,
    'relation.single_slot',
    'contradicts',
    b.cues.change ? 0.92 : isUnsure ? 0.76 : 0.87,
    kind,
    b.cues.change ? ['slot', 'change'] : ['slot'],
  );
}

/** "$120 a year", "10 dollars a month". */
const isSameRate = ({ older, newer, a, b }: ClaimPair): boolean =>
  older.quantity !== null &&
  newer.quantity !== null &&
  older.quantity.unit === newer.quantity.unit &&
  areSameRate(older.quantity.amount, a.text, newer.quantity.amount, b.text) === true;

/** A country, then a place nobody listed: likelier inside it than a move that goes unmentioned. */
function isWithinPlace({ older, newer, slot, b }: ClaimPair): boolean {
  return (
    /^(?:residence|location|workplace)$/.test(slot) &&
    !b.cues.change &&
    isWidePlace(older.normal) &&
    !isKnownPlace(newer.normal)
  );
}

/** "In Portugal", then "in Evora, in the south of Portugal": the older place stands behind the newer one. */
function insidePlace(pair: ClaimPair): Finding | null {
  const { older, newer, values, slot } = pair;
  if (!/^(?:residence|location|workplace|birthplace|visited|employer|education|address)$/.test(slot)) return null;
  if (isOpposed(pair) || (values !== 'different' && values !== 'opposite')) return null;
  const isInside = newer.qualifiers.some((one) => {
    const [lead, ...place] = one.split(' ');
    const held = older.normal.split(' ');
    return (
      /^(?:in|at|on|near)$/.test(lead!) &&
      (held.every((word) => place.includes(word)) || isKindOf(place.join(' '), older.normal))
    );
  });
  return isInside ? found(pair, 'relation.containment', 'refines', 0.7) : null;
}

/** "At ten on weekdays", "at midnight on Saturdays": each day its own hour. */
function areOtherDays(older: string, newer: string): boolean {
  const daysOf = (normal: string): string =>
    normal
      .split(' ')
      .filter((part) => part.startsWith('w='))
      .join(' ');
  const [before, after] = [daysOf(older), daysOf(newer)];
  const isTimed = older.includes('t=') && newer.includes('t=');
  return isTimed && before !== '' && after !== '' && compareMoments(before, after) === 'different';
}

/** "Answered within 24 hours", "answered within 48 hours". */
const isOtherAmount = (older: Claim, newer: Claim): boolean =>
  compareAmounts(older, newer) === 'different' && withoutAmounts(older.normal) === withoutAmounts(newer.normal);

function preferred(pair: ClaimPair): Finding {
  const { older, newer, b } = pair;
  if (areRivals(older.normal, newer.normal)) return found(pair, 'relation.single_slot', 'contradicts', 0.86, 'update');
  if (b.cues.change) return found(pair, 'relation.replaced', 'contradicts', 0.7, 'update', ['change']);
  return found(pair, 'relation.many_slot', 'extends', 0.5);
}

function manySlot(pair: ClaimPair): Finding {
  const { older, newer, b, slot } = pair;
  const name = slotRuleOf(slot).name;
  const isAmount =
    older.quantity !== null && newer.quantity !== null && older.quantity.amount !== newer.quantity.amount;
  if (
    isAmount &&
    compareValues(
      { ...older, quantity: null, normal: plain(older) },
      { ...newer, quantity: null, normal: plain(newer) },
    ) !== 'different'
  )
    return found(pair, 'relation.single_slot', 'contradicts', 0.85, 'update');
  const rivals = areRivals(older.normal, newer.normal);
  const isChoice = /^(?:tool|guideline|do|vehicle|kind|membership)$/.test(name);
  if (rivals && isChoice && b.cues.change)
    return found(pair, 'relation.replaced', 'contradicts', 0.86, 'update', ['slot', 'change']);
  if (
    isChoice &&
    b.cues.change &&
    /\b(?:now|switched|instead|replaced|no longer|these days|nowadays|from now on)\b/i.test(b.text)
  )
    return found(pair, 'relation.replaced', 'contradicts', 0.8, 'update', ['change']);
  if (name === 'do' && / (?:in|at|on|from|by)$/.test(slot) && plain(older) === plain(newer))
    return found(pair, 'relation.single_slot', 'contradicts', 0.82, 'update');
  if (name === 'guideline' && (rivals || / (?:in|to|at|on|with|by|as)$/.test(slot)))
    return found(pair, 'relation.alternative', 'contradicts', 0.82, 'update');
  // What somebody's one phone or car is; "a doctor" and "a musician" are no rivals.
  if (name === 'kind' && rivals && areAlternatives(older.normal, newer.normal))
    return found(pair, 'relation.alternative', 'contradicts', 0.74, 'update');
  if (name === 'tool' && (rivals || older.qualifiers.some((one) => newer.qualifiers.includes(one))))
    return found(pair, 'relation.alternative', 'contradicts', 0.8, 'update');
  return found(pair, 'relation.many_slot', 'extends', 0.7);
}

const plain = ({ normal }: Claim): string =>
  normal
    .split(' ')
    .filter((word) => !/^[~<>]?\d/.test(word))
    .join(' ');

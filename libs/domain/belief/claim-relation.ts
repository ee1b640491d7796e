import type { Claim, Statement } from './claim.js';
import { isExcludedBy } from './kinds.js';
import { areOpposite } from './opposites.js';
import type { ContradictionKind, Relation, RelationName } from './relation.js';
import type { RelationRuleId } from './relation-rules.js';
import { ANY_SLOT, slotRuleOf } from './slot-registry.js';
import { areRivals, compareConditions, compareValues } from './value-comparison.js';
import type { Comparison, ConditionComparison } from './value-comparison.js';

/** What one pair of claims says about the two statements. */
export interface Finding {
  relation: RelationName;
  kind: ContradictionKind | null;
  probability: number;
  ruleId: RelationRuleId;
  grounds: Relation['grounds'];
  slot: string | null;
  evidence: string[];
}

/** Two claims side by side, older first, with all that the rules ask about them. */
interface Pair {
  older: Claim;
  newer: Claim;
  a: Statement;
  b: Statement;
  values: Comparison;
  conditions: ConditionComparison;
  slot: string;
  sameSession: boolean;
  /** How surely both speak of the same subject. */
  sureness: number;
}

type ClaimRule = (pair: Pair) => Finding | null;

/** In the order of the table of relation rules. */
const RULES: readonly ClaimRule[] = [
  notComparable,
  correction,
  closer,
  resumed,
  ended,
  disjointTime,
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
export function relateClaims(older: Claim, newer: Claim, a: Statement, b: Statement, sureness: number, sameSession: boolean): Finding | null {
  const slot = sharedSlot(older, newer);
  if (slot === null && b.cues.addition && isHeld(older) && isHeld(newer)) return { ...plainFinding('relation.addition', 'extends', 0.7), slot: newer.slot };
  if (slot === null) return calledOff(older, newer, sureness) ?? implied(older, newer, sureness);
  const pair: Pair = {
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

/** Slots that one fact fills under several names. */
const KINDRED: readonly ReadonlySet<string>[] = [
  new Set(['possession', 'pet', 'vehicle']),
  new Set(['skill', 'ability']),
  new Set(['partner', 'marital_status']),
  new Set(['location', 'residence']),
  new Set(['time', 'deadline']),
];
/** A value told as ended in any slot does not end these. */
const NOT_CLOSED = /^(?:preference|favorite|event|fear|birth|origin|name|age|ability|status|kind|language|skill|measure|price|sibling|child)/;

function sharedSlot(older: Claim, newer: Claim): string | null {
  if (older.slot === newer.slot) return older.slot;
  if (newer.slot === ANY_SLOT || newer.aspect === 'ended') return closes(older, newer) ? older.slot : null;
  const [left, right] = [slotRuleOf(older.slot).name, slotRuleOf(newer.slot).name];
  if (older.aspect === 'ended' && compareValues(older, newer) === 'equal' && KINDRED.some((names) => names.has(left))) return newer.slot;
  if (!KINDRED.some((names) => names.has(left) && names.has(right))) return null;
  if (left === 'partner' || left === 'marital_status') return null;
  return older.slot;
}

function closes(older: Claim, newer: Claim): boolean {
  const isTrip = newer.slot === ANY_SLOT && newer.aspect === 'ended' && newer.qualifiers.some((one) => one.split(' ').slice(1).every((word) => older.normal.split(' ').includes(word)));
  if (isTrip && /^(?:goal|do)/.test(older.slot)) return true;
  const isNamed = older.qualifiers.some((one) => one.split(' ').slice(1).join(' ') === newer.normal);
  if (isNamed && newer.slot === ANY_SLOT && newer.aspect === 'ended') return true;
  if (NOT_CLOSED.test(older.slot) || older.polarity === 'negative') return false;
  if (newer.slot === ANY_SLOT && newer.aspect !== 'ended') return areRivals(older.normal, newer.normal);
  const values = compareValues(older, newer);
  if (newer.slot !== ANY_SLOT && KINDRED.every((names) => !(names.has(newer.slot) && names.has(slotRuleOf(older.slot).name))) && newer.normal.length < 3) return false;
  return values === 'equal' || values === 'wider' || values === 'narrower';
}

const found = (
  pair: Pair,
  ruleId: RelationRuleId,
  relation: RelationName,
  probability: number,
  kind: ContradictionKind | null = null,
  grounds: Relation['grounds'] = ['slot'],
): Finding => ({
  ...{ relation, kind, ruleId, slot: pair.slot },
  grounds: relation === 'contradicts' ? grounds : [],
  probability: probability * pair.sureness,
  evidence: [`slot=${pair.slot}`, `before=${told(pair.older)}`, `after=${told(pair.newer)}`],
});

const told = ({ normal, polarity, aspect }: Claim): string => `${polarity === 'negative' ? 'not ' : ''}${normal}${aspect === 'current' ? '' : ` (${aspect})`}`;

const isLoose = (claim: Claim): boolean => claim.modality === 'hypothetical' || claim.modality === 'question';

function notComparable(pair: Pair): Finding | null {
  return isLoose(pair.older) || isLoose(pair.newer) ? found(pair, 'relation.not_comparable', 'unrelated', 0.85) : null;
}

const isSame = ({ values }: Pair): boolean => values === 'equal' || values === 'narrower' || values === 'wider';
const isOpposed = ({ older, newer }: Pair): boolean => older.polarity !== newer.polarity;
const isOne = ({ slot }: Pair): boolean => slotRuleOf(slot).cardinality === 'one';

function correction(pair: Pair): Finding | null {
  const { b, newer, older, values } = pair;
  if (!b.cues.correction || older.aspect === 'past' || older.aspect === 'ended' || newer.aspect === 'past') return null;
  const differs = isOpposed(pair) ? isSame(pair) : newer.polarity === 'positive' && (values === 'opposite' || (values === 'different' && (isOne(pair) || older.normal.split(' ').some((word) => newer.normal.split(' ').includes(word)) || areRivals(older.normal, newer.normal) || b.claims.some((claim) => claim.polarity === 'negative' && claim.slot === newer.slot))));
  if (!differs || pair.conditions === 'disjoint' || b.cues.addition) return null;
  return found(pair, 'relation.correction', 'contradicts', 0.92, 'correction', ['slot', 'correction']);
}

/** "Sold", "left", "switched from": the newer claim ends a value, or begins one, in whichever slot holds it. */
function closer(pair: Pair): Finding | null {
  const { newer, older, values } = pair;
  if (older.aspect === 'past' || older.aspect === 'ended' || older.polarity === 'negative') return null;
  if (newer.aspect === 'ended') {
    const isEverything = newer.normal === 'any' && newer.slot === older.slot;
    const isWhere = older.qualifiers.some((one) => one.endsWith(` ${newer.normal}`));
    const isTrip = newer.slot === ANY_SLOT && older.modality !== 'asserted';
    if (!isSame(pair) && !isEverything && !isWhere && !isTrip) return null;
    if (pair.conditions === 'disjoint' || (pair.conditions === 'narrower' && older.slot === newer.slot && newer.qualifiers.some((one) => /^(?:on|at|in|when|for) /.test(one)) && newer.slot.startsWith('do:'))) return null;
    return found(pair, 'relation.closer', 'contradicts', older.modality === 'asserted' ? 0.92 : 0.85, 'update', ['closer']);
  }
  if (newer.slot === ANY_SLOT && values !== 'equal') return found(pair, 'relation.replaced', 'contradicts', 0.82, 'update', ['change']);
  return null;
}

const STATES = /^(?:residence|employer|job_title|diet|partner|manager|membership|medication|possession|pet|vehicle|tool|do|education|hobby|condition|allergy|preference|owner|location|status|ability)$/;

function resumed(pair: Pair): Finding | null {
  const { older, newer } = pair;
  const wasOver = older.aspect === 'ended' || (older.aspect === 'past' && STATES.test(slotRuleOf(pair.slot).name));
  if (!wasOver || newer.aspect !== 'current' || newer.polarity !== 'positive' || newer.modality !== 'asserted') return null;
  const isEverything = older.normal === 'any' && older.slot === newer.slot;
  if (!isSame(pair) && !isEverything) return null;
  const isClear = older.aspect === 'ended' || older.validTo !== null || pair.b.cues.change;
  return found(pair, 'relation.resumed', 'contradicts', isClear ? 0.85 : 0.7, 'update', ['slot']);
}

function ended(pair: Pair): Finding | null {
  const { older, newer } = pair;
  if (older.aspect === 'ended' && newer.aspect === 'ended') return isSame(pair) ? found(pair, 'relation.same_form', 'duplicate', 0.85) : null;
  if (newer.aspect !== 'past' || older.aspect !== 'current' || older.polarity !== 'positive' || newer.polarity !== 'positive') return null;
  if (!isSame(pair) || !STATES.test(slotRuleOf(pair.slot).name)) return null;
  return found(pair, 'relation.ended', 'contradicts', 0.82, 'update', ['slot', 'change']);
}

function disjointTime(pair: Pair): Finding | null {
  const { older, newer } = pair;
  const isOver = (claim: Claim): boolean => claim.aspect === 'past' || claim.aspect === 'ended';
  if (isOver(older) !== isOver(newer) && !isSame(pair)) return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  const isPlan = (claim: Claim): boolean => claim.aspect === 'planned' || claim.modality === 'plan' || claim.modality === 'wish';
  if (isPlan(older) !== isPlan(newer)) return found(pair, 'relation.disjoint_time', 'extends', 0.7);
  if (!isOver(older) || !isOver(newer)) return null;
  return bothOver(pair);
}

/** Things that happen once: another date is another story about the same. */
const ONCE = /^(?:birth|do:(?:graduate|meet|found|marry|retire|die|hire|join|launch|happen|release|invent|pass))/;

function bothOver(pair: Pair): Finding | null {
  const { older, newer, b } = pair;
  if (pair.values === 'different' && isOne(pair) && slotRuleOf(pair.slot).mutability === 'immutable') return null;
  if (pair.values === 'different' || pair.values === 'opposite') {
    if (ONCE.test(pair.slot) && !b.cues.addition) return found(pair, 'relation.single_slot', 'contradicts', 0.6, 'conflict');
    return isOne(pair) && older.validFrom === null && newer.validFrom === null && !pair.slot.startsWith('quantity') ? null : found(pair, 'relation.disjoint_time', 'extends', 0.7);
  }
  if (isOpposed(pair)) return null;
  if (timesDiffer(older, newer) || /\bagain\b/i.test(b.text)) {
    if (ONCE.test(pair.slot)) return found(pair, 'relation.single_slot', 'contradicts', 0.75, 'conflict');
    return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  }
  return null;
}

/** Do both name a time, and not the same, by the coarser of the two precisions? */
function timesDiffer({ validFrom: before }: Claim, { validFrom: after }: Claim): boolean {
  if (before === null || after === null) return false;
  const length = (precision: string): number => ({ year: 4, month: 7, season: 7 })[precision] ?? 10;
  const shared = Math.min(length(before.precision), length(after.precision));
  return before.instant.slice(0, shared) !== after.instant.slice(0, shared);
}

function disjointConditions(pair: Pair): Finding | null {
  if (pair.conditions === 'disjoint') {
    const isSameValue = isSame(pair) && !isOpposed(pair);
    return found(pair, 'relation.disjoint_condition', 'extends', isSameValue ? 0.7 : 0.8);
  }
  if (pair.conditions === 'narrower' && !isOpposed(pair) && (pair.values === 'different' || pair.values === 'opposite') && !pair.b.cues.change)
    return isTopical(pair.newer) ? null : found(pair, 'relation.disjoint_condition', 'extends', 0.7);
  if (pair.conditions === 'other' && !isOpposed(pair) && pair.values === 'different' && !pair.b.cues.change && !isTopical(pair.older) && !isTopical(pair.newer)) return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  if (pair.conditions === 'wider' && !isOpposed(pair) && pair.values === 'different' && pair.older.qualifiers.some((one) => /^(?:[wp]=|when |at home|at work|on )/.test(one)))
    return found(pair, 'relation.disjoint_condition', 'extends', 0.6);
  return null;
}

/** Conditions that tell more about the fact without limiting it ("works at Figma as a designer", "with my wife"). */
const isTopical = ({ qualifiers }: Claim): boolean => qualifiers.every((one) => /^(?:as|with|because|since|from|by|via|due|near|per) /.test(one) || /^r=/.test(one));

function polarity(pair: Pair): Finding | null {
  const { older, newer, b, values } = pair;
  if (!isOpposed(pair)) return null;
  if (!isSame(pair)) {
    if (values === 'opposite' && slotRuleOf(pair.slot).name === 'status') return found(pair, 'relation.same_form', 'duplicate', 0.6);
    return values === 'different' && isRivalDenied(pair) ? found(pair, 'relation.many_slot', 'extends', 0.6) : found(pair, 'relation.many_slot', 'extends', 0.5);
  }
  if (pair.slot === 'prefer') return found(pair, 'relation.polarity', 'contradicts', 0.88, b.cues.change ? 'update' : 'conflict');
  const isCase = newer.polarity === 'negative' ? values === 'narrower' : values === 'wider';
  if ((isCase && older.aspect === 'current') || (pair.conditions === 'narrower' && newer.qualifiers.some((one) => !/^(?:r=|due|because|since|after|as|by|from|at all)/.test(one)))) {
    const isMuch = values === 'narrower' && newer.normal.split(' ').length > older.normal.split(' ').length && /^(?:possession|pet|vehicle)$/.test(slotRuleOf(pair.slot).name);
    if (!isMuch) return found(pair, 'relation.exception', 'extends', 0.6);
  }
  if (newer.aspect === 'ended' || b.cues.change) return found(pair, 'relation.polarity', 'contradicts', 0.93, 'update', ['slot', 'change']);
  const isFact = slotRuleOf(pair.slot).name !== 'preference';
  return found(pair, 'relation.polarity', 'contradicts', values === 'equal' ? 0.88 : 0.8, isFact ? 'update' : 'conflict');
}

const isRivalDenied = ({ older, newer }: Pair): boolean => areRivals(older.normal, newer.normal);

function bothDenied(pair: Pair): Finding | null {
  const { older, newer, values, conditions } = pair;
  if (older.polarity !== 'negative' || newer.polarity !== 'negative') return null;
  if (values === 'equal') return conditions === 'narrower' ? found(pair, 'relation.containment', 'refines', 0.7) : found(pair, 'relation.same_form', 'duplicate', 0.9);
  if (values === 'narrower') return found(pair, 'relation.containment', 'refines', 0.6);
  return found(pair, 'relation.many_slot', 'extends', 0.6);
}

function opposite(pair: Pair): Finding | null {
  if (pair.values !== 'opposite') return null;
  const isState = /^(?:status|guideline|prefer|tool|do|marital_status|workplace|schedule|favorite)$/.test(slotRuleOf(pair.slot).name) || isOne(pair);
  if (pair.b.cues.addition || !isState) return null;
  if (slotRuleOf(pair.slot).name === 'do' && !pair.b.cues.change) return null;
  return found(pair, 'relation.opposite', 'contradicts', 0.88, 'update', pair.b.cues.change ? ['slot', 'change'] : ['slot']);
}

/** "A bank", then its name: the older value told only what kind of thing it is. */
const NAMED_LATER = /^(?:employer|education|owner|manager|partner|location)$/;

function namedLater(pair: Pair): Finding | null {
  const { older, newer, values, slot } = pair;
  if (values === 'different' && newer.qualifiers.some((one) => /^(?:as|for) /.test(one) && one.endsWith(` ${older.normal}`))) return found(pair, 'relation.containment', 'refines', 0.7);
  if (values !== 'different' || !NAMED_LATER.test(slot) || older.value !== older.value.toLowerCase() || newer.value === newer.value.toLowerCase()) return null;
  return found(pair, 'relation.containment', 'refines', 0.65);
}

function sameOrContained(pair: Pair): Finding | null {
  const { values, conditions, older, newer, b } = pair;
  if (!isSame(pair)) return null;
  const isFurther = b.cues.addition && /^(?:possession|pet|vehicle|child|sibling|do)/.test(pair.slot) && /\b(?:another|second|one more|extra)\b/i.test(b.text);
  if (isFurther) return found(pair, 'relation.addition', 'extends', 0.8);
  if (values === 'narrower') return found(pair, 'relation.containment', 'refines', 0.85);
  if (values === 'wider') return found(pair, 'relation.less_specific', conditions === 'narrower' ? 'refines' : 'duplicate', 0.6);
  if (conditions === 'narrower') return found(pair, 'relation.containment', 'refines', 0.8);
  if (older.aspect === 'past' && timesDiffer(older, newer)) return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  const isDated = newer.quantity === null && older.validFrom === null && newer.validFrom !== null && !/^r=/.test(newer.normal);
  return isDated ? found(pair, 'relation.containment', 'refines', 0.7) : found(pair, 'relation.same_form', 'duplicate', 0.92);
}

function plannedThenDone(pair: Pair): Finding | null {
  const isPlan = pair.newer.modality === 'plan' || pair.newer.aspect === 'planned';
  return isPlan && pair.slot !== 'goal' ? found(pair, 'relation.disjoint_time', 'extends', 0.6) : null;
}

function addition(pair: Pair): Finding | null {
  return pair.b.cues.addition && !/^(?:birth|name|age)/.test(pair.slot) ? found(pair, 'relation.addition', 'extends', 0.8) : null;
}

function singleSlot(pair: Pair): Finding | null {
  const { b, slot, sameSession, older, newer } = pair;
  if (!isOne(pair)) return null;
  const rule = slotRuleOf(slot);
  if (rule.mutability === 'immutable') return found(pair, 'relation.single_slot', 'contradicts', 0.88, 'conflict');
  if (rule.name === 'prefer') return preferred(pair);
  if (rule.name === 'status') return b.cues.change && areOpposite(older.normal, newer.normal) ? found(pair, 'relation.single_slot', 'contradicts', 0.7, 'update') : found(pair, 'relation.many_slot', 'extends', 0.5);
  const kind = sameSession && !b.cues.change ? 'conflict' : 'update';
  return found(pair, 'relation.single_slot', 'contradicts', b.cues.change ? 0.92 : 0.87, kind, b.cues.change ? ['slot', 'change'] : ['slot']);
}

function preferred(pair: Pair): Finding {
  const { older, newer, b } = pair;
  if (areRivals(older.normal, newer.normal)) return found(pair, 'relation.single_slot', 'contradicts', 0.86, 'update');
  if (b.cues.change) return found(pair, 'relation.replaced', 'contradicts', 0.7, 'update', ['change']);
  return found(pair, 'relation.many_slot', 'extends', 0.5);
}

function manySlot(pair: Pair): Finding {
  const { older, newer, b, slot } = pair;
  const name = slotRuleOf(slot).name;
  const isAmount = older.quantity !== null && newer.quantity !== null && older.quantity.amount !== newer.quantity.amount;
  if (isAmount && compareValues({ ...older, quantity: null, normal: plain(older) }, { ...newer, quantity: null, normal: plain(newer) }) !== 'different')
    return found(pair, 'relation.single_slot', 'contradicts', 0.85, 'update');
  const rivals = areRivals(older.normal, newer.normal);
  const isChoice = /^(?:tool|guideline|do|vehicle|kind|membership)$/.test(name);
  if (rivals && isChoice && b.cues.change) return found(pair, 'relation.replaced', 'contradicts', 0.86, 'update', ['slot', 'change']);
  if (isChoice && b.cues.change && /\b(?:now|switched|instead|replaced|no longer|these days|nowadays|from now on)\b/i.test(b.text)) return found(pair, 'relation.replaced', 'contradicts', 0.8, 'update', ['change']);
  if (name === 'guideline' && (rivals || / (?:in|to|at|on|with|by|as)$/.test(slot))) return found(pair, 'relation.alternative', 'contradicts', 0.82, 'update');
  if (name === 'tool' && (rivals || older.qualifiers.some((one) => newer.qualifiers.includes(one)))) return found(pair, 'relation.alternative', 'contradicts', 0.8, 'update');
  return found(pair, 'relation.many_slot', 'extends', 0.7);
}

const plain = ({ normal }: Claim): string =>
  normal
    .split(' ')
    .filter((word) => !/^\d/.test(word))
    .join(' ');

const isHeld = ({ slot }: Claim): boolean => /^(?:possession|pet|vehicle|quantity|child|sibling|friend|tool)/.test(slot);

const plainFinding = (ruleId: RelationRuleId, relation: RelationName, probability: number): Finding => ({
  ...{ relation, kind: null, probability, ruleId, grounds: [], slot: null, evidence: [] },
});

/** "My dog died", "the car was stolen": the end of what somebody has, told of the thing itself. */
export function lossOf(older: Claim, newer: Claim): Finding | null {
  if (!/^(?:pet|possession|vehicle|partner|child|sibling|relative|friend)$/.test(older.slot) || older.polarity === 'negative' || older.aspect !== 'current') return null;
  const isLost = /^do:(?:die|pass away|pass|run away|break down)/.test(newer.slot) || (newer.slot === 'status' && /^(?:dead|died|sold|stolen|totaled|gone|donated|returned|scrapped)/.test(newer.normal));
  const owner = older.subject === 'self' ? '' : `${older.subject}'s `;
  if (!isLost || newer.polarity === 'negative' || !newer.subject.startsWith(owner)) return null;
  const words = newer.subject.slice(owner.length).split(' ');
  if (!words.every((word) => older.normal.split(' ').includes(word))) return null;
  return { ...plainFinding('relation.closer', 'contradicts', 0.85), kind: 'update', grounds: ['closer'], slot: older.slot, evidence: [`before=${told(older)}`, `after=${newer.subject} ${newer.slot}`] };
}

const CANCELED = /^(?:canceled|completed|discontinued|archived|suspended|paused|stopped|abandoned|over|obsolete|deprecated|dropped|removed)$/;

/** "The meeting is canceled" ends the time at which it was to be. */
function calledOff(older: Claim, newer: Claim, sureness: number): Finding | null {
  if (newer.slot !== 'status' || newer.polarity === 'negative' || !CANCELED.test(newer.normal.split(' ')[0]!)) return null;
  if (!/^(?:time|deadline|schedule|do|location|duration|owner)/.test(older.slot) || older.aspect !== 'current') return null;
  if (/^(?:completed|archived)$/.test(newer.normal) && !/^(?:schedule|do)/.test(older.slot)) return null;
  return {
    ...{ relation: 'contradicts', kind: 'update', probability: 0.86 * sureness, ruleId: 'relation.closer', grounds: ['closer'] },
    ...{ slot: older.slot, evidence: [`before=${told(older)}`, `after=${told(newer)}`] },
  };
}

/** Slots that differ but cannot both hold: a diet and a meal, being single and being married. */
function implied(older: Claim, newer: Claim, sureness: number): Finding | null {
  const byDiet = (diet: Claim, meal: Claim): boolean => diet.slot === 'diet' && /^(?:do:eat|do:drink|preference|favorite:.*)$/.test(meal.slot) && meal.polarity === 'positive' && diet.polarity === 'positive' && isExcludedBy(meal.normal, diet.normal);
  const isSingle = ({ slot, normal, aspect }: Claim): boolean => (slot === 'marital_status' && /^(?:single|divorced)$/.test(normal)) || (slot === 'partner' && aspect === 'ended');
  const isBound = ({ slot, normal, aspect, polarity: sign }: Claim): boolean => aspect === 'current' && sign === 'positive' && (slot === 'partner' || (slot === 'marital_status' && normal === 'married'));
  const isBoth = (test: (one: Claim, other: Claim) => boolean): boolean => test(older, newer) || test(newer, older);
  if (older.aspect !== 'current' || (newer.aspect !== 'current' && newer.aspect !== 'ended')) return null;
  if (!isBoth(byDiet) && !isBoth((one, other) => isSingle(one) && isBound(other))) return null;
  return {
    ...{ relation: 'contradicts', kind: 'update', probability: 0.75 * sureness, ruleId: 'relation.implied', grounds: ['slot'] },
    ...{ slot: older.slot, evidence: [`before=${told(older)}`, `after=${told(newer)}`] },
  };
}

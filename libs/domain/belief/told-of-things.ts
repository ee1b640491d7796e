import { compareAmounts, withoutAmounts } from './amount-comparison.js';
import type { Claim } from './claim.js';
import { plainFinding, told } from './finding.js';
import type { Finding } from './finding.js';
import { isKindOf } from './kinds.js';
import { compareMoments, isMoment } from './moment-comparison.js';
import { areComparedOpposite } from './opposites.js';
import type { RelationRuleId } from './relation-rules.js';
import { isOtherVersion } from './shared-slot.js';
import { ANY_SLOT } from './slot-registry.js';
import { compareWords } from './value-comparison.js';
import type { Comparison } from './value-comparison.js';

type CrossRule = (older: Claim, newer: Claim) => Finding | null;

/**
 * Two claims of different subjects can tell of one thing: of its holder ("I take 20 mg of X") and of itself ("my X was
 * raised to 40 mg"). Nothing here is sure enough to retire anything, but for amounts and repetitions.
 */
export function toldOfThing(older: Claim, newer: Claim): Finding | null {
  if (!isHolding(older) || !isHolding(newer)) return null;
  for (const rule of RULES) {
    const finding = rule(older, newer);
    if (finding !== null) return finding;
  }
  return null;
}

const isHolding = ({ aspect, modality }: Claim): boolean =>
  aspect === 'current' && (modality === 'asserted' || modality === 'negated');

const RULES: readonly CrossRule[] = [
  permitted,
  amountOfThing,
  momentOfThing,
  deniedKin,
  countedLater,
  heldThing,
  reversedComparison,
];

/** "Never push to main", "you can push to main": an order, and leave to do otherwise. */
function permitted(older: Claim, newer: Claim): Finding | null {
  const isLeave = ({ subject, slot }: Claim): boolean =>
    /^(?:you|anyone|everyone|everybody)$/.test(subject) && slot === 'ability';
  const isOrder = ({ subject, slot }: Claim): boolean => subject === 'self' && slot.startsWith('guideline:');
  const [order, leave] = isOrder(older) ? [older, newer] : [newer, older];
  if (!isOrder(order) || !isLeave(leave) || order.polarity === leave.polarity) return null;
  const wordsOf = (text: string): string[] =>
    text.split(' ').filter((word) => !/^(?:to|on|in|at|with|the|)$/.test(word));
  const ordered = wordsOf(`${order.slot.slice(order.slot.indexOf(':') + 1)} ${order.normal}`);
  const left = wordsOf(leave.normal);
  const isSame = left.length > 1 && left.every((word) => ordered.includes(word));
  return isSame ? { ...foundBetween(older, newer, 'different', 0.8), ruleId: 'relation.polarity' } : null;
}

const BY_COMPARISON: Readonly<Record<Comparison, readonly [RelationRuleId, Finding['relation'], number]>> = {
  equal: ['relation.same_form', 'duplicate', 0.85],
  narrower: ['relation.containment', 'refines', 0.75],
  wider: ['relation.less_specific', 'duplicate', 0.6],
  opposite: ['relation.single_slot', 'contradicts', 0.82],
  different: ['relation.single_slot', 'contradicts', 0.82],
};

function foundBetween(older: Claim, newer: Claim, values: Comparison, probability?: number): Finding {
  const [ruleId, relation, usual] = BY_COMPARISON[values];
  const isContradiction = relation === 'contradicts';
  return {
    ...plainFinding(ruleId, relation, probability ?? usual),
    kind: isContradiction ? 'update' : null,
    grounds: isContradiction ? ['slot'] : [],
    slot: older.slot,
    evidence: [`before=${told(older)}`, `after=${newer.subject} ${told(newer)}`],
  };
}

/** Nouns for an amount of the thing that they follow. */
const AMOUNT_NOUN = /^(?:dose|dosage|price|cost|rate|amount|number|level|count|size|length|limit|fee|prescription)$/;

/** The thing itself without its owner; null when somebody else owns it. */
function thingOf(holder: Claim, thing: Claim): string | null {
  const mark = thing.subject.lastIndexOf("'s ");
  const owner = mark < 0 ? '' : thing.subject.slice(0, mark);
  if (mark >= 0 && owner !== holder.subject) return null;
  const words = thing.subject.slice(mark < 0 ? 0 : mark + 3).split(' ');
  const kept = words.filter((word) => !AMOUNT_NOUN.test(word)).join(' ');
  return kept === '' || kept === 'self' || (mark < 0 && kept === holder.subject) ? null : kept;
}

function amountOfThing(older: Claim, newer: Claim): Finding | null {
  if (older.quantity === null || newer.quantity === null || older.quantity.unit === null) return null;
  const isTold = (holder: Claim, thing: Claim): boolean => {
    const name = thingOf(holder, thing);
    const rest = withoutAmounts(holder.normal);
    return name !== null && rest !== '' && /^(?:equal|wider)$/.test(compareWords(rest, name));
  };
  if (!isTold(older, newer) && !isTold(newer, older)) return null;
  const values = compareAmounts(older, newer);
  return values === undefined ? null : foundBetween(older, newer, values);
}

/** "We hold a retro every two weeks", "the retro is weekly". */
function momentOfThing(older: Claim, newer: Claim): Finding | null {
  if (older.polarity === 'negative' || newer.polarity === 'negative') return null;
  const momentsOf = ({ slot, normal, qualifiers }: Claim): string =>
    (/^(?:time|schedule|deadline)/.test(slot) && isMoment(normal) ? [normal] : qualifiers.filter(isMoment)).join(' ');
  const isTold = (holder: Claim, thing: Claim): boolean => {
    const name = thingOf(holder, thing);
    const held = holder.slot.startsWith('schedule:') ? holder.slot.split(' ').slice(1).join(' ') : holder.normal;
    return (
      name !== null && name === held && /^(?:time|schedule)/.test(thing.slot) && /^(?:do|schedule):/.test(holder.slot)
    );
  };
  const [before, after] = [momentsOf(older), momentsOf(newer)];
  if (after === '' || (!isTold(older, newer) && !isTold(newer, older))) return null;
  return before === ''
    ? foundBetween(older, newer, 'narrower')
    : foundBetween(older, newer, compareMoments(before, after));
}

const KIN: Readonly<Record<string, RegExp>> = {
  sibling: /(?:^| )(?:brother|sister|sibling|twin)(?: |$)/,
  child: /(?:^| )(?:son|daughter|child|twin|grandchild|grandson|granddaughter)(?: |$)/,
  pet: /(?:^| )(?:pet|dog|cat|rabbit|hamster|parrot|puppy|kitten|guinea-pig)(?: |$)/,
  vehicle: /(?:^| )(?:car|van|motorcycle|truck|scooter)(?: |$)/,
  partner: /(?:^| )(?:partner|wife|husband|girlfriend|boyfriend|fiance|fiancé|fiancée)(?: |$)/,
};
const GENERIC = /^(?:any )?(?:sibling|brother sister|child|pet|vehicle|car|partner|any|single|)$/;

/** "An only child", then a sister; "no children", then a daughter. */
function deniedKin(older: Claim, newer: Claim): Finding | null {
  const isDenied = (denying: Claim, telling: Claim): boolean => {
    const isSingle = denying.slot === 'marital_status' && denying.normal === 'single';
    const kin = KIN[isSingle ? 'partner' : denying.slot];
    if (!isSingle && denying.polarity !== 'negative') return false;
    const isThing = /^(?:possession|pet|vehicle)$/.test(denying.slot) && denying.normal === thingOf(denying, telling);
    if (isThing) return denying.polarity === 'negative';
    if (kin === undefined || !GENERIC.test(denying.normal)) return false;
    const owned = thingOf(denying, telling);
    return owned !== null && kin.test(owned) && (denying.subject === 'self' || telling.subject.includes("'s "));
  };
  return isDenied(older, newer) || isDenied(newer, older) ? foundBetween(older, newer, 'different', 0.75) : null;
}

/** "Several people were hurt", "seven people were hurt". */
function countedLater(older: Claim, newer: Claim): Finding | null {
  if (older.slot !== newer.slot || older.normal !== newer.normal || older.polarity !== newer.polarity) return null;
  const [first, ...before] = older.subject.split(' ');
  const after = newer.subject.split(' ');
  const isSame = before.length > 0 && before.every((word) => after.includes(word)) && after.length > before.length;
  return VAGUE.test(first!) && isSame ? foundBetween(older, newer, 'narrower') : null;
}

const VAGUE = /^(?:several|some|few|many|various|numerous|somebody|someone|multiple|certain)$/;

const HELD = /^(?:possession|pet|vehicle|child|sibling|friend|partner)$/;
const DESCRIBING = /^(?:kind|identity|name|status|has|age|color|job_title)$/;

/** "I drive a Skoda", "my car is a Skoda"; "we have a rabbit", "our rabbit is a white lop". */
function heldThing(older: Claim, newer: Claim): Finding | null {
  const describe = (holder: Claim, thing: Claim): Comparison | null => {
    if (!HELD.test(holder.slot) || holder.polarity === 'negative' || !DESCRIBING.test(thing.slot)) return null;
    const name = thingOf(holder, thing);
    const isOwned = holder.subject === 'self' || thing.subject.includes("'s ");
    if (name === null || !isOwned || thing.polarity === 'negative') return null;
    if (/^(?:kind|identity)$/.test(thing.slot) && KIN[holder.slot]?.test(name)) {
      const values = compareWords(holder.normal, thing.normal);
      if (values !== 'different' && values !== 'opposite') return values;
    }
    const words = name.split(' ');
    if (!words.every((word) => holder.normal.split(' ').includes(word)) && !isKindOf(holder.normal, name)) return null;
    return thing.normal.split(' ').every((word) => holder.normal.split(' ').includes(word)) ? 'equal' : 'narrower';
  };
  const values = describe(older, newer);
  if (values !== null) return foundBetween(older, newer, values);
  const back = describe(newer, older);
  return back === null ? null : foundBetween(older, newer, 'equal', 0.6);
}

/** "A is taller than B": "B is shorter than A" says the same, "B is taller than A" the contrary. */
function reversedComparison(older: Claim, newer: Claim): Finding | null {
  const sidesOf = ({ subject, normal }: Claim): [string, string, string] | null => {
    const at = normal.indexOf(' than ');
    const other = normal.slice(at + 6);
    return at < 0 ? null : [subject, normal.slice(0, at), /^(?:me|i|mine)$/.test(other) ? 'self' : other];
  };
  const [before, after] = [sidesOf(older), sidesOf(newer)];
  if (before === null || after === null || before[0] !== after[2] || before[2] !== after[0]) return null;
  if (older.polarity !== newer.polarity) return null;
  if (before[1] === after[1]) return { ...foundBetween(older, newer, 'different', 0.75), ruleId: 'relation.role_swap' };
  return areComparedOpposite(before[1], after[1]) ? foundBetween(older, newer, 'equal') : null;
}

/** "Our CI runs on Jenkins", "we replaced Jenkins": what we stop using, no thing of ours runs on. */
export function givenUpByUser(older: Claim, newer: Claim): Finding | null {
  if (newer.slot === ANY_SLOT && newer.subject === 'self' && older.slot === 'tool' && older.subject !== 'self')
    return isOtherVersion(older.normal, newer.normal)
      ? { ...foundBetween(older, newer, 'different', 0.82), ruleId: 'relation.replaced', grounds: ['change'] }
      : null;
  const isGivenUp =
    newer.slot === 'tool' &&
    newer.aspect === 'ended' &&
    newer.subject === 'self' &&
    older.subject !== 'self' &&
    older.polarity === 'positive' &&
    older.aspect === 'current' &&
    (older.slot === 'tool' || / (?:on|in|with|by|through|via)$/.test(older.slot));
  if (!isGivenUp || !/^(?:equal|wider)$/.test(compareWords(older.normal, newer.normal))) return null;
  return { ...foundBetween(older, newer, 'different', 0.82), ruleId: 'relation.closer', grounds: ['closer'] };
}

/** One fact in two grammars: active and passive, a verb and the noun for who does it, a hobby and its doing, a word and a figure. */
import type { Claim } from './claim.js';
import { plainFinding, told } from './finding.js';
import type { Finding } from './finding.js';
import type { RelationRuleId } from './relation-rules.js';
import { stemOf } from './transitions.js';
import { compareWords } from './value-comparison.js';

/** Null where the two claims are no forms of one fact. Nothing here retires anything. */
export function toldOtherwise(older: Claim, newer: Claim): Finding | null {
  if (older.aspect !== newer.aspect || !isSo(older) || !isSo(newer)) return null;
  return inPassive(older, newer) ?? asRole(older, newer) ?? asHobby(older, newer) ?? inFigures(older, newer);
}

const isSo = ({ modality }: Claim): boolean => modality === 'asserted' || modality === 'negated';

function foundAs(older: Claim, newer: Claim, relation: Finding['relation'], probability: number): Finding {
  const ruleId: RelationRuleId =
    relation === 'contradicts'
      ? 'relation.alternative'
      : relation === 'refines'
        ? 'relation.containment'
        : relation === 'duplicate'
          ? 'relation.same_form'
          : 'relation.many_slot';
  return {
    ...plainFinding(ruleId, relation, probability),
    ...{ kind: relation === 'contradicts' ? 'update' : null, slot: older.slot },
    evidence: [`before=${older.subject} ${told(older)}`, `after=${newer.subject} ${told(newer)}`],
  };
}

/** A deed told of the one who does it. */
interface Deed {
  verb: string;
  doer: string;
  object: string;
}

const PASSIVE = /^([a-z]+) by$/;
const ACTIVE = /^do:([a-z]+)$/;

function deedOf({ slot, subject, normal }: Claim): Deed | null {
  const passive = PASSIVE.exec(slot)?.[1];
  if (passive !== undefined) return { verb: passive, doer: normal, object: subject };
  const active = ACTIVE.exec(slot)?.[1];
  return active === undefined ? null : { verb: active, doer: subject, object: normal };
}

/** Of these one does it at a time. */
const ONE_DOER =
  /^(?:teach|train|coach|run|lead|host|chair|write|design|direct|organize|edit|moderate|conduct|drive|present|invent|compose|paint|discover|found|manage|walk|tutor|instruct|supervise|captain|sponsor|own)$/;

/** "The plants are watered by Ana", "Ana waters the plants". */
function inPassive(older: Claim, newer: Claim): Finding | null {
  if (PASSIVE.test(older.slot) === PASSIVE.test(newer.slot)) return null;
  const [before, after] = [deedOf(older), deedOf(newer)];
  if (before === null || after === null || before.verb !== after.verb || before.object === '') return null;
  const objects = compareWords(before.object, after.object);
  if (objects === 'different' || objects === 'opposite') return null;
  const isSame = before.doer === after.doer;
  if (!isSame)
    return ONE_DOER.test(before.verb) && older.polarity === newer.polarity
      ? foundAs(older, newer, 'contradicts', 0.65)
      : null;
  if (older.polarity !== newer.polarity) return foundAs(older, newer, 'contradicts', 0.75);
  return objects === 'narrower' || newer.qualifiers.length > older.qualifiers.length
    ? foundAs(older, newer, 'refines', 0.65)
    : foundAs(older, newer, 'duplicate', 0.75);
}

/** "Ana mentors Leo", "Ana is Leo's mentor". */
function asRole(older: Claim, newer: Claim): Finding | null {
  const isRole = (role: Claim, deed: Claim): boolean => {
    const verb = ACTIVE.exec(deed.slot)?.[1];
    return (
      verb !== undefined &&
      /^[a-z]{5,}$/.test(role.slot) &&
      stemOf(role.slot) === stemOf(verb) &&
      role.subject === deed.normal
    );
  };
  if (!isRole(older, newer) && !isRole(newer, older)) return null;
  const [role, deed] = isRole(older, newer) ? [older, newer] : [newer, older];
  if (role.normal !== deed.subject)
    return older.polarity === newer.polarity ? foundAs(older, newer, 'contradicts', 0.65) : null;
  return foundAs(older, newer, older.polarity === newer.polarity ? 'duplicate' : 'contradicts', 0.7);
}

/** "Brewing is my hobby", "I brew beer". */
function asHobby(older: Claim, newer: Claim): Finding | null {
  if (older.subject !== newer.subject) return null;
  const stems = (text: string): string[] => text.split(' ').map(stemOf);
  const isDone = (hobby: Claim, deed: Claim): boolean => {
    const verb = ACTIVE.exec(deed.slot)?.[1];
    if (hobby.slot !== 'hobby' || verb === undefined) return false;
    const done = stems(`${verb} ${deed.normal}`);
    return stems(hobby.normal).some((stem) => done.includes(stem));
  };
  if (!isDone(older, newer) && !isDone(newer, older)) return null;
  if (older.polarity !== newer.polarity) return foundAs(older, newer, 'contradicts', 0.65);
  const isMore = older.slot === 'hobby' && newer.normal.split(' ').length > older.normal.split(' ').length + 1;
  return foundAs(older, newer, isMore ? 'refines' : 'duplicate', 0.6);
}

/** What a figure of each unit puts in words. */
const QUALITIES: readonly (readonly [RegExp, RegExp])[] = [
  [/^degree$/, /^(?:hot|warm|cold|cool|freezing|mild|chilly|boiling|scorching|icy)(?: |$)/],
  [/^m$/, /^(?:near|close|far|long|short|tall|high|deep|wide|narrow|large|small|low|nearby|away)(?: |$)/],
  [/^kg$/, /^(?:heavy|light|large|small)(?: |$)/],
  [/^(?:usd|eur|gbp|jpy|chf|inr)$/, /^(?:expensive|cheap|pricey|costly|dear|affordable|steep)(?: |$)/],
  [/^(?:s|day)$/, /^(?:long|short|fast|slow|late|delayed|quick)(?: |$)/],
  [/^(?:month|year)$/, /^(?:old|young|new)(?: |$)/],
  [/^percent$/, /^(?:high|low|full|empty|large|small)(?: |$)/],
];

/** "The server room is hot", "the server room is at 41 degrees". */
function inFigures(older: Claim, newer: Claim): Finding | null {
  const unit = newer.quantity?.unit;
  if (older.subject !== newer.subject || unit === undefined || unit === null || older.quantity !== null) return null;
  if (older.polarity === 'negative' || newer.polarity === 'negative') return null;
  const isNear = unit === 'm' && older.slot === 'location' && newer.qualifiers.includes(`from ${older.normal}`);
  const isSaid = older.slot === 'status' && QUALITIES.some(([of, words]) => of.test(unit) && words.test(older.normal));
  return isNear || isSaid ? foundAs(older, newer, 'refines', 0.6) : null;
}

import type { Claim } from './claim.js';
import { exclusiveSetOf } from './opposites.js';

/** How many values a subject can have at once; of a `statistic` many sources tell, and none ends another. */
export type Cardinality = 'one' | 'many' | 'statistic';

/** How a value comes to change: never, by a correction; seldom; with the world; by itself within days. */
export type Mutability = 'immutable' | 'rare' | 'state' | 'volatile';

/** What brings the values of a slot into normal form; the reader carries it out. */
export type Normaliser = 'words' | 'name' | 'place' | 'moment' | 'amount' | 'state';

export interface SlotRule {
  name: string;
  cardinality: Cardinality;
  mutability: Mutability;
  normaliser: Normaliser;
  /** Slots that hold the same things by another name share their keys: what one verb takes, another gives away. */
  keyAs: string;
  /** Verbs that end a value. */
  closers: readonly string[];
  /** The slot that the same fact fills when it is told from the other side. */
  inverse: string | null;
  /** After this many days without support a value is worth asking again; null is never. */
  halfLifeDays: number | null;
}

const LEAVING = ['leave', 'quit', 'resign from', 'retire', 'be fired', 'be laid off'];
const GIVING = ['sell', 'give away', 'donate', 'lose', 'return', 'trade in', 'get rid of', 'swap'];
const PARTING = ['divorce', 'break up with', 'split up', 'separate'];
const CANCELLING = ['cancel', 'unsubscribe', 'drop', 'end'];
const STOPPING = ['stop', 'quit', 'give up', 'no longer'];

type Row = readonly [
  names: string,
  cardinality: Cardinality,
  mutability: Mutability,
  normaliser: Normaliser,
  halfLifeDays: number | null,
  more?: Partial<Pick<SlotRule, 'keyAs' | 'closers' | 'inverse'>>,
];

/** Names may be several; a topic behind a colon (`favorite:season`) is not part of the name. */
const ROWS: readonly Row[] = [
  ['birth_date', 'one', 'immutable', 'moment', null],
  ['birthplace', 'one', 'immutable', 'place', null],
  ['origin blood_type nationality', 'one', 'immutable', 'words', null],
  ['name pronouns', 'one', 'rare', 'name', null],
  ['residence', 'one', 'state', 'place', 730, { closers: ['move out of', 'move away from', 'leave'] }],
  ['employer', 'one', 'state', 'name', 730, { closers: LEAVING, inverse: 'employs' }],
  ['job_title', 'one', 'state', 'words', 730, { closers: ['quit', 'resign as', 'step down as'] }],
  ['commute', 'one', 'state', 'words', 365],
  ['workplace field', 'one', 'state', 'words', 365],
  ['manager', 'one', 'state', 'name', 365, { inverse: 'manages' }],
  ['owner', 'one', 'state', 'name', 365, { inverse: 'owns' }],
  ['partner marital_status', 'one', 'state', 'name', null, { closers: PARTING, inverse: 'partner' }],
  ['diet', 'one', 'state', 'words', 730, { closers: STOPPING }],
  ['education major', 'one', 'state', 'name', 730, { closers: ['drop out of', 'graduate from'] }],
  ['age', 'one', 'volatile', 'amount', 365],
  ['favorite prefer', 'one', 'state', 'words', 730],
  ['time deadline', 'one', 'volatile', 'moment', 90, { closers: CANCELLING }],
  ['schedule', 'one', 'state', 'moment', 180, { closers: STOPPING }],
  ['price limit budget rent salary income', 'one', 'state', 'amount', 180],
  ['quantity', 'one', 'state', 'amount', 180],
  ['measure duration', 'one', 'volatile', 'amount', 180],
  ['location', 'one', 'volatile', 'place', 90],
  ['hours', 'one', 'state', 'moment', 180],
  ['version', 'one', 'volatile', 'words', 90],
  ['status', 'one', 'volatile', 'state', 30],
  ['identity', 'one', 'state', 'name', 365],
  ['kind has', 'many', 'rare', 'words', null],
  ['allergy', 'many', 'rare', 'words', null, { closers: ['outgrow'] }],
  ['condition', 'many', 'state', 'words', 365, { closers: ['recover from', 'get over', 'beat'] }],
  ['medication', 'many', 'state', 'words', 180, { closers: ['come off', ...STOPPING] }],
  ['language skill', 'many', 'rare', 'words', null],
  ['ability', 'many', 'state', 'words', 180],
  ['fear', 'many', 'state', 'words', 730],
  ['preference', 'many', 'state', 'words', 730],
  ['pet', 'many', 'state', 'words', 1095, { keyAs: 'possession', closers: ['rehome', 'lose', 'give away'] }],
  ['vehicle', 'many', 'state', 'words', 1095, { keyAs: 'possession', closers: GIVING }],
  ['possession', 'many', 'state', 'words', 730, { closers: GIVING }],
  ['child sibling friend', 'many', 'rare', 'name', null],
  ['hobby', 'many', 'state', 'words', 365, { closers: STOPPING }],
  ['tool', 'many', 'state', 'words', 365, { closers: ['switch from', 'migrate from', 'replace', 'drop'] }],
  ['membership', 'many', 'state', 'name', 365, { closers: CANCELLING }],
  ['goal', 'many', 'state', 'words', 180, { closers: ['finish', 'complete', 'abandon', 'give up', 'cancel'] }],
  ['guideline', 'many', 'state', 'words', null],
  ['do', 'many', 'state', 'words', 365, { closers: STOPPING }],
  ['event visited', 'many', 'immutable', 'words', null],
  ['statistic', 'statistic', 'immutable', 'amount', null],
];

/** Every slot with a rule of its own, for the documentation. */
export const SLOT_RULES: readonly SlotRule[] = ROWS.flatMap(
  ([names, cardinality, mutability, normaliser, halfLifeDays, more]) =>
    names.split(' ').map((name) => ({
      ...{ name, cardinality, mutability, normaliser, halfLifeDays },
      keyAs: more?.keyAs ?? name,
      closers: more?.closers ?? [],
      inverse: more?.inverse ?? null,
    })),
);

const BY_NAME = new Map(SLOT_RULES.map((rule) => [rule.name, rule]));

/** A property that no row names ("wifi password", "port"): one value, until it changes. */
const PROPERTY: SlotRule = {
  name: 'property',
  cardinality: 'one',
  mutability: 'state',
  normaliser: 'words',
  keyAs: 'property',
  closers: [],
  inverse: null,
  halfLifeDays: 365,
};

/** Slot of a claim that ends or replaces a value in whichever slot holds it. */
export const ANY_SLOT = 'any';

/** `favorite:season` has the rule of `favorite`. */
export function slotRuleOf(slot: string): SlotRule {
  const colon = slot.indexOf(':');
  return BY_NAME.get(colon < 0 ? slot : slot.slice(0, colon)) ?? PROPERTY;
}

const KEYLESS_MODALITIES: ReadonlySet<string> = new Set(['hypothetical', 'wish', 'plan', 'reported', 'question']);

/**
 * What a claim reserves, so that two statements about the same fact meet wherever they come from; null for what nobody
 * can own: events, wishes, questions, what once was, and figures of many sources.
 */
export function slotKeyOf(claim: Claim): string | null {
  const { slot, subject, normal, modality, aspect } = claim;
  if (KEYLESS_MODALITIES.has(modality) || aspect === 'planned' || slot === ANY_SLOT) return null;
  const rule = slotRuleOf(slot);
  // What cannot change is told as past and holds: "was born in".
  if (aspect === 'past' && rule.mutability !== 'immutable') return null;
  if (rule.cardinality === 'statistic' || rule.name === 'event' || rule.name === 'visited') return null;
  const topic = slot.startsWith(rule.name) ? slot.slice(rule.name.length) : `:${slot}`;
  const place = `${subject}|${rule.keyAs}${topic}`;
  if (rule.name === 'status') return withConditions(`${place}|${exclusiveSetOf(normal) ?? normal}`, claim);
  if (rule.cardinality === 'one') return withConditions(place, claim);
  const value = plainValue(normal);
  return value === '' && normal !== '' ? null : withConditions(`${place}|${value}`, claim);
}

/** Conditions make it another fact: "on weekdays" and "on weekends" can both hold. */
function withConditions(key: string, { qualifiers }: Claim): string {
  return qualifiers.length === 0 ? key : `${key}|${qualifiers.join('; ')}`;
}

/** Without amounts: 20 mg and 40 mg of a medicine are one fact that changes. */
function plainValue(normal: string): string {
  return normal
    .split(' ')
    .filter((word) => !/^[~<>]?\d/.test(word))
    .join(' ');
}

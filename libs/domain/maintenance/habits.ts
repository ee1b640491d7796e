import type { Claim } from '../belief/claim.js';
import { kindsOf } from '../belief/kinds.js';
import { distinctDays, groupedBy, isToldAsDone, type Observation } from './observation.js';
import { listed, namedSubject, PATTERN_DAYS_MIN, type PatternProposal, patternOf, regularity } from './pattern.js';
import { sharedTime } from './times-of-day.js';
import { thirdPerson } from './verb-forms.js';

/** An observation as something done: its verb, and with whom, what or where. */
interface Deed {
  observation: Observation;
  subject: string;
  isNegative: boolean;
  verb: string;
  /** In normal form: the same for the same deed. */
  object: string;
  /** The object as it was said, for people: "the dog", "their mother". */
  said: string;
  /** "5 km": how much it was that day; null where it was not told. */
  amount: number | null;
}

/** Of a verb that says little itself, what is done lies in its object: "do yoga", "have oatmeal", "go for a run". */
const LIGHT_VERBS =
  /^(?:do|go|have|take|play|choose|get|make|practise|practice|attend|hit|join|eat|drink|order|visit|go to|do for|go for)$/;
const SAME_DEED: Readonly<Record<string, string>> = {
  phone: 'call',
  ring: 'call',
  telephone: 'call',
  practice: 'practise',
};
/** "Run through the forest": where it leads is no part of the deed. */
const PASSING = / (?:through|along|around|round|across|by|near|past|over)$/;
/** A phrase that only says where, when or how. */
const ADJUNCT =
  /^(?:along|around|round|at|in|on|by|near|through|before|after|during|for|from|to|towards|over|across|until|since|past|up|down|outside|inside|with|without)(?: |$)/;

/**
 * Things done again and again: deeds of one head (`run`, `call mother`) and one polarity on three days or more; in a deep
 * reading also those of one class of things (`play` a racket sport). Days that say otherwise weaken it.
 */
export function habitsIn(observations: readonly Observation[], isDeep: boolean): PatternProposal[] {
  const deeds = observations.flatMap((observation) => deedOf(observation) ?? []);
  const byHead = groupedBy(deeds, (deed) => `${deed.subject}:${headOf(deed)}`);
  const habits = [...byHead].flatMap(([key, group]) => habitOf(key, headOf(group[0]!), group));
  if (!isDeep) return habits;
  const told = new Set(habits.flatMap(({ sourceIds }) => sourceIds));
  const rest = deeds.filter(({ observation }) => !told.has(observation.memory.id));
  return [...habits, ...classHabitsIn(rest)];
}

function classHabitsIn(deeds: readonly Deed[]): PatternProposal[] {
  const classed = deeds.flatMap((deed) => kindsOf(deed.object).map((kind) => ({ deed, kind })));
  const groups = groupedBy(classed, ({ deed, kind }) => `${deed.subject}:${deed.verb} ${kind}`);
  const used = new Set<Deed>();
  const habits: PatternProposal[] = [];
  for (const [key, group] of [...groups].sort(([, one], [, other]) => other.length - one.length)) {
    const free = group.map(({ deed }) => deed).filter((deed) => !used.has(deed));
    if (new Set(free.map(({ object }) => object)).size < 2) continue;
    const { kind } = group[0]!;
    const things = [...new Set(free.map(({ said }) => said))].sort();
    const asClass = free.map((deed) => ({ ...deed, object: kind, said: `${listed(things)} (${kind})` }));
    const found = habitOf(key, `${free[0]!.verb} ${group[0]!.kind}`, asClass);
    if (found.length === 0) continue;
    for (const deed of free) used.add(deed);
    habits.push(...found);
  }
  return habits;
}

function habitOf(key: string, head: string, deeds: readonly Deed[]): PatternProposal[] {
  const positive = deeds.filter(({ isNegative }) => !isNegative);
  const negative = deeds.filter(({ isNegative }) => isNegative);
  const isNegative = distinctDays(negative.map(seen)) > distinctDays(positive.map(seen));
  const [agreeing, opposing] = isNegative ? [negative, positive] : [positive, negative];
  const observations = agreeing.map(seen);
  const days = distinctDays(observations);
  if (days < PATTERN_DAYS_MIN || isMeasured(agreeing)) return [];
  const strength = regularity(days, distinctDays(opposing.map(seen)));
  const { subject } = agreeing[0]!;
  const named = namedSubject(subject, observations);
  const content = `${named} ${isNegative ? 'often does not ' : 'often '}${toldDeed(agreeing, isNegative)}${sharedTime(observations)}.`;
  return [patternOf('habit', { head, content, strength, key: isNegative ? `${key}:not` : key }, observations)];
}

/** Told only by how much it was, and another amount each day: a measure, of which there may be a trend. */
function isMeasured(deeds: readonly Deed[]): boolean {
  const amounts = new Set(deeds.map(({ amount }) => amount));
  return !amounts.has(null) && amounts.size === deeds.length;
}

const seen = ({ observation }: Deed): Observation => observation;

const headOf = ({ verb, object }: Deed): string =>
  LIGHT_VERBS.test(verb) && object !== '' ? object : `${verb} ${object}`.trim();

/** In the words that were used most often; of equally frequent ones the first by the alphabet. */
function toldDeed(deeds: readonly Deed[], isNegative: boolean): string {
  const groups = [...groupedBy(deeds, ({ verb, said }) => `${verb}|${said}`)];
  const [, group] = groups.sort(
    ([one, mine], [other, theirs]) => theirs.length - mine.length || (one < other ? -1 : 1),
  )[0]!;
  const { verb, said } = group[0]!;
  const spoken = verb === 'choose' ? 'go for' : verb;
  return `${isNegative ? spoken : thirdPerson(spoken)} ${said}`.trim();
}

/** What a claim tells that somebody does; null for what is no deed. */
function deedOf(observation: Observation): Deed | null {
  const { claim } = observation;
  const [name, topic = ''] = splitSlot(claim.slot);
  if (!isSomebody(observation) || !isToldAsDone(observation.memory.content)) return null;
  const told = (said: string, object: string): Deed => {
    const verb = SAME_DEED[said] ?? said.replace(PASSING, '');
    const isWhere = ADJUNCT.test(object) || PASSING.test(said);
    const subject = { observation, subject: claim.subject, isNegative: claim.polarity === 'negative', amount: null };
    return isWhere || object === ''
      ? { ...subject, verb, object: '', said: '' }
      : { ...subject, verb, object, said: asSaid(observation, object) };
  };
  if (topic.includes('=') || claim.normal.includes('=')) return name === 'schedule' ? told(topic, '') : null;
  switch (name) {
    case 'do':
      return /\d/.test(claim.normal) ? null : told(topic, claim.normal);
    case 'quantity':
      return countedDeed(claim, topic, told);
    case 'commute':
      return { ...told('commute', claim.normal), verb: 'commute', said: `by ${claim.normal}` };
    case 'possession':
    case 'condition':
      return claim.aspect === 'past' ? told('have', claim.normal) : null;
    case 'visited':
      return told('visit', claim.normal);
    case 'schedule':
      return told(topic, '');
    case 'status':
      return claim.subject === 'self' && claim.normal !== '' ? told('be', claim.normal) : null;
    default:
      return null;
  }
}

/** "Mother" of "I called my mother" is "their mother"; what was not said word for word stays in its normal form. */
function asSaid({ claim: { subject, value, normal }, memory: { content } }: Observation, object: string): string {
  if (object !== normal || value === '' || value.length > 2 * normal.length) return object;
  const at = content.indexOf(value);
  const [, determiner = ''] = DETERMINER.exec(content.slice(0, Math.max(at, 0))) ?? [];
  const isOwn = /^(?:my|our)$/i.test(determiner);
  const told = isOwn ? (subject === 'self' ? 'their' : "the user's") : determiner.toLowerCase();
  return `${told} ${value}`.trim();
}

const DETERMINER = /\b(the|an?|my|our|his|her|their) $/i;

/** Things have no habits: the user, or who is told of by a name. */
function isSomebody({ claim: { subject }, memory: { content } }: Observation): boolean {
  if (subject === 'self') return true;
  const name = subject.charAt(0).toUpperCase() + subject.slice(1);
  return new RegExp(`(?<!\\b(?:the|a|an|our|my|this) )\\b${name.replace(/[^\p{L}\p{N} ]/gu, '.')}\\b`, 'u').test(
    content,
  );
}

const PHYSICAL_UNIT = /^(?:m|s|kg|g|l|ml|km|day|week|month|year|[a-z]{3})$/;
const NO_DEED = /^(?:be|hold|contain|need|want|know|support|allow|have|cost|own|weigh|spend|come|last)$/;

/** "Ran 5 km", "did 20 push-ups": how much it was is another question. */
function countedDeed(
  { quantity, subject }: Claim,
  topic: string,
  told: (verb: string, object: string) => Deed,
): Deed | null {
  const verb = topic.split(' ')[0]!;
  if (subject !== 'self' && quantity === null) return null;
  if (verb === topic || NO_DEED.test(verb)) return null;
  const unit = quantity?.unit ?? '';
  const isThing = /^(?:do|drink|eat|take|make)$/.test(verb) && !PHYSICAL_UNIT.test(unit);
  return { ...told(verb, isThing ? unit : ''), amount: quantity?.amount ?? null };
}

function splitSlot(slot: string): [name: string, topic?: string] {
  const colon = slot.indexOf(':');
  return colon < 0 ? [slot] : [slot.slice(0, colon), slot.slice(colon + 1)];
}

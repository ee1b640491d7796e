import { kindsOf } from '../belief/kinds.js';
import { slotRuleOf } from '../belief/slot-registry.js';
import { distinctDays, groupedBy, type Observation } from './observation.js';
import { listed, namedSubject, PATTERN_DAYS_MIN, type PatternProposal, patternOf, regularity } from './pattern.js';

/** So many different things of one class are a taste for the class. */
const THINGS_MIN = 3;

interface Taste {
  observation: Observation;
  thing: string;
  /** As it was said. */
  said: string;
  kind: string;
}

/**
 * Several liked (or disliked) things of one class: sushi, ramen and tempura are Japanese food. A thing counts for the
 * smallest class that has enough of them; what is said otherwise of the same class weakens it.
 */
export function preferenceClassesIn(observations: readonly Observation[]): PatternProposal[] {
  const tastes = observations.flatMap((observation) => tastesOf(observation));
  const proposals: PatternProposal[] = [];
  for (const [subject, own] of groupedBy(tastes, ({ observation }) => observation.claim.subject)) {
    const used = new Set<Observation>();
    for (const [kind, group] of [...groupedBy(own, ({ kind }) => kind)].sort(byWidth)) {
      const free = group.filter(({ observation }) => !used.has(observation));
      const proposal = classOf(subject, kind, free);
      if (proposal === null) continue;
      for (const { observation } of free) used.add(observation);
      proposals.push(proposal);
    }
  }
  return proposals;
}

/** The class that explains most first; of equal ones the first by the alphabet. */
const byWidth = ([one, left]: [string, Taste[]], [other, right]: [string, Taste[]]): number =>
  right.length - left.length || (one < other ? -1 : 1);

function tastesOf(observation: Observation): Taste[] {
  const { slot, normal, value } = observation.claim;
  const name = slotRuleOf(slot).name;
  if (name !== 'preference' && name !== 'favorite' && name !== 'hobby') return [];
  // A normal form is a singular or a stem: "blues", "snowboarding" are known as they are said.
  const forms = [normal, value.toLowerCase(), `${normal}s`, `${normal}ing`];
  const kinds = new Set(forms.flatMap((form) => kindsOf(form)));
  return [...kinds].map((kind) => ({ observation, thing: normal, said: value, kind }));
}

function classOf(subject: string, kind: string, tastes: readonly Taste[]): PatternProposal | null {
  const liked = tastes.filter(({ observation }) => observation.claim.polarity === 'positive');
  const disliked = tastes.filter(({ observation }) => observation.claim.polarity === 'negative');
  const isLiked = liked.length >= disliked.length;
  const [agreeing, opposing] = isLiked ? [liked, disliked] : [disliked, liked];
  const things = [...new Set(agreeing.map(({ thing }) => thing))].sort();
  const told = [...new Map(agreeing.map(({ thing, said }) => [thing, said])).values()].sort();
  const observations = agreeing.map(({ observation }) => observation);
  if (things.length < THINGS_MIN || distinctDays(observations) < PATTERN_DAYS_MIN) return null;
  const strength = regularity(things.length, new Set(opposing.map(({ thing }) => thing)).size);
  const named = namedSubject(subject, observations);
  const content = `${named} ${isLiked ? 'likes' : 'dislikes'} several things of one kind (${kind}): ${listed(told)}.`;
  const key = `${subject}:${kind}${isLiked ? '' : ':not'}`;
  return patternOf('preference_class', { head: kind, content, strength, key }, observations);
}

import type { Claim } from '../belief/claim.js';
import type { MaintainedMemory } from './maintained-memory.js';

/** A memory that speaks for something on a day. */
export interface Sighting {
  memory: MaintainedMemory;
  /** `2026-03-01`: when it happened where that was said, else when it was told. */
  day: string;
}

/** One claim, told on a day. */
export interface Observation extends Sighting {
  claim: Claim;
}

export interface Window {
  /** ISO 8601, both included. */
  windowFrom: string;
  windowTo: string;
  /** IANA name of the zone whose days count; UTC where it is not given. */
  timeZone?: string;
}

/** Says which day an instant lies on for the believer. */
export type DayOf = (instant: string) => string;

export function daysOf({ timeZone }: Window): DayOf {
  if (timeZone === undefined || timeZone === 'UTC') return (instant) => instant.slice(0, 10);
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'gregory', numberingSystem: 'latn' },
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(Date.parse(instant)).map(({ type, value }) => [type, value]));
    return `${parts.get('year')!.padStart(4, '0')}-${parts.get('month')!}-${parts.get('day')!}`;
  };
}

/** What was told as so inside the window. Derived memories tell nothing: they were made of what others told. */
export function observationsIn(memories: readonly MaintainedMemory[], window: Window): Observation[] {
  const dayOf = daysOf(window);
  const [first, last] = [dayOf(window.windowFrom), dayOf(window.windowTo)];
  const observations: Observation[] = [];
  for (const memory of memories) {
    if (memory.derived || memory.status === 'forgotten') continue;
    for (const claim of memory.claims) {
      if (!isToldAsSo(claim)) continue;
      const day = dayOfClaim(claim, memory, dayOf);
      if (day >= first && day <= last) observations.push({ memory, claim, day });
    }
  }
  return observations;
}

/** A day that was named is the day in the believer's own calendar already. */
function dayOfClaim({ validFrom, aspect }: Claim, { observedAt }: MaintainedMemory, dayOf: DayOf): string {
  if (validFrom === null || aspect !== 'past') return dayOf(observedAt);
  if (validFrom.precision === 'day') return validFrom.instant.slice(0, 10);
  return /^(?:instant|hour|minute|second)$/.test(validFrom.precision) ? dayOf(validFrom.instant) : dayOf(observedAt);
}

const isToldAsSo = ({ modality, aspect }: Claim): boolean =>
  (modality === 'asserted' || modality === 'negated') && (aspect === 'current' || aspect === 'past');

const SUPPOSED = /\b(?:if|unless|whether|in case)\b/i;
/** What has to be, used to be, was nearly so or is only wanted was not done on the day on which it is told. */
const NOT_DONE =
  /\b(?:should|must|ought|might|may|could|would|nearly|almost|used to|(?:want|wish|plan|hope|need|intend|love|like|mean|remember|forget|forgot)(?:s|ed)? to|(?:have|has) to|going to (?!(?:the|a|an|my|our|bed|work|school|church)\b))|\bdreamed\b|\bdreamt\b|\bimagined?\b|\bpretend(?:s|ed)?\b/i;

/** Told of what would be, and not of what is: "if it rains". */
export const isSupposed = (content: string): boolean => SUPPOSED.test(content);

/** Told as done: neither supposed, nor owed, wanted, or of former times. */
export const isToldAsDone = (content: string): boolean => !isSupposed(content) && !NOT_DONE.test(content);

export const distinctDays = (observations: readonly Sighting[]): number =>
  new Set(observations.map(({ day }) => day)).size;

/** Groups by a key, in the order in which the keys come. */
export function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

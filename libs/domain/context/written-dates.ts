import type { WorldTime } from '../memory/memory.events.js';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A time as people write it, never more exactly than it is known; in UTC. */
export function writtenTime({ instant, precision }: WorldTime): string {
  const [year, month, day] = partsOf(instant);
  switch (precision) {
    case 'instant':
    case 'day':
      return `${day} ${MONTHS[month - 1]} ${year}`;
    case 'week':
      return `the week of ${day} ${MONTHS[month - 1]} ${year}`;
    case 'month':
      return `${MONTHS[month - 1]} ${year}`;
    case 'season':
      // A season or a quarter: which of the two it was is not kept, where it begins is.
      return `the months from ${MONTHS[month - 1]} ${year}`;
    default:
      return String(year);
  }
}

/** The day of an instant (ISO 8601 in UTC). */
export function writtenDay(instant: string): string {
  return writtenTime({ instant, precision: 'day' });
}

/** Since when and until when something is so; null where neither is known. */
export function writtenValidity(from: WorldTime | null, to: WorldTime | null): string | null {
  const [begins, ends] = [from, to].map((time) => (time === null ? null : writtenTime(time)));
  if (begins === null || begins === undefined) return ends === null ? null : `until ${ends}`;
  if (ends === null || ends === undefined) return `since ${begins}`;
  return begins === ends ? begins : `${begins} to ${ends}`;
}

function partsOf(instant: string): [number, number, number] {
  const [year, month, day] = instant.slice(0, 'YYYY-MM-DD'.length).split('-').map(Number);
  return [year!, month!, day!];
}

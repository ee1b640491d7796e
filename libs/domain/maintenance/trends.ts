import { dayOfIsoText } from '../ranking/calendar.js';
import { distinctDays, groupedBy, type Observation } from './observation.js';
import { type PatternProposal, patternOf, regularity } from './pattern.js';
import { theilSen } from './theil-sen.js';

/** Three values rise or fall by chance one time in three; four only one time in twelve. */
const VALUES_MIN = 4;
/** A trend that chance makes more often than this is none; of the fewest values only a perfect one is. */
const CHANCE_MAX = 0.05;
/** Over the whole time, relative to the middle value; less is no news. */
const CHANGE_MIN = 0.02;
const QUOTED_MAX_CHARS = 120;
/** Values that are compared in pairs; of more, the last ones. */
const VALUES_MAX = 256;

/** Amounts of one thing that rise or fall: the last value of each day, by Theil–Sen. */
export function trendsIn(observations: readonly Observation[]): PatternProposal[] {
  const measured = observations.filter(
    ({ claim }) => claim.quantity !== null && claim.polarity === 'positive' && !claim.slot.includes('='),
  );
  return [...groupedBy(measured, seriesOf)].flatMap(([key, series]) => trendOf(key, series));
}

/** A price of one thing in one unit under one condition; what a measure is of is told by its other words. */
function seriesOf({ claim: { subject, slot, quantity, qualifiers, normal } }: Observation): string {
  const rest = normal.replace(/[~<>]?\d[\d.]*\S*/g, '').trim();
  return [subject, slot, quantity!.unit ?? '', rest, ...qualifiers.filter((one) => !one.includes('='))].join('|');
}

function trendOf(key: string, observations: readonly Observation[]): PatternProposal[] {
  const byDay = groupedBy([...observations].sort(byMoment), ({ day }) => day);
  const values = [...byDay.values()].map((sameDay) => sameDay.at(-1)!).slice(-VALUES_MAX);
  if (distinctDays(values) < VALUES_MIN) return [];
  const points = values.map(({ day, claim }) => ({ at: dayOfIsoText(day)!, value: claim.quantity!.amount }));
  const trend = theilSen(points);
  if (trend === null || trend.slope === 0) return [];
  const isPerfect = trend.agreement === 1;
  if (!isPerfect && trend.chance > CHANCE_MAX) return [];
  const span = points.at(-1)!.at - points[0]!.at;
  const level = [...points].sort((one, other) => one.value - other.value)[points.length >> 1]!.value;
  if (Math.abs(trend.slope * span) < CHANGE_MIN * Math.abs(level)) return [];
  const strength = trend.agreement * regularity(values.length, 0);
  return [
    patternOf('trend', { head: headOf(values[0]!), content: toldTrend(values, trend.slope), strength, key }, values),
  ];
}

const byMoment = (one: Observation, other: Observation): number => {
  const [left, right] = [
    `${one.day} ${one.memory.observedAt} ${one.memory.id}`,
    `${other.day} ${other.memory.observedAt} ${other.memory.id}`,
  ];
  return left < right ? -1 : Number(left > right);
};

function headOf({ claim }: Observation): string {
  const topic = claim.slot.replace(':', ' ');
  return claim.subject === 'self' ? topic : `${claim.subject} ${topic}`;
}

function toldTrend(values: readonly Observation[], slope: number): string {
  const [first, last] = [values[0]!, values.at(-1)!];
  const unit = first.claim.quantity!.unit;
  const weekly = Number(Math.abs(slope * 7).toPrecision(2));
  const amount = unit === null ? `${weekly}` : `${weekly} ${unit}`;
  return `${slope > 0 ? 'Rising' : 'Falling'} by about ${amount} a week: from "${quoted(first)}" (${first.day}) to "${quoted(last)}" (${last.day}), ${values.length} values.`;
}

const quoted = ({ memory }: Observation): string => memory.content.trim().slice(0, QUOTED_MAX_CHARS);

/** Amounts by the hour, month or year: "$120 a year" and "10 dollars a month" are the same price. */

const PER_YEAR: Readonly<Record<string, number>> = {
  ...{ hour: 8_760, day: 365, night: 365, week: 52, fortnight: 26, month: 12, quarter: 4, year: 1 },
  ...{
    hourly: 8_760,
    daily: 365,
    nightly: 365,
    weekly: 52,
    monthly: 12,
    quarterly: 4,
    yearly: 1,
    annual: 1,
    annually: 1,
  },
};
const PERIOD =
  /(?:\b(?:per|an?|each|every)\s+|\/\s?)(hour|day|night|week|fortnight|month|quarter|year)\b|\b(hourly|daily|nightly|weekly|monthly|quarterly|yearly|annual|annually)\b/i;

/** Share by which two rates may differ for being rounded: a month is no exact number of weeks. */
const TOLERANCE = 0.02;

/** How often the amount of the text falls due in a year; null where it does not say. */
function timesAYear(text: string): number | null {
  const [, period, adverb] = PERIOD.exec(text) ?? [];
  return PER_YEAR[(period ?? adverb ?? '').toLowerCase()] ?? null;
}

/** Two amounts told for other periods: do they come to the same? Null where the periods are one, or not told. */
export function areSameRate(older: number, before: string, newer: number, after: string): boolean | null {
  const [was, is] = [timesAYear(before), timesAYear(after)];
  if (was === null || is === null || was === is) return null;
  return Math.abs(older * was - newer * is) <= TOLERANCE * Math.max(older * was, newer * is);
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, dayOfIsoText, isoTextOf, monthSpan, weekdayOf, yearAndMonthOf } from './calendar.js';

const DAY_MS = 86_400_000;

describe('the calendar', () => {
  it('agrees with Date on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500_000, max: 500_000 }), (day) => {
        const date = new Date(day * DAY_MS);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
        expect(yearAndMonthOf(day)).toEqual({ year, month });
        expect(dayOf(year, month, date.getUTCDate())).toBe(day);
        expect(weekdayOf(day)).toBe((date.getUTCDay() + 6) % 7);
        expect(isoTextOf(day)).toBe(date.toISOString().slice(0, 10));
        expect(dayOfIsoText(date.toISOString())).toBe(day);
      }),
    );
  });

  it('knows no 29 February of a common year, no month 13 and no year 0', () => {
    expect([dayOf(2023, 2, 29), dayOf(1900, 2, 29), dayOf(2023, 13, 1), dayOf(0, 1, 1), dayOf(2023, 4, 31)]).toEqual(
      Array(5).fill(null),
    );
    expect(dayOf(2024, 2, 29)).toBe(monthSpan(2024, 2).last);
    expect(dayOfIsoText('yesterday')).toBeNull();
  });
});

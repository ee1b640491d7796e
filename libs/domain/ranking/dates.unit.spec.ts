import { describe, expect, it } from '@jest/globals';
import type { DaySpan } from './calendar.js';
import { dayOfIsoText, isoTextOf } from './calendar.js';
import { explicitWindow, possibleWindows, yearsAround } from './date-windows.js';
import { spokenSpan } from './spoken-span.js';

const written = ({ first, last }: DaySpan): string => `${isoTextOf(first)}..${isoTextOf(last)}`;
const day = (text: string): number => dayOfIsoText(text)!;

describe('spokenSpan, said on Wednesday 2024-05-15', () => {
  it.each([
    ['I saw it the day before yesterday', '2024-05-13..2024-05-13'],
    ['Yesterday was great', '2024-05-14..2024-05-14'],
    ['See you tomorrow', '2024-05-16..2024-05-16'],
    ['We moved last week', '2024-05-06..2024-05-12'],
    ['last weekend we hiked', '2024-05-11..2024-05-12'],
    ['two weekends ago', '2024-05-04..2024-05-05'],
    ['three days ago', '2024-05-12..2024-05-12'],
    ['a few weeks ago', '2024-04-21..2024-04-27'],
    ['last Friday', '2024-05-10..2024-05-10'],
    ['next Monday', '2024-05-20..2024-05-20'],
    ['this Wednesday', '2024-05-22..2024-05-22'],
    ['last month', '2024-04-01..2024-04-30'],
    ['next month', '2024-06-01..2024-06-30'],
    ['next week', '2024-05-20..2024-05-26'],
    ['a year ago', '2023-01-01..2023-12-31'],
    ['in March', '2024-03-01..2024-03-31'],
    ['back in November', '2023-11-01..2023-11-30'],
    ['on April 31', '2024-05-15..2024-05-15'],
    ['july 4, 2022', '2022-07-04..2022-07-04'],
    ['since 2019', '2019-01-01..2019-12-31'],
    ['I may go', '2024-05-15..2024-05-15'],
    ['nothing special', '2024-05-15..2024-05-15'],
  ])('%s: %s', (text, expected) => {
    expect(written(spokenSpan(text, day('2024-05-15')))).toBe(expected);
  });

  it('crosses the turn of the year', () => {
    expect(written(spokenSpan('last month', day('2024-01-10')))).toBe('2023-12-01..2023-12-31');
    expect(written(spokenSpan('next month', day('2023-12-10')))).toBe('2024-01-01..2024-01-31');
  });
});

describe('the windows of a question', () => {
  it.each([
    ['What happened on May 3, 2023?', '2023-05-03..2023-05-03'],
    ['What happened on the 3rd of May 2023?', '2023-05-03..2023-05-03'],
    ['What happened in May 2023?', '2023-05-01..2023-05-31'],
    ['What happened in 2023?', '2023-01-01..2023-12-31'],
    ['What happened in May?', null],
    ['What happened on February 30, 2023?', null],
    ['What happened in May 0000?', null],
  ])('%s names %s', (question, expected) => {
    const window = explicitWindow(question);
    expect(window && written(window)).toBe(expected);
  });

  it.each([
    ['in May', '2024-05-01..2024-05-31'],
    ['on 3 May', '2024-05-03..2024-05-03'],
    ['during the winter', '2023-12-01..2024-02-29'],
    ['February 29', '2024-02-29..2024-02-29'],
  ])('%s may mean any year, %s too', (question, expected) => {
    const windows = possibleWindows(question, { first: 2020, last: 2025 }).map(written);
    expect(windows).toContain(expected);
    expect(windows).toHaveLength(question === 'February 29' ? 2 : 6);
  });

  it('means no days when it only says a month or a season by the way', () => {
    expect(possibleWindows('may I have the spring rolls?', { first: 2020, last: 2025 })).toEqual([]);
  });

  it('looks around the years of the turns, but not at years that nobody lived in', () => {
    expect(yearsAround({ first: day('2012-03-01'), last: day('2040-03-01') })).toEqual({ first: 2011, last: 2041 });
    expect(yearsAround({ first: day('0001-03-01'), last: day('9990-03-01') })).toEqual({ first: 1950, last: 2100 });
  });
});

import { describe, expect, it } from '@jest/globals';
import { easterMs } from './calendar.js';
import type { Direction } from './calendar.js';
import { readClauseTime } from './world-time.js';

/** A Friday afternoon. */
const SAID_MS = Date.parse('2023-01-20T16:04:00Z');

function timeOf(clause: string, direction: Direction = 'past', ongoing = false): string {
  const { validFrom, validTo } = readClauseTime(clause.toLowerCase(), clause, { saidMs: SAID_MS, direction, ongoing });
  const from = validFrom === null ? '' : `${validFrom.instant.slice(0, 16)} ${validFrom.precision}`;
  return validTo === null ? from : `${from} until ${validTo.instant.slice(0, 16)} ${validTo.precision}`.trim();
}

describe('times of the world', () => {
  it.each([
    ['yesterday', '2023-01-19T00:00 day'],
    ['last night', '2023-01-19T00:00 day'],
    ['this morning', '2023-01-20T00:00 day'],
    ['on Friday', '2023-01-13T00:00 day'],
    ['on Monday', '2023-01-16T00:00 day'],
    ['last week', '2023-01-09T00:00 week'],
    ['last weekend', '2023-01-14T00:00 week'],
    ['two weeks ago', '2023-01-02T00:00 week'],
    ['last month', '2022-12-01T00:00 month'],
    ['three years ago', '2020-01-01T00:00 year'],
    ['on 3 May', '2022-05-03T00:00 day'],
    ['in May', '2022-05-01T00:00 month'],
    ['in May 2019', '2019-05-01T00:00 month'],
    ['in 2015', '2015-01-01T00:00 year'],
    ['from 2015 to 2018', '2015-01-01T00:00 year until 2018-01-01T00:00 year'],
    ['between 2015 and 2018', '2015-01-01T00:00 year until 2018-01-01T00:00 year'],
    ['since 2019', '2019-01-01T00:00 year'],
    ['until 2020', 'until 2020-01-01T00:00 year'],
    ['until last March', 'until 2022-03-01T00:00 month'],
    ['early May', '2022-05-01T00:00 month'],
    ['late March 2021', '2021-03-01T00:00 month'],
    ['last summer', '2022-06-01T00:00 season'],
    ['in the winter of 2020', '2020-12-01T00:00 season'],
    ['last winter', '2021-12-01T00:00 season'],
    ['this winter', '2022-12-01T00:00 season'],
    ['in Q3 2022', '2022-07-01T00:00 season'],
    ['last quarter', '2022-10-01T00:00 season'],
    ['on Christmas', '2022-12-25T00:00 day'],
    ['last Thanksgiving', '2022-11-24T00:00 day'],
    ['on Easter 2024', '2024-03-31T00:00 day'],
    ['the Sunday before 25 May', '2022-05-22T00:00 day'],
    ['the day after Christmas', '2022-12-26T00:00 day'],
    ['two days before Christmas', '2022-12-23T00:00 day'],
    ['in the 90s', '1990-01-01T00:00 year until 1999-01-01T00:00 year'],
    ['over the past two years', '2021-01-01T00:00 year until 2023-01-20T16:04 instant'],
  ])('past: %s', (clause, expected) => {
    expect(timeOf(clause)).toBe(expected);
  });

  it.each([
    ['on Friday', '2023-01-27T00:00 day'],
    ['tomorrow at 3pm', '2023-01-21T15:00 instant'],
    ['next month', '2023-02-01T00:00 month'],
    ['on 3 May', '2023-05-03T00:00 day'],
    ['on 5 January', '2024-01-05T00:00 day'],
    ['by Friday', 'until 2023-01-27T00:00 day'],
    ['next summer', '2023-06-01T00:00 season'],
    ['in Q3', '2023-07-01T00:00 season'],
    ['for Christmas', '2023-12-25T00:00 day'],
    ['in three days', '2023-01-23T00:00 day'],
  ])('to come: %s', (clause, expected) => {
    expect(timeOf(clause, 'future')).toBe(expected);
  });

  it('takes a duration back from now only while it lasts', () => {
    expect(timeOf('has worked there for six years', 'past', true)).toBe('2017-01-01T00:00 year');
    expect(timeOf('worked there for six years', 'past', false)).toBe('');
  });

  it.each([
    'every Monday',
    'on Mondays',
    'at 7am',
    'i may go',
    'they march on',
    'in a second',
    'the summer breeze',
    'sat down',
  ])('is no point of the calendar: %s', (clause) => {
    expect(timeOf(clause)).toBe('');
  });

  it('notes the date behind relative words, not behind full dates', () => {
    const read = (clause: string): string[] =>
      readClauseTime(clause, clause, { saidMs: SAID_MS, direction: 'past', ongoing: false }).notes.map(
        ({ text }) => text,
      );
    expect(read('went there yesterday')).toEqual([' (2023-01-19)']);
    expect(read('went there on 3 may 2019')).toEqual([]);
  });

  it('knows Easter of years given by the almanac', () => {
    const easter = (year: number): string => new Date(easterMs(year)).toISOString().slice(0, 10);
    expect([2000, 2019, 2024, 2025, 2038].map(easter)).toEqual([
      '2000-04-23',
      '2019-04-21',
      '2024-03-31',
      '2025-04-20',
      '2038-04-25',
    ]);
  });
});

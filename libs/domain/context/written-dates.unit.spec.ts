import { describe, expect, it } from '@jest/globals';
import { writtenDay, writtenTime, writtenValidity } from './written-dates.js';

const instant = '2023-05-07T18:30:00.000Z';

describe('written dates', () => {
  it.each([
    ['instant', '7 May 2023'],
    ['day', '7 May 2023'],
    ['week', 'the week of 7 May 2023'],
    ['month', 'May 2023'],
    ['season', 'the months from May 2023'],
    ['year', '2023'],
    ['decade or whatever comes', '2023'],
  ])('a time known to the %s is %j', (precision, written) => {
    expect(writtenTime({ instant, precision })).toBe(written);
  });

  it('writes years as they are', () => {
    expect(writtenDay('0987-12-31T00:00:00.000Z')).toBe('31 December 987');
  });

  it('writes since when and until when', () => {
    const from = { instant, precision: 'day' };
    const to = { instant: '2024-01-01T00:00:00.000Z', precision: 'month' };
    expect(writtenValidity(null, null)).toBeNull();
    expect(writtenValidity(from, null)).toBe('since 7 May 2023');
    expect(writtenValidity(null, to)).toBe('until January 2024');
    expect(writtenValidity(from, to)).toBe('7 May 2023 to January 2024');
    expect(writtenValidity(from, from)).toBe('7 May 2023');
  });
});

import { describe, expect, it } from '@jest/globals';
import { instantOf } from '#libs/contracts/instant.js';

describe('instantOf', () => {
  it.each([
    ['2024-05-01T10:30:00Z', '2024-05-01T10:30:00.000Z'],
    ['2024-05-01T10:30:00.1239+02:00', '2024-05-01T08:30:00.123Z'],
    ['2024-05-01T10:30:00.57Z', '2024-05-01T10:30:00.570Z'],
    ['2024-05-01 10:30', '2024-05-01T10:30:00.000Z'],
    ['2024-05-01T23:30:00-0130', '2024-05-02T01:00:00.000Z'],
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0050-01-02', '0050-01-02T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it.each([
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-05-01T24:00:00Z',
    '2024-05-01T10:60:00Z',
    '2024-05-01T10:00:61Z',
    '2024-05-01T10:00:00+25:00',
    '1714559400',
    'yesterday',
    '',
    '2024-5-1',
    '0000-01-01',
  ])('%p is no instant', (text) => {
    expect(instantOf(text)).toBeNull();
  });

  it('takes a date alone as its end where an end is asked for, and leaves a time alone', () => {
    expect(instantOf('2024-05-01', 'end')).toBe('2024-05-01T23:59:59.999Z');
    expect(instantOf('2024-05-01T10:00Z', 'end')).toBe('2024-05-01T10:00:00.000Z');
  });
});

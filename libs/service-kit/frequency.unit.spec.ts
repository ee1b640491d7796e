import { describe, expect, it } from '@jest/globals';
import { frequencyProblem, isTimezone, nextTime } from './frequency.js';

const seeded = { timezone: 'UTC', seed: 'acme/consolidate' };

describe('a frequency', () => {
  it.each(['daily', 'weekly', 'monthly', '30 4 * * 1-5', '*/10 * * * *', '0 0 29 2 *'])('may be %s', (frequency) => {
    expect(frequencyProblem(frequency)).toBeNull();
  });

  it.each(['', 'yearly', '* * * *', '* * * * * *', '61 * * * *', '0 0 31 2 *', '@daily', 'a b c d e', '0 25 * * *'])(
    'may not be %j',
    (frequency) => {
      expect(frequencyProblem(frequency)).toMatch(/send daily/);
    },
  );

  it('comes at a minute of its own, the same every day', () => {
    const first = nextTime('daily', new Date('2026-03-01T12:00:00Z'), seeded);
    const second = nextTime('daily', first, seeded);
    expect(second.getTime() - first.getTime()).toBe(86_400_000);
    expect(first.getUTCHours()).toBe(3);
    const minutes = ['a', 'b', 'c', 'd', 'e', 'f'].map((seed) =>
      nextTime('daily', new Date('2026-03-01T12:00:00Z'), { timezone: 'UTC', seed }).getUTCMinutes(),
    );
    expect(new Set(minutes).size).toBeGreaterThan(2);
  });

  it('follows the clock of its zone through a change of summer time', () => {
    const berlin = { timezone: 'Europe/Berlin', seed: '' };
    const before = nextTime('30 4 * * *', new Date('2026-03-28T00:00:00Z'), berlin);
    const after = nextTime('30 4 * * *', before, berlin);
    expect([before.toISOString(), after.toISOString()]).toEqual([
      '2026-03-28T03:30:00.000Z',
      '2026-03-29T02:30:00.000Z',
    ]);
  });
});

it('knows time zones by their names', () => {
  expect(['Europe/Berlin', 'UTC', 'Asia/Kathmandu'].map(isTimezone)).toEqual([true, true, true]);
  expect(['Mars/Olympus', '', 'Europe'].map(isTimezone)).toEqual([false, false, false]);
});

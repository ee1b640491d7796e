import { describe, expect, it } from '@jest/globals';
import { decayMultiplier } from './decay.js';
import { expire, type ExpireOptions } from './expire.js';
import type { MaintainedMemory } from './maintained-memory.js';
import { claimed, maintained } from './maintenance.fixture.js';

const options: ExpireOptions = {
  ...{ now: '2026-12-01T00:00:00.000Z', slotHalfLives: {}, archiveAfterDays: 180 },
  ...{ importantTypes: new Set(['decision']), citedIds: new Set(['cited']) },
};
const told = (daysAgo: number, more: Partial<MaintainedMemory> = {}, id = 'memory-1'): MaintainedMemory => {
  const at = new Date(Date.parse(options.now) - daysAgo * 86_400_000).toISOString();
  return maintained(id, { observedAt: at, createdAt: at, ...more });
};
const kinds = (memory: MaintainedMemory, more: Partial<ExpireOptions> = {}): string[] =>
  expire([memory], { ...options, ...more }).map(({ kind }) => kind);

describe('expire', () => {
  const status = { claims: [claimed('status', 'open', { subject: 'ticket 7' })] };

  it('calls a volatile claim stale after its half-life, the one of the tenant first', () => {
    expect(expire([told(30, status)], options)).toEqual([
      {
        ...{ memoryId: 'memory-1', kind: 'stale', since: options.now },
        reason: 'status: told 30 days ago, half-life 30 days',
      },
    ]);
    expect(kinds(told(29, status))).toEqual([]);
    expect(kinds(told(29, status), { slotHalfLives: { status: 7 } })).toEqual(['stale']);
  });

  it('counts from the latest evidence, where that has a date', () => {
    expect(kinds(told(90, { ...status, lastToldAt: '2026-11-20T00:00:00.000Z' }))).toEqual([]);
    expect(kinds(told(90, { ...status, lastToldAt: '2026-10-20T00:00:00.000Z' }))).toEqual(['stale']);
    expect(kinds(told(9, { ...status, lastToldAt: '2026-10-20T00:00:00.000Z' }))).toEqual([]);
  });

  it('does not call a deadline stale before its day', () => {
    const due = (normal: string) => ({ claims: [claimed('deadline', normal, { subject: 'report' })] });
    expect(kinds(told(100, due('y=2026 m=12 d=24')))).toEqual([]);
    expect(kinds(told(100, due('y=2026 m=11 d=24')))).toEqual(['stale']);
  });

  it('keeps what is said to last', () => {
    expect(kinds(told(170, { claims: [claimed('residence', 'berlin')] }))).toEqual([]);
  });

  it('archives what nobody read for 180 days', () => {
    expect(kinds(told(180))).toEqual(['archive']);
    expect(kinds(told(179))).toEqual([]);
    expect(kinds(told(400, { lastReadDay: '2026-11-01' }))).toEqual([]);
    expect(kinds(told(400, { lastReadDay: '2026-01-01' }))).toEqual(['archive']);
  });

  it.each<[string, MaintainedMemory]>([
    ['an important type', told(999, { memoryType: 'decision' })],
    ['what others cite', told(999, {}, 'cited')],
    ['identity', told(999, { claims: [claimed('name', 'ada')] })],
    ['health', told(999, { claims: [claimed('allergy', 'peanut')] })],
    ['guidelines', told(999, { claims: [claimed('guideline:send', 'report')] })],
    ['what is disputed', told(999, { status: 'disputed' })],
  ])('never touches %s', (_, memory) => {
    expect(kinds(memory)).toEqual([]);
  });
});

describe('decayMultiplier', () => {
  it('is a tie-breaker of a tenth, and 1 at the half-life', () => {
    expect(decayMultiplier(0, 30, false)).toBeCloseTo(1.1);
    expect(decayMultiplier(30, 30, false)).toBe(1);
    expect(decayMultiplier(1e6, 30, false)).toBeCloseTo(0.9);
  });

  it('leaves alone what is protected or does not wear off', () => {
    expect([decayMultiplier(900, 30, true), decayMultiplier(900, null, false)]).toEqual([1, 1]);
  });
});

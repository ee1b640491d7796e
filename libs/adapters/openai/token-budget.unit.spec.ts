import { describe, expect, it } from '@jest/globals';
import { TokenBudget } from './token-budget.js';

describe('a budget of 1,000 tokens a day', () => {
  it('tells of its last fifth, and of its end', () => {
    const budget = new TokenBudget(1_000, () => 0);
    expect(budget.level('acme')).toBe('free');
    budget.reserve('acme', 799);
    expect(budget.level('acme')).toBe('free');
    budget.reserve('acme', 1);
    expect(budget.level('acme')).toBe('low');
    budget.reserve('acme', 200);
    expect(budget.level('acme')).toBe('spent');
  });

  it('counts what was used, not what was thought', () => {
    const budget = new TokenBudget(1_000, () => 0);
    const settle = budget.reserve('acme', 1_000);
    expect(budget.level('acme')).toBe('spent');
    settle(10);
    expect(budget.level('acme')).toBe('free');
    budget.reserve('acme', 1)(900);
    expect(budget.level('acme')).toBe('low');
  });

  it('is of each tenant, and new every day', () => {
    let nowMs = Date.parse('2024-05-16T23:59:59Z');
    const budget = new TokenBudget(1_000, () => nowMs);
    const settle = budget.reserve('acme', 1_000);
    expect([budget.level('acme'), budget.level('other')]).toEqual(['spent', 'free']);
    nowMs += 1_000;
    expect(budget.level('acme')).toBe('free');
    // A call that began yesterday is yesterday's.
    settle(1_500);
    expect(budget.level('acme')).toBe('free');
  });

  it('has no end at 0', () => {
    const budget = new TokenBudget(0, () => 0);
    budget.reserve('acme', 10 ** 12);
    expect(budget.level('acme')).toBe('free');
  });
});

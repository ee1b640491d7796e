import { LRUCache } from 'lru-cache';

/** `low`: what is left is for some alone; for whom is up to who spends. */
export type BudgetLevel = 'free' | 'low' | 'spent';

const lowShare = 0.8;
const mostTenants = 10_000;
const dayMs = 86_400_000;

/**
 * What each tenant has spent of its tokens today (UTC). Kept by this process alone, from its start: several of them, or
 * a restart, spend more.
 */
export class TokenBudget {
  /** Key: day and tenant. */
  private readonly spent = new LRUCache<string, number>({ max: mostTenants });

  /** @param tokensPerDay 0 has no limit */
  constructor(
    private readonly tokensPerDay: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  level(tenantId: string): BudgetLevel {
    if (this.tokensPerDay === 0) return 'free';
    const spent = this.spent.get(this.keyOf(tenantId)) ?? 0;
    if (spent >= this.tokensPerDay) return 'spent';
    return spent >= this.tokensPerDay * lowShare ? 'low' : 'free';
  }

  /** Counts what a call will take before it is made, so that calls at the same time see each other. @returns puts it right */
  reserve(tenantId: string, tokens: number): (used: number) => void {
    const key = this.keyOf(tenantId);
    this.add(key, tokens);
    return (used) => this.add(key, used - tokens);
  }

  private add(key: string, tokens: number): void {
    this.spent.set(key, Math.max(0, (this.spent.get(key) ?? 0) + tokens));
  }

  private keyOf(tenantId: string): string {
    return `${Math.floor(this.nowMs() / dayMs)}/${tenantId}`;
  }
}

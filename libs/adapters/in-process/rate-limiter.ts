import { LRUCache } from 'lru-cache';
import { type RateDecision, rateDecision, RateLimiter, type RateSettings } from '#libs/ports/rate-limiter.js';

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** A tenant that is forgotten starts with a full bucket, so this must exceed the tenants that are busy at once. */
const mostTenants = 100_000;

/** One token bucket per tenant: `burst` tokens deep, filled at the rate. */
export class InProcessRateLimiter extends RateLimiter {
  private readonly buckets = new LRUCache<string, Bucket>({ max: mostTenants });

  /** @param nowMs a clock that never runs backwards */
  constructor(private readonly nowMs: () => number = () => performance.timeOrigin + performance.now()) {
    super();
  }

  override async take(tenantId: string, rate: RateSettings): Promise<RateDecision> {
    const { ratePerSecond, burst } = rate;
    const nowMs = this.nowMs();
    const bucket = this.buckets.get(tenantId) ?? { tokens: burst, filledAtMs: nowMs };
    const filled = bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * ratePerSecond;
    const tokens = Math.min(burst, filled);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.buckets.set(tenantId, { tokens: left, filledAtMs: nowMs });
    return rateDecision(rate, { allowed, left, nowMs });
  }
}

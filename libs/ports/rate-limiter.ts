export interface RateDecision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Unix time in seconds at which the budget is whole again. */
  resetAtSeconds: number;
  /** Seconds to wait; 0 when allowed. */
  retryAfterSeconds: number;
}

/** A token bucket: `burst` tokens deep, filled at the rate. */
export interface RateSettings {
  ratePerSecond: number;
  burst: number;
}

/**
 * Port: how many requests a tenant may send.
 *
 * Promises:
 * - Over any second a tenant gets at most its burst plus its rate; another tenant's requests do not count.
 * - `remaining` falls by one for each allowed request and never below 0.
 * - A plan that changes counts from the next request on; the budget never exceeds the burst of the newer one.
 */
export abstract class RateLimiter {
  /** @param rate of the tenant's plan, the same from every process */
  abstract take(tenantId: string, rate: RateSettings): Promise<RateDecision>;
}

/** What a caller is told, the same from every adapter. @param left tokens after this request, with their fraction */
export function rateDecision(
  { ratePerSecond, burst }: RateSettings,
  { allowed, left, nowMs }: { allowed: boolean; left: number; nowMs: number },
): RateDecision {
  return {
    allowed,
    limit: burst,
    remaining: Math.floor(left),
    resetAtSeconds: Math.ceil(nowMs / 1000 + (burst - left) / ratePerSecond),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - left) / ratePerSecond)),
  };
}

export interface RateDecision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Unix time in seconds at which the budget is whole again. */
  resetAtSeconds: number;
  /** Seconds to wait; 0 when allowed. */
  retryAfterSeconds: number;
}

/**
 * Port: how many requests a tenant may send.
 *
 * Promises:
 * - Over any second a tenant gets at most its burst plus its rate; another tenant's requests do not count.
 * - `remaining` falls by one for each allowed request and never below 0.
 */
export abstract class RateLimiter {
  abstract take(tenantId: string): Promise<RateDecision>;
}

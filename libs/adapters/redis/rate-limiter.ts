import type { Redis } from 'ioredis';
import { type RateDecision, rateDecision, RateLimiter, type RateSettings } from '#libs/ports/rate-limiter.js';
import { Outage } from './outage.js';
import type { RedisClients } from './redis-client.js';
import { RedisScript } from './redis-script.js';

/** How long Redis is left alone after a failure, so that a server which hangs delays one request a second, not each. */
const leftAloneMs = 1_000;
/** A bucket that nobody touches for so long is full anyway, except at rates far below one request a minute. */
const shortestKeptMs = 60_000;

export interface RedisRateLimiterOptions {
  /** Decides while Redis cannot be reached: each process for itself then, so a tenant may get its budget once per process. */
  fallback: RateLimiter;
  failed: (error: Error) => void;
  /** Unix time in milliseconds, for tests; without it Redis tells the time, which is one clock for all processes. */
  nowMs?: () => number;
}

/** One token bucket per tenant for all processes together: a hash in Redis, filled and emptied by one script. */
export class RedisRateLimiter extends RateLimiter {
  private readonly client: Redis;
  private readonly outage: Outage;
  private leftAloneUntilMs = 0;

  constructor(
    private readonly clients: RedisClients,
    private readonly options: RedisRateLimiterOptions,
  ) {
    super();
    this.client = clients.open('rate-limits');
    this.outage = new Outage('each process counts requests for itself until it answers', options.failed);
  }

  override async take(tenantId: string, rate: RateSettings): Promise<RateDecision> {
    const startedMs = performance.now();
    if (startedMs < this.leftAloneUntilMs) return this.options.fallback.take(tenantId, rate);
    const isTrial = this.leftAloneUntilMs > 0;
    // While one request tries, the others that come meanwhile do not wait for the same answer.
    if (isTrial) this.leftAloneUntilMs = startedMs + leftAloneMs;
    try {
      const decision = await this.ask(tenantId, rate);
      this.leftAloneUntilMs = 0;
      this.outage.ended();
      return decision;
    } catch (error) {
      this.leftAloneUntilMs = performance.now() + leftAloneMs;
      this.outage.began(error);
      return this.options.fallback.take(tenantId, rate);
    }
  }

  private async ask(tenantId: string, rate: RateSettings): Promise<RateDecision> {
    const { ratePerSecond, burst } = rate;
    const { nowMs } = this.options;
    const keptMs = Math.max(shortestKeptMs, Math.ceil((burst / ratePerSecond) * 1000));
    const values = [ratePerSecond, burst, keptMs, nowMs?.() ?? ''];
    const answer = await takeScript.run(this.client, [this.clients.key('rate', tenantId)], values);
    const [allowed, left, at] = answer as [number, string, string];
    return rateDecision(rate, { allowed: allowed === 1, left: Number(left), nowMs: Number(at) });
  }
}

/**
 * KEYS: the bucket. ARGV: tokens a second, depth, milliseconds to keep it, Unix time in milliseconds or ''.
 * Numbers travel as text with 17 digits, which is every bit of a double: Redis would cut them to integers.
 * A caller whose clock is behind the bucket's neither fills nor empties it.
 */
const takeScript = new RedisScript(`
local rate, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'filled')
local filled = tonumber(bucket[2] or now)
local at = math.max(now, filled)
local tokens = math.min(burst, tonumber(bucket[1] or burst) + ((at - filled) / 1000) * rate)
local allowed = 0
if tokens >= 1 then
  allowed = 1
  tokens = tokens - 1
end
local left = string.format('%.17g', tokens)
redis.call('HSET', KEYS[1], 'tokens', left, 'filled', string.format('%.17g', at))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {allowed, left, string.format('%.17g', now)}
`);

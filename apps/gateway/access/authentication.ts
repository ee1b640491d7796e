import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { type AccessKey, AccessKeys } from '#libs/ports/access-keys.js';
import { type RateDecision, RateLimiter } from '#libs/ports/rate-limiter.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { metrics } from '#libs/service-kit/metrics.js';
import { apiPath } from '../gateway-options.js';
import { apiKeyOf } from './credentials.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that was shown; null on the routes outside the API. */
    accessKey: AccessKey | null;
  }
}

/**
 * Runs before a body is read: everything below the API path needs a known key and a place in its tenant's rate,
 * whether or not the path exists.
 */
@Injectable()
export class Authentication {
  constructor(
    private readonly accessKeys: AccessKeys,
    private readonly rateLimiter: RateLimiter,
    private readonly usage: UsageCounters,
  ) {}

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // The matched pattern, not the URL: `/%61pi/v1/...` reaches the same route.
    const path = request.routeOptions.url ?? request.url;
    if (!path.startsWith(`/${apiPath}`)) return;
    const accessKey = await this.accessKeys.find(apiKeyOf(request.headers));
    if (accessKey === null) throw new ServiceError('unauthenticated', 'This API key is unknown or revoked.');
    request.accessKey = accessKey;
    this.usage.count(accessKey.tenantId, 'api_call');
    const decision = await this.rateLimiter.take(accessKey.tenantId);
    reply.headers(rateHeaders(decision, Math.floor(Date.now() / 1000)));
    if (!decision.allowed) {
      metrics.rateLimited.inc();
      const seconds = decision.retryAfterSeconds;
      throw new ServiceError('rate_limited', `More than ${decision.limit} requests at once: wait ${seconds} s.`, {
        retry_after_seconds: seconds,
      });
    }
  }
}

/** The headers that published clients read, and those of draft-ietf-httpapi-ratelimit-headers-10. */
function rateHeaders(decision: RateDecision, nowSeconds: number): Record<string, string> {
  const { limit, remaining, resetAtSeconds } = decision;
  const secondsToReset = Math.max(0, resetAtSeconds - nowSeconds);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetAtSeconds),
    'ratelimit-policy': `"tenant";q=${limit}`,
    ratelimit: `"tenant";r=${remaining};t=${secondsToReset}`,
  };
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { planOf } from '#libs/contracts/plans.js';
import { type AccessKey, AccessKeys } from '#libs/ports/access-keys.js';
import { RateLimiter } from '#libs/ports/rate-limiter.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { metrics } from '#libs/service-kit/metrics.js';
import { apiPath, GatewayOptions } from '../gateway-options.js';
import { apiKeyOf } from './credentials.js';
import { limitHeaders } from './quota-headers.js';
import { quotaExceeded, Quotas } from './quotas.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that was shown; null on the routes outside the API. */
    accessKey: AccessKey | null;
  }
}

/**
 * Runs before a body is read: everything below the API path needs a known key and a place in its tenant's plan,
 * whether or not the path exists.
 */
@Injectable()
export class Authentication {
  constructor(
    private readonly accessKeys: AccessKeys,
    private readonly rateLimiter: RateLimiter,
    private readonly usage: UsageCounters,
    private readonly quotas: Quotas,
    private readonly options: GatewayOptions,
  ) {}

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // The matched pattern, not the URL: `/%61pi/v1/...` reaches the same route.
    const path = request.routeOptions.url ?? request.url;
    if (!path.startsWith(`/${apiPath}`)) return;
    const accessKey = await this.accessKeys.find(apiKeyOf(request.headers));
    if (accessKey === null) throw new ServiceError('unauthenticated', 'This API key is unknown or revoked.');
    request.accessKey = accessKey;
    const { tenantId, planTier } = accessKey;
    const { rateLimitPerSecond: ratePerSecond, rateLimitBurst: burst } = this.options;
    const rate = planOf(planTier).rate ?? { ratePerSecond, burst };
    const [decision, standings] = await Promise.all([
      this.rateLimiter.take(tenantId, rate),
      this.quotas.standings(accessKey),
    ]);
    reply.headers(limitHeaders(decision, standings, Math.floor(Date.now() / 1000)));
    if (!decision.allowed) {
      metrics.rateLimited.inc();
      const seconds = decision.retryAfterSeconds;
      throw new ServiceError('rate_limited', `More than ${decision.limit} requests at once: wait ${seconds} s.`, {
        retry_after_seconds: seconds,
      });
    }
    const calls = standings.find(({ quota }) => quota === 'api_calls_per_month');
    if (calls && calls.used >= calls.limit) throw quotaExceeded(calls, planTier);
    this.usage.count(tenantId, 'api_call');
    this.quotas.countCall(tenantId);
  }
}

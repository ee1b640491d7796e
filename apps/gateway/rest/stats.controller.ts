import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';

@Controller(`${apiPath}/stats`)
export class StatsController {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly counters: UsageCounters,
  ) {}

  /** The same counts under every name that published clients read. */
  @Get()
  @RouteSchema(routes.stats)
  async stats(@Req() request: FastifyRequest, @Query('min_position') minPosition?: number) {
    const accessKey = keyOf(request);
    const position = await this.positions.needed(accessKey, minPosition);
    const [totals, usage] = await Promise.all([
      this.queries.totals(accessKey.tenantId, position),
      this.counters.usage(accessKey.tenantId),
    ]);
    return {
      success: true,
      owner_id: accessKey.tenantId,
      plan_tier: accessKey.planTier,
      totals: {
        memories: totals.memories,
        total_memories: totals.memories,
        episodes: totals.episodes,
        total_api_calls: usage.totalApiCalls,
      },
      usage: {
        api_calls: usage.monthApiCalls,
        api_calls_used: usage.monthApiCalls,
        current_month_api_calls: usage.monthApiCalls,
        // A server of your own has no quota.
        monthly_api_limit: null,
        searches: usage.monthSearches,
      },
      storage: { total_storage_bytes: totals.contentBytes },
    };
  }
}

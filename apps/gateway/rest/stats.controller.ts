import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { planOf } from '#libs/contracts/plans.js';
import type { StatsQuery } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { positionAt } from './moment.js';
import { validFilter } from './request-filters.js';

/** Days of `usage.by_day`, up to today. */
const daysShown = 30;

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
  async stats(@Req() request: FastifyRequest, @Query() query: StatsQuery) {
    const accessKey = keyOf(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, query.as_of, 'as_of');
    const [filter] = validFilter(query.valid_at);
    const [totals, usage, byDay] = await Promise.all([
      this.queries.totals(accessKey.tenantId, position, { asOf, filter }),
      this.counters.usage(accessKey.tenantId),
      this.counters.usageByDay(accessKey.tenantId, daysShown),
    ]);
    // Afterwards: the totals have waited for the caller's own writes.
    const search = await this.queries.searchState(accessKey.tenantId);
    return {
      success: true,
      ...(asOf !== null && { as_of: asOf }),
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
        monthly_api_limit: planOf(accessKey.planTier).quotas.apiCallsPerMonth,
        searches: usage.monthSearches,
        by_day: byDay.map(({ day, apiCalls, searches }) => ({ day, api_calls: apiCalls, searches })),
      },
      storage: { total_storage_bytes: totals.contentBytes },
      search: {
        index: search.index,
        embedder: search.embedder,
        documents: search.documents,
        pending_embeddings: search.pendingEmbeddings,
      },
    };
  }
}

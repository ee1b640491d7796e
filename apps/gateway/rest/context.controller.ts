import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { ContextQuery } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { packContext } from './context-packing.js';
import { superseded, userFilter } from './request-filters.js';
import { presentHits } from './search.presenter.js';

const standardTokens = 1000;
/** Older handoffs are history; the next agent needs the latest. */
const handoffsShown = 3;

@Controller(`${apiPath}/context`)
export class ContextController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly usage: UsageCounters,
  ) {}

  @Get()
  @RouteSchema(routes.context)
  async context(@Req() request: FastifyRequest, @Query() query: ContextQuery) {
    const accessKey = keyOf(request);
    const caller = await this.callers.of(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    this.usage.count(accessKey.tenantId, 'search');
    const { sessionId } = caller;
    const [handoffs, { hits }] = await Promise.all([
      sessionId === null ? [] : this.queries.handoffs(caller, sessionId, handoffsShown, position),
      this.queries.search(
        caller,
        {
          text: query.query ?? '',
          filter: { and: [...userFilter(query.user_id), { not: superseded }] },
          limit: limits.searchResults,
          mode: 'hybrid',
          explain: false,
          includeEpisodes: null,
        },
        position,
      ),
    ]);
    const packed = packContext(handoffs, hits, query.max_tokens ?? standardTokens);
    const sources = presentHits(packed.hits, accessKey.tenantId);
    return { success: true, context: packed.text, token_count: packed.tokenCount, sources };
  }
}

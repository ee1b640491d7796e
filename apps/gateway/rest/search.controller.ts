import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { SearchMemoriesBody, SearchMemoriesQuery } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { assertStorable } from '#libs/service-kit/http-text.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { positionAt } from './moment.js';
import { jsonParameter, searchFilter } from './request-filters.js';
import { memoriesIn, presentHits, presentQuestion } from './search.presenter.js';

const standardResults = 10;

@Controller(`${apiPath}/memories/search`)
export class SearchController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly usage: UsageCounters,
    private readonly readDays: ReadDays,
  ) {}

  @Get()
  @RouteSchema(routes.searchMemories)
  byGet(@Req() request: FastifyRequest, @Query() query: SearchMemoriesQuery) {
    const { filters, metadata, ...fields } = query;
    const trees = {
      ...(filters !== undefined && { filters: jsonParameter(filters, 'filters') }),
      ...(metadata !== undefined && { metadata: jsonParameter(metadata, 'metadata') }),
    };
    assertStorable(trees);
    return this.search(request, { ...fields, ...trees } as SearchMemoriesBody);
  }

  @Post()
  @HttpCode(200)
  @RouteSchema(routes.searchMemoriesByPost)
  byPost(@Req() request: FastifyRequest, @Body() body: SearchMemoriesBody) {
    return this.search(request, body);
  }

  private async search(request: FastifyRequest, search: SearchMemoriesBody) {
    const accessKey = keyOf(request);
    const filter = searchFilter(search);
    const caller = await this.callers.of(request);
    const position = await this.positions.needed(accessKey, search.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, search.as_of, 'as_of');
    this.usage.count(accessKey.tenantId, 'search');
    const { hits, mode, question } = await this.queries.search(
      caller,
      {
        text: search.query ?? '',
        filter,
        limit: search.limit ?? standardResults,
        mode: search.mode ?? 'hybrid',
        explain: search.explain ?? false,
        includeEpisodes: search.include_episodes ?? null,
        keepSuperseded: search.valid_at !== undefined,
        asOf,
      },
      position,
    );
    if (asOf === null) this.readDays.noteRead(accessKey.tenantId, memoriesIn(hits));
    const results = presentHits(hits, accessKey.tenantId);
    const moment = asOf !== null && { as_of: asOf };
    const understood = question && { question: presentQuestion(question) };
    return { success: true, ...moment, count: results.length, mode, ...understood, results, memories: results };
  }
}

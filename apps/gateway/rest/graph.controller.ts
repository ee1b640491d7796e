import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { GraphQuery } from '#libs/contracts/rest/account-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { presentGraph } from './graph.presenter.js';
import { listFilter } from './request-filters.js';

const standardMemories = 500;

@Controller(`${apiPath}/graph`)
export class GraphController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
  ) {}

  @Get()
  @RouteSchema(routes.graph)
  async graph(@Req() request: FastifyRequest, @Query() query: GraphQuery) {
    const filter = listFilter({ ...query, include_superseded: query.include_superseded ?? true });
    const graph = await this.queries.memoryGraph(
      await this.callers.of(request),
      { filter, limit: query.limit ?? standardMemories },
      await this.positions.needed(keyOf(request), query.min_position),
    );
    return { success: true, ...presentGraph(graph) };
  }
}

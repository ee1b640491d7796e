import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { DiffQuery } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { presentDifferences } from './difference.presenter.js';
import { positionAt } from './moment.js';
import { ownerFilter } from './request-filters.js';

const standardPageSize = 100;

@Controller(`${apiPath}/memories/diff`)
export class DifferencesController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @RouteSchema(routes.diffMemories)
  async diff(@Req() request: FastifyRequest, @Query() query: DiffQuery) {
    const accessKey = keyOf(request);
    const { tenantId } = accessKey;
    const from = await positionAt(this.queries, tenantId, query.from, 'from');
    const to = await positionAt(this.queries, tenantId, query.to, 'to');
    if (from! > to!) throw invalid('from', `must not be later than to: position ${from} comes after ${to}`);
    const span = { from: from!, to: to! };
    const page = await this.queries.differences(
      await this.callers.of(request),
      {
        ...span,
        filter: { and: ownerFilter(query) },
        after: this.cursors.read(request, query.cursor),
        limit: query.limit ?? standardPageSize,
      },
      await this.positions.needed(accessKey, query.min_position),
    );
    return {
      success: true,
      ...span,
      ...presentDifferences(page.rows, tenantId),
      next_cursor: this.cursors.issue(request, page.next),
    };
  }
}

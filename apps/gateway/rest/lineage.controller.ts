import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { LineageQuery, ListContradictionsQuery } from '#libs/contracts/rest/lineage-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { lineagePicture } from './lineage-picture.js';
import { presentContradiction, presentLineage } from './lineage.presenter.js';
import { isId, memoryIdOf } from './memory-id.js';
import { positionAt } from './moment.js';
import { userFilter } from './request-filters.js';

const standardPageSize = 20;
/** A picture that is opened by itself runs and loads nothing. */
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Why something is believed, and what contradicts it. */
@Controller(apiPath)
export class LineageController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
  ) {}

  @Get('memories/:id/lineage')
  @RouteSchema(routes.memoryLineage)
  async lineage(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query() query: LineageQuery,
  ) {
    const memoryId = memoryIdOf(id);
    const accessKey = keyOf(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, query.as_of, 'as_of');
    const graph = await this.queries.lineage(await this.callers.of(request), memoryId, { asOf }, position);
    if (graph === null) throw new ServiceError('not_found', 'There is no such memory, or this key may not see it.');
    const { format = 'full' } = query;
    if (format !== 'svg') return presentLineage(graph, format);
    reply.header('content-type', 'image/svg+xml; charset=utf-8');
    reply.header('content-security-policy', picturePolicy);
    reply.header('x-content-type-options', 'nosniff');
    return lineagePicture(graph);
  }

  @Get('contradictions')
  @RouteSchema(routes.listContradictions)
  async contradictions(@Req() request: FastifyRequest, @Query() query: ListContradictionsQuery) {
    const conditions: Filter[] = userFilter(query.user_id);
    if (query.scope !== undefined) conditions.push({ field: 'scope', equals: query.scope });
    const page = await this.queries.contradictions(
      await this.callers.of(request),
      {
        filter: { and: conditions },
        isResolved: query.resolved ?? null,
        after: this.cursors.read(request, query.cursor),
        limit: query.limit ?? standardPageSize,
      },
      await this.positions.needed(keyOf(request), query.min_position),
    );
    const contradictions = page.rows.map(presentContradiction);
    const next = this.cursors.issue(request, page.next);
    return { success: true, count: contradictions.length, next_cursor: next, contradictions };
  }

  @Get('contradictions/:id')
  @RouteSchema(routes.getContradiction)
  async contradiction(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query('min_position') minPosition?: number,
  ) {
    if (!isId(id)) throw new ServiceError('not_found', 'There is no such contradiction: its id would be a UUID.');
    const position = await this.positions.needed(keyOf(request), minPosition);
    const found = await this.queries.contradiction(await this.callers.of(request), id.toLowerCase(), position);
    if (found === null) {
      throw new ServiceError('not_found', 'There is no such contradiction, or this key may not see it.');
    }
    return { success: true, contradiction: presentContradiction(found) };
  }
}

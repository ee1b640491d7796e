import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentMemoriesQuery, CreateMemoryBody } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { MemoryCreation } from './memory-creation.js';
import { isId } from './memory-id.js';
import { presentMemory } from './memory.presenter.js';
import { agentMemoriesFilter } from './request-filters.js';

const standardPageSize = 20;

/** `/memories/agents`: what one agent remembers. */
@Controller(`${apiPath}/memories/agents`)
export class AgentMemoriesController {
  constructor(
    private readonly callers: Callers,
    private readonly creation: MemoryCreation,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @RouteSchema(routes.createAgentMemory)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateMemoryBody,
  ) {
    return this.creation.create(request, reply, body);
  }

  @Get()
  @RouteSchema(routes.listAgentMemories)
  async list(@Req() request: FastifyRequest, @Query() query: AgentMemoriesQuery) {
    const accessKey = keyOf(request);
    const caller = asAgent(await this.callers.of(request), query.agent_id);
    const page = await this.queries.list(
      caller,
      {
        filter: agentMemoriesFilter(query, caller),
        order: 'desc',
        after: this.cursors.read(request, query.cursor),
        limit: query.limit ?? standardPageSize,
      },
      await this.positions.needed(accessKey, query.min_position),
    );
    const results = page.rows.map((row) => presentMemory(row, accessKey.tenantId));
    const nextCursor = this.cursors.issue(request, page.next);
    return { success: true, count: results.length, next_cursor: nextCursor, results, data: results };
  }
}

/**
 * Published clients name their agent here by the `agent_id` of an earlier answer and by nothing else. An id that this
 * server gave out is as much a claim as the name behind it. A key that is bound to an agent has one already.
 */
function asAgent(caller: Caller, agentId: string | undefined): Caller {
  if (caller.agent !== null || agentId === undefined || !isId(agentId)) return caller;
  return { ...caller, agent: { id: agentId, name: '', type: null } };
}

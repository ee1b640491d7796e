import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ListHandoffsQuery, RecordHandoffBody } from '#libs/contracts/rest/agent-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf, outsideBinding } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { CommandSender } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';
import { presentHandoff } from './agent.presenter.js';

const standardPageSize = 20;

@Controller(`${apiPath}/handoffs`)
export class HandoffsController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
  ) {}

  @Post()
  @RouteSchema(routes.recordHandoff)
  async record(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: RecordHandoffBody,
  ) {
    const caller = await this.callers.of(request);
    const boundName = keyOf(request).binding.agentName;
    const fromAgent = body.from_agent ?? caller.agent?.name;
    if (fromAgent === undefined) throw invalid('from_agent', 'is missing: say who hands over');
    if (boundName !== null && fromAgent !== boundName) throw outsideBinding('agentName');
    const context = body.context ?? {};
    if (Buffer.byteLength(JSON.stringify(context)) > limits.metadataBytes) {
      throw invalid('context', `must not be larger than ${limits.metadataBytes} bytes as JSON`);
    }
    const carried = await this.commands.send(request, reply, caller, {
      type: 'RecordHandoff',
      fromAgent,
      toAgent: body.to_agent,
      sessionId: caller.sessionId,
      reason: body.reason ?? null,
      context,
    });
    if (carried.kind === 'running') return carried.answer;
    const repeated = carried.isRetryInWindow && { deduplicated: true };
    return { success: true, handoff_id: carried.body['handoffId'], event_offset: carried.position, ...repeated };
  }

  @Get()
  @RouteSchema(routes.listHandoffs)
  async list(@Req() request: FastifyRequest, @Query() query: ListHandoffsQuery) {
    const caller = await this.callers.of(request);
    if (caller.sessionId === null) throw invalid('session_id', 'is missing: handoffs are found by their session');
    const position = await this.positions.needed(keyOf(request), query.min_position);
    const limit = query.limit ?? standardPageSize;
    const handoffs = (await this.queries.handoffs(caller, caller.sessionId, limit, position)).map(presentHandoff);
    return { success: true, count: handoffs.length, handoffs };
  }
}

import { Body, Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {
  BeliefPoliciesBody,
  DetectContradictionsBody,
  ResolveContradictionBody,
  UndoBody,
  UpdateBeliefBody,
} from '#libs/contracts/rest/belief-requests.js';
import type { ReadQuery } from '#libs/contracts/rest/fields.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { CommandSender } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';
import { presentRelations, presentResolved, presentUpdated } from './belief.presenter.js';
import { assertContentFits, assertMetadataFits, placementOf, standardConfidence } from './memory-commands.js';
import { isId, memoryIdOf } from './memory-id.js';
import { presentMemory } from './memory.presenter.js';

/** What becomes of beliefs: comparing, revising, settling, undoing. */
@Controller(apiPath)
export class BeliefsController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
  ) {}

  @Post('memories/detect-contradictions')
  @RouteSchema(routes.detectContradictions)
  async detect(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: DetectContradictionsBody,
  ) {
    const accessKey = keyOf(request);
    assertContentFits(body.content, 'content');
    const query = {
      content: body.content,
      confidence: body.confidence ?? standardConfidence,
      placement: placementOf(body, accessKey.binding),
      askedAt: new Date().toISOString(),
    };
    const position = await this.positions.needed(accessKey, body.min_position);
    const answer = await this.queries.relations(await this.callers.of(request), query, position);
    reply.code(200);
    return presentRelations(answer);
  }

  @Post('memories/update-belief')
  @RouteSchema(routes.updateBelief)
  async update(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: UpdateBeliefBody,
  ) {
    const metadata = body.metadata ?? {};
    assertContentFits(body.content, 'content');
    assertMetadataFits(metadata);
    const strategy = body.strategy ?? 'auto';
    const targetId = body.contradicting_memory_id?.toLowerCase() ?? null;
    if (strategy === 'auto' && targetId !== null) {
      throw invalid(
        'contradicting_memory_id',
        'goes with supersede, merge, adjust or manual: with auto the rules look for it',
      );
    }
    const carried = await this.commands.send(request, reply, await this.callers.of(request), {
      type: 'UpdateBelief',
      content: body.content,
      confidence: body.confidence ?? standardConfidence,
      placement: placementOf(body, keyOf(request).binding),
      ...{ strategy, targetId, metadata },
    });
    if (carried.kind === 'running') return carried.answer;
    reply.code(200);
    return presentUpdated(carried);
  }

  @Post('contradictions/:id/resolve')
  @RouteSchema(routes.resolveContradiction)
  async resolve(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() { strategy, reason }: ResolveContradictionBody,
  ) {
    if (!isId(id)) throw new ServiceError('not_found', 'There is no such contradiction: its id would be a UUID.');
    const carried = await this.commands.send(request, reply, await this.callers.of(request), {
      type: 'ResolveContradiction',
      contradictionId: id.toLowerCase(),
      ...{ strategy, reason: reason ?? null },
    });
    if (carried.kind === 'running') return carried.answer;
    reply.code(200);
    return presentResolved(carried);
  }

  @Post('memories/:id/undo')
  @RouteSchema(routes.undoChange)
  undo(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: UndoBody | undefined,
  ) {
    return this.takeBack(request, reply, id, 'undo', body?.cascade ?? false);
  }

  @Post('memories/:id/redo')
  @RouteSchema(routes.redoChange)
  redo(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: UndoBody | undefined,
  ) {
    return this.takeBack(request, reply, id, 'redo', body?.cascade ?? false);
  }

  @Get('belief-policies')
  @RouteSchema(routes.beliefPolicies)
  async policies(@Req() request: FastifyRequest, @Query() query: ReadQuery) {
    // The log itself is read, so that the answer is never behind; a position that is none is told all the same.
    await this.positions.needed(keyOf(request), query.min_position);
    return { success: true, policies: await this.queries.beliefPolicies(keyOf(request).tenantId) };
  }

  @Put('belief-policies')
  @RouteSchema(routes.setBeliefPolicies)
  async setPolicies(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: BeliefPoliciesBody,
  ) {
    const { state, volatile, rare, immutable, many, statistic, none } = body;
    const named = Object.entries({ state, volatile, rare, immutable, many, statistic, none });
    const policies = Object.fromEntries(named.filter(([, policy]) => policy !== undefined));
    if (Object.keys(policies).length === 0)
      throw invalid('', `Send at least one of ${named.map(([name]) => name).join(', ')}`);
    const caller = await this.callers.of(request);
    const carried = await this.commands.send(request, reply, caller, { type: 'SetBeliefPolicies', policies });
    if (carried.kind === 'running') return carried.answer;
    return { success: true, policies: carried.body['policies'], event_offset: carried.position };
  }

  private async takeBack(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    direction: 'undo' | 'redo',
    cascade: boolean,
  ) {
    const caller = await this.callers.of(request);
    const command = { type: 'UndoChange' as const, memoryId: memoryIdOf(id), direction, cascade };
    const carried = await this.commands.send(request, reply, caller, command);
    if (carried.kind === 'running') return carried.answer;
    const row = await this.queries.get(caller, carried.body['memoryId'] as string, carried.position);
    reply.code(200);
    return {
      success: true,
      memory: row && presentMemory(row, caller.tenantId),
      restored_ids: carried.body['restoredIds'],
      retired_ids: carried.body['retiredIds'],
      undone: carried.body['undone'],
      event_offset: carried.position,
      ...(carried.isRetryInWindow && { deduplicated: true }),
    };
  }
}

import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Command } from '#libs/contracts/commands.js';
import { ServiceError } from '#libs/contracts/errors.js';
import type {
  CreateMemoryBody,
  ForgetMemoriesBody,
  ForgetMemoryQuery,
  GetMemoryQuery,
  ListMemoriesQuery,
  ReviseMemoryBody,
} from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { MemoryQueries, type View } from '#libs/ports/memory-queries.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { CommandSender } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { reviseCommand } from './memory-commands.js';
import { MemoryCreation } from './memory-creation.js';
import { memoryIdOf } from './memory-id.js';
import { etagOf, presentMemory, presentVersion } from './memory.presenter.js';
import { positionAt } from './moment.js';
import { listFilter, validFilter } from './request-filters.js';

const standardPageSize = 20;

/** `/memories`: one command or one query a request. */
@Controller(`${apiPath}/memories`)
export class MemoriesController {
  constructor(
    private readonly creation: MemoryCreation,
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
    private readonly readDays: ReadDays,
  ) {}

  @Post()
  @RouteSchema(routes.createMemory)
  create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateMemoryBody,
  ) {
    return this.creation.create(request, reply, body);
  }

  @Get()
  @RouteSchema(routes.listMemories)
  async list(@Req() request: FastifyRequest, @Query() query: ListMemoriesQuery) {
    if (query.include_embedding === true) {
      throw invalid('include_embedding', 'is not available in this version: embeddings are not shown');
    }
    const accessKey = keyOf(request);
    const asOf = await positionAt(this.queries, accessKey.tenantId, query.as_of, 'as_of');
    const page = await this.queries.list(
      await this.callers.of(request),
      {
        filter: listFilter(query),
        order: query.order ?? 'desc',
        after: this.cursors.read(request, query.cursor),
        limit: query.limit ?? standardPageSize,
        asOf,
      },
      await this.positions.needed(accessKey, query.min_position),
    );
    const results = page.rows.map((row) => presentMemory(row, accessKey.tenantId));
    const next_cursor = this.cursors.issue(request, page.next);
    return { success: true, ...(asOf !== null && { as_of: asOf }), count: results.length, next_cursor, results };
  }

  @Get(':id')
  @RouteSchema(routes.getMemory)
  async get(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query() query: GetMemoryQuery,
  ) {
    const accessKey = keyOf(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, query.as_of, 'as_of');
    const [filter] = validFilter(query.valid_at);
    const answer = await this.readBack(request, reply, memoryIdOf(id), position, { asOf, filter });
    if (asOf === null) this.readDays.noteRead(accessKey.tenantId, [answer.memory.id]);
    return { ...(asOf !== null && { as_of: asOf }), ...answer };
  }

  @Patch(':id')
  @RouteSchema(routes.reviseMemory)
  async revise(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: ReviseMemoryBody,
    @Headers('if-match') ifMatch?: string,
  ) {
    const memoryId = memoryIdOf(id);
    const command = reviseCommand(memoryId, body, ifMatch);
    const carried = await this.commands.send(request, reply, await this.callers.of(request), command);
    if (carried.kind === 'running') return carried.answer;
    const answer = await this.readBack(request, reply, memoryId, carried.position);
    return { ...answer, event_offset: carried.position };
  }

  // Before ':id' only for the reader; the router prefers fixed paths anyway.
  @Delete('batch')
  @RouteSchema(routes.forgetMemories)
  async forgetSeveral(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: ForgetMemoriesBody,
  ) {
    const memoryIds = [...new Set(body.memory_ids.map((id) => id.toLowerCase()))];
    const hard = body.hard ?? false;
    const command: Command = { type: 'ForgetMemories', memoryIds, hard, single: false };
    const carried = await this.commands.send(request, reply, await this.callers.of(request), command);
    if (carried.kind === 'running') return carried.answer;
    return {
      success: true,
      deleted_count: carried.body['deletedCount'],
      hard_delete: carried.body['hardDelete'],
      event_offset: carried.position,
      ...(carried.isRetryInWindow && { already_deleted: true }),
    };
  }

  @Delete(':id')
  @RouteSchema(routes.forgetMemory)
  async forget(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query() query: ForgetMemoryQuery,
  ) {
    const hard = query.hard ?? false;
    const command: Command = { type: 'ForgetMemories', memoryIds: [memoryIdOf(id)], hard, single: true };
    const carried = await this.commands.send(request, reply, await this.callers.of(request), command);
    if (carried.kind === 'running') return carried.answer;
    const isAlreadyDeleted = carried.isRetryInWindow || carried.body['alreadyDeleted'] === true;
    return {
      success: true,
      deleted_count: carried.body['deletedCount'],
      hard_delete: carried.body['hardDelete'],
      event_offset: carried.position,
      ...(isAlreadyDeleted && { already_deleted: true }),
    };
  }

  @Get(':id/history')
  @RouteSchema(routes.memoryHistory)
  async history(@Req() request: FastifyRequest, @Param('id') id: string, @Query('min_position') minPosition?: number) {
    const memoryId = memoryIdOf(id);
    const position = await this.positions.needed(keyOf(request), minPosition);
    const found = await this.queries.history(await this.callers.of(request), memoryId, position);
    if (found === null) throw new ServiceError('not_found', 'There is no such memory, or this key may not see it.');
    const versions = found.versions.map(presentVersion);
    return { success: true, memory_id: memoryId, count: versions.length, versions };
  }

  private async readBack(
    request: FastifyRequest,
    reply: FastifyReply,
    memoryId: string,
    minPosition: number,
    view: View = {},
  ) {
    const row = await this.queries.get(await this.callers.of(request), memoryId, minPosition, view);
    if (row === null) throw new ServiceError('not_found', 'There is no such memory, or this key may not see it.');
    reply.header('etag', etagOf(row));
    return { success: true, memory: presentMemory(row, keyOf(request).tenantId) };
  }
}

import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { ReadQuery } from '#libs/contracts/rest/fields.js';
import type {
  ConsolidateBody,
  ExpireBody,
  ListRunsQuery,
  ReflectBody,
  RevertRunBody,
} from '#libs/contracts/rest/maintenance-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { MaintenanceKind } from '#libs/domain/maintenance/run.js';
import { type ShownRun, MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { JobSender } from '../commands/job-sender.js';
import { JobWaiting } from '../commands/job-waiting.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { boundTo, consolidateRequest, expireRequest, reflectRequest } from './maintenance-commands.js';
import { presentRevert, presentReport, presentRun } from './maintenance.presenter.js';
import { isId } from './memory-id.js';

const standardPageSize = 20;
/** Of a plan, a request is told so much; the rest stands in the results of its job. */
const eventsTold = 1_000;

/** Maintenance of memories: runs that are planned, applied and taken back. */
@Controller(apiPath)
export class MaintenanceController {
  constructor(
    private readonly callers: Callers,
    private readonly jobs: JobSender,
    private readonly waiting: JobWaiting,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly cursors: Cursors,
  ) {}

  @Post('memories/consolidate')
  @RouteSchema(routes.consolidateMemories)
  consolidate(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: ConsolidateBody | undefined,
  ) {
    return this.run(request, reply, 'consolidate', body ?? {}, consolidateRequest);
  }

  @Post('memories/reflect')
  @RouteSchema(routes.reflectOnMemories)
  reflect(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: ReflectBody | undefined,
  ) {
    return this.run(request, reply, 'reflect', body ?? {}, reflectRequest);
  }

  @Post('memories/expire')
  @RouteSchema(routes.expireMemories)
  expire(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: ExpireBody | undefined,
  ) {
    return this.run(request, reply, 'expire', body ?? {}, expireRequest);
  }

  @Get('maintenance/runs')
  @RouteSchema(routes.listRuns)
  async list(@Req() request: FastifyRequest, @Query() query: ListRunsQuery) {
    const accessKey = keyOf(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    const { rows, next } = await this.queries.maintenanceRuns(
      accessKey.tenantId,
      {
        kind: (query.kind as MaintenanceKind | undefined) ?? null,
        after: this.cursors.read(request, query.cursor),
        limit: query.limit ?? standardPageSize,
      },
      position,
    );
    const runs = rows.filter((run) => isShownTo(request, run)).map(presentRun);
    return { success: true, count: runs.length, next_cursor: this.cursors.issue(request, next), runs };
  }

  @Get('maintenance/runs/:id')
  @RouteSchema(routes.getRun)
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Query() query: ReadQuery) {
    const position = await this.positions.needed(keyOf(request), query.min_position);
    return { success: true, run: presentRun(await this.find(request, id, position)) };
  }

  @Post('maintenance/runs/:id/revert')
  @RouteSchema(routes.revertRun)
  async revert(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: RevertRunBody | undefined,
  ) {
    const caller = await this.callers.of(request);
    const { id: runId } = await this.find(request, id, await this.positions.needed(keyOf(request), undefined));
    const input = { runId, cascade: body?.cascade ?? false };
    const { job } = await this.jobs.send(request, reply, caller, { kind: 'revert', input, total: null });
    const ended = await this.waiting.until(request, reply, job);
    return presentRevert(ended, runId);
  }

  private async run<Body>(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: MaintenanceKind,
    body: Body,
    requestOf: (
      body: Body,
      request: FastifyRequest,
      visible: Awaited<ReturnType<Callers['of']>>,
    ) => { isDryRun: boolean },
  ) {
    const caller = await this.callers.of(request);
    const input = requestOf(body, request, caller);
    const { job } = await this.jobs.send(request, reply, caller, { kind, input, total: null });
    const ended = await this.waiting.until(request, reply, job);
    const results = ended.finishedAt === null ? [] : await this.waiting.results(ended, eventsTold);
    return presentReport(ended, { isDryRun: input.isDryRun, results, eventsTold });
  }

  /** A key that is bound to somebody sees runs of keys with the same binding. @throws ServiceError not_found */
  private async find(request: FastifyRequest, id: string, position: number): Promise<ShownRun> {
    const run = isId(id)
      ? await this.queries.maintenanceRun(keyOf(request).tenantId, id.toLowerCase(), position)
      : null;
    if (run === null || !isShownTo(request, run)) {
      throw new ServiceError('not_found', 'There is no such maintenance run, or this key may not see it.');
    }
    return run;
  }
}

function isShownTo(request: FastifyRequest, run: ShownRun): boolean {
  const binding = boundTo(keyOf(request).binding);
  return binding === null || run.boundTo === binding;
}

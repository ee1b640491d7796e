import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { JobResultsQuery, ListJobsQuery } from '#libs/contracts/rest/job-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import { jobKinds, JobQueue, type JobState } from '#libs/ports/job-queue.js';
import { invalid } from '#libs/service-kit/problem.js';
import { keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { answerLater } from '../commands/job-sender.js';
import { apiPath } from '../gateway-options.js';
import { Cursors } from './cursors.js';
import { positionOf, presentJob, presentJobDetails, presentJobResult } from './job.presenter.js';
import { isId } from './memory-id.js';

const standardPageSize = 20;
const standardResults = 100;
const errorsTold = 100;

/** `/batch-jobs`: how far long work is, and what came of it. */
@Controller(`${apiPath}/batch-jobs`)
export class JobsController {
  constructor(
    private readonly queue: JobQueue,
    private readonly cursors: Cursors,
    private readonly positions: Positions,
  ) {}

  @Get()
  @RouteSchema(routes.listJobs)
  async list(@Req() request: FastifyRequest, @Query() { type, limit = standardPageSize, cursor }: ListJobsQuery) {
    const kind = jobKinds.find((one) => one === type);
    if (type !== undefined && kind === undefined) throw invalid('type', `must be one of ${jobKinds.join(', ')}`);
    const jobs = await this.queue.jobs(keyOf(request).tenantId, {
      ...(kind && { kinds: [kind] }),
      ...shownTo(request),
      before: this.cursors.read(request, cursor)?.id ?? null,
      limit: limit + 1,
    });
    const page = jobs.slice(0, limit);
    const next = jobs.length > limit ? { createdPosition: 0, id: page.at(-1)!.id } : null;
    const next_cursor = this.cursors.issue(request, next);
    return { success: true, count: page.length, next_cursor, jobs: page.map(presentJob) };
  }

  @Get(':id')
  @RouteSchema(routes.getJob)
  async get(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, await this.find(request, id));
  }

  @Get(':id/results')
  @RouteSchema(routes.jobResults)
  async results(@Req() request: FastifyRequest, @Param('id') id: string, @Query() query: JobResultsQuery) {
    const job = await this.find(request, id);
    const { after = -1, limit = standardResults, failed_only: failedOnly = false } = query;
    const found = await this.queue.results(job.tenantId, job.id, { after, limit: limit + 1, failedOnly });
    const page = found.slice(0, limit);
    return {
      success: true,
      job_id: job.id,
      count: page.length,
      ...(found.length > limit && { next_after: page.at(-1)!.index }),
      results: page.map(presentJobResult),
    };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RouteSchema(routes.cancelJob)
  async cancel(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
  ) {
    const { tenantId, finishedAt } = await this.find(request, id);
    if (finishedAt !== null) throw new ServiceError('job_over', 'The job is over: there is nothing left to cancel.');
    return this.answer(request, reply, (await this.queue.cancel(tenantId, id))!);
  }

  @Post(':id/retry')
  @RouteSchema(routes.retryJob)
  async retry(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
  ) {
    const { tenantId, finishedAt } = await this.find(request, id);
    const nothing = 'Only items that failed or were not done are done again, of a job that is over.';
    if (finishedAt === null) throw new ServiceError('nothing_to_retry', `The job is not over. ${nothing}`);
    const job = (await this.queue.retry(tenantId, id))!;
    if (job.finishedAt === finishedAt) throw new ServiceError('nothing_to_retry', nothing);
    answerLater(reply, id);
    return this.answer(request, reply, job);
  }

  /** A key that is bound to somebody sees what it asked for itself. @throws ServiceError not_found */
  private async find(request: FastifyRequest, id: string): Promise<JobState> {
    const { keyId } = shownTo(request);
    const job = isId(id) ? await this.queue.job(keyOf(request).tenantId, id) : null;
    if (job === null || (keyId !== undefined && job.keyId !== keyId)) {
      throw new ServiceError('not_found', 'There is no such job, or this key may not see it.');
    }
    return job;
  }

  /** Whoever was told of a write may read it. */
  private async answer(request: FastifyRequest, reply: FastifyReply, job: JobState) {
    const { tenantId, id } = job;
    const [failures, first] = await Promise.all([
      this.queue.results(tenantId, id, { after: -1, limit: errorsTold, failedOnly: true }),
      this.queue.results(tenantId, id, { after: -1, limit: limits.itemsPerBatch }),
    ]);
    const position = positionOf(job);
    if (position !== null) {
      await this.positions.remember(keyOf(request).id, position);
      reply.header('memorystack-position', String(position));
    }
    return { success: true, ...presentJobDetails(job, failures, first) };
  }
}

function shownTo(request: FastifyRequest): { keyId?: string } {
  const { binding, id } = keyOf(request);
  return Object.values(binding).some((bound) => bound !== null) ? { keyId: id } : {};
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { JobQueue, type JobResult, type JobState } from '#libs/ports/job-queue.js';
import { keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';

/** Quick work is answered at once; what takes longer is left to its job. */
const waitMs = 8_000;
const lookAgainMs = { first: 20, most: 250 };

/** Waits a while for a job that somebody asked for, so that most are told what came of it without asking again. */
@Injectable()
export class JobWaiting {
  constructor(
    private readonly queue: JobQueue,
    private readonly positions: Positions,
  ) {}

  /** The job when it is over, or as it is after a while; the answer is a 200 or stays the 202 that it was. */
  async until(request: FastifyRequest, reply: FastifyReply, submitted: JobState): Promise<JobState> {
    const endMs = performance.now() + waitMs;
    let job = submitted;
    for (let delayMs = lookAgainMs.first; job.finishedAt === null && performance.now() < endMs;) {
      await pause(delayMs);
      delayMs = Math.min(lookAgainMs.most, delayMs * 1.5);
      job = (await this.queue.job(job.tenantId, job.id)) ?? job;
    }
    if (job.finishedAt === null) return job;
    reply.code(200).removeHeader('location').removeHeader('retry-after');
    const position = job.summary?.['position'];
    if (typeof position === 'number') {
      await this.positions.remember(keyOf(request).id, position);
      reply.header('memorystack-position', String(position));
    }
    return job;
  }

  results({ tenantId, id }: JobState, limit: number): Promise<JobResult[]> {
    return this.queue.results(tenantId, id, { after: -1, limit });
  }
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { ServiceError } from '#libs/contracts/errors.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { JobQueue, type NewJob, type SubmittedJob } from '#libs/ports/job-queue.js';
import { keyOf } from '../access/callers.js';
import { Quotas } from '../access/quotas.js';
import { apiPath, GatewayOptions } from '../gateway-options.js';
import { idempotencyOf } from './idempotency.js';

/** The way of all work that outlives its request: one job, found again by the same request. */
@Injectable()
export class JobSender {
  constructor(
    private readonly queue: JobQueue,
    private readonly options: GatewayOptions,
    private readonly quotas: Quotas,
  ) {}

  /**
   * @param of.id of the job, where something is kept for it already
   * @param of.body what the request asks for, where its body is not held
   * @throws ServiceError idempotency_mismatch, quota_exceeded
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    { kind, input, total }: Pick<NewJob, 'kind' | 'input' | 'total'>,
    { id = uuidv7(), body = request.body }: { id?: string; body?: unknown } = {},
  ): Promise<{ job: SubmittedJob; isRetryInWindow: boolean }> {
    await this.quotas.assertRoom(keyOf(request), kind);
    const { method, url, query, headers } = request;
    const asked = { method, url, query, headers, body };
    const idempotency = idempotencyOf(asked, caller, { type: kind }, this.options.retryWindowSeconds);
    const { tenantId } = caller;
    const work = { tenantId, id, kind, caller, correlationId: request.id };
    const job = await this.queue.submit({ ...work, input, total, idempotency });
    if (job.submission === 'mismatch') {
      const detail = 'This Idempotency-Key was first sent with another body; use a new key for a new request.';
      throw new ServiceError('idempotency_mismatch', detail);
    }
    answerLater(reply, job.id);
    if (job.submission === 'repeated') reply.header('idempotent-replayed', 'true');
    return { job, isRetryInWindow: job.submission === 'repeated' && idempotency?.kind === 'window' };
  }
}

/** 202, and where to look. */
export function answerLater(reply: FastifyReply, jobId: string): void {
  reply.code(202).header('location', `/${apiPath}/batch-jobs/${jobId}`).header('retry-after', '1');
}

import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EmbeddingSummary } from '#libs/contracts/jobs.js';
import type { JobHandler } from '#libs/ports/job-queue.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { EmbeddingBatch } from './embedding-batch.js';

const lookAgainMs = 500;

/**
 * The index has its texts embedded by itself, as fast as it can, and by the batch endpoint of a provider where there is
 * one: the job is over when nothing waits for that.
 */
@Injectable()
export class EmbeddingBacklog {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly batch: EmbeddingBatch,
  ) {}

  readonly slice: JobHandler = async (slice) => {
    const { job, signal, save } = slice;
    const state = await this.queries.searchState(job.tenantId);
    const { pendingEmbeddings } = state;
    const { costs, isOver } = await this.batch.step(slice, state);
    const summary: EmbeddingSummary = { ...costs, pending_embeddings: pendingEmbeddings };
    await save({ summary, total: Math.max(job.total ?? 0, pendingEmbeddings) });
    if (pendingEmbeddings === 0 && isOver) return 'done';
    await pause(lookAgainMs, undefined, { signal }).catch(() => undefined);
    return 'more';
  };
}

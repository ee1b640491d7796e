import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EmbeddingSummary } from '#libs/contracts/jobs.js';
import type { JobHandler } from '#libs/ports/job-queue.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';

const lookAgainMs = 500;

/** The index has its texts embedded by itself, as fast as it can: the job is over when nothing waits for that. */
@Injectable()
export class EmbeddingBacklog {
  constructor(private readonly queries: MemoryQueries) {}

  readonly slice: JobHandler = async ({ job, signal, save }) => {
    const { pendingEmbeddings } = await this.queries.searchState(job.tenantId);
    const summary: EmbeddingSummary = { pending_embeddings: pendingEmbeddings };
    await save({ summary, total: Math.max(job.total ?? 0, pendingEmbeddings) });
    if (pendingEmbeddings === 0) return 'done';
    await pause(lookAgainMs, undefined, { signal }).catch(() => undefined);
    return 'more';
  };
}

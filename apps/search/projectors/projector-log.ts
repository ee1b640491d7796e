import { Injectable, Logger } from '@nestjs/common';
import type { FollowerReport } from '#libs/projections/projection-follower.js';
import { recordProjection } from '#libs/service-kit/commit-traces.js';
import { metrics } from '#libs/service-kit/metrics.js';

const everyDocuments = 10_000;

/** Tells operators what the projectors do, in the log, in metrics and in traces: ids and counts only, never a memory. */
@Injectable()
export class ProjectorLog implements FollowerReport {
  private readonly logger = new Logger('projectors');
  private announced = 0;

  indexing(_tenantId: string, documents: number, done: boolean): void {
    if (done || documents - this.announced < everyDocuments) return;
    this.announced = documents;
    this.logger.log(`search index: ${documents} documents so far`);
  }

  /** Why, the table of parked commits tells those who may read the rows beside it: the sentence may quote a memory. */
  parked(tenantId: string, streamId: string): void {
    this.logger.error(`parked ${streamId} of tenant ${tenantId}: parked_commits has the reason`);
  }

  projected(tenantId: string, batch: Parameters<FollowerReport['projected']>[1]): void {
    const { from, position, events, seconds } = batch;
    metrics.projectedCommits.inc(position - from);
    metrics.projectedEvents.inc(events);
    metrics.projectionBatchSeconds.observe(seconds);
    recordProjection(tenantId, from, position, seconds);
  }

  failed(tenantId: string, error: Error): void {
    metrics.projectionRetries.inc();
    this.logger.error(`a batch of tenant ${tenantId} failed and is tried again`);
    // By itself, because the log knows what of an error may be kept: its message may quote a memory.
    this.logger.error(error);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import type { FollowerReport } from '#libs/projections/projection-follower.js';

const everyDocuments = 10_000;

/** Tells operators what the projectors do. Ids and counts only: no memory is ever written to a log file. */
@Injectable()
export class ProjectorLog implements FollowerReport {
  private readonly logger = new Logger('projectors');
  private announced = 0;

  indexing(_tenantId: string, documents: number, done: boolean): void {
    if (done || documents - this.announced < everyDocuments) return;
    this.announced = documents;
    this.logger.log(`search index: ${documents} documents so far`);
  }

  parked(tenantId: string, streamId: string, error: string): void {
    this.logger.error(`parked ${streamId} of tenant ${tenantId}: ${error}`);
  }

  failed(tenantId: string, error: Error): void {
    this.logger.error(`a batch of tenant ${tenantId} failed and is tried again: ${error.message}`);
  }
}

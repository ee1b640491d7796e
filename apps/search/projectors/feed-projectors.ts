import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Checkpoints } from '#libs/ports/checkpoints.js';
import { CommitFeeds, type DeliveredCommit } from '#libs/ports/commit-feed.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { ParkedNotices } from '#libs/ports/parked-notices.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { SearchIndex } from '#libs/ports/search-index.js';
import { FeedFollower, type FeedReport } from '#libs/projections/feed-follower.js';
import { IndexProjection, RowsProjection } from '#libs/projections/feed-projections.js';
import { ReadModelProjector } from '#libs/projections/read-model-projector.js';
import { metrics } from '#libs/service-kit/metrics.js';
import { recordSpan } from '#libs/service-kit/tracing.js';

/** The one that waits for the others. */
const lastProjection = 'search-index';

/** Runs the projections of this process as members of their groups, and says how they are. */
@Injectable()
export class FeedProjectors implements OnApplicationBootstrap, OnApplicationShutdown, FeedReport {
  private readonly logger = new Logger('projectors');
  private readonly projector: ReadModelProjector;
  private readonly followers: FeedFollower[];

  constructor(
    feeds: CommitFeeds,
    log: LogReader,
    store: ReadModelStore,
    index: SearchIndex,
    checkpoints: Checkpoints,
    private readonly notices: ParkedNotices,
  ) {
    this.projector = new ReadModelProjector(log, store, (...parked) => this.parked(...parked));
    this.followers = [
      new FeedFollower(feeds.rows, log, new RowsProjection(this.projector), this),
      new FeedFollower(feeds.index, log, new IndexProjection(store, index, checkpoints), this),
    ];
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.stop()));
  }

  isFollowing(): boolean {
    return this.followers.every((follower) => follower.isFollowing());
  }

  /** The index keeps its own count, for all processes; nothing is loaded at a start. */
  indexedDocuments(): number {
    return 0;
  }

  parkedStreams(): number {
    return this.projector.parkedCount();
  }

  projected(name: string, delivered: readonly DeliveredCommit[], seconds: number): void {
    metrics.projectionBatchSeconds.observe(seconds);
    if (name !== lastProjection) return;
    // Counted once, when everything shows them.
    metrics.projectedCommits.inc(delivered.length);
    for (const { position, traceparent } of delivered) {
      if (traceparent !== null) recordSpan(traceparent, 'projection', { 'memorystack.position': position }, seconds);
    }
  }

  duplicates(name: string, tenantId: string, count: number): void {
    metrics.consumerDuplicates.inc(count);
    this.logger.log(`${name}: ${count} commits of tenant ${tenantId} came again and were dropped`);
  }

  gap(name: string, tenantId: string, from: number, to: number): void {
    metrics.consumerGaps.inc();
    this.logger.error(`${name}: Kafka lacks commits ${from} to ${to} of tenant ${tenantId}; they come from the ledger`);
  }

  private parked(tenantId: string, streamId: string, error: string): void {
    this.logger.error(`parked ${streamId} of tenant ${tenantId}: parked_commits has the reason`);
    void this.notices.tell({ kind: 'stream', id: streamId, tenantId, position: null, error: error && 'unreadable' });
  }
}

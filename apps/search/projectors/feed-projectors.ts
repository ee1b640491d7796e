import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Checkpoints, indexProjection } from '#libs/ports/checkpoints.js';
import { CommitFeeds, type DeliveredCommit } from '#libs/ports/commit-feed.js';
import { InTurn } from '#libs/ports/in-turn.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { ParkedNotices } from '#libs/ports/parked-notices.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';
import { FeedFollower, type FeedReport } from '#libs/projections/feed-follower.js';
import { IndexProjection, RowsProjection } from '#libs/projections/feed-projections.js';
import { OpenIndexes } from '#libs/projections/open-indexes.js';
import { ReadModelProjector } from '#libs/projections/read-model-projector.js';
import { metrics } from '#libs/service-kit/metrics.js';
import { recordSpan } from '#libs/service-kit/tracing.js';

/** Runs the projections of this process as members of their groups, and says how they are. */
@Injectable()
export class FeedProjectors implements OnApplicationBootstrap, OnApplicationShutdown, FeedReport {
  private readonly logger = new Logger('projectors');
  private readonly projector: ReadModelProjector;
  private readonly rows: FeedFollower;
  /** By generation of the index. */
  private readonly followers = new Map<number, FeedFollower>();
  private readonly following = new InTurn();
  private stopListening: (() => void) | null = null;

  constructor(
    private readonly feeds: CommitFeeds,
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly indexes: OpenIndexes,
    private readonly checkpoints: Checkpoints,
    private readonly notices: ParkedNotices,
  ) {
    this.projector = new ReadModelProjector(log, store, (...parked) => this.parked(...parked));
    this.rows = new FeedFollower(feeds.rows, log, new RowsProjection(this.projector), this);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = this.indexes.onChange(
      () => void this.followWritten().catch((error) => this.logger.error(error)),
    );
    await Promise.all([this.rows.start(), this.followWritten()]);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopListening?.();
    await this.following.idle();
    await Promise.all([this.rows, ...this.followers.values()].map((follower) => follower.stop()));
  }

  isFollowing(): boolean {
    const answering = this.followers.get(this.indexes.now.generation);
    return this.rows.isFollowing() && answering !== undefined && answering.isFollowing();
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
    if (name !== indexProjection(this.indexes.now.generation)) return;
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

  /** Each generation that is written is followed, and no other. */
  private followWritten(): Promise<void> {
    return this.following.run('', async () => {
      const written = new Map(this.indexes.written.map((index) => [index.generation, index]));
      for (const [generation, index] of written) {
        if (this.followers.has(generation)) continue;
        const projection = new IndexProjection(this.store, index, this.checkpoints);
        const follower = new FeedFollower(this.feeds.index(generation), this.log, projection, this);
        this.followers.set(generation, follower);
        await follower.start();
      }
      for (const [generation, follower] of this.followers) {
        if (written.has(generation)) continue;
        this.followers.delete(generation);
        await follower.stop();
      }
    });
  }

  private parked(tenantId: string, streamId: string, error: string): void {
    this.logger.error(`parked ${streamId} of tenant ${tenantId}: parked_commits has the reason`);
    void this.notices.tell({ kind: 'stream', id: streamId, tenantId, position: null, error: error && 'unreadable' });
  }
}

import type { StoredCommitBytes } from './log-reader.js';

export interface DeliveredCommit extends StoredCommitBytes {
  /** W3C trace context that the commit was written in; null when nobody traced it. */
  traceparent: string | null;
}

export interface FeedBatch {
  partition: number;
  /** Commits of the partition in the order of the log, of several tenants; some perhaps twice. */
  commits: DeliveredCommit[];
  /** Keeps the partition while work takes long; rejects when it was lost to another process. */
  keepAlive: () => Promise<void>;
}

/**
 * Port: hands the log to the processes that follow it, each partition to one process of a group at a time.
 *
 * Promises:
 * - Every commit is handed over at least once, those of a tenant in the order of the log.
 * - A batch counts as done when `handle` resolves; one that was not done is handed over again.
 */
export abstract class CommitFeed {
  /** Begins to follow. `handle` is called for one batch of a partition at a time. */
  abstract start(handle: (batch: FeedBatch) => Promise<void>): Promise<void>;
  /** Finishes the batches under way. */
  abstract stop(): Promise<void>;
  /** True once this process has joined its group. */
  abstract isFollowing(): boolean;
}

/** The feeds of the projections that a process runs: each follows by itself, so that none holds up another. */
export class CommitFeeds {
  constructor(
    readonly rows: CommitFeed,
    /** Of a generation of the search index, from the first commit on. */
    readonly index: (generation: number) => CommitFeed,
  ) {}
}

export interface OutboxCommit {
  tenantId: string;
  position: number;
  /** As the ledger stores them; they are published and never written again. */
  bytes: Uint8Array;
}

/**
 * Port: the commits that are in the ledger and not yet in the log that other services follow.
 *
 * Promises:
 * - A partition has one holder at a time; a holder that loses its connection holds nothing any more.
 * - Commits of a tenant come in the order of their positions, without a gap, from the first one after `relayed`.
 * - What was told as relayed never goes back.
 * - `onGrowth` is called soon after a commit, also one of another process.
 */
export abstract class CommitOutbox {
  /** Takes those of `partitions` that nobody holds. @returns all that this process holds now */
  abstract claim(partitions: readonly number[]): Promise<ReadonlySet<number>>;
  /** Tenants whose log is longer than what was relayed, with both positions. */
  abstract behind(): Promise<{ tenantId: string; relayed: number; head: number }[]>;
  /** Commits after `position`: at least one where there is one, then more up to `bytes` in all. */
  abstract commits(tenantId: string, position: number, bytes: number): Promise<OutboxCommit[]>;
  /** Remembers how far each tenant's log was published. */
  abstract relayed(positions: ReadonlyMap<string, number>): Promise<void>;
  /** @returns what ends it */
  abstract onGrowth(grew: () => void): () => void;
}

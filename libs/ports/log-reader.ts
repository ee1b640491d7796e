import type { RecordedCommit, Reservations, StreamEvent } from '#libs/contracts/events.js';

/** Something of a commit cannot be read or understood; the follower parks its streams. */
export interface UnreadableCommit {
  tenantId: string;
  position: number;
  streamIds: string[];
  error: string;
}

/** A commit with who took and gave back what. */
export interface ReservingCommit extends RecordedCommit {
  reservations: Reservations;
}

/** A commit as the log holds it, on whatever way it came. */
export interface StoredCommitBytes {
  tenantId: string;
  position: number;
  bytes: Uint8Array;
}

/** Who held reservations when the log ended at `position`. */
export interface Holders {
  position: number;
  /** By key; those that nobody holds are left out. */
  owners: Map<string, string>;
}

export type FollowedCommit =
  { kind: 'commit'; commit: RecordedCommit } | { kind: 'unreadable'; commit: UnreadableCommit };

/**
 * Port: reads the log.
 *
 * Promises:
 * - Commits of a tenant come in the order of their positions, without a gap, opened and in the newest schema.
 * - A payload whose key was destroyed reads as `data: null`; its headers stay.
 * - What cannot be read is told as such and never skipped.
 * - Recorded times never go back along the positions, so an instant names one position, for ever once it has passed.
 * - A stream reads as all its events in the order of their versions, up to the last durable one, each with the position of
 *   its commit.
 */
export abstract class LogReader {
  /** At most `limit` commits after `position` (exclusive). */
  abstract commitsAfter(tenantId: string, position: number, limit: number): Promise<FollowedCommit[]>;
  /**
   * As `commitsAfter`, with each commit compared to the hash that the ledger keeps of it: for a reader whose own copy of
   * the log has a hole. One that is not what was hashed is told as unreadable.
   */
  abstract verifiedCommitsAfter(tenantId: string, position: number, limit: number): Promise<FollowedCommit[]>;
  /** Opens commits of one tenant that came on another way than from this port. */
  abstract opened(tenantId: string, commits: readonly StoredCommitBytes[]): Promise<FollowedCommit[]>;
  /** Each stream of `streamIds` that exists, whole. */
  abstract streams(tenantId: string, streamIds: readonly string[]): Promise<Map<string, StreamEvent[]>>;

  /** One stream, whole; empty when there is none. */
  async stream(tenantId: string, streamId: string): Promise<StreamEvent[]> {
    return (await this.streams(tenantId, [streamId])).get(streamId) ?? [];
  }

  /** The commit that holds an event of a stream; null when there is no such event. */
  abstract commitOf(tenantId: string, streamId: string, streamVersion: number): Promise<ReservingCommit | null>;
  /** The streams of `streamIds` that exist, with their versions. */
  abstract streamVersions(tenantId: string, streamIds: readonly string[]): Promise<Map<string, number>>;
  /** Who holds the reservations of `keys` now. */
  abstract holders(tenantId: string, keys: readonly string[]): Promise<Holders>;
  /** Position of the last commit; 0 for an empty log. */
  abstract headPosition(tenantId: string): Promise<number>;
  /** Position of the last commit that was recorded at `instant` (ISO 8601 in UTC) or before; 0 where there is none. */
  abstract positionAt(tenantId: string, instant: string): Promise<number>;
  /** When a commit was recorded, ISO 8601 in UTC; null where there is no commit of that position. */
  abstract recordedTime(tenantId: string, position: number): Promise<string | null>;
  /** Every tenant with the end of its log. */
  abstract heads(): Promise<{ tenantId: string; position: number }[]>;
  /** Calls `grew` whenever a tenant's log has grown, at least once for its last commit. @returns stops it */
  abstract onGrowth(grew: (tenantId: string, position: number) => void): () => void;
}

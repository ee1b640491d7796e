import type { CommitFeed, DeliveredCommit, FeedBatch } from '#libs/ports/commit-feed.js';
import type { FollowedCommit, LogReader, StoredCommitBytes } from '#libs/ports/log-reader.js';
import { limits } from '#libs/domain/limits.js';

/** What is made from the log of each tenant, one batch of commits after another. */
export interface FeedProjection {
  readonly name: string;
  /** Position of the last commit that is in it. */
  checkpoint(tenantId: string): Promise<number>;
  /** Takes the commits after `from`, without a gap. */
  project(tenantId: string, from: number, commits: readonly FollowedCommit[]): Promise<void>;
}

export interface FeedReport {
  /** The commits `delivered`, all of one tenant, are in the projection; their batch took `seconds`. */
  projected(name: string, delivered: readonly DeliveredCommit[], seconds: number): void;
  /** Commits came that are there already: a relay or a broker was interrupted. */
  duplicates(name: string, tenantId: string, count: number): void;
  /** The log lacks commits that the ledger has; they were fetched there. */
  gap(name: string, tenantId: string, from: number, to: number): void;
}

/** The ledger itself lacks commits that come before one that was delivered: nothing may go on from here. */
export class LedgerIncomplete extends Error {
  constructor(tenantId: string, position: number) {
    super(`Neither the log nor the ledger has commit ${position} of tenant ${tenantId}.`);
    this.name = 'LedgerIncomplete';
  }
}

/**
 * Brings one projection up to the log as a feed delivers it: at least once, so what is there already is dropped; and
 * without a gap, unless the feed lost records, which are then fetched from the ledger and checked.
 */
export class FeedFollower {
  private readonly positions = new Map<string, number>();

  constructor(
    private readonly feed: CommitFeed,
    private readonly log: LogReader,
    private readonly projection: FeedProjection,
    private readonly report: FeedReport,
  ) {}

  async start(): Promise<void> {
    await this.feed.start((batch) => this.handle(batch));
  }

  async stop(): Promise<void> {
    await this.feed.stop();
  }

  isFollowing(): boolean {
    return this.feed.isFollowing();
  }

  private async handle({ commits, keepAlive }: FeedBatch): Promise<void> {
    const byTenant = new Map<string, DeliveredCommit[]>();
    for (const commit of commits) {
      const ofTenant = byTenant.get(commit.tenantId);
      if (ofTenant) ofTenant.push(commit);
      else byTenant.set(commit.tenantId, [commit]);
    }
    for (const [tenantId, ofTenant] of byTenant) {
      try {
        await this.followTenant(tenantId, ofTenant, keepAlive);
      } catch (error) {
        // How far it came, only the store can say now; also when the partition comes back from another process.
        this.positions.delete(tenantId);
        throw error;
      }
    }
  }

  private async followTenant(
    tenantId: string,
    commits: readonly DeliveredCommit[],
    keepAlive: () => Promise<void>,
  ): Promise<void> {
    let position = await this.positionBefore(tenantId, commits[0]!.position);
    const fresh: DeliveredCommit[] = [];
    for (const commit of commits) {
      if (commit.position <= (fresh.at(-1)?.position ?? position)) continue;
      fresh.push(commit);
    }
    if (fresh.length < commits.length) {
      this.report.duplicates(this.projection.name, tenantId, commits.length - fresh.length);
    }
    for (let next = this.nextStretch(tenantId, fresh); next !== null;) {
      const { stretch, opening } = next;
      if (stretch[0]!.position > position + 1) {
        position = await this.fillGap(tenantId, position, stretch[0]!.position);
      }
      const startedMs = performance.now();
      const opened = await opening;
      // What comes after is opened while the store takes this.
      next = this.nextStretch(tenantId, fresh);
      await this.project(tenantId, position, opened);
      this.report.projected(this.projection.name, stretch, (performance.now() - startedMs) / 1000);
      position = stretch.at(-1)!.position;
      await keepAlive();
    }
  }

  /** Takes the commits that follow on each other from the front of `fresh`, and begins to open them. */
  private nextStretch(tenantId: string, fresh: DeliveredCommit[]) {
    if (fresh.length === 0) return null;
    const stretch = fresh.splice(0, unbroken(fresh));
    const opening = this.log.opened(tenantId, stretch);
    // Its failure is told when its turn comes; until then nobody listens, and that must not end the process.
    opening.catch(() => undefined);
    return { stretch, opening };
  }

  /** The remembered position serves while batches follow on each other; a jump asks the store. */
  private async positionBefore(tenantId: string, next: number): Promise<number> {
    const known = this.positions.get(tenantId);
    if (known !== undefined && known + 1 === next) return known;
    return this.projection.checkpoint(tenantId);
  }

  private async fillGap(tenantId: string, from: number, next: number): Promise<number> {
    this.report.gap(this.projection.name, tenantId, from + 1, next - 1);
    let position = from;
    while (position < next - 1) {
      const wanted = Math.min(limits.commitsPerProjectionBatch, next - 1 - position);
      const missing = await this.log.verifiedCommitsAfter(tenantId, position, wanted);
      const last = missing.at(-1)?.commit.position;
      if (last === undefined) throw new LedgerIncomplete(tenantId, position + 1);
      await this.project(tenantId, position, missing);
      position = last;
    }
    return position;
  }

  private async project(tenantId: string, from: number, commits: readonly FollowedCommit[]): Promise<void> {
    await this.projection.project(tenantId, from, commits);
    this.positions.set(tenantId, commits.at(-1)!.commit.position);
  }
}

/** How many of the first commits follow on each other, at most a batch. */
function unbroken(commits: readonly StoredCommitBytes[]): number {
  let count = 1;
  while (
    count < Math.min(commits.length, limits.commitsPerProjectionBatch) &&
    commits[count]!.position === commits[count - 1]!.position + 1
  ) {
    count += 1;
  }
  return count;
}

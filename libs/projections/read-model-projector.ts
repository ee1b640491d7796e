import { limits } from '#libs/domain/limits.js';
import type { FollowedCommit, LogReader } from '#libs/ports/log-reader.js';
import { type ReadModelStore, RowsRefused } from '#libs/ports/read-model-store.js';
import { projectCommits, touchedDocuments, touchedMemories } from './read-model.js';

/** One batch of commits that went into the read model. */
export interface ProjectedBatch {
  /** Position of its last commit. */
  position: number;
  events: number;
  /** Memories and episodes whose rows changed or are gone. */
  touched: string[];
}

type Parked = (tenantId: string, streamId: string, error: string) => void;

/** Brings the read model of one tenant up to its log, a batch at a time. */
export class ReadModelProjector {
  private readonly parkedByTenant = new Map<string, Set<string>>();

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly parked: Parked,
  ) {}

  /** Position of the last commit applied, as the store has it; what was remembered of the tenant is read anew. */
  async checkpoint(tenantId: string): Promise<number> {
    this.parkedByTenant.delete(tenantId);
    return this.store.checkpoint(tenantId);
  }

  /** What the next commits after `from` touch, for those that were applied before; `position` is that of the last. */
  async touchedAfter(tenantId: string, from: number): Promise<{ position: number; touched: string[] }> {
    const commits = await this.read(tenantId, from);
    if (commits.length === 0) throw new Error(`The read model of ${tenantId} is ahead of its log.`);
    return { position: positionOf(commits.at(-1)!), touched: touchedDocuments(commits) };
  }

  /** Applies the next commits after `from`; null when there are none. */
  async step(tenantId: string, from: number): Promise<ProjectedBatch | null> {
    const commits = await this.read(tenantId, from);
    return commits.length === 0 ? null : this.project(tenantId, from, commits);
  }

  /** Applies everything after `from`: the next commits are read and opened while the store takes those before them. */
  async *catchUp(tenantId: string, from: number): AsyncGenerator<ProjectedBatch> {
    let position = from;
    let next = this.read(tenantId, from);
    for (;;) {
      const commits = await next;
      if (commits.length === 0) return;
      next = this.read(tenantId, positionOf(commits.at(-1)!));
      // Its failure is told when its turn comes; until then nobody listens, and that must not end the process.
      next.catch(() => undefined);
      const batch = await this.project(tenantId, position, commits);
      position = batch.position;
      yield batch;
    }
  }

  /** @returns how many streams of all tenants seen so far are parked */
  parkedCount(): number {
    return [...this.parkedByTenant.values()].reduce((sum, streams) => sum + streams.size, 0);
  }

  private read(tenantId: string, from: number): Promise<FollowedCommit[]> {
    return this.log.commitsAfter(tenantId, from, limits.commitsPerProjectionBatch);
  }

  /** Applies `commits`, which come right after `from`. */
  async project(tenantId: string, from: number, commits: readonly FollowedCommit[]): Promise<ProjectedBatch> {
    await this.apply(tenantId, from, commits, await this.parkedStreams(tenantId));
    const events = commits.reduce((sum, one) => sum + (one.kind === 'commit' ? one.commit.events.length : 0), 0);
    return { position: positionOf(commits.at(-1)!), events, touched: touchedDocuments(commits) };
  }

  private async parkedStreams(tenantId: string): Promise<Set<string>> {
    const known = this.parkedByTenant.get(tenantId) ?? (await this.store.parkedStreams(tenantId));
    this.parkedByTenant.set(tenantId, known);
    return known;
  }

  /** A batch that the store can never take is halved until the commit that it refuses is parked. */
  private async apply(
    tenantId: string,
    from: number,
    commits: readonly FollowedCommit[],
    parkedStreams: Set<string>,
  ): Promise<void> {
    const known = await this.store.memories(tenantId, touchedMemories(commits));
    const changes = projectCommits(commits, known, parkedStreams);
    try {
      const result = await this.store.apply(tenantId, from, positionOf(commits.at(-1)!), changes);
      if (result !== 'applied') throw new Error(`The read model of ${tenantId} is not at position ${from}.`);
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error;
      if (commits.length === 1) return this.apply(tenantId, from, [unreadable(commits[0]!, error)], parkedStreams);
      const middle = Math.ceil(commits.length / 2);
      const first = commits.slice(0, middle);
      await this.apply(tenantId, from, first, parkedStreams);
      return this.apply(tenantId, positionOf(first.at(-1)!), commits.slice(middle), parkedStreams);
    }
    for (const { streamId, error } of changes.parked) {
      parkedStreams.add(streamId);
      this.parked(tenantId, streamId, error);
    }
  }
}

function unreadable(followed: FollowedCommit, error: Error): FollowedCommit {
  if (followed.kind === 'unreadable') throw error;
  const { tenantId, position, events } = followed.commit;
  const streamIds = [...new Set(events.map(({ headers }) => headers.subject))];
  return { kind: 'unreadable', commit: { tenantId, position, streamIds, error: error.message } };
}

function positionOf(followed: FollowedCommit): number {
  return followed.commit.position;
}

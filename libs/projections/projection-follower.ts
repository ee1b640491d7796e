import type { FollowedCommit, LogReader } from '#libs/ports/log-reader.js';
import { type ReadModelStore, RowsRefused } from '#libs/ports/read-model-store.js';
import type { SearchIndex } from '#libs/ports/search-index.js';
import { limits } from '#libs/domain/limits.js';
import { projectCommits, touchedMemories } from './read-model.js';

/** What an operator should hear of: progress of long work, and what went wrong. */
export interface FollowerReport {
  /** While the search index is filled at start, every few thousand documents and at the end. */
  indexing(tenantId: string, documents: number, done: boolean): void;
  parked(tenantId: string, streamIds: readonly string[], error: string): void;
  /** A batch could not be applied now; it is tried again. */
  failed(tenantId: string, error: Error): void;
}

interface Progress {
  /** Everything up to here is in the read model and in the search index. */
  position: number;
  /** The log reaches at least this far. */
  target: number;
  indexed: boolean;
  parkedStreams: Set<string>;
  waiting: { position: number; resolve: () => void }[];
}

const indexPageSize = 2_000;
const retryDelayMs = 200;

/**
 * Follows the log of every tenant and brings the read model and the search index up to it: rows first, in one
 * transaction with the checkpoint, then the index by state transfer (the rows as committed, not as the events said).
 * Tenants are followed side by side, one batch each at a time.
 */
export class ProjectionFollower {
  private readonly tenants = new Map<string, Progress>();
  private readonly running = new Map<string, Promise<void>>();
  private stopping = false;
  private started = false;
  private documents = 0;

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly index: SearchIndex,
    private readonly report: FollowerReport,
  ) {}

  /** Catches up with the whole log and fills the search index from the read model. Resolves when both are done. */
  async start(): Promise<void> {
    for (const { tenantId, position } of await this.log.heads()) this.notify(tenantId, position);
    await Promise.all(this.running.values());
    this.started = true;
  }

  /** True once everything that was in the log at the start can be searched. */
  ready(): boolean {
    return this.started;
  }

  indexedDocuments(): number {
    return this.documents;
  }

  parkedStreams(): number {
    return [...this.tenants.values()].reduce((sum, { parkedStreams }) => sum + parkedStreams.size, 0);
  }

  /** The tenant's log reaches at least `position`. */
  notify(tenantId: string, position: number): void {
    if (this.stopping) return;
    const progress = this.progressOf(tenantId);
    progress.target = Math.max(progress.target, position);
    if (!this.running.has(tenantId)) {
      const run = this.follow(tenantId, progress).finally(() => this.running.delete(tenantId));
      this.running.set(tenantId, run);
    }
  }

  /**
   * Resolves true when everything up to `position` is in both projections, false after `timeoutMs`.
   */
  async waitFor(tenantId: string, position: number, timeoutMs: number): Promise<boolean> {
    const progress = this.progressOf(tenantId);
    if (progress.indexed && progress.position >= position) return true;
    return new Promise((resolve) => {
      const waiter = { position, resolve: () => finish(true) };
      const timer = setTimeout(() => finish(false), timeoutMs);
      const finish = (reached: boolean): void => {
        clearTimeout(timer);
        progress.waiting = progress.waiting.filter((other) => other !== waiter);
        resolve(reached);
      };
      progress.waiting.push(waiter);
      this.notify(tenantId, position);
    });
  }

  /** Finishes the batch under way and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  private progressOf(tenantId: string): Progress {
    let progress = this.tenants.get(tenantId);
    if (!progress) {
      progress = { position: 0, target: 0, indexed: false, parkedStreams: new Set(), waiting: [] };
      this.tenants.set(tenantId, progress);
    }
    return progress;
  }

  private async follow(tenantId: string, progress: Progress): Promise<void> {
    // The caller must see this run as under way before it does anything.
    await Promise.resolve();
    while (!this.stopping && (!progress.indexed || progress.position < progress.target)) {
      try {
        await (progress.indexed ? this.step(tenantId, progress) : this.begin(tenantId, progress));
        wake(progress);
      } catch (error) {
        this.report.failed(tenantId, error as Error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      }
    }
  }

  /** First contact with a tenant: the read model catches up, then the index is filled from it at once. */
  private async begin(tenantId: string, progress: Progress): Promise<void> {
    progress.parkedStreams = await this.store.parkedStreams(tenantId);
    let position = await this.store.checkpoint(tenantId);
    for (;;) {
      const commits = await this.log.commitsAfter(tenantId, position, limits.commitsPerProjectionBatch);
      if (commits.length === 0) break;
      await this.applyRows(tenantId, position, commits, progress);
      position = positionOf(commits.at(-1)!);
      if (this.stopping) return;
    }
    await this.index.clear(tenantId);
    for await (const page of this.store.allDocuments(tenantId, indexPageSize)) {
      await this.index.apply(tenantId, { upsert: page, remove: [] });
      this.documents += page.length;
      this.report.indexing(tenantId, this.documents, false);
    }
    progress.position = position;
    progress.indexed = true;
    this.report.indexing(tenantId, this.documents, true);
  }

  private async step(tenantId: string, progress: Progress): Promise<void> {
    const commits = await this.log.commitsAfter(tenantId, progress.position, limits.commitsPerProjectionBatch);
    if (commits.length === 0) {
      progress.target = progress.position;
      return;
    }
    const touched = await this.applyRows(tenantId, progress.position, commits, progress);
    if (touched.length > 0) {
      const documents = await this.store.documents(tenantId, touched);
      const found = new Set(documents.map((document) => document.id));
      const before = await this.index.size(tenantId);
      await this.index.apply(tenantId, { upsert: documents, remove: touched.filter((id) => !found.has(id)) });
      this.documents += (await this.index.size(tenantId)) - before;
    }
    progress.position = positionOf(commits.at(-1)!);
  }

  /** Applies a batch to the read model; one that the store can never take is halved until the culprit is parked. */
  private async applyRows(
    tenantId: string,
    from: number,
    commits: readonly FollowedCommit[],
    progress: Progress,
  ): Promise<string[]> {
    const known = await this.store.memories(tenantId, touchedMemories(commits));
    const changes = projectCommits(commits, known, progress.parkedStreams);
    try {
      const result = await this.store.apply(tenantId, from, positionOf(commits.at(-1)!), changes);
      if (result === 'gap') throw new Error(`The read model of ${tenantId} is not at position ${from}.`);
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error;
      if (commits.length === 1) return this.applyRows(tenantId, from, [unreadable(commits[0]!, error)], progress);
      const middle = Math.ceil(commits.length / 2);
      const first = commits.slice(0, middle);
      const touched = await this.applyRows(tenantId, from, first, progress);
      return [
        ...touched,
        ...(await this.applyRows(tenantId, positionOf(first.at(-1)!), commits.slice(middle), progress)),
      ];
    }
    for (const { streamId, error } of changes.parked) {
      progress.parkedStreams.add(streamId);
      this.report.parked(tenantId, [streamId], error);
    }
    return [...changes.memories, ...changes.episodes].map(({ id }) => id).concat(changes.erasedMemories);
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

function wake(progress: Progress): void {
  if (!progress.indexed) return;
  for (const waiter of [...progress.waiting]) if (waiter.position <= progress.position) waiter.resolve();
}

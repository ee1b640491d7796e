import type { LogReader } from '#libs/ports/log-reader.js';
import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import type { SearchIndex } from '#libs/ports/search-index.js';
import { transferDocuments } from './document-transfer.js';
import { ProjectionProgress } from './projection-progress.js';
import { ReadModelProjector } from './read-model-projector.js';

/** What an operator should hear of: progress of long work, and what went wrong. */
export interface FollowerReport {
  /** While the search index is filled at start, every few thousand documents and at the end. */
  indexing(tenantId: string, documents: number, done: boolean): void;
  parked(tenantId: string, streamId: string, error: string): void;
  /** The commits after `from` and up to `position` are in the read model, and in the search index once it is filled. */
  projected(tenantId: string, batch: { from: number; position: number; events: number; seconds: number }): void;
  /** A batch could not be applied now; it is tried again. */
  failed(tenantId: string, error: Error): void;
}

interface Progress {
  /** Everything up to here is in the read model and in the search index. */
  position: number;
  /** The log reaches at least this far. */
  target: number;
  indexed: boolean;
  /** A batch failed, and perhaps only its answer was lost: how far the rows are, the store must say. */
  isUnsure: boolean;
  waiting: { position: number; resolve: () => void }[];
  /** Ends the gathering of commits for the next batch. */
  hurry: () => void;
}

const indexPageSize = 1_000;
const retryDelayMs = 200;
/** Under load, commits of this time make one batch; the statements of a batch cost more than the rows of a commit. */
const gatherMs = 50;

/**
 * Follows the log of every tenant and brings the read model and the search index up to it: rows first, in one
 * transaction with the checkpoint, then the index by state transfer (the rows as committed, not as the events said).
 * Tenants are followed side by side, one batch each at a time.
 */
export class ProjectionFollower extends ProjectionProgress {
  private readonly tenants = new Map<string, Progress>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly projector: ReadModelProjector;
  private stopping = false;
  private started = false;
  private documents = 0;

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly index: SearchIndex,
    private readonly report: FollowerReport,
  ) {
    super();
    this.projector = new ReadModelProjector(log, store, (...parked) => report.parked(...parked));
  }

  /** Catches up with the whole log and fills the search index from the read model. Resolves when both are done. */
  async start(): Promise<void> {
    for (const { tenantId, position } of await this.log.heads()) this.notify(tenantId, position);
    await Promise.all(this.running.values());
    this.started = true;
  }

  /** True once everything that was in the log at the start can be searched. */
  override ready(): boolean {
    return this.started;
  }

  override indexedDocuments(): number {
    return this.documents;
  }

  override parkedStreams(): number {
    return this.projector.parkedCount();
  }

  /** How many commits that are known to be in the logs are not in both projections yet. */
  lagCommits(): number {
    let lag = 0;
    for (const { target, position } of this.tenants.values()) lag += Math.max(0, target - position);
    return lag;
  }

  /** The rows may be other than they were left, because the database was lost and came back: asks them again. */
  recheck(): void {
    for (const [tenantId, progress] of this.tenants) {
      progress.isUnsure = true;
      this.notify(tenantId, progress.target);
    }
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
  override async waitFor(tenantId: string, position: number, timeoutMs: number): Promise<boolean> {
    const progress = this.progressOf(tenantId);
    if (progress.indexed && !progress.isUnsure && progress.position >= position) return true;
    return new Promise((resolve) => {
      const waiter = { position, resolve: () => finish(true) };
      const timer = setTimeout(() => finish(false), timeoutMs);
      const finish = (reached: boolean): void => {
        clearTimeout(timer);
        progress.waiting = progress.waiting.filter((other) => other !== waiter);
        resolve(reached);
      };
      progress.waiting.push(waiter);
      progress.hurry();
      this.notify(tenantId, position);
    });
  }

  /** Finishes the batch under way and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const progress of this.tenants.values()) progress.hurry();
    await Promise.all(this.running.values());
  }

  private progressOf(tenantId: string): Progress {
    let progress = this.tenants.get(tenantId);
    if (!progress) {
      progress = { position: 0, target: 0, indexed: false, isUnsure: false, waiting: [], hurry: () => undefined };
      this.tenants.set(tenantId, progress);
    }
    return progress;
  }

  private async follow(tenantId: string, progress: Progress): Promise<void> {
    // The caller must see this run as under way before it does anything.
    await Promise.resolve();
    while (!this.stopping && (!progress.indexed || progress.isUnsure || progress.position < progress.target)) {
      try {
        if (!progress.indexed) await this.begin(tenantId, progress);
        else if (progress.isUnsure) await this.recover(tenantId, progress);
        else {
          await gather(progress);
          await this.step(tenantId, progress);
        }
        wake(progress);
      } catch (error) {
        progress.isUnsure = true;
        this.report.failed(tenantId, error as Error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      }
    }
  }

  /** First contact with a tenant: the read model catches up, then the index is filled from it at once. */
  private async begin(tenantId: string, progress: Progress): Promise<void> {
    progress.isUnsure = false;
    let position = await this.projector.checkpoint(tenantId);
    let startedMs = performance.now();
    for await (const { position: reached, events } of this.projector.catchUp(tenantId, position)) {
      this.report.projected(tenantId, { from: position, position: reached, events, seconds: secondsSince(startedMs) });
      startedMs = performance.now();
      position = reached;
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
    const startedMs = performance.now();
    const from = progress.position;
    const batch = await this.projector.step(tenantId, from);
    if (batch === null) {
      progress.target = progress.position;
      return;
    }
    await this.transfer(tenantId, batch.touched);
    const { position, events } = batch;
    progress.position = position;
    this.report.projected(tenantId, { from, position, events, seconds: secondsSince(startedMs) });
  }

  /**
   * Goes on where the rows are. They may be further than the index: the answer to a commit was lost, or the index could
   * not be written. They may be behind: a database that crashed loses its last derived transactions, and has them
   * applied again.
   */
  private async recover(tenantId: string, progress: Progress): Promise<void> {
    progress.isUnsure = false;
    const checkpoint = await this.projector.checkpoint(tenantId);
    while (progress.position < checkpoint) {
      const { position, touched } = await this.projector.touchedAfter(tenantId, progress.position);
      await this.transfer(tenantId, touched);
      progress.position = Math.min(position, checkpoint);
    }
    progress.position = checkpoint;
  }

  private async transfer(tenantId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const before = await this.index.size(tenantId);
    await transferDocuments(this.store, this.index, tenantId, ids);
    this.documents += (await this.index.size(tenantId)) - before;
  }
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

/** Lets more commits join the next batch, unless or until somebody waits for one of them. */
async function gather(progress: Progress): Promise<void> {
  if (progress.waiting.length > 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, gatherMs);
    progress.hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function wake(progress: Progress): void {
  if (!progress.indexed || progress.isUnsure) return;
  for (const waiter of [...progress.waiting]) if (waiter.position <= progress.position) waiter.resolve();
}

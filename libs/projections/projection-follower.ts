import type { LogReader } from '#libs/ports/log-reader.js';
import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import type { IndexedDocument, SearchIndex } from '#libs/ports/search-index.js';
import { transferDocuments } from './document-transfer.js';
import type { Filling } from './fill-progress.js';
import { ProjectionProgress } from './projection-progress.js';
import { ReadModelProjector } from './read-model-projector.js';

/** What an operator should hear of: progress of long work, and what went wrong. */
export interface FollowerReport {
  /** While a search index is filled, every few thousand documents and at the end. */
  indexing(tenantId: string, documents: number, done: boolean): void;
  parked(tenantId: string, streamId: string, error: string): void;
  /** The commits after `from` and up to `position` are in the read model, and in the search index once it is filled. */
  projected(tenantId: string, batch: { from: number; position: number; events: number; seconds: number }): void;
  /** A batch could not be applied now; it is tried again. */
  failed(tenantId: string, error: Error): void;
}

/** The indexes that are written, and the number of the one that answers. */
export interface WrittenIndexes {
  readonly now: { generation: number };
  readonly written: readonly { generation: number; index: SearchIndex }[];
  onChange(changed: () => void): () => void;
}

/** An index on its way from the read model, page by page, while changes go on. */
interface Filler {
  index: SearchIndex;
  pages: AsyncIterator<IndexedDocument[]>;
  /** Written since it began; a page that was read before may hold what they were. */
  changed: Set<string>;
}

interface Progress {
  /** Everything up to here is in the read model and in the search indexes. */
  position: number;
  /** The log reaches at least this far. */
  target: number;
  /** The read model has caught up with what the log was when this process met the tenant. */
  hasBegun: boolean;
  /** By generation: those that hold all documents, and those that are being filled. */
  filled: Set<number>;
  filling: Map<number, Filler>;
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
 * Follows the log of every tenant and brings the read model and the search indexes up to it: rows first, in one
 * transaction with the checkpoint, then each index by state transfer (the rows as committed, not as the events said).
 * Tenants are followed side by side, one batch each at a time. An index that is new is filled from the read model
 * between the batches.
 */
export class ProjectionFollower extends ProjectionProgress {
  private readonly tenants = new Map<string, Progress>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly projector: ReadModelProjector;
  private stopping = false;
  private started = false;
  /** By generation: documents in it. */
  private readonly documents = new Map<number, number>();
  private readonly stopListening: () => void;

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly indexes: WrittenIndexes,
    private readonly report: FollowerReport,
  ) {
    super();
    this.stopListening = indexes.onChange(() => {
      for (const [tenantId, { target }] of this.tenants) this.notify(tenantId, target);
    });
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
    return this.documents.get(this.indexes.now.generation) ?? 0;
  }

  /** How far the filling of a generation is. */
  filling(generation: number): Filling {
    const all = [...this.tenants.values()];
    return {
      isFilled: this.started && all.every(({ filled }) => filled.has(generation)),
      documents: this.documents.get(generation) ?? 0,
      expected: this.indexedDocuments(),
    };
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
    if (this.isSearchable(progress) && progress.position >= position) return true;
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
    this.stopListening();
    for (const progress of this.tenants.values()) progress.hurry();
    await Promise.all(this.running.values());
  }

  private progressOf(tenantId: string): Progress {
    let progress = this.tenants.get(tenantId);
    if (!progress) {
      progress = {
        ...{ position: 0, target: 0, hasBegun: false, isUnsure: false },
        ...{ filled: new Set(), filling: new Map(), waiting: [], hurry: () => undefined },
      };
      this.tenants.set(tenantId, progress);
    }
    return progress;
  }

  private async follow(tenantId: string, progress: Progress): Promise<void> {
    // The caller must see this run as under way before it does anything.
    await Promise.resolve();
    while (!this.stopping && this.hasWork(progress)) {
      try {
        if (!progress.hasBegun) await this.begin(tenantId, progress);
        else if (progress.isUnsure) await this.recover(tenantId, progress);
        else if (progress.position < progress.target) {
          if (progress.filling.size === 0) await gather(progress);
          await this.step(tenantId, progress);
        }
        await this.fill(tenantId, progress);
        if (this.isSearchable(progress)) wake(progress);
      } catch (error) {
        progress.isUnsure = true;
        // Pages that could not be read or written: the filling begins anew.
        progress.filling.clear();
        this.report.failed(tenantId, error as Error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      }
    }
  }

  private hasWork({ hasBegun, isUnsure, position, target, filled }: Progress): boolean {
    const isFilled = this.indexes.written.every(({ generation }) => filled.has(generation));
    return !hasBegun || isUnsure || position < target || !isFilled;
  }

  private isSearchable({ isUnsure, filled }: Progress): boolean {
    return !isUnsure && filled.has(this.indexes.now.generation);
  }

  /** First contact with a tenant: the read model catches up. */
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
    progress.position = position;
    progress.hasBegun = true;
  }

  /** One page for each index that is not whole yet. */
  private async fill(tenantId: string, progress: Progress): Promise<void> {
    if (!progress.hasBegun) return;
    for (const { generation, index } of this.indexes.written) {
      if (progress.filled.has(generation)) continue;
      let filler = progress.filling.get(generation);
      if (!filler) {
        if (await this.restore(tenantId, progress, generation, index)) continue;
        await index.clear(tenantId);
        const pages = this.store.allDocuments(tenantId, indexPageSize)[Symbol.asyncIterator]();
        progress.filling.set(generation, (filler = { index, pages, changed: new Set() }));
      }
      const page = await filler.pages.next();
      if (page.done === true) {
        progress.filling.delete(generation);
        progress.filled.add(generation);
        await this.reached(tenantId, progress, index);
      } else {
        const { changed } = filler;
        const upsert = page.value.filter(({ id }) => !changed.has(id));
        await this.counted(tenantId, generation, index, () => index.apply(tenantId, { upsert, remove: [] }));
      }
      this.report.indexing(tenantId, this.documents.get(generation) ?? 0, page.done === true);
    }
  }

  /** What an index kept when a process ended, and what the log has said since. @returns whether there was any */
  private async restore(
    tenantId: string,
    progress: Progress,
    generation: number,
    index: SearchIndex,
  ): Promise<boolean> {
    return this.counted(tenantId, generation, index, async () => {
      const kept = await index.restore(
        tenantId,
        async ({ position, recordedTime }) =>
          position <= progress.position && (await this.log.recordedTime(tenantId, position)) === recordedTime,
      );
      if (kept === null) return false;
      for (let from = kept; from < progress.position;) {
        const { position, touched } = await this.projector.touchedAfter(tenantId, from);
        await transferDocuments(this.store, index, tenantId, touched);
        from = position;
      }
      progress.filled.add(generation);
      await this.reached(tenantId, progress, index);
      this.report.indexing(tenantId, await index.size(tenantId), true);
      return true;
    });
  }

  private reached(tenantId: string, { position }: Progress, index: SearchIndex): Promise<void> {
    return index.reached(tenantId, position, () => this.log.recordedTime(tenantId, position));
  }

  private async step(tenantId: string, progress: Progress): Promise<void> {
    const startedMs = performance.now();
    const from = progress.position;
    const batch = await this.projector.step(tenantId, from);
    if (batch === null) {
      progress.target = progress.position;
      return;
    }
    await this.transfer(tenantId, progress, batch.touched);
    const { position, events } = batch;
    progress.position = position;
    for (const { generation, index } of this.indexes.written)
      if (progress.filled.has(generation)) await this.reached(tenantId, progress, index);
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
      await this.transfer(tenantId, progress, touched);
      progress.position = Math.min(position, checkpoint);
    }
    progress.position = checkpoint;
  }

  private async transfer(tenantId: string, progress: Progress, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const { generation, index } of this.indexes.written) {
      const filler = progress.filling.get(generation);
      if (!filler && !progress.filled.has(generation)) continue;
      for (const id of filler ? ids : []) filler!.changed.add(id);
      await this.counted(tenantId, generation, index, () => transferDocuments(this.store, index, tenantId, ids));
    }
  }

  private async counted<Result>(
    tenantId: string,
    generation: number,
    index: SearchIndex,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const before = await index.size(tenantId);
    const result = await work();
    const more = (await index.size(tenantId)) - before;
    this.documents.set(generation, (this.documents.get(generation) ?? 0) + more);
    return result;
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
  for (const waiter of [...progress.waiting]) if (waiter.position <= progress.position) waiter.resolve();
}

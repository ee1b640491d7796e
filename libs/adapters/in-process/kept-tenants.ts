import type { IndexSnapshots } from './index-snapshots.js';
import type { KeptDocuments } from './search-index/tenant-index.js';

export interface KeepingOptions {
  /** To make an index of fewer documents takes no time. */
  leastDocuments: number;
  /** A file is written anew when so much of it has changed: while the process runs, and when it ends. */
  changedShare: { running: number; ending: number };
  /** After a change, others may follow. */
  delayMs: number;
}

const standardOptions: KeepingOptions = {
  leastDocuments: 1_000,
  changedShare: { running: 0.1, ending: 0.01 },
  delayMs: 10_000,
};
/** Writing takes at most about this share of the time. */
const WRITING_SHARE = 0.05;

/** An index whose documents are kept. */
export interface KeptIndex {
  size(tenantId: string): Promise<number>;
  parts(tenantId: string): AsyncIterable<KeptDocuments>;
}

interface Kept {
  hasFile: boolean;
  /** Documents written to the index since the file was made. */
  changed: number;
  /** How far the index is in the log; null until it is whole. */
  reached: { position: number; recordedTime: () => Promise<string | null> } | null;
  timer: NodeJS.Timeout | null;
  writing: Promise<void>;
  delayMs: number;
}

/** Sees to it that what an index holds is on the disk, not too late and not too often. */
export class KeptTenants {
  private readonly tenants = new Map<string, Kept>();
  private readonly options: KeepingOptions;
  private isClosed = false;

  /** @param failed hears when a file could not be written; it is tried again after further changes */
  constructor(
    readonly snapshots: IndexSnapshots,
    private readonly failed: (error: Error) => void,
    options: Partial<KeepingOptions> = {},
  ) {
    this.options = { ...standardOptions, ...options };
  }

  /** Documents were written; those that were removed must not be on the disk when this resolves. */
  async changed(tenantId: string, written: number, removed: number): Promise<void> {
    const kept = this.of(tenantId);
    kept.changed += written;
    if (removed > 0) await this.dropped(tenantId);
  }

  async dropped(tenantId: string): Promise<void> {
    const kept = this.of(tenantId);
    kept.hasFile = false;
    await this.snapshots.drop(tenantId);
  }

  /** The index of a tenant holds what its file says. */
  restored(tenantId: string): void {
    Object.assign(this.of(tenantId), { hasFile: true, changed: 0 });
  }

  /** The index of a tenant holds all up to a position. */
  async reached(index: KeptIndex, tenantId: string, reached: NonNullable<Kept['reached']>): Promise<void> {
    const kept = this.of(tenantId);
    kept.reached = reached;
    if (kept.timer || this.isClosed || !(await this.isWorth(index, tenantId, this.options.changedShare.running)))
      return;
    kept.timer ??= setTimeout(() => {
      kept.timer = null;
      kept.writing = this.write(index, tenantId, kept);
    }, kept.delayMs).unref();
  }

  /** Writes what is worth it, and nothing any more. */
  async close(index: KeptIndex): Promise<void> {
    this.isClosed = true;
    for (const [tenantId, kept] of this.tenants) {
      if (kept.timer) clearTimeout(kept.timer);
      await kept.writing;
      const isWorth = await this.isWorth(index, tenantId, this.options.changedShare.ending);
      if (isWorth) await this.write(index, tenantId, kept);
    }
    this.tenants.clear();
  }

  private async isWorth(index: KeptIndex, tenantId: string, share: number): Promise<boolean> {
    const { hasFile, changed, reached } = this.of(tenantId);
    const size = await index.size(tenantId);
    return reached !== null && size >= this.options.leastDocuments && (!hasFile || changed > size * share);
  }

  private async write(index: KeptIndex, tenantId: string, kept: Kept): Promise<void> {
    const { position, recordedTime } = kept.reached!;
    const { changed } = kept;
    const startedMs = performance.now();
    try {
      // What changes while it is written is changed after the mark, and is brought after it at the next start.
      const mark = { position, recordedTime: await recordedTime() };
      if (!(await this.snapshots.write(tenantId, mark, index.parts(tenantId)))) return;
      Object.assign(kept, { hasFile: true, changed: kept.changed - changed });
    } catch (error) {
      this.failed(error as Error);
    }
    kept.delayMs = Math.max(this.options.delayMs, (performance.now() - startedMs) / WRITING_SHARE);
  }

  private of(tenantId: string): Kept {
    let kept = this.tenants.get(tenantId);
    if (!kept) {
      const { delayMs } = this.options;
      kept = { hasFile: false, changed: 0, reached: null, timer: null, writing: Promise.resolve(), delayMs };
      this.tenants.set(tenantId, kept);
    }
    return kept;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoints, type IndexProjectionName, indexProjection } from '#libs/ports/checkpoints.js';
import type { FollowedCommit } from '#libs/ports/log-reader.js';
import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import type { SearchIndex } from '#libs/ports/search-index.js';
import { transferDocuments } from './document-transfer.js';
import type { FeedProjection } from './feed-follower.js';
import { touchedDocuments } from './read-model.js';
import type { ReadModelProjector } from './read-model-projector.js';

const rowsPollMs = 5;
/** Then whoever runs the projection decides whether to go on waiting. */
const rowsLimitMs = 5_000;

/** The rows of the read model, with their checkpoint in one transaction. */
export class RowsProjection implements FeedProjection {
  readonly name = 'read-model';

  constructor(private readonly projector: ReadModelProjector) {}

  checkpoint(tenantId: string): Promise<number> {
    return this.projector.checkpoint(tenantId);
  }

  async project(tenantId: string, from: number, commits: readonly FollowedCommit[]): Promise<void> {
    await this.projector.project(tenantId, from, commits);
  }
}

/**
 * The search index, by state transfer from the rows: so it comes after them, and does not hold them up when it is out of
 * reach.
 */
export class IndexProjection implements FeedProjection {
  private readonly index: SearchIndex;
  readonly name: IndexProjectionName;

  constructor(
    private readonly store: ReadModelStore,
    { generation, index }: { generation: number; index: SearchIndex },
    private readonly checkpoints: Checkpoints,
  ) {
    this.name = indexProjection(generation);
    this.index = index;
  }

  checkpoint(tenantId: string): Promise<number> {
    return this.checkpoints.position(this.name, tenantId);
  }

  async project(tenantId: string, _from: number, commits: readonly FollowedCommit[]): Promise<void> {
    const to = commits.at(-1)!.commit.position;
    await this.rowsReach(tenantId, to);
    await transferDocuments(this.store, this.index, tenantId, touchedDocuments(commits));
    await this.checkpoints.advance(this.name, tenantId, to);
  }

  private async rowsReach(tenantId: string, position: number): Promise<void> {
    const endMs = performance.now() + rowsLimitMs;
    while ((await this.checkpoints.position('read-model', tenantId)) < position) {
      if (performance.now() > endMs) throw new Error(`The rows of ${tenantId} have not reached position ${position}.`);
      await sleep(rowsPollMs);
    }
  }
}

import { type Checkpoints, indexProjection } from '#libs/ports/checkpoints.js';
import type { LogReader } from '#libs/ports/log-reader.js';
import { FillProgress, type Filling } from './fill-progress.js';
import type { OpenIndexes } from './open-indexes.js';

/** How far the filling of a shared index is, whichever processes fill it, as its checkpoints tell. */
export class CheckpointFill extends FillProgress {
  /** Where the log of each tenant ended when a generation was first asked for: it grows on, and that is no matter. */
  private readonly targets = new Map<number, readonly { tenantId: string; position: number }[]>();

  constructor(
    private readonly log: LogReader,
    private readonly checkpoints: Checkpoints,
    private readonly indexes: OpenIndexes,
  ) {
    super();
  }

  override async filling(generation: number): Promise<Filling> {
    let targets = this.targets.get(generation);
    if (!targets) this.targets.set(generation, (targets = await this.log.heads()));
    const index = this.indexes.written.find((one) => one.generation === generation)?.index;
    const filling = { isFilled: index !== undefined, documents: 0, expected: 0 };
    for (const { tenantId, position } of targets) {
      const reached = await this.checkpoints.position(indexProjection(generation), tenantId);
      if (reached < position) filling.isFilled = false;
      filling.documents += (await index?.size(tenantId)) ?? 0;
      filling.expected += await this.indexes.now.index.size(tenantId);
    }
    return filling;
  }
}

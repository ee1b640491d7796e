import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoints, indexProjection, type ProjectionName } from '#libs/ports/checkpoints.js';
import type { ServedIndex } from '#libs/ports/served-index.js';
import { ProjectionProgress } from './projection-progress.js';

const pollMs = { first: 2, longest: 25 };

/**
 * Progress of projections that may run in other processes, as their checkpoints tell it. What was seen once is
 * remembered: checkpoints only grow while a projection is not made again.
 */
export class CheckpointProgress extends ProjectionProgress {
  private readonly seen = new Map<string, number>();

  /** @param following what is known of the projectors of this process */
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly served: ServedIndex,
    private readonly following: { indexedDocuments(): number; parkedStreams(): number },
  ) {
    super();
  }

  override async waitFor(tenantId: string, position: number, timeoutMs: number, searchable: boolean): Promise<boolean> {
    if (position === 0) return true;
    const endMs = performance.now() + timeoutMs;
    for (let delayMs = pollMs.first; ; delayMs = Math.min(delayMs * 2, pollMs.longest)) {
      const projection = this.read(searchable);
      const reached = (await this.position(projection, tenantId, position)) >= position;
      // Another index may have taken over while the question was under way.
      if (reached && projection === this.read(searchable)) return true;
      if (performance.now() + delayMs > endMs) return false;
      await sleep(delayMs);
    }
  }

  /** Rows and index are shared: whoever follows the log, this process can answer from them. */
  override ready(): boolean {
    return true;
  }

  override indexedDocuments(): number {
    return this.following.indexedDocuments();
  }

  override parkedStreams(): number {
    return this.following.parkedStreams();
  }

  private read(searchable: boolean): ProjectionName {
    return searchable ? indexProjection(this.served.now.generation) : 'read-model';
  }

  private async position(projection: ProjectionName, tenantId: string, wanted: number): Promise<number> {
    const key = `${projection}/${tenantId}`;
    const seen = this.seen.get(key) ?? 0;
    if (seen >= wanted) return seen;
    const position = await this.checkpoints.position(projection, tenantId);
    this.seen.set(key, position);
    return position;
  }
}

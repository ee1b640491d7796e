import { LRUCache } from 'lru-cache';
import { positionKeptMs, WrittenPositions } from '#libs/ports/written-positions.js';

const mostKeys = 100_000;

/** Positions in memory: it is never away, and only ends with those who read from it. */
export class InProcessWrittenPositions extends WrittenPositions {
  private readonly written: LRUCache<string, number>;

  constructor(keptMs = positionKeptMs) {
    super();
    this.written = new LRUCache({ max: mostKeys, ttl: keptMs });
  }

  override async remember(keyId: string, position: number): Promise<void> {
    this.written.set(keyId, Math.max(position, this.written.get(keyId) ?? 0));
  }

  override async last(keyId: string): Promise<number> {
    return this.written.get(keyId) ?? 0;
  }
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ServiceError } from '#libs/contracts/errors.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';

const rememberedForMs = 60_000;
const mostKeys = 100_000;

/** How far each API key has written lately, so that a plain client reads its own writes without sending positions. */
@Injectable()
export class Positions {
  private readonly written = new LRUCache<string, number>({ max: mostKeys, ttl: rememberedForMs });

  constructor(private readonly queries: MemoryQueries) {}

  remember(keyId: string, position: number): void {
    if (position >= (this.written.get(keyId) ?? 0)) this.written.set(keyId, position);
  }

  /**
   * The position that an answer to this key must hold.
   * @param asked `min_position` of the request
   * @throws ServiceError position_in_future
   */
  async needed(accessKey: AccessKey, asked: number | undefined): Promise<number> {
    const written = this.written.get(accessKey.id) ?? 0;
    if (asked === undefined || asked <= written) return written;
    const head = await this.queries.headPosition(accessKey.tenantId);
    if (asked > head) {
      throw new ServiceError('position_in_future', `min_position is ${asked}, but the log ends at ${head}.`, { head });
    }
    return asked;
  }
}

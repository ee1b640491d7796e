import { Injectable } from '@nestjs/common';
import { ServiceError } from '#libs/contracts/errors.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { WrittenPositions } from '#libs/ports/written-positions.js';

/** How far each API key has written lately, so that a plain client reads its own writes without sending positions. */
@Injectable()
export class Positions {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly written: WrittenPositions,
  ) {}

  /** Resolves when every gateway knows it: only then may the writer be answered. */
  async remember(keyId: string, position: number): Promise<void> {
    await this.written.remember(keyId, position);
  }

  /**
   * The position that an answer to this key must hold: the end of the log when nobody knows what the key has written.
   * @param asked `min_position` of the request
   * @throws ServiceError position_in_future
   */
  async needed(accessKey: AccessKey, asked: number | undefined): Promise<number> {
    const written = await this.written.last(accessKey.id);
    if (written !== null && (asked === undefined || asked <= written)) return written;
    const head = await this.queries.headPosition(accessKey.tenantId);
    if (asked !== undefined && asked > head) {
      throw new ServiceError('position_in_future', `min_position is ${asked}, but the log ends at ${head}.`, { head });
    }
    return written === null || asked === undefined ? head : asked;
  }
}

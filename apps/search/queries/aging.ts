import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MaintenanceWishes } from '#libs/beliefs/maintenance-wishes.js';
import { decayOf } from '#libs/domain/maintenance/decay.js';
import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import { ReadModelStore } from '#libs/ports/read-model-store.js';

/** For how long a change of the tenant's mind goes unheard here. */
const STALE_MS = 1_000;

/** Where a tenant wants it, what wears off gives way to what was told lately, among what was found anyway. */
@Injectable()
export class Aging {
  private readonly wanted = new LRUCache<string, { isWanted: boolean }>({ max: 10_000, ttl: STALE_MS });

  constructor(
    private readonly wishes: MaintenanceWishes,
    private readonly store: ReadModelStore,
  ) {}

  /** @param now ISO 8601 in UTC */
  async aged(tenantId: string, hits: SearchAnswerHit[], now: string): Promise<SearchAnswerHit[]> {
    if (!(await this.isWanted(tenantId))) return hits;
    const ids = hits.flatMap(({ memory }) => memory?.id ?? []);
    const memories = await this.store.memories(tenantId, ids);
    const aged = hits.map((hit) => {
      const memory = hit.memory && memories.get(hit.memory.id);
      const share = memory ? decayOf(memory, now) : 1;
      if (share === 1) return hit;
      const amount = Math.abs(hit.score) * (share - 1);
      const { explanation } = hit;
      const adjustment = { name: 'decay' as const, share, amount };
      const adjustments = [...(explanation?.adjustments ?? []), adjustment];
      return {
        ...hit,
        score: hit.score + amount,
        ...(explanation && { explanation: { ...explanation, adjustments } }),
      };
    });
    return aged.sort((left, right) => right.score - left.score);
  }

  private async isWanted(tenantId: string): Promise<boolean> {
    const known = this.wanted.get(tenantId);
    if (known) return known.isWanted;
    const { settings } = await this.wishes.current(tenantId);
    this.wanted.set(tenantId, { isWanted: settings.decayEnabled });
    return settings.decayEnabled;
  }
}

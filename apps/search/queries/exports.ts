import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { OwnershipNames } from '#libs/domain/memory/memory.events.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type Caller, type Ownership, visibleTo } from '#libs/domain/scope/ownership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import type { ExportPage } from '#libs/ports/memory-queries.js';
import { type ExportQuery, PastMemories, type WholeMemory } from '#libs/ports/past-memories.js';

/**
 * Memories in whole, as another tenant could take them over: the ids of projects, teams and agents mean nothing there, so
 * their names go with them. The event that began a memory tells them; one memory of each owner is looked up.
 */
@Injectable()
export class Exports {
  private readonly known = new LRUCache<string, OwnershipNames>({ max: 10_000 });

  constructor(
    @Inject(PastMemories) private readonly past: PastMemories,
    @Inject(LogReader) private readonly log: LogReader,
  ) {}

  async page(caller: Caller, query: ExportQuery): Promise<ExportPage> {
    const { tenantId } = caller;
    const filter: Filter = { and: [visibleTo(caller), query.filter] };
    const { rows, next } = await this.past.wholeMemories(tenantId, { ...query, filter });
    await this.lookUp(tenantId, rows);
    const memories = rows.flatMap((row) => {
      const names = this.known.get(ownerKey(tenantId, row.memory.ownership));
      // Only of a memory that was erased while it was being read.
      return names ? [{ ...row, names }] : [];
    });
    return { memories, next };
  }

  private async lookUp(tenantId: string, rows: readonly WholeMemory[]): Promise<void> {
    for (let unknown = rows; unknown.length > 0;) {
      const owners = new Map<string, string>();
      for (const { memory } of unknown) {
        const key = ownerKey(tenantId, memory.ownership);
        if (!this.known.has(key)) owners.set(key, memory.id);
      }
      if (owners.size === 0) return;
      const streams = await this.log.streams(
        tenantId,
        [...owners.values()].map((id) => `memory-${id}`),
      );
      for (const [key, id] of owners) {
        const data = streams.get(`memory-${id}`)?.[0]?.event.data as { names: OwnershipNames } | null | undefined;
        if (data) this.known.set(key, data.names);
      }
      // Another memory of the same owner may tell what one that is erased by now cannot.
      const asked = new Set(owners.values());
      unknown = unknown.filter(({ memory }) => !asked.has(memory.id));
    }
  }
}

function ownerKey(tenantId: string, { projectId, ownerTeamId, ownerAgentId }: Ownership): string {
  return JSON.stringify([tenantId, projectId, ownerTeamId, ownerAgentId]);
}

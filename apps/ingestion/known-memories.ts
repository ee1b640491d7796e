import { Injectable } from '@nestjs/common';
import type { StreamEvent } from '#libs/contracts/events.js';
import { memoryFilterable } from '#libs/domain/memory/memory.decide.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import { absentMemory, evolveMemory, type Memory, type MemoryState } from '#libs/domain/memory/memory.evolve.js';
import { matches } from '#libs/domain/scope/filter.js';
import { type Caller, visibleTo } from '#libs/domain/scope/ownership.js';
import { LogReader } from '#libs/ports/log-reader.js';

/** Memories as the log has them now: what writes are decided on, never behind. */
@Injectable()
export class KnownMemories {
  constructor(private readonly logReader: LogReader) {}

  /** The memory's state; absent when `caller` may not see it, so that it looks like one that never was. */
  async state(caller: Caller, memoryId: string): Promise<MemoryState> {
    const state = folded(await this.logReader.stream(caller.tenantId, streamOf(memoryId)));
    if (state.kind !== 'known') return state;
    return matches(memoryFilterable(state.memory), visibleTo(caller)) ? state : absentMemory;
  }

  /** Whoever may see it: for what the rules compare, never for an answer. */
  async ofTenant(tenantId: string, memoryId: string): Promise<Memory | null> {
    return (await this.allOfTenant(tenantId, [memoryId])).get(memoryId) ?? null;
  }

  /** As `ofTenant`, also of those that were erased or never were. */
  async statesOfTenant(tenantId: string, memoryIds: readonly string[]): Promise<Map<string, MemoryState>> {
    const streams = await this.logReader.streams(tenantId, memoryIds.map(streamOf));
    return new Map(memoryIds.map((id) => [id, folded(streams.get(streamOf(id)))]));
  }

  /** As `ofTenant`, several in one read; those that are not known are left out. */
  async allOfTenant(tenantId: string, memoryIds: readonly string[]): Promise<Map<string, Memory>> {
    const streams = await this.logReader.streams(tenantId, memoryIds.map(streamOf));
    return new Map(
      memoryIds.flatMap((id) => {
        const state = folded(streams.get(streamOf(id)));
        return state.kind === 'known' ? [[id, state.memory] as const] : [];
      }),
    );
  }
}

function streamOf(memoryId: string): string {
  return `memory-${memoryId}`;
}

function folded(events: readonly StreamEvent[] = []): MemoryState {
  return events.reduce((before, { event }) => evolveMemory(before, event as MemoryEvent), absentMemory);
}

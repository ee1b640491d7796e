import { Injectable } from '@nestjs/common';
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
    const state = await this.unfiltered(caller.tenantId, memoryId);
    if (state.kind !== 'known') return state;
    return matches(memoryFilterable(state.memory), visibleTo(caller)) ? state : absentMemory;
  }

  /** Whoever may see it: for what the rules compare, never for an answer. */
  async ofTenant(tenantId: string, memoryId: string): Promise<Memory | null> {
    const state = await this.unfiltered(tenantId, memoryId);
    return state.kind === 'known' ? state.memory : null;
  }

  private async unfiltered(tenantId: string, memoryId: string): Promise<MemoryState> {
    const events = await this.logReader.stream(tenantId, `memory-${memoryId}`);
    return events.reduce((before, { event }) => evolveMemory(before, event as MemoryEvent), absentMemory);
  }
}

import { Injectable } from '@nestjs/common';
import { contentIdentity, memoryFilterable } from '#libs/domain/memory/memory.decide.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import { absentMemory, evolveMemory, type Memory, type MemoryState } from '#libs/domain/memory/memory.evolve.js';
import { matches } from '#libs/domain/scope/filter.js';
import { type Caller, visibleTo } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';

/** Memories as the log has them now: what writes are decided on, never behind. */
@Injectable()
export class KnownMemories {
  constructor(
    private readonly logReader: LogReader,
    private readonly identities: Identities,
  ) {}

  /** The memory's state; absent when `caller` may not see it, so that it looks like one that never was. */
  async state(caller: Caller, memoryId: string): Promise<MemoryState> {
    const events = await this.logReader.stream(caller.tenantId, `memory-${memoryId}`);
    const state = events.reduce((before, { event }) => evolveMemory(before, event as MemoryEvent), absentMemory);
    if (state.kind !== 'known') return state;
    return matches(memoryFilterable(state.memory), visibleTo(caller)) ? state : absentMemory;
  }

  contentKey(caller: Caller, memory: Pick<Memory, 'ownership' | 'memoryType' | 'content'>): Promise<string> {
    return this.identities.contentKey(
      caller.tenantId,
      contentIdentity(memory.ownership, memory.memoryType, memory.content),
    );
  }
}

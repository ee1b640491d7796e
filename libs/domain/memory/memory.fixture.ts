import { expect } from '@jest/globals';
import type { Ownership } from '../scope/ownership.js';
import type { MemoryDecision } from './memory.decide.js';
import type { Evidence, MemoryEvent, MemoryLearned } from './memory.events.js';
import { absentMemory, evolveMemory, type MemoryState, type UnreadableEvent } from './memory.evolve.js';

export const personal: Ownership = {
  scope: 'personal',
  projectId: 'project-1',
  ownerTeamId: null,
  ownerAgentId: null,
  teamId: null,
  agentId: null,
  userId: null,
  sessionId: null,
};

export function evidence(id: string, more: Partial<Evidence> = {}): Evidence {
  return {
    id,
    sourceType: 'statement',
    sources: [],
    ruleId: 'statement',
    extractorVersion: null,
    metadata: {},
    ...more,
  };
}

export function learned(memoryId: string, more: Partial<MemoryLearned['data']> = {}): MemoryLearned {
  return {
    type: 'MemoryLearned',
    data: {
      memoryId,
      ownership: personal,
      names: { project: 'default', team: null, agent: null },
      content: 'Tea is at four',
      memoryType: 'fact',
      confidence: 0.8,
      metadata: { room: 'blue', guests: 2 },
      modality: 'asserted',
      observedAt: '2026-03-01T10:00:00.000Z',
      validFrom: null,
      validTo: null,
      evidence: evidence(`${memoryId}-evidence-1`),
      ...more,
    },
  };
}

export function stateAfter(events: readonly (MemoryEvent | UnreadableEvent)[]): MemoryState {
  return events.reduce(evolveMemory, absentMemory);
}

/** `given(events).when(decide).then(events)`: the past, a decision on it, and what it adds to the past. */
export function given(...events: (MemoryEvent | UnreadableEvent)[]) {
  return {
    when<E extends MemoryEvent>(decide: (state: MemoryState) => MemoryDecision<E>) {
      const decision = decide(stateAfter(events));
      return {
        then(...expected: MemoryEvent[]): void {
          expect(decision).toMatchObject({ kind: 'events' });
          expect(decision.kind === 'events' && decision.events).toEqual(expected);
        },
        thenRefused(refusal: Exclude<MemoryDecision<E>, { kind: 'events' }>): void {
          expect(decision).toEqual(refusal);
        },
      };
    },
  };
}

import { type Contradiction, type ContradictionEvent, evolveContradiction } from '../belief/contradiction.js';
import type { MemoryEvent } from '../memory/memory.events.js';
import { absentMemory, evolveMemory, type Memory, type MemoryState } from '../memory/memory.evolve.js';
import type { EditAction, Happening, TimedEvent } from './lineage.js';

/** One event of a memory, with the memory before and after it. */
export interface MemoryStep {
  told: TimedEvent<MemoryEvent>;
  /** Number of the event in its stream, from 1. */
  version: number;
  before: Memory | null;
  /** Null where it cannot be read any more. */
  after: Memory | null;
  /** Whose act it was, where it was one. */
  action: EditAction | null;
}

export interface MemoryHistory {
  memoryId: string;
  steps: MemoryStep[];
  state: MemoryState;
}

export interface ContradictionStep {
  told: TimedEvent<ContradictionEvent>;
  before: Contradiction | null;
  after: Contradiction | null;
}

export interface ContradictionHistory {
  contradictionId: string;
  steps: ContradictionStep[];
  /** Null where it cannot be read any more. */
  state: Contradiction | null;
}

/** A belief's place was taken. */
export interface Replacement {
  memoryId: string;
  supersededBy: string;
  contradictionId: string | null;
  told: TimedEvent<MemoryEvent>;
  /** The version of the memory that it made. */
  version: number;
  /** Nobody took it back since. */
  isInForce: boolean;
}

/** Folds the events of one memory, keeping every step. */
export function memoryHistory(memoryId: string, events: readonly TimedEvent<MemoryEvent>[]): MemoryHistory {
  let state = absentMemory;
  const steps: MemoryStep[] = [];
  for (const [index, told] of events.entries()) {
    const before = memoryIn(state);
    state = evolveMemory(state, told.event);
    steps.push({ told, version: index + 1, before, after: memoryIn(state), action: actionOf(told) });
  }
  return { memoryId, steps, state };
}

/** Folds the events of one contradiction, keeping every step. */
export function contradictionHistory(
  contradictionId: string,
  events: readonly TimedEvent<ContradictionEvent>[],
): ContradictionHistory {
  let state: Contradiction | null = null;
  const steps: ContradictionStep[] = [];
  for (const told of events) {
    const before: Contradiction | null = state;
    state = evolveContradiction(state, told.event);
    steps.push({ told, before, after: state });
  }
  return { contradictionId, steps, state };
}

/** Each time that another belief took the place of this one, in order. */
export function replacementsOf({ memoryId, steps, state }: MemoryHistory): Replacement[] {
  const now = memoryIn(state)?.supersededBy ?? null;
  const changes = steps.filter(({ before, after }) => {
    const supersededBy = after?.supersededBy ?? null;
    return supersededBy !== null && supersededBy !== (before?.supersededBy ?? null);
  });
  return changes.map(({ told, version, after }, index) => ({
    ...{ memoryId, told, version },
    supersededBy: after!.supersededBy!,
    contradictionId: contradictionIdOf(told),
    isInForce: index === changes.length - 1 && after!.supersededBy === now,
  }));
}

/** Every contradiction that the events of the memory name. */
export function contradictionIdsOf({ steps, state }: MemoryHistory): string[] {
  const named = steps.flatMap(({ told }) => contradictionIdOf(told) ?? []);
  return [...new Set([...(memoryIn(state)?.contradictions ?? []), ...named])];
}

export function memoryIn(state: MemoryState): Memory | null {
  return state.kind === 'known' ? state.memory : null;
}

/** The contradiction that an event of a memory comes from. */
export function contradictionIdOf({ event }: TimedEvent<MemoryEvent>): string | null {
  if (event.data === null) return null;
  const known = event as MemoryEvent;
  switch (known.type) {
    case 'MemoryLearned':
    case 'MemoryImported':
      return known.data.contradictionIds?.at(-1) ?? null;
    case 'MemorySuperseded':
    case 'BeliefAdjusted':
      return known.data.contradictionId;
    default:
      return null;
  }
}

/** Who, when and why, without what. */
export function happeningOf({ eventId, position, recordedAt, actor, reason, decision }: Happening): Happening {
  return { eventId, position, recordedAt, actor, reason, decision };
}

function actionOf(told: TimedEvent<MemoryEvent>): EditAction | null {
  if (told.event.data === null) return null;
  const event = told.event as MemoryEvent;
  switch (event.type) {
    case 'MemoryRevised':
      return 'revise';
    case 'MemoryForgotten':
      return 'forget';
    case 'MemorySuperseded':
      return event.data.contradictionId === null && event.data.runId === undefined ? 'supersede' : null;
    case 'BeliefAdjusted':
      return event.data.contradictionId === null ? 'adjust' : null;
    case 'MemoryRestored':
      return event.data.kind;
    default:
      return null;
  }
}

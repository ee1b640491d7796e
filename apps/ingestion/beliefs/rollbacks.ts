import { Injectable } from '@nestjs/common';
import type { CommandRefused } from '#libs/contracts/commands.js';
import type { RecordedEvent, StreamEvent } from '#libs/contracts/events.js';
import { type Change, changesOf, holdersBefore, linkedStreams } from '#libs/domain/belief/changes.js';
import { type ContradictionEvent, evolveContradiction } from '#libs/domain/belief/contradiction.js';
import type { MemoryEvent, RestorableMemory } from '#libs/domain/memory/memory.events.js';
import {
  absentMemory,
  evolveMemory,
  isBelieved,
  type Memory,
  type MemoryState,
} from '#libs/domain/memory/memory.evolve.js';
import { LogReader, type ReservingCommit } from '#libs/ports/log-reader.js';
import type { Draft, Why } from './draft.js';

/** One stream and how much of it stays: the events from `from` on (an index) are taken back. */
export interface Rollback {
  streamId: string;
  events: RecordedEvent[];
  from: number;
}

/** All that is taken back together. */
export interface RollbackPlan {
  rollbacks: Map<string, Rollback>;
  /** The commits that something is taken back of, by position. */
  commits: Map<number, ReservingCommit>;
  /** Later changes that go with it. */
  later: TakenBack[];
}

/** What is taken back, for the answer and for a refusal. */
export interface TakenBack {
  memory_id: string;
  event_id: string;
  event: string;
  recorded_at: string;
}

export const memoryStream = 'memory-';
const contradictionStream = 'contradiction-';

/** Finds all that goes when a change is taken back: what it did to other memories, and what was built on it since. */
@Injectable()
export class Rollbacks {
  constructor(private readonly logReader: LogReader) {}

  /** A part of the log of which much is taken back together: each stream and each commit is read once. */
  reading(tenantId: string): RolledBackLog {
    return new RolledBackLog(this.logReader, tenantId);
  }

  /** Null where part of what the change did was erased, so that it cannot be taken back. */
  async of(log: RolledBackLog, streamId: string, change: Change): Promise<RollbackPlan | null> {
    const plan: RollbackPlan = { rollbacks: new Map(), commits: new Map(), later: [] };
    const waiting = [{ streamId, change }];
    while (waiting.length > 0) {
      const next = waiting.shift()!;
      const commit = await log.commitOf(next.streamId, next.change);
      if (!commit) return null;
      plan.commits.set(commit.position, commit);
      for (const linked of linkedStreams(commit.events, next.streamId)) {
        const known = plan.rollbacks.get(linked);
        const stream = known?.events ?? (await log.stream(linked));
        const from = stream.findIndex(({ headers }) => headers.commitid === next.change.commitId);
        if (from === -1 || stream.some(({ event }) => event.data === null)) return null;
        const before = known?.from ?? stream.length;
        plan.rollbacks.set(linked, { streamId: linked, events: stream, from: Math.min(from, before) });
        if (!linked.startsWith(memoryStream)) continue;
        // What came later on the stream goes with it, and so does all that it is linked to.
        for (const dependent of changesOf(stream).done.filter(({ firstVersion }) => firstVersion > from + 1)) {
          if (dependent.commitId === next.change.commitId) continue;
          const first = firstEvent(stream, dependent, before);
          if (first === null) continue;
          plan.later.push(takenBack(linked, first));
          waiting.push({ streamId: linked, change: dependent });
        }
      }
    }
    return plan;
  }
}

/** What was read of the log while changes are looked at that are to be taken back. */
export class RolledBackLog {
  private readonly streams = new Map<string, StreamEvent[]>();
  private readonly commits = new Map<string, ReservingCommit | null>();

  constructor(
    private readonly logReader: LogReader,
    private readonly tenantId: string,
  ) {}

  /** Reads streams together, before they are asked for one by one. */
  async open(streamIds: readonly string[]): Promise<void> {
    const unread = streamIds.filter((id) => !this.streams.has(id));
    if (unread.length === 0) return;
    const found = await this.logReader.streams(this.tenantId, unread);
    for (const id of unread) this.streams.set(id, found.get(id) ?? []);
  }

  async stream(id: string): Promise<StreamEvent[]> {
    await this.open([id]);
    return this.streams.get(id)!;
  }

  async commitOf(streamId: string, { commitId, firstVersion }: Change): Promise<ReservingCommit | null> {
    const known = this.commits.get(commitId);
    if (known !== undefined) return known;
    const commit = await this.logReader.commitOf(this.tenantId, streamId, firstVersion);
    this.commits.set(commitId, commit);
    return commit;
  }
}

/** Drafts the events that put the old values in place of what the plan takes back. Nothing is deleted from the log. */
export function takeBack(
  draft: Draft,
  direction: 'undo' | 'redo',
  { rollbacks, commits }: Pick<RollbackPlan, 'rollbacks' | 'commits'>,
  why: Why,
): { restored: Memory[]; retired: string[]; undone: TakenBack[] } {
  const restored: Memory[] = [];
  const retired: string[] = [];
  const undone: TakenBack[] = [];
  for (const { streamId, events, from } of rollbacks.values()) {
    if (streamId.startsWith(contradictionStream)) {
      rollBackContradiction(draft, events, from, why);
      continue;
    }
    undone.push(...events.slice(from).map((event) => takenBack(streamId, event)));
    const after = rollBackMemory(draft, direction, events, from, why);
    if (after === null) continue;
    if (isBelieved(after)) restored.push(after);
    else retired.push(after.id);
  }
  const memoryIds = [...restored.map(({ id }) => id), ...retired];
  const latestFirst = [...commits.values()].sort((left, right) => right.position - left.position);
  for (const [key, { before, after }] of holdersBefore(
    latestFirst.map(({ reservations }) => reservations),
    memoryIds,
  )) {
    if (after !== null) draft.free([key], after);
    // A slot that another belief took meanwhile stays that one's.
    const isFree = typeof draft.holder(key) !== 'string';
    if (before !== null && (isFree || key.startsWith('content:'))) draft.reserve(key, before);
  }
  return { restored, retired, undone };
}

/** @returns the memory as it is again; null when its stream cannot be folded */
function rollBackMemory(
  draft: Draft,
  direction: 'undo' | 'redo',
  events: readonly RecordedEvent[],
  from: number,
  why: Why,
): Memory | null {
  const now = memoryAfter(events);
  if (now === null) return null;
  const then = memoryAfter(events.slice(0, from));
  draft.know(now);
  const data = {
    ...{ memoryId: now.id, kind: direction },
    undoes: events.slice(from).map(({ headers }) => headers.id),
    restored: then ? restorable(then) : { ...restorable(now), status: 'forgotten' as const, disputes: [] },
  };
  draft.append({ type: 'MemoryRestored', data }, now.ownership.userId, why);
  return draft.memory(now.id)!;
}

function memoryAfter(events: readonly RecordedEvent[]): Memory | null {
  const state = events.reduce<MemoryState>(
    (before, { event }) => evolveMemory(before, event as MemoryEvent),
    absentMemory,
  );
  return state.kind === 'known' ? state.memory : null;
}

function restorable(memory: Memory): RestorableMemory {
  const {
    id: _id,
    ownership: _ownership,
    modality: _modality,
    observedAt: _observedAt,
    version: _version,
    ...rest
  } = memory;
  return rest;
}

function rollBackContradiction(draft: Draft, events: readonly RecordedEvent[], from: number, why: Why): void {
  const fold = (some: readonly RecordedEvent[]) =>
    some.reduce<ReturnType<typeof evolveContradiction>>(
      (state, { event }) => evolveContradiction(state, event as ContradictionEvent),
      null,
    );
  const now = fold(events);
  if (now === null) return;
  const then = fold(events.slice(0, from));
  const data = {
    ...{ contradictionId: now.id, memoryId: now.memoryId, otherId: now.otherId },
    settlement: then === null ? ('undone' as const) : then.settlement,
    reason: then?.reason ?? null,
  };
  draft.appendContradiction({ type: 'ContradictionResolved', data }, now.version, now.ownership.userId, why);
}

/** The event with which a change of the stream begins; null when it is taken back already. */
function firstEvent(stream: readonly RecordedEvent[], { firstVersion }: Change, upTo: number): RecordedEvent | null {
  return firstVersion - 1 < upTo ? stream[firstVersion - 1]! : null;
}

function takenBack(streamId: string, { headers }: RecordedEvent): TakenBack {
  return {
    memory_id: streamId.slice(memoryStream.length),
    event_id: headers.id,
    event: headers.type,
    recorded_at: headers.recordedtime,
  };
}

export function laterChanges(later: readonly TakenBack[]): CommandRefused {
  return {
    kind: 'refused',
    code: 'later_changes',
    detail:
      `${later.length === 1 ? '1 later change depends' : `${later.length} later changes depend`} on this one: ` +
      'undo what is later first, or send cascade=true to take it back too.',
    facts: { later },
  };
}

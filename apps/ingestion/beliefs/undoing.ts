import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { type Change, changesOf, holdersBefore, linkedStreams } from '#libs/domain/belief/changes.js';
import { type ContradictionEvent, evolveContradiction } from '#libs/domain/belief/contradiction.js';
import { limits } from '#libs/domain/limits.js';
import type { MemoryEvent, RestorableMemory } from '#libs/domain/memory/memory.events.js';
import {
  absentMemory,
  evolveMemory,
  isBelieved,
  type Memory,
  type MemoryState,
} from '#libs/domain/memory/memory.evolve.js';
import type { RecordedEvent } from '#libs/contracts/events.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader, type ReservingCommit } from '#libs/ports/log-reader.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from '../appending.js';
import { KnownMemories } from '../known-memories.js';
import { byCaller, Draft, KnownOwners } from './draft.js';
import { contentConflict, notFound } from './refusals.js';

type Undo = Extract<Command, { type: 'UndoChange' }>;

/** One stream and how much of it stays: the events from `from` on (an index) are taken back. */
interface Rollback {
  streamId: string;
  events: RecordedEvent[];
  from: number;
}

/** All that one undo takes back. */
interface Plan {
  rollbacks: Rollback[];
  /** The commits that it takes something back of, the latest first. */
  commits: ReservingCommit[];
}

/** What is taken back, for the answer and for a refusal. */
interface TakenBack {
  memory_id: string;
  event_id: string;
  event: string;
  recorded_at: string;
}

const memoryStream = 'memory-';
const contradictionStream = 'contradiction-';

/**
 * Carries out `UndoChange`: takes back the last change of a memory, with all that the change did to other memories, by
 * events that put the old values in their place. Nothing is deleted from the log.
 */
@Injectable()
export class Undoing {
  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly known: KnownMemories,
    private readonly identities: Identities,
  ) {}

  async undo(envelope: CommandEnvelope, command: Undo): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const plan = await this.plan(envelope, command);
      if ('kind' in plan) return unlessRepeated(this.log, base, `memory-${command.memoryId}`, plan);
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const outcome = takeBack(command, draft, plan);
      const result = await this.log.append({ ...base, ...draft.request(), outcome, destroyStreamKeys: [] });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind !== 'reservation_held') continue;
      const conflict = contentConflict(result, draft);
      if (conflict) return conflict;
      owners.learn(result);
    }
    return contention;
  }

  /** The streams that are rolled back, and how far; or why nothing is. */
  private async plan({ caller }: CommandEnvelope, command: Undo): Promise<Plan | CommandRefused> {
    const { tenantId } = caller;
    if ((await this.known.state(caller, command.memoryId)).kind !== 'known') return notFound;
    const events = await this.logReader.stream(tenantId, `memory-${command.memoryId}`);
    const { done, undone } = changesOf(events);
    const change = command.direction === 'undo' ? done.at(-1) : undone.at(-1);
    if (!change) return command.direction === 'undo' ? nothingToUndo : nothingToRedo;
    const rollbacks = new Map<string, Rollback>();
    const commits = new Map<number, ReservingCommit>();
    const later: TakenBack[] = [];
    const waiting: { streamId: string; change: Change; isAsked: boolean }[] = [
      { streamId: `memory-${command.memoryId}`, change, isAsked: true },
    ];
    while (waiting.length > 0) {
      const next = waiting.shift()!;
      const commit = await this.logReader.commitOf(tenantId, next.streamId, next.change.firstVersion);
      if (!commit) return gone;
      commits.set(commit.position, commit);
      for (const streamId of linkedStreams(commit.events, next.streamId)) {
        const stream = rollbacks.get(streamId)?.events ?? (await this.logReader.stream(tenantId, streamId));
        const from = stream.findIndex(({ headers }) => headers.commitid === next.change.commitId);
        if (from === -1 || stream.some(({ event }) => event.data === null)) return gone;
        const before = rollbacks.get(streamId)?.from ?? stream.length;
        rollbacks.set(streamId, { streamId, events: stream, from: Math.min(from, before) });
        if (!streamId.startsWith(memoryStream)) continue;
        // What came later on the stream goes with it, and so does all that it is linked to.
        for (const dependent of changesOf(stream).done.filter(({ firstVersion }) => firstVersion > from + 1)) {
          if (dependent.commitId === next.change.commitId || firstEvent(stream, dependent, before) === null) continue;
          later.push(takenBack(streamId, firstEvent(stream, dependent, before)!));
          waiting.push({ streamId, change: dependent, isAsked: false });
        }
      }
    }
    if (isOnlyBeginning(rollbacks, command.memoryId)) return firstVersion;
    if (later.length > 0 && !command.cascade) return laterChanges(later);
    const latestFirst = [...commits.values()].sort((left, right) => right.position - left.position);
    return { rollbacks: [...rollbacks.values()], commits: latestFirst };
  }
}

function takeBack({ memoryId, direction }: Undo, draft: Draft, { rollbacks, commits }: Plan): Record<string, unknown> {
  const restored: Memory[] = [];
  const retired: string[] = [];
  const undone: TakenBack[] = [];
  for (const { streamId, events, from } of rollbacks) {
    if (streamId.startsWith(contradictionStream)) {
      rollBackContradiction(draft, events, from);
      continue;
    }
    const tail = events.slice(from);
    undone.push(...tail.map((event) => takenBack(streamId, event)));
    const after = rollBackMemory(draft, direction, events, from);
    if (after === null) continue;
    if (isBelieved(after)) restored.push(after);
    else retired.push(after.id);
  }
  const memoryIds = [...restored.map(({ id }) => id), ...retired];
  for (const [key, { before, after }] of holdersBefore(
    commits.map(({ reservations }) => reservations),
    memoryIds,
  )) {
    if (after !== null) draft.free([key], after);
    // A slot that another belief took meanwhile stays that one's.
    const isFree = typeof draft.holder(key) !== 'string';
    if (before !== null && (isFree || key.startsWith('content:'))) draft.reserve(key, before);
  }
  const shown = restored.find(({ id }) => id === memoryId) ?? restored[0];
  return { memoryId: shown?.id ?? memoryId, restoredIds: restored.map(({ id }) => id), retiredIds: retired, undone };
}

/** @returns the memory as it is again; null when its stream cannot be folded */
function rollBackMemory(
  draft: Draft,
  direction: Undo['direction'],
  events: readonly RecordedEvent[],
  from: number,
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
  draft.append({ type: 'MemoryRestored', data }, now.ownership.userId, byCaller);
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

function rollBackContradiction(draft: Draft, events: readonly RecordedEvent[], from: number): void {
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
  draft.appendContradiction({ type: 'ContradictionResolved', data }, now.version, now.ownership.userId, byCaller);
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

/** That a memory was learned, and nothing else: deleting it is not undoing. */
function isOnlyBeginning(rollbacks: ReadonlyMap<string, Rollback>, memoryId: string): boolean {
  const own = rollbacks.get(`memory-${memoryId}`);
  return own?.from === 0 && rollbacks.size === 1;
}

const nothingToUndo = refused('nothing_to_undo', 'Nothing of this memory is left to undo.');
const nothingToRedo = refused('nothing_to_undo', 'Nothing was undone that could be done again.');
const firstVersion = refused('nothing_to_undo', 'This is the first version of the memory: delete it instead.');
const gone = refused('nothing_to_undo', 'Part of what this change did was erased, so it cannot be taken back.');

function refused(code: CommandRefused['code'], detail: string): CommandRefused {
  return { kind: 'refused', code, detail };
}

function laterChanges(later: readonly TakenBack[]): CommandRefused {
  return {
    kind: 'refused',
    code: 'later_changes',
    detail:
      `${later.length === 1 ? '1 later change depends' : `${later.length} later changes depend`} on this one: ` +
      'undo what is later first, or send cascade=true to take it back too.',
    facts: { later },
  };
}

import type { CommandEnvelope } from '#libs/contracts/commands.js';
import type { Decision, Reason, Reservations } from '#libs/contracts/events.js';
import type { ContradictionEvent } from '#libs/domain/belief/contradiction.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import { absentMemory, evolveMemory, type Memory } from '#libs/domain/memory/memory.evolve.js';
import type { Holders } from '#libs/ports/log-reader.js';
import type { AppendRequest, AppendResult, NewEvent } from '#libs/ports/log-writer.js';

/** Why an event of a draft happens. */
export interface Why {
  reason: Reason;
  decision: Decision | null;
}

export const byCaller: Why = { reason: 'user', decision: null };

/**
 * Who holds the reservations that a command speaks of, as far as it was looked up or refused appends have told. What is
 * not known is taken to be free, and what is known may have changed: the log, which alone knows, says otherwise.
 */
export class KnownOwners {
  private readonly owners = new Map<string, string | null>();
  private lookedUpAt: number | null = null;

  /** Where the log ended when they were looked up; null when that is not known, or too long ago. */
  get position(): number | null {
    return this.lookedUpAt;
  }

  /** Null: nobody holds it. Undefined: not known. */
  of(key: string): string | null | undefined {
    return this.owners.get(key);
  }

  /** What was looked up. That nobody holds the others may change, and then the log refuses. */
  foresee({ position, owners }: Holders): void {
    for (const [key, owner] of owners) this.owners.set(key, owner);
    this.lookedUpAt = position;
  }

  learn({ held }: Extract<AppendResult, { kind: 'reservation_held' }>): void {
    for (const { key, owner } of held) this.owners.set(key, owner);
    this.lookedUpAt = null;
  }
}

/** One commit while it is decided: events, the memories as these leave them, and who holds what afterwards. */
export class Draft {
  readonly events: NewEvent[] = [];
  private readonly memories = new Map<string, Memory>();
  private readonly expectedVersions: Record<string, number> = {};
  private readonly take: Record<string, string> = {};
  private readonly expect: Record<string, string> = {};
  private readonly release = new Set<string>();

  constructor(
    private readonly envelope: CommandEnvelope,
    private readonly owners: KnownOwners,
    private readonly roomForEvents: number,
  ) {}

  /** See `KnownOwners.position`. */
  get knownTo(): number | null {
    return this.owners.position;
  }

  hasRoomFor(events: number): boolean {
    return this.events.length + events <= this.roomForEvents;
  }

  /** A memory that the log has: the decision holds for this version of it only. */
  know(memory: Memory): Memory {
    const known = this.memories.get(memory.id);
    if (known) return known;
    this.expectedVersions[`memory-${memory.id}`] = memory.version;
    this.memories.set(memory.id, memory);
    return memory;
  }

  /** A memory as it is after all that was drafted so far. */
  memory(id: string): Memory | undefined {
    return this.memories.get(id);
  }

  /** @param time when it happened in the world; now, when left out */
  append(event: MemoryEvent, dataSubject: string | null, why: Why, time = this.envelope.receivedAt): void {
    const { memoryId } = event.data;
    const before = this.memories.get(memoryId);
    this.add(`memory-${memoryId}`, event, dataSubject, why, time);
    // An id that the log gave is new; one out of a file may be there already.
    if (event.type === 'MemoryImported') this.expectedVersions[`memory-${memoryId}`] = 0;
    else if (!before && event.type !== 'MemoryLearned') return;
    const after = evolveMemory(before ? { kind: 'known', memory: before } : absentMemory, event);
    if (after.kind === 'known') this.memories.set(memoryId, after.memory);
  }

  appendContradiction(event: ContradictionEvent, version: number, dataSubject: string | null, why: Why): void {
    const streamId = `contradiction-${event.data.contradictionId}`;
    this.expectedVersions[streamId] ??= version;
    this.add(streamId, event, dataSubject, why, this.envelope.receivedAt);
  }

  add(streamId: string, event: NewEvent['event'], dataSubject: string | null, why: Why, time: string): void {
    this.events.push({ streamId, event, time, dataSubject, ...why });
  }

  /** Who holds `key` after all that was drafted so far. */
  holder(key: string): string | null | undefined {
    if (this.take[key] !== undefined) return this.take[key];
    return this.release.has(key) ? null : this.owners.of(key);
  }

  /** Whether the draft takes it anew. */
  takes(key: string): boolean {
    return this.take[key] !== undefined;
  }

  reserve(key: string, owner: string): void {
    this.take[key] = owner;
  }

  /** The decision holds only while `owner`, whom the log names, holds it. */
  relyOn(key: string, owner: string): void {
    if (this.take[key] === undefined) this.expect[key] = owner;
  }

  /** Gives back what `owner` holds; what somebody else holds stays theirs. */
  free(keys: readonly string[], owner: string): void {
    for (const key of keys) {
      if (this.take[key] === owner) delete this.take[key];
      else if ((this.owners.of(key) ?? owner) === owner && this.owners.of(key) !== null) {
        this.expect[key] = owner;
        this.release.add(key);
      }
    }
  }

  get reservations(): Reservations {
    return { take: this.take, expect: this.expect, release: [...this.release] };
  }

  request(): Pick<AppendRequest, 'events' | 'expectedVersions' | 'reservations'> {
    return { events: this.events, expectedVersions: this.expectedVersions, reservations: this.reservations };
  }
}

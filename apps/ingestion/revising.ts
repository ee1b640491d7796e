import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import type { Reservations } from '#libs/contracts/events.js';
import { decideForgetting, decideRevision, type MemoryDecision } from '#libs/domain/memory/memory.decide.js';
import type { MemoryRevised } from '#libs/domain/memory/memory.events.js';
import type { Memory } from '#libs/domain/memory/memory.evolve.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter, type NewEvent, noReservations } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from './appending.js';
import { KnownMemories } from './known-memories.js';

type Revise = Extract<Command, { type: 'ReviseMemory' }>;
type Forget = Extract<Command, { type: 'ForgetMemories' }>;

/** Changes and ends memories that exist. */
@Injectable()
export class Revising {
  constructor(
    private readonly log: LogWriter,
    private readonly known: KnownMemories,
    private readonly identities: Identities,
  ) {}

  async revise(envelope: CommandEnvelope, command: Revise): Promise<CommandOutcome> {
    const { memoryId, type: _type, ...request } = command;
    const base = await appendBase(envelope, this.identities);
    const streamId = `memory-${memoryId}`;
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const decision = decideRevision(await this.known.state(envelope.caller, memoryId), request);
      if (decision.kind !== 'events') {
        return unlessRepeated(this.log, base, streamId, refusalOf(decision));
      }
      const { memory, events } = decision;
      const result = await this.log.append({
        ...base,
        expectedVersions: { [streamId]: memory.version },
        reservations: await this.movedReservation(envelope, memory, events[0]),
        events: events.map((event) => newEvent(envelope, memory, event)),
        outcome: { memoryId },
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      if (result.kind === 'reservation_held') return contentConflict(result.held[0]!.owner);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  async forget(envelope: CommandEnvelope, command: Forget): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const memoryIds = [...new Set(command.memoryIds)];
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const decisions = await Promise.all(
        memoryIds.map(async (id) => decideForgetting(await this.known.state(envelope.caller, id), command.hard)),
      );
      const found = decisions.filter((decision) => decision.kind === 'events');
      if (found.length === 0 && command.single) {
        return unlessRepeated(this.log, base, `memory-${memoryIds[0]!}`, notFound);
      }
      const active = found.filter(({ memory }) => memory.status === 'active');
      const streams = found.map(({ memory }) => `memory-${memory.id}`);
      const result = await this.log.append({
        ...base,
        expectedVersions: Object.fromEntries(found.map(({ memory }) => [`memory-${memory.id}`, memory.version])),
        reservations: {
          ...noReservations,
          release: await Promise.all(active.map(({ memory }) => this.known.contentKey(envelope.caller, memory))),
        },
        events: found.flatMap(({ memory, events }) => events.map((event) => newEvent(envelope, memory, event))),
        outcome: { deletedCount: found.length, hardDelete: command.hard, alreadyDeleted: false },
        destroyStreamKeys: command.hard ? streams : [],
      });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  /** A memory whose content or type changes gives its old reservation back and takes the new one. */
  private async movedReservation(
    envelope: CommandEnvelope,
    memory: Memory,
    revised: MemoryRevised | undefined,
  ): Promise<Reservations> {
    if (!revised) return noReservations;
    const before = await this.known.contentKey(envelope.caller, memory);
    const after = await this.known.contentKey(envelope.caller, { ...memory, ...revised.data });
    return before === after ? noReservations : { take: { [after]: memory.id }, expect: {}, release: [before] };
  }
}

function newEvent(envelope: CommandEnvelope, memory: Memory, event: NewEvent['event']): NewEvent {
  return {
    streamId: `memory-${memory.id}`,
    event,
    time: envelope.receivedAt,
    dataSubject: memory.ownership.userId,
    reason: 'user',
    decision: null,
  };
}

const notFound: CommandRefused = {
  kind: 'refused',
  code: 'not_found',
  detail: 'There is no such memory, or this key may not see it.',
};

function refusalOf(decision: Exclude<MemoryDecision<unknown>, { kind: 'events' }>): CommandRefused {
  switch (decision.kind) {
    case 'not_found':
      return notFound;
    case 'superseded':
      return superseded(decision.by);
    case 'version_conflict':
      return versionConflict(decision.expected, decision.actual);
  }
}

function superseded(by: string | null): CommandRefused {
  return {
    kind: 'refused',
    code: 'superseded',
    detail: 'Another memory took its place: change that one, or undo what replaced it.',
    facts: { superseded_by: by },
  };
}

function versionConflict(expected: number, actual: number): CommandRefused {
  return {
    kind: 'refused',
    code: 'version_conflict',
    detail: `The memory is at version ${actual}, not ${expected}. Read it again and decide on what it says now.`,
    facts: { expected_version: expected, actual_version: actual },
  };
}

function contentConflict(owner: string | null): CommandRefused {
  return {
    kind: 'refused',
    code: 'content_conflict',
    detail: 'Another memory in this scope already says this; update or delete that one.',
    facts: { memory_id: owner },
  };
}

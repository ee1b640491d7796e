import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { decideForgetting, decideRevision, type MemoryDecision } from '#libs/domain/memory/memory.decide.js';
import { limits } from '#libs/domain/limits.js';
import type { MemoryErased, MemoryForgotten, MemoryRevised } from '#libs/domain/memory/memory.events.js';
import { isBelieved, isDerived, type Memory } from '#libs/domain/memory/memory.evolve.js';
import { Identities } from '#libs/ports/identities.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import {
  accepted,
  appendBase,
  contention,
  decisionAttempts,
  derivedId,
  finalRefusal,
  unlessRepeated,
} from './appending.js';
import { byCaller, Draft, KnownOwners } from './beliefs/draft.js';
import { contentConflict, notFound, superseded } from './beliefs/refusals.js';
import { Reserving } from './beliefs/reserving.js';
import { Settling } from './beliefs/settling.js';
import { Statements } from './beliefs/statements.js';
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
    private readonly statements: Statements,
    private readonly settling: Settling,
    private readonly reserving: Reserving,
    private readonly reader: MemoryReader,
  ) {}

  async revise(envelope: CommandEnvelope, command: Revise): Promise<CommandOutcome> {
    const { memoryId, type: _type, ...request } = command;
    const base = await appendBase(envelope, this.identities);
    const streamId = `memory-${memoryId}`;
    const owners = new KnownOwners();
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const decision = decideRevision(await this.known.state(envelope.caller, memoryId), request);
      if (decision.kind !== 'events') {
        return unlessRepeated(this.log, base, streamId, refusalOf(decision));
      }
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const before = draft.know(decision.memory);
      for (const event of decision.events) {
        draft.append(this.read(event, before), before.ownership.userId, byCaller);
        await this.reserving.move(envelope.caller.tenantId, draft, before, draft.memory(memoryId)!);
      }
      const result = await this.log.append({
        ...base,
        ...draft.request(),
        outcome: { memoryId },
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      if (result.kind === 'reservation_held') {
        const conflict = contentConflict(result, draft);
        if (conflict) return conflict;
        owners.learn(result);
      }
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  async forget(envelope: CommandEnvelope, command: Forget): Promise<CommandOutcome> {
    if (command.hard) await this.eraseConclusions(envelope, command.memoryIds);
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    const memoryIds = [...new Set(command.memoryIds)];
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const decisions = await Promise.all(
        memoryIds.map(async (id) => decideForgetting(await this.known.state(envelope.caller, id), command.hard)),
      );
      const found = decisions.filter((decision) => decision.kind === 'events');
      if (found.length === 0 && command.single) {
        return unlessRepeated(this.log, base, `memory-${memoryIds[0]!}`, notFound);
      }
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const erased: string[] = [];
      for (const { memory, events } of found) erased.push(...(await this.end(envelope, draft, memory, events[0]!)));
      const result = await this.log.append({
        ...base,
        ...draft.request(),
        outcome: { deletedCount: found.length, hardDelete: command.hard, alreadyDeleted: false },
        destroyStreamKeys: command.hard ? erased : [],
      });
      if (result.kind === 'appended') return accepted(result);
      if (result.kind === 'reservation_held') owners.learn(result);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  /**
   * What was concluded from a memory repeats its words, so it goes before the memory does. Maintenance may conclude it
   * anew from what is left.
   */
  private async eraseConclusions(envelope: CommandEnvelope, memoryIds: readonly string[]): Promise<void> {
    const states = await Promise.all(memoryIds.map((id) => this.known.state(envelope.caller, id)));
    const premises = states.flatMap((state) =>
      state.kind === 'known' && !isDerived(state.memory) ? state.memory.id : [],
    );
    if (premises.length === 0) return;
    const conclusions = await this.reader.concludedFrom(envelope.caller.tenantId, premises);
    for (let from = 0; from < conclusions.length; from += limits.idsPerDelete) {
      const part = { ...envelope, commandId: derivedId(envelope, 'conclusions', from), idempotency: null };
      const some = conclusions.slice(from, from + limits.idsPerDelete);
      await this.forget(part, { type: 'ForgetMemories', memoryIds: some, hard: true, single: false });
    }
  }

  /** New words are read into claims, as those of a new memory are. */
  private read(event: MemoryRevised, { observedAt, modality }: Memory): MemoryRevised {
    const { content } = event.data;
    if (content === undefined) return event;
    const read = this.statements.recorded(this.statements.read(content, observedAt, modality));
    return { ...event, data: { ...event.data, read } };
  }

  /** @returns the streams that speak of the memory, itself first */
  private async end(
    envelope: CommandEnvelope,
    draft: Draft,
    memory: Memory,
    event: MemoryForgotten | MemoryErased,
  ): Promise<string[]> {
    const { tenantId } = envelope.caller;
    draft.know(memory);
    if (isBelieved(memory)) {
      await this.settling.settleDisputesOf(envelope, draft, memory, 'forgotten');
      await this.reserving.free(tenantId, draft, memory);
    }
    // A contradiction quotes both of its beliefs, so it goes with either of them.
    const contradictions = event.type === 'MemoryErased' ? memory.contradictions : [];
    for (const id of contradictions) {
      const contradiction = await this.settling.contradiction(tenantId, id);
      if (contradiction) this.settling.erase(draft, contradiction);
    }
    draft.append(event, memory.ownership.userId, byCaller);
    return [`memory-${memory.id}`, ...contradictions.map((id) => `contradiction-${id}`)];
  }
}

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

function versionConflict(expected: number, actual: number): CommandRefused {
  return {
    kind: 'refused',
    code: 'version_conflict',
    detail: `The memory is at version ${actual}, not ${expected}. Read it again and decide on what it says now.`,
    facts: { expected_version: expected, actual_version: actual },
  };
}

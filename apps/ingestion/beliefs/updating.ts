import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { conflictWeights } from '#libs/domain/belief/verdict.js';
import { limits } from '#libs/domain/limits.js';
import { isBelieved, type Memory } from '#libs/domain/memory/memory.evolve.js';
import { believerKey } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';
import { type AppendResult, LogWriter, noReservations } from '#libs/ports/log-writer.js';
import {
  accepted,
  type AppendBase,
  appendBase,
  contention,
  decisionAttempts,
  derivedId,
  finalRefusal,
} from '../appending.js';
import { KnownMemories } from '../known-memories.js';
import { isRefused, ownershipOf } from '../placement.js';
import { type Candidate, Understanding } from '../understanding.js';
import { Believing, supportOf } from './believing.js';
import { type Compared, Comparing } from './comparing.js';
import { byCaller, Draft, KnownOwners } from './draft.js';
import { contentConflict, notFound, superseded } from './refusals.js';
import { Reserving } from './reserving.js';
import { Statements } from './statements.js';

type Update = Extract<Command, { type: 'UpdateBelief' }>;

const nobody = '00000000-0000-0000-0000-000000000000';

/** What became of a belief. */
interface Updated {
  memoryId: string;
  strategyApplied: 'created' | 'supersede' | 'merge' | 'adjust' | 'manual';
  supersededIds: string[];
  confidenceBefore: number | null;
  confidenceAfter: number;
  contradictionId: string | null;
}

/** Carries out `UpdateBelief`: a statement, and what the caller wants to become of the belief that it is about. */
@Injectable()
export class Updating {
  constructor(
    private readonly log: LogWriter,
    private readonly known: KnownMemories,
    private readonly identities: Identities,
    private readonly understanding: Understanding,
    private readonly believing: Believing,
    private readonly comparing: Comparing,
    private readonly statements: Statements,
    private readonly reserving: Reserving,
  ) {}

  async update(envelope: CommandEnvelope, command: Update): Promise<CommandOutcome> {
    const ownership = ownershipOf(envelope.caller, command.placement);
    if (isRefused(ownership)) return ownership;
    const statement = { ...command, type: 'LearnMemory' as const, memoryType: 'fact' };
    const understood = await this.understanding.of(envelope, statement, ownership);
    const candidate = understood.chunks[0]!.candidates[0]!;
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    let isSure = false;
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const updated = await this.decide(envelope, command, draft, candidate);
      if ('kind' in updated) {
        if (isSure) return updated;
        const told = await this.ask(base, candidate);
        if (told.kind === 'appended') return accepted(told);
        if (told.kind !== 'reservation_held') return finalRefusal(told) ?? updated;
        owners.learn(told);
        isSure = true;
        continue;
      }
      const outcome = { ...updated };
      const result = await this.log.append({ ...base, ...draft.request(), outcome, destroyStreamKeys: [] });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind !== 'reservation_held') continue;
      const conflict = updated.strategyApplied === 'merge' ? contentConflict(result, draft) : null;
      if (conflict) return conflict;
      owners.learn(result);
    }
    return contention;
  }

  /**
   * Before anything is refused, the log is asked: it may have the outcome of a first run of the request, and it knows
   * who says the same already, whatever the index finds. The append that asks cannot go ahead: nobody has that id.
   */
  private ask(base: AppendBase, { contentKey, slotKeys }: Candidate): Promise<AppendResult> {
    const expect = Object.fromEntries([contentKey, ...slotKeys].map((key) => [key, nobody]));
    return this.log.append({
      ...base,
      expectedVersions: {},
      reservations: { ...noReservations, expect },
      events: [],
      outcome: {},
      destroyStreamKeys: [],
    });
  }

  private async decide(
    envelope: CommandEnvelope,
    command: Update,
    draft: Draft,
    candidate: Candidate,
  ): Promise<Updated | CommandRefused> {
    if (command.strategy === 'auto') return this.byRules(envelope, draft, candidate);
    const target = await this.target(envelope, command, draft, candidate);
    if ('kind' in target) return target;
    switch (command.strategy) {
      case 'merge':
        return this.merge(envelope, draft, candidate, target);
      case 'adjust':
        return this.adjust(envelope, draft, candidate, target);
      default:
        return this.byWord(envelope, draft, candidate, target.memory, command.strategy);
    }
  }

  private async byRules(envelope: CommandEnvelope, draft: Draft, candidate: Candidate): Promise<Updated> {
    const holder = draft.holder(candidate.contentKey);
    const repeated = typeof holder === 'string' ? await this.known.ofTenant(envelope.caller.tenantId, holder) : null;
    if (repeated) draft.know(repeated);
    const told = await this.believing.tell(envelope, draft, candidate);
    const replaced = told.supersededIds[0] === undefined ? null : draft.memory(told.supersededIds[0]);
    const after = draft.memory(told.memoryId);
    const isOpen = after?.status === 'disputed';
    const strategyApplied = replaced ? 'supersede' : !told.isNew ? 'adjust' : isOpen ? 'manual' : 'created';
    return {
      memoryId: told.memoryId,
      strategyApplied,
      supersededIds: told.supersededIds,
      confidenceBefore: (replaced ?? repeated)?.confidence ?? null,
      confidenceAfter: after?.confidence ?? candidate.learned.data.confidence,
      contradictionId: told.contradictionIds[0] ?? null,
    };
  }

  private async byWord(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    target: Memory,
    strategy: 'supersede' | 'manual',
  ): Promise<Updated | CommandRefused> {
    if ((await this.reserving.contentKey(envelope.caller.tenantId, target)) === candidate.contentKey) {
      return sameWords(target.id);
    }
    const word = { memoryId: target.id, stays: strategy === 'supersede' ? ('told' as const) : ('both' as const) };
    const told = await this.believing.tell(envelope, draft, candidate, word);
    if (!told.isNew) return sameWords(told.memoryId);
    return {
      memoryId: told.memoryId,
      strategyApplied: strategy,
      supersededIds: told.supersededIds,
      confidenceBefore: target.confidence,
      confidenceAfter: draft.memory(told.memoryId)!.confidence,
      contradictionId: told.contradictionIds[0] ?? null,
    };
  }

  /** The belief takes the new words and keeps its id, its evidence and its history. */
  private async merge(
    envelope: CommandEnvelope,
    draft: Draft,
    { learned, statement }: Candidate,
    { memory }: Compared,
  ): Promise<Updated> {
    const { content, metadata, evidence } = learned.data;
    draft.know(memory);
    draft.append(
      {
        type: 'MemoryRefined',
        data: {
          ...{ memoryId: memory.id, content, evidence },
          metadata: { ...memory.metadata, ...metadata },
          weight: supportOf(evidence, memory.evidence),
          read: this.statements.recorded(statement),
        },
      },
      memory.ownership.userId,
      byCaller,
    );
    const after = draft.memory(memory.id)!;
    await this.reserving.move(envelope.caller.tenantId, draft, memory, after);
    return changed('merge', memory, after);
  }

  /** No new belief: what is told only makes the belief more certain, or less. */
  private async adjust(
    envelope: CommandEnvelope,
    draft: Draft,
    { learned }: Candidate,
    { memory, verdict, told, held }: Compared,
  ): Promise<Updated> {
    const { evidence } = learned.data;
    const memoryId = memory.id;
    draft.know(memory);
    if (verdict.relation.relation === 'contradicts') {
      const { held: weight } = conflictWeights(told, held, { ...verdict, policy: 'latest_wins' });
      const evidenceId = derivedId(envelope, 'adjusted', memoryId);
      const data = { memoryId, evidenceId, weight, contradictionId: null, dispute: null };
      draft.append({ type: 'BeliefAdjusted', data }, memory.ownership.userId, byCaller);
    } else {
      const weight = supportOf(evidence, memory.evidence);
      const data = { memoryId, evidence, weight };
      draft.append({ type: 'MemoryReinforced', data }, memory.ownership.userId, byCaller);
    }
    return changed('adjust', memory, draft.memory(memoryId)!);
  }

  /** The belief that the caller named, else the one that the rules find. */
  private async target(
    envelope: CommandEnvelope,
    { targetId, strategy }: Update,
    draft: Draft,
    candidate: Candidate,
  ): Promise<Compared | CommandRefused> {
    if (targetId === null) {
      const wanted = strategy === 'merge' || strategy === 'adjust' ? ['duplicate', 'refines'] : [];
      const found = await this.comparing.nearest(envelope, draft, candidate, ['contradicts', ...wanted]);
      return found ?? nothingContradicted;
    }
    const state = await this.known.state(envelope.caller, targetId);
    if (state.kind !== 'known' || state.memory.status === 'forgotten') return notFound;
    if (!isBelieved(state.memory)) return superseded(state.memory.supersededBy);
    if (believerKey(state.memory.ownership) !== believerKey(candidate.learned.data.ownership)) return otherBeliever;
    return this.comparing.compared(envelope, candidate, state.memory);
  }
}

function changed(strategyApplied: 'merge' | 'adjust', before: Memory, after: Memory): Updated {
  return {
    ...{ memoryId: before.id, strategyApplied, supersededIds: [], contradictionId: null },
    confidenceBefore: before.confidence,
    confidenceAfter: after.confidence,
  };
}

const nothingContradicted: CommandRefused = {
  kind: 'refused',
  code: 'nothing_contradicted',
  detail:
    'No belief of this scope and user was found that it could be about: name contradicting_memory_id, or use auto.',
};

const otherBeliever: CommandRefused = {
  kind: 'refused',
  code: 'validation_failed',
  detail:
    'contradicting_memory_id belongs to another scope or user: send the scope, session_id and user_id of that memory.',
};

function sameWords(memoryId: string): CommandRefused {
  return {
    kind: 'refused',
    code: 'content_conflict',
    detail: 'A memory in this scope already says this; use auto or adjust to support it.',
    facts: { memory_id: memoryId },
  };
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { byCommandId, type CommandEnvelope, type CommandOutcome } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import { isBelieved } from '#libs/domain/memory/memory.evolve.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { InTurn } from '#libs/ports/in-turn.js';
import { LogWriter, type NewEvent } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, derivedId, finalRefusal } from './appending.js';
import { Believing, type Told } from './beliefs/believing.js';
import { Comparing } from './beliefs/comparing.js';
import { Draft, KnownOwners } from './beliefs/draft.js';
import { RecentClaims } from './beliefs/recent-claims.js';
import { KnownMemories } from './known-memories.js';
import { isRefused, ownershipOf } from './placement.js';
import {
  type Candidate,
  type Chunk,
  type Ingest,
  type Learn,
  type Understood,
  Understanding,
} from './understanding.js';

interface Learned {
  memoryIds: string[];
  memoriesCreated: number;
  supersededIds: string[];
  contradictionIds: string[];
}

/** The log moved on under the decision. */
interface Again {
  kind: 'again';
  /** The reservation or the stream that another command has. */
  about: string;
  chunk: Chunk;
}

/** The stored outcome of a part of a request. */
interface Part extends Learned {
  conversationId: string | null;
}

/** Turns conversations and statements into memories: new ones, or more evidence for those that already say it. */
@Injectable()
export class Learning {
  private readonly contended = new InTurn();
  private readonly knownAgents = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly understanding: Understanding,
    private readonly identities: Identities,
    private readonly believing: Believing,
    private readonly comparing: Comparing,
    private readonly known: KnownMemories,
    private readonly recent: RecentClaims,
  ) {}

  /** Carries out `LearnMemory` and `IngestConversation`. */
  async carryOut(envelope: CommandEnvelope, command: Learn | Ingest): Promise<CommandOutcome> {
    const ownership = ownershipOf(envelope.caller, command.placement);
    if (isRefused(ownership)) return ownership;
    const understood = await this.understanding.of(envelope, command, ownership);
    const outcome = await this.appendChunks(envelope, ownership, understood);
    if (outcome.kind === 'refused' || !outcome.replayed) return outcome;
    // A stored outcome goes with the key of what it speaks of.
    const memoryIds = outcome.body['memoryIds'] as string[] | undefined;
    if (
      envelope.idempotency?.kind === 'window' &&
      (memoryIds === undefined || !(await this.stillStand(envelope, memoryIds)))
    ) {
      // What the first one learned was deleted or replaced since, so this is no retry of it: the caller means it again.
      return this.appendChunks({ ...envelope, idempotency: byCommandId(envelope) }, ownership, understood);
    }
    return memoryIds === undefined ? { ...outcome, body: erasedOutcome(ownership) } : outcome;
  }

  /** Whether the memories are as believed as they were when they were learned: an older fact is learned closed. */
  private async stillStand({ caller }: CommandEnvelope, memoryIds: readonly string[]): Promise<boolean> {
    const known = [...(await this.known.allOfTenant(caller.tenantId, memoryIds)).values()];
    return known.length === memoryIds.length && known.every((memory) => isBelieved(memory) || memory.version === 1);
  }

  /**
   * Appends the chunks in order. The last one carries the request's idempotency key and the whole answer, so a request
   * that was cut off half-way is finished by its retry: finished chunks answer from their own, derived keys, and what is
   * left goes on in the conversation that they began.
   */
  private async appendChunks(
    envelope: CommandEnvelope,
    ownership: Ownership,
    { conversationId, chunks }: Understood,
  ): Promise<CommandOutcome> {
    let total: Learned = { memoryIds: [], memoriesCreated: 0, supersededIds: [], contradictionIds: [] };
    let conversation = conversationId;
    this.comparing.lookAhead(
      envelope.caller.tenantId,
      chunks.flatMap(({ candidates }) => candidates),
    );
    for (const [index, chunk] of chunks.entries()) {
      const isLast = index === chunks.length - 1;
      const part = isLast ? envelope : partOf(envelope, index);
      const registration = index === 0 ? await this.agentRegistration(envelope) : [];
      const before = [...registration, ...chunk.before.map((event) => inConversation(event, conversation))];
      const result = await this.appendLearned(part, { ...chunk, before }, (learned) => {
        const { memoryIds, memoriesCreated, ...revised } = together(total, learned);
        const deduplicated = memoriesCreated === 0 && memoryIds.length > 0;
        const { userId, agentId, projectId, sessionId } = ownership;
        const place = { conversationId: conversation, userId, agentId, projectId, sessionId };
        return isLast
          ? { memoryIds, memoriesCreated, deduplicated, ...revised, ...place }
          : { ...learned, conversationId: conversation };
      });
      if (result.kind === 'refused' || isLast) return result;
      // Absent in the stored outcome of a part whose memories were erased since.
      const { conversationId: begun = conversation, ...learned } = result.body as Partial<Part>;
      total = together(total, learned);
      conversation = begun;
    }
    throw new Error('a command without chunks');
  }

  /**
   * One append, decided again when another command holds a reservation or registered the agent first. Commands of this
   * process that want the same reservation decide again one after another, or they would only keep refusing each other.
   */
  private async appendLearned(
    envelope: CommandEnvelope,
    chunk: Chunk,
    outcomeOf: (learned: Learned) => Record<string, unknown>,
  ): Promise<CommandOutcome> {
    const owners = new KnownOwners();
    // Slots are often held: to look first is less work than to be refused.
    const keys = chunk.candidates.flatMap(({ contentKey, slotKeys, statement: { claims } }) =>
      claims.length > 0 ? [contentKey, ...slotKeys] : [],
    );
    this.comparing.lookUp(envelope.caller.tenantId, chunk.candidates);
    if (keys.length > 0) owners.foresee(await this.logReader.holders(envelope.caller.tenantId, keys));
    const first = await this.attempt(envelope, chunk, owners, outcomeOf);
    if (first.kind !== 'again') return first;
    return this.contended.run(`${envelope.caller.tenantId}/${first.about}`, async () => {
      let { chunk: left } = first;
      for (let attempt = 1; attempt < decisionAttempts; attempt += 1) {
        const next = await this.attempt(envelope, left, owners, outcomeOf);
        if (next.kind !== 'again') return next;
        left = next.chunk;
      }
      return contention;
    });
  }

  private async attempt(
    envelope: CommandEnvelope,
    chunk: Chunk,
    owners: KnownOwners,
    outcomeOf: (learned: Learned) => Record<string, unknown>,
  ): Promise<CommandOutcome | Again> {
    const base = await appendBase(envelope, this.identities);
    const draft = new Draft(envelope, owners, limits.eventsPerCommit - chunk.before.length);
    const learned = await this.tellAll(envelope, draft, chunk.candidates);
    const { events, expectedVersions, reservations } = draft.request();
    const registered = chunk.before.find(({ event }) => event.type === 'AgentRegistered');
    const result = await this.log.append({
      ...base,
      expectedVersions: { ...expectedVersions, ...(registered && { [registered.streamId]: 0 }) },
      reservations,
      events: [...chunk.before, ...events],
      outcome: outcomeOf(learned),
      destroyStreamKeys: [],
    });
    switch (result.kind) {
      case 'appended':
        if (result.commitId !== null)
          this.recent.appended(base.tenantId, result.position, [...chunk.before, ...events]);
        if (registered) this.knownAgents.set(`${base.tenantId}/${registered.streamId}`, true);
        return accepted(result);
      case 'wrong_expected_version': {
        const isAgent = result.stream === registered?.streamId;
        const before = isAgent ? chunk.before.filter((event) => event !== registered) : chunk.before;
        return { kind: 'again', about: result.stream, chunk: { ...chunk, before } };
      }
      case 'reservation_held':
        owners.learn(result);
        return { kind: 'again', about: result.held[0]!.key, chunk };
      default:
        return finalRefusal(result) ?? contention;
    }
  }

  private async tellAll(envelope: CommandEnvelope, draft: Draft, candidates: readonly Candidate[]): Promise<Learned> {
    const told: Told[] = [];
    for (const candidate of candidates) told.push(await this.believing.tell(envelope, draft, candidate));
    return {
      memoryIds: [...new Set(told.map(({ memoryId }) => memoryId))],
      memoriesCreated: told.filter(({ isNew }) => isNew).length,
      supersededIds: told.flatMap(({ supersededIds }) => supersededIds),
      contradictionIds: told.flatMap(({ contradictionIds }) => contradictionIds),
    };
  }

  private async agentRegistration(envelope: CommandEnvelope): Promise<NewEvent[]> {
    const { agent, tenantId, project, team } = envelope.caller;
    if (agent === null) return [];
    const streamId = `agent-${agent.id}`;
    const cacheKey = `${tenantId}/${streamId}`;
    if (this.knownAgents.has(cacheKey)) return [];
    const versions = await this.logReader.streamVersions(tenantId, [streamId]);
    if (versions.has(streamId)) {
      this.knownAgents.set(cacheKey, true);
      return [];
    }
    const data = {
      agentId: agent.id,
      name: agent.name,
      agentType: agent.type,
      role: null,
      personality: null,
      project,
      team,
    };
    return [
      {
        streamId,
        event: { type: 'AgentRegistered', data },
        time: envelope.receivedAt,
        dataSubject: null,
        reason: 'user',
        decision: null,
      },
    ];
  }
}

function together(left: Learned, right: Partial<Learned>): Learned {
  return {
    memoryIds: [...new Set([...left.memoryIds, ...(right.memoryIds ?? [])])],
    memoriesCreated: left.memoriesCreated + (right.memoriesCreated ?? 0),
    supersededIds: [...left.supersededIds, ...(right.supersededIds ?? [])],
    contradictionIds: [...left.contradictionIds, ...(right.contradictionIds ?? [])],
  };
}

/** The answer to the retry of a request whose memories were erased since. */
function erasedOutcome({ userId, agentId, projectId, sessionId }: Ownership): Record<string, unknown> {
  const nothing = { memoryIds: [], memoriesCreated: 0, deduplicated: false, conversationId: null };
  return { ...nothing, userId, agentId, projectId, sessionId };
}

/** The event as part of `conversationId`: a retry has ids of its own, but goes on with what its first run began. */
function inConversation(added: NewEvent, conversationId: string | null): NewEvent {
  const { event } = added;
  if (event.type !== 'ConversationIngested' || conversationId === null) return added;
  const data = { ...event.data, conversationId };
  return { ...added, streamId: `session-${conversationId}`, event: { ...event, data } };
}

/** An earlier part of a request that spans commits: its own command id and idempotency key, the same on a retry. */
function partOf(envelope: CommandEnvelope, index: number): CommandEnvelope {
  const { idempotency } = envelope;
  return {
    ...envelope,
    commandId: derivedId(envelope, 'part', index),
    idempotency: idempotency && { ...idempotency, key: `${idempotency.key} part ${index}` },
  };
}

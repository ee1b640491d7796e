import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { byCommandId, type CommandEnvelope, type CommandOutcome } from '#libs/contracts/commands.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { type AppendRequest, type AppendResult, LogWriter, type NewEvent } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, derivedId, finalRefusal } from './appending.js';
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
}

/** The stored outcome of a part of a request. */
interface Part extends Learned {
  conversationId: string | null;
}

/** Turns conversations and statements into memories: new ones, or more evidence for those that already say it. */
@Injectable()
export class Learning {
  private readonly knownAgents = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly understanding: Understanding,
    private readonly identities: Identities,
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
      (memoryIds === undefined || (await this.isForgotten(envelope, memoryIds)))
    ) {
      // What the first one learned was deleted since, so this is no retry of it: the caller means it again.
      return this.appendChunks({ ...envelope, idempotency: byCommandId(envelope) }, ownership, understood);
    }
    return memoryIds === undefined ? { ...outcome, body: erasedOutcome(ownership) } : outcome;
  }

  private async isForgotten({ caller }: CommandEnvelope, memoryIds: readonly string[]): Promise<boolean> {
    for (const memoryId of memoryIds) {
      const last = (await this.logReader.stream(caller.tenantId, `memory-${memoryId}`)).at(-1);
      if (last?.headers.type === 'MemoryForgotten' || last?.headers.type === 'MemoryErased') return true;
    }
    return false;
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
    const total: Learned = { memoryIds: [], memoriesCreated: 0 };
    let conversation = conversationId;
    for (const [index, chunk] of chunks.entries()) {
      const isLast = index === chunks.length - 1;
      const part = isLast ? envelope : partOf(envelope, index);
      const registration = index === 0 ? await this.agentRegistration(envelope) : [];
      const before = [...registration, ...chunk.before.map((event) => inConversation(event, conversation))];
      const result = await this.appendLearned(part, ownership, { ...chunk, before }, (learned) => {
        const memoryIds = [...new Set([...total.memoryIds, ...learned.memoryIds])];
        const memoriesCreated = total.memoriesCreated + learned.memoriesCreated;
        const deduplicated = memoriesCreated === 0 && memoryIds.length > 0;
        const { userId, agentId, projectId, sessionId } = ownership;
        const place = { conversationId: conversation, userId, agentId, projectId, sessionId };
        return isLast
          ? { memoryIds, memoriesCreated, deduplicated, ...place }
          : { ...learned, conversationId: conversation };
      });
      if (result.kind === 'refused' || isLast) return result;
      // Absent in the stored outcome of a part whose memories were erased since.
      const {
        memoryIds = [],
        memoriesCreated = 0,
        conversationId: begun = conversation,
      } = result.body as Partial<Part>;
      total.memoryIds.push(...memoryIds);
      total.memoriesCreated += memoriesCreated;
      conversation = begun;
    }
    throw new Error('a command without chunks');
  }

  /** One append, decided again when another command holds a reservation or registered the agent first. */
  private async appendLearned(
    envelope: CommandEnvelope,
    ownership: Ownership,
    chunk: Chunk,
    outcomeOf: (learned: Learned) => Record<string, unknown>,
  ): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const owners = new Map<string, string>();
    let before = chunk.before;
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const decided = decideLearning(chunk.candidates, owners, ownership.userId);
      const registered = before.find(({ event }) => event.type === 'AgentRegistered');
      const request: AppendRequest = {
        ...base,
        expectedVersions: registered ? { [registered.streamId]: 0 } : {},
        reservations: decided.reservations,
        events: [...before, ...decided.events],
        outcome: outcomeOf(decided.learned),
        destroyStreamKeys: [],
      };
      const result: AppendResult = await this.log.append(request);
      if (result.kind === 'appended') {
        if (registered) this.knownAgents.set(`${base.tenantId}/${registered.streamId}`, true);
        return accepted(result);
      }
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind === 'wrong_expected_version') before = before.filter((event) => event !== registered);
      if (result.kind === 'reservation_held') {
        for (const { key, owner } of result.held) {
          if (owner === null) owners.delete(key);
          else owners.set(key, owner);
        }
      }
    }
    return contention;
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

/** The answer to the retry of a request whose memories were erased since. */
function erasedOutcome({ userId, agentId, projectId, sessionId }: Ownership): Record<string, unknown> {
  const nothing = { memoryIds: [], memoriesCreated: 0, deduplicated: false, conversationId: null };
  return { ...nothing, userId, agentId, projectId, sessionId };
}

/** What the log will hold of `candidates`: a memory for each that nobody owns, evidence for the owner of each other. */
function decideLearning(
  candidates: readonly Candidate[],
  owners: ReadonlyMap<string, string>,
  dataSubject: string | null,
) {
  const events: NewEvent[] = [];
  const take: Record<string, string> = {};
  const expect: Record<string, string> = {};
  const memoryIds: string[] = [];
  let memoriesCreated = 0;
  for (const { contentKey, learned } of candidates) {
    const { memoryId, evidence, observedAt, confidence } = learned.data;
    const owner = owners.get(contentKey) ?? take[contentKey];
    if (owner === undefined) {
      take[contentKey] = memoryId;
      memoriesCreated += 1;
    } else if (owners.has(contentKey)) {
      expect[contentKey] = owner;
    }
    memoryIds.push(owner ?? memoryId);
    events.push({
      streamId: `memory-${owner ?? memoryId}`,
      event: owner === undefined ? learned : { type: 'MemoryReinforced', data: { memoryId: owner, evidence } },
      time: observedAt,
      dataSubject,
      reason: evidence.sourceType === 'statement' ? 'user' : 'rule',
      decision: { rule: evidence.ruleId, version: evidence.extractorVersion ?? undefined, confidence },
    });
  }
  const learned: Learned = { memoryIds: [...new Set(memoryIds)], memoriesCreated };
  return { events, reservations: { take, expect, release: [] }, learned };
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

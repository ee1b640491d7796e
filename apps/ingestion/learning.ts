import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { contentIdentity } from '#libs/domain/memory/memory.decide.js';
import type { Evidence, MemoryLearned } from '#libs/domain/memory/memory.events.js';
import { limits, plaintextBytesPerCommit } from '#libs/domain/limits.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';
import { type ExtractedMemory, type Extraction, Extractor } from '#libs/ports/extractor.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { type AppendRequest, type AppendResult, LogWriter, type NewEvent } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, derivedId, finalRefusal } from './appending.js';
import { isRefused, namesOf, ownershipOf } from './placement.js';

/** One memory that a command would learn, and the reservation that makes it the only one of its kind. */
interface Candidate {
  contentKey: string;
  learned: MemoryLearned;
}

/** One append of a command: raw messages, and what was learned from them. */
interface Chunk {
  before: NewEvent[];
  candidates: Candidate[];
  bytes: number;
}

interface Learned {
  memoryIds: string[];
  memoriesCreated: number;
}

type Ingest = Extract<Command, { type: 'IngestConversation' }>;
type Learn = Extract<Command, { type: 'LearnMemory' }>;

/** Plain bytes that headers and JSON add to each event of a commit. */
const eventOverheadBytes = 1_500;

/** Turns conversations and statements into memories: new ones, or more evidence for those that already say it. */
@Injectable()
export class Learning {
  private readonly knownAgents = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly extractor: Extractor,
    private readonly identities: Identities,
  ) {}

  async learn(envelope: CommandEnvelope, command: Learn): Promise<CommandOutcome> {
    const ownership = ownershipOf(envelope.caller, command.placement);
    if (isRefused(ownership)) return ownership;
    const evidence: Evidence = {
      id: derivedId(envelope, 'evidence', 0),
      sourceType: 'statement',
      sources: [],
      ruleId: 'statement',
      extractorVersion: null,
      metadata: command.metadata,
    };
    const candidate = await this.candidate(envelope, ownership, evidence, 0, {
      content: command.content,
      memoryType: command.memoryType,
      confidence: command.confidence,
      metadata: command.metadata,
      modality: 'asserted',
      observedAt: envelope.receivedAt,
      validFrom: null,
      validTo: null,
    });
    return this.appendChunks(envelope, ownership, null, [{ before: [], candidates: [candidate], bytes: 0 }]);
  }

  async ingest(envelope: CommandEnvelope, command: Ingest): Promise<CommandOutcome> {
    const ownership = ownershipOf(envelope.caller, command.placement);
    if (isRefused(ownership)) return ownership;
    const conversationId = await this.conversationId(envelope, command, ownership);
    const extraction = await this.extractor.extract(
      command.messages.map(({ role, name, content, saidAt }) => ({
        role,
        name,
        text: content,
        saidAt: saidAt ?? envelope.receivedAt,
      })),
    );
    const chunks = await this.chunks(envelope, command, ownership, conversationId, extraction);
    return this.appendChunks(envelope, ownership, conversationId, chunks);
  }

  /** The same session of the same user is one conversation; without one, every request is its own. */
  private async conversationId(envelope: CommandEnvelope, command: Ingest, ownership: Ownership): Promise<string> {
    const name = command.placement.conversationId ?? ownership.sessionId;
    if (name === null) return derivedId(envelope, 'conversation');
    const user = ownership.userId === null ? 'self' : `user:${ownership.userId}`;
    return this.identities.id(envelope.caller.tenantId, 'conversation', [ownership.projectId, user, name]);
  }

  /** Splits a request into appends that fit into a commit each, between messages. */
  private async chunks(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    conversationId: string,
    extraction: Extraction,
  ): Promise<Chunk[]> {
    const chunks: { from: number; to: number; candidates: Candidate[]; bytes: number }[] = [];
    for (const [index, message] of command.messages.entries()) {
      const found = extraction.memories
        .map((memory, at) => ({ memory, at }))
        .filter(({ memory }) => memory.source.messageIndex === index);
      const candidates = await Promise.all(
        found.map(({ memory, at }) =>
          this.extracted(envelope, command, ownership, extraction.extractorVersion, memory, at),
        ),
      );
      const bytes =
        byteLength(message) + candidates.reduce((sum, one) => sum + byteLength(one.learned) + eventOverheadBytes, 0);
      const open = chunks.at(-1);
      const fits =
        open &&
        open.bytes + bytes <= plaintextBytesPerCommit &&
        open.candidates.length + candidates.length < limits.eventsPerCommit - 2;
      if (fits)
        Object.assign(open, {
          to: index + 1,
          bytes: open.bytes + bytes,
          candidates: [...open.candidates, ...candidates],
        });
      else chunks.push({ from: index, to: index + 1, candidates, bytes });
    }
    return chunks.map(({ from, to, candidates, bytes }) => ({
      before: [
        this.conversationEvent(envelope, command, ownership, conversationId, extraction.extractorVersion, from, to),
      ],
      candidates,
      bytes,
    }));
  }

  private conversationEvent(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    conversationId: string,
    extractorVersion: string,
    from: number,
    to: number,
  ): NewEvent {
    const messages = command.messages.slice(from, to).map(({ role, name, content, externalId, saidAt }, index) => ({
      id: derivedId(envelope, 'message', from + index),
      role,
      speaker: name,
      content,
      externalId,
      saidAt: saidAt ?? envelope.receivedAt,
    }));
    const names = namesOf(envelope.caller);
    const data = { conversationId, ownership, names, metadata: command.metadata, extractorVersion, messages };
    return {
      streamId: `session-${conversationId}`,
      event: { type: 'ConversationIngested', data },
      time: messages[0]!.saidAt,
      dataSubject: ownership.userId,
      reason: 'user',
      decision: null,
    };
  }

  private extracted(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    extractorVersion: string,
    memory: ExtractedMemory,
    index: number,
  ): Promise<Candidate> {
    const { messageIndex, start, end } = memory.source;
    const message = command.messages[messageIndex]!;
    const evidence: Evidence = {
      id: derivedId(envelope, 'evidence', index),
      sourceType: 'message',
      sources: [
        { messageId: derivedId(envelope, 'message', messageIndex), externalId: message.externalId, start, end },
      ],
      ruleId: memory.ruleId,
      extractorVersion,
      metadata: command.metadata,
    };
    return this.candidate(envelope, ownership, evidence, index, {
      content: memory.text,
      memoryType: memory.memoryType,
      confidence: memory.confidence,
      metadata: command.metadata,
      modality: memory.modality,
      observedAt: message.saidAt ?? envelope.receivedAt,
      validFrom: memory.validFrom,
      validTo: memory.validTo,
    });
  }

  private async candidate(
    envelope: CommandEnvelope,
    ownership: Ownership,
    evidence: Evidence,
    index: number,
    said: Omit<MemoryLearned['data'], 'memoryId' | 'ownership' | 'names' | 'evidence'>,
  ): Promise<Candidate> {
    const memoryId = derivedId(envelope, 'memory', index);
    const identity = contentIdentity(ownership, said.memoryType, said.content);
    const data = { ...said, memoryId, ownership, names: namesOf(envelope.caller), evidence };
    return {
      contentKey: await this.identities.contentKey(envelope.caller.tenantId, identity),
      learned: { type: 'MemoryLearned', data },
    };
  }

  /**
   * Appends the chunks in order. The last one carries the request's idempotency key and the whole answer, so a request
   * that was cut off half-way is finished by its retry: finished chunks answer from their own, derived keys.
   */
  private async appendChunks(
    envelope: CommandEnvelope,
    ownership: Ownership,
    conversationId: string | null,
    chunks: readonly Chunk[],
  ): Promise<CommandOutcome> {
    const total: Learned = { memoryIds: [], memoriesCreated: 0 };
    for (const [index, chunk] of chunks.entries()) {
      const isLast = index === chunks.length - 1;
      const part = isLast ? envelope : partOf(envelope, index);
      const before = index === 0 ? [...(await this.agentRegistration(envelope)), ...chunk.before] : chunk.before;
      const result = await this.appendLearned(part, ownership, { ...chunk, before }, (learned) => {
        const memoryIds = [...new Set([...total.memoryIds, ...learned.memoryIds])];
        const memoriesCreated = total.memoriesCreated + learned.memoriesCreated;
        const deduplicated = memoriesCreated === 0 && memoryIds.length > 0;
        const { userId, agentId, projectId, sessionId } = ownership;
        return isLast
          ? { memoryIds, memoriesCreated, deduplicated, conversationId, userId, agentId, projectId, sessionId }
          : { ...learned };
      });
      if (result.kind === 'refused' || isLast) return result;
      total.memoryIds.push(...(result.body['memoryIds'] as string[]));
      total.memoriesCreated += result.body['memoriesCreated'] as number;
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

/** An earlier part of a request that spans commits: its own command id and idempotency key, the same on a retry. */
function partOf(envelope: CommandEnvelope, index: number): CommandEnvelope {
  const { idempotency } = envelope;
  return {
    ...envelope,
    commandId: derivedId(envelope, 'part', index),
    idempotency: idempotency && { ...idempotency, key: `${idempotency.key} part ${index}` },
  };
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

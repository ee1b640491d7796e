import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope } from '#libs/contracts/commands.js';
import type { Decision } from '#libs/contracts/events.js';
import { limits, plaintextBytesPerCommit } from '#libs/domain/limits.js';
import type { Statement } from '#libs/domain/belief/claim.js';
import { contentIdentity } from '#libs/domain/memory/memory.decide.js';
import type { Evidence, EvidenceOrigin, MemoryImported, MemoryLearned } from '#libs/domain/memory/memory.events.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';
import { type ExtractedMemory, type Extraction, Extractor, type Reading } from '#libs/ports/extractor.js';
import { Identities } from '#libs/ports/identities.js';
import type { NewEvent } from '#libs/ports/log-writer.js';
import type { Why } from './beliefs/draft.js';
import { Statements } from './beliefs/statements.js';
import { actorOf, derivedId } from './appending.js';
import { namesOf } from './placement.js';

/** One memory that a command would learn, and the reservation that makes it the only one of its kind. */
export interface Candidate {
  contentKey: string;
  /** Reservations of what its claims say one thing of. */
  slotKeys: string[];
  learned: MemoryLearned | MemoryImported;
  statement: Statement;
  /** Why it is learned, and what decided so. */
  why: Why;
}

/** One append of a command: raw messages, and what was learned from them. */
export interface Chunk {
  before: NewEvent[];
  candidates: Candidate[];
}

/** What a command says, before anything is decided. */
export interface Understood {
  conversationId: string | null;
  chunks: Chunk[];
}

export type Ingest = Extract<Command, { type: 'IngestConversation' }>;
export type Learn = Extract<Command, { type: 'LearnMemory' }>;

/** What a memory says, before it has an id, an owner and a source. */
type ToldText = Omit<MemoryLearned['data'], 'memoryId' | 'ownership' | 'names' | 'evidence' | 'modality'> & {
  /** Null where nobody has decided it; then it is read from the text. */
  modality: string | null;
};

/** A chunk while it is filled: messages `from` to `to` (exclusive, perhaps none), and memories. */
interface Slice {
  from: number;
  to: number;
  candidates: Candidate[];
  /** Plain bytes, events' overhead included. */
  bytes: number;
}

/** Plain bytes that headers and JSON add to each event of a commit. */
const eventOverheadBytes = 1_500;
/** Events of a commit beside the memories: the conversation, and an agent's registration. */
const eventsBesideMemories = 2;
/** A memory and the contradiction that it may be found in. */
const eventsPerMemory = 4;

/** Reads commands into candidates for memories: a statement as it stands, a conversation by the extractor. */
@Injectable()
export class Understanding {
  constructor(
    private readonly extractor: Extractor,
    private readonly identities: Identities,
    private readonly statements: Statements,
  ) {}

  of(envelope: CommandEnvelope, command: Learn | Ingest, ownership: Ownership): Promise<Understood> {
    return command.type === 'LearnMemory'
      ? this.statement(envelope, command, ownership)
      : this.conversation(envelope, command, ownership);
  }

  private async statement(envelope: CommandEnvelope, command: Learn, ownership: Ownership): Promise<Understood> {
    const evidence: Omit<Evidence, 'id'> = {
      sourceType: 'statement',
      sources: [],
      ruleId: 'statement',
      extractorVersion: null,
      metadata: command.metadata,
      origin: await this.originOf(envelope, statedSource(command.metadata)),
    };
    const decision: Decision = { rule: evidence.ruleId, confidence: command.confidence };
    const why: Why = { reason: 'user', decision };
    const candidate = await this.candidate(envelope, ownership, evidence, why, {
      content: command.content,
      memoryType: command.memoryType,
      confidence: command.confidence,
      metadata: command.metadata,
      modality: null,
      observedAt: envelope.receivedAt,
      validFrom: null,
      validTo: null,
    });
    return { conversationId: null, chunks: [{ before: [], candidates: [candidate] }] };
  }

  private async conversation(envelope: CommandEnvelope, command: Ingest, ownership: Ownership): Promise<Understood> {
    const conversationId = await this.conversationId(envelope, command, ownership);
    const { tenantId } = envelope.caller;
    const extraction = await this.extractor.extract(
      command.messages.map(({ role, name, content, saidAt }) => ({
        role,
        name,
        text: content,
        saidAt: saidAt ?? envelope.receivedAt,
      })),
      { tenantId, urgency: 'interactive' },
    );
    const chunks = await this.chunks(envelope, command, ownership, conversationId, extraction);
    return { conversationId, chunks };
  }

  /** The same session of the same user is one conversation; without one, every request is its own. */
  private async conversationId(envelope: CommandEnvelope, command: Ingest, ownership: Ownership): Promise<string> {
    const name = command.placement.conversationId ?? ownership.sessionId;
    if (name === null) return derivedId(envelope, 'conversation');
    const user = ownership.userId === null ? 'self' : `user:${ownership.userId}`;
    return this.identities.id(envelope.caller.tenantId, 'conversation', [ownership.projectId, user, name]);
  }

  /**
   * Splits a request into appends that fit into a commit each. A message goes with its memories where they all fit;
   * what one commit cannot hold of them follows in the next.
   */
  private async chunks(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    conversationId: string,
    extraction: Extraction,
  ): Promise<Chunk[]> {
    const { memories, extractorVersion } = extraction;
    const slices: Slice[] = [];
    const seen = new Set<string>();
    for (const [index, message] of command.messages.entries()) {
      const all = await Promise.all(
        memories.flatMap((memory) =>
          memory.source.messageIndex === index
            ? [this.extracted(envelope, command, ownership, extractorVersion, memory)]
            : [],
        ),
      );
      // A model may say the same of the same words twice, in other letters.
      const candidates = all.filter(({ learned: { data } }) => !seen.has(data.memoryId) && seen.add(data.memoryId));
      const sizes = candidates.map(({ learned, why }) => byteLength({ learned, why }) + eventOverheadBytes);
      const bytes = sizes.reduce((sum, size) => sum + size, byteLength(message));
      const slice = roomFor(slices, index, bytes, candidates.length);
      slice.to = index + 1;
      slice.bytes += byteLength(message);
      for (const [at, candidate] of candidates.entries()) {
        const place = roomFor(slices, index + 1, sizes[at]!, 1);
        place.candidates.push(candidate);
        place.bytes += sizes[at]!;
      }
    }
    return slices.map(({ from, to, candidates }) => ({
      before:
        from === to ? [] : [this.conversationEvent(envelope, command, ownership, conversationId, extraction, from, to)],
      candidates,
    }));
  }

  private conversationEvent(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    conversationId: string,
    { extractorVersion, readings = [] }: Extraction,
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
      decision: decisionOnReading(readings.filter((reading) => reading.from < to && reading.to > from)),
    };
  }

  private async extracted(
    envelope: CommandEnvelope,
    command: Ingest,
    ownership: Ownership,
    extractorVersion: string,
    { readBy, ...memory }: ExtractedMemory,
  ): Promise<Candidate> {
    const { messageIndex, start, end } = memory.source;
    const message = command.messages[messageIndex]!;
    const version = readBy?.extractorVersion ?? extractorVersion;
    const evidence: Omit<Evidence, 'id'> = {
      sourceType: 'message',
      sources: [
        { messageId: derivedId(envelope, 'message', messageIndex), externalId: message.externalId, start, end },
      ],
      ruleId: memory.ruleId,
      extractorVersion: version,
      metadata: command.metadata,
      origin: await this.originOf(envelope, sourcesByRole[message.role] ?? 'tool'),
    };
    const decision: Decision = {
      ...{ rule: memory.ruleId, version, confidence: memory.confidence },
      ...(readBy && decisionOnReading([readBy])),
      ...(readBy?.model && { inputs: inputsOf(envelope, readBy) }),
    };
    const why: Why = { reason: readBy?.model ? 'llm' : 'rule', decision };
    return this.candidate(envelope, ownership, evidence, why, {
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

  private async originOf(envelope: CommandEnvelope, source: string): Promise<EvidenceOrigin> {
    return { session: (await actorOf(envelope, this.identities)).session, source };
  }

  private async candidate(
    envelope: CommandEnvelope,
    ownership: Ownership,
    said: Omit<Evidence, 'id'>,
    why: Why,
    told: ToldText,
  ): Promise<Candidate> {
    const { tenantId } = envelope.caller;
    const [statement, contentKey] = await Promise.all([
      this.statements.readSoon(told.content, told.observedAt, told.modality ?? undefined),
      this.identities.contentKey(tenantId, contentIdentity(ownership, told.memoryType, told.content)),
    ]);
    // By what it says and where, and not by a number: a model that is asked again, after a crash between two commits,
    // may find other memories, and they must not get the ids of those that are learned already.
    const places = said.sources.flatMap(({ messageId, start }) => [messageId, start]);
    const memoryId = derivedId(envelope, 'memory', contentKey, ...places);
    const evidence = { id: derivedId(envelope, 'evidence', contentKey, ...places), ...said };
    const read = this.statements.recorded(statement);
    const { modality } = statement;
    const data = { ...told, modality, memoryId, ownership, names: namesOf(envelope.caller), evidence, read };
    return {
      contentKey,
      slotKeys: await this.statements.slotKeys(tenantId, ownership, statement.claims),
      learned: { type: 'MemoryLearned', data },
      statement,
      why,
    };
  }
}

/** Whose word a message is. */
const sourcesByRole: Readonly<Record<string, string>> = { user: 'user', assistant: 'assistant' };

/** A caller may say in `metadata.source` that a system of record or a tool states it. */
function statedSource({ source }: Record<string, unknown>): string {
  return source === 'system_of_record' || source === 'tool' || source === 'assistant' ? source : 'user';
}

/** The slice that is being filled, when so much more fits into a commit with it; else a new one from message `from`. */
function roomFor(slices: Slice[], from: number, bytes: number, memories: number): Slice {
  const open = slices.at(-1);
  const memoriesPerCommit = Math.floor((limits.eventsPerCommit - eventsBesideMemories) / eventsPerMemory);
  if (open && open.bytes + bytes <= plaintextBytesPerCommit && open.candidates.length + memories <= memoriesPerCommit) {
    return open;
  }
  const slice = { from, to: from, candidates: [], bytes: 0 };
  slices.push(slice);
  return slice;
}

/** What events tell of how their messages were read; nothing where rules do all of it. */
function decisionOnReading(readings: readonly Reading[]): Decision | null {
  const byModel = readings.find(({ model }) => model !== null);
  const degraded = readings.find((reading) => reading.degraded !== null)?.degraded;
  const { extractorVersion: version } = byModel ?? readings[0] ?? {};
  if (version === undefined) return null;
  const { name: model, promptHash } = byModel?.model ?? {};
  return { version, ...(model && { model, promptHash }), ...(degraded && { degraded }) };
}

function inputsOf(envelope: CommandEnvelope, { from, to }: Reading): Decision['inputs'] {
  return Array.from({ length: to - from }, (_, index) => ({
    id: derivedId(envelope, 'message', from + index),
    version: 1,
  }));
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

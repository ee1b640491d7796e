import { limits } from '#libs/domain/limits.js';
import type { Caller, Scope } from '#libs/domain/scope/ownership.js';
import type { ErrorCode } from './errors.js';

/** What a caller says of a memory's place, before defaults. Null means: not given. */
export interface Placement {
  scope: Scope | null;
  userId: string | null;
  /** Labels; they filter and never decide who may see. */
  agentId: string | null;
  teamId: string | null;
  conversationId: string | null;
}

export interface ConversationMessage {
  role: string;
  content: string;
  /** The speaker's name. */
  name: string | null;
  /** The caller's own id of the message; comes back as `external_id`. */
  externalId: string | null;
  /** ISO 8601 in UTC; null when the caller gave none (then the time of receipt). */
  saidAt: string | null;
}

export type Command =
  | {
      type: 'IngestConversation';
      messages: ConversationMessage[];
      placement: Placement;
      metadata: Record<string, unknown>;
    }
  | {
      type: 'LearnMemory';
      content: string;
      memoryType: string;
      confidence: number;
      placement: Placement;
      metadata: Record<string, unknown>;
    }
  | {
      type: 'ReviseMemory';
      memoryId: string;
      /** The stream version that the caller saw (`If-Match`); null accepts any. */
      expectedVersion: number | null;
      content?: string;
      memoryType?: string;
      confidence?: number;
      metadata?: Record<string, unknown>;
    }
  | { type: 'ForgetMemories'; memoryIds: string[]; hard: boolean; single: boolean }
  | { type: 'RegisterAgent'; name: string; role: string | null; personality: string | null; agentType: string | null }
  | {
      type: 'RecordHandoff';
      fromAgent: string;
      toAgent: string;
      sessionId: string | null;
      reason: string | null;
      context: Record<string, unknown>;
    };

/** How a repeated request finds the outcome of its first run. */
export interface Idempotency {
  /** `key` from an `Idempotency-Key` header; `window` from the content hash of a request that had none; `command`, its own id. */
  kind: 'key' | 'window' | 'command';
  /** Opaque; unique per tenant and API key. */
  key: string;
  /** SHA-256 (hex) over the request, so that one key with two bodies is noticed. */
  requestHash: string;
  ttlSeconds: number;
}

/** How a command that is delivered again is recognised, when nothing else tells. */
export function byCommandId({ commandId }: Pick<CommandEnvelope, 'commandId'>): Idempotency {
  const ttlSeconds = limits.commandOutcomeDays * 86_400;
  return { kind: 'command', key: `command:${commandId}`, requestHash: commandId, ttlSeconds };
}

export interface CommandEnvelope {
  /** UUIDv7 minted by the gateway; event and memory ids derive from it. */
  commandId: string;
  /** The request that caused it; becomes `correlationid`. */
  correlationId: string;
  caller: Caller;
  idempotency: Idempotency | null;
  /** ISO 8601: when the gateway accepted it. */
  receivedAt: string;
  command: Command;
}

/** What a command did: the JSON body for the caller (positions excluded) and where in the log it stands. */
export interface CommandAccepted {
  kind: 'accepted';
  /** Position of the commit; a command that appended nothing answers the head it was decided on. */
  position: number;
  /** True when this is the stored outcome of an earlier run with the same idempotency key. */
  replayed: boolean;
  body: Record<string, unknown>;
}

/** An expected refusal: nothing was appended. */
export interface CommandRefused {
  kind: 'refused';
  code: ErrorCode;
  detail: string;
  /** Facts for the caller, such as the two versions of a conflict. */
  facts?: Record<string, unknown>;
}

export type CommandOutcome = CommandAccepted | CommandRefused;

/** Commands with the same key run in order: those on one memory, and those on one session. */
export function orderingKey({ caller, commandId, command }: CommandEnvelope): string {
  switch (command.type) {
    case 'ReviseMemory':
      return `${caller.tenantId}/memory-${command.memoryId}`;
    case 'IngestConversation':
    case 'LearnMemory':
      return `${caller.tenantId}/${caller.sessionId === null ? commandId : `session-${caller.sessionId}`}`;
    case 'ForgetMemories':
    case 'RegisterAgent':
    case 'RecordHandoff':
      return `${caller.tenantId}/${commandId}`;
  }
}

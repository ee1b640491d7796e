import type { ContradictionEvent } from '#libs/domain/belief/contradiction.js';
import type { PolicySet } from '#libs/domain/belief/policy.js';
import type { MaintenanceEvent } from '#libs/domain/maintenance/run.js';
import type { MemoryEvent, OwnershipNames } from '#libs/domain/memory/memory.events.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';

/** Raw messages entered the log; each becomes an episode. */
export interface ConversationIngested {
  type: 'ConversationIngested';
  data: {
    conversationId: string;
    ownership: Ownership;
    names: OwnershipNames;
    metadata: Record<string, unknown>;
    extractorVersion: string;
    messages: {
      id: string;
      role: string;
      speaker: string | null;
      content: string;
      externalId: string | null;
      /** ISO 8601 in UTC. */
      saidAt: string;
    }[];
  };
}

export interface AgentRegistered {
  type: 'AgentRegistered';
  data: {
    agentId: string;
    name: string;
    agentType: string | null;
    role: string | null;
    personality: string | null;
    project: { id: string; name: string };
    team: { id: string; name: string } | null;
  };
}

export interface AgentHandoffRecorded {
  type: 'AgentHandoffRecorded';
  data: {
    handoffId: string;
    projectId: string;
    fromAgent: string;
    toAgent: string;
    sessionId: string | null;
    reason: string | null;
    context: Record<string, unknown>;
  };
}

/** Everything that can happen. Add optional fields freely; a changed meaning is a new type. */
export type DomainEvent =
  | MemoryEvent
  | ContradictionEvent
  | MaintenanceEvent
  | PolicySet
  | ConversationIngested
  | AgentRegistered
  | AgentHandoffRecorded;
export type EventType = DomainEvent['type'];

/** The schema version that this release writes, per type. A changed shape adds one, with an upcaster. */
export const schemaVersions: Readonly<Record<EventType, number>> = {
  ConversationIngested: 1,
  MemoryLearned: 1,
  MemoryImported: 1,
  MemoryRevised: 1,
  MemoryReinforced: 1,
  MemoryRefined: 1,
  MemorySuperseded: 1,
  BeliefAdjusted: 1,
  MemoryRestored: 1,
  ContradictionDetected: 1,
  ContradictionResolved: 1,
  ContradictionErased: 1,
  PolicySet: 1,
  MemoriesConsolidated: 1,
  MemoryReflected: 1,
  MemoryExpired: 1,
  MaintenancePlanned: 1,
  MaintenanceApplied: 1,
  MaintenanceReverted: 1,
  MemoryForgotten: 1,
  MemoryErased: 1,
  AgentRegistered: 1,
  AgentHandoffRecorded: 1,
};

/** Why an event happened. */
export type Reason = 'user' | 'rule' | 'llm' | 'maintenance' | 'import' | 'admin';

/** Who acted: ids only, never names or secrets. */
export interface Actor {
  /** Public id of the API key. */
  key: string;
  agent: string | null;
  /** Keyed hash of the session id. */
  session: string | null;
}

/** Something a decision was made on, as it was then. */
export interface DecisionInput {
  /** Of a message or a memory. */
  id: string;
  /** Number of the event in the stream of the memory; a message never changes, so it has 1. */
  version: number;
}

/** What decided: a rule with its version, or a model with its prompt. A replay reads it, never redoes it. */
export interface Decision {
  rule?: string;
  /** Of the rules, or of the prompt. */
  version?: string;
  confidence?: number;
  /** The model that was asked, as its server calls it. */
  model?: string;
  /** SHA-256 (hex) over the prompt and the schema, without what was shown. */
  promptHash?: string;
  /** What the model was shown. */
  inputs?: DecisionInput[];
  /** Why this was decided with less than there should be: one word of the code that decided, such as `model_unreachable`. */
  degraded?: string;
}

/**
 * Header of one event. CloudEvents 1.0 attribute names, with extensions in its lower-case style.
 * Headers are readable without a key, so they hold ids and keyed hashes, never the caller's text.
 */
export interface EventHeaders {
  specversion: '1.0';
  /** UUIDv7. */
  id: string;
  source: string;
  type: string;
  /** The stream, such as `memory-<uuid>`. */
  subject: string;
  /** When it happened in the world, ISO 8601 in UTC. */
  time: string;
  /** When the log took it; never earlier than the event before it. */
  recordedtime: string;
  correlationid: string;
  causationid: string;
  tenantid: string;
  /** Gapless number of the event in its tenant's log, from 1. */
  tenantseq: number;
  /** Number of the event in its stream, from 1. */
  streamversion: number;
  commitid: string;
  schemaversion: number;
  /** Tenant-keyed HMAC of the data subject (`user_id`, or `self`). */
  datasubject: string;
  actor: Actor;
  reason: Reason;
  decision: Decision | null;
}

/** One event as the log stores it. */
export interface StoredEvent {
  headers: EventHeaders;
  /** AES-256-GCM under the stream's key: Base64 of nonce (12 bytes), ciphertext, tag (16 bytes). */
  payload: string;
}

export interface Reservations {
  /** Key → owner: taken by this commit; refused when somebody else holds it. */
  take: Record<string, string>;
  /** Key → owner: must be held by that owner. */
  expect: Record<string, string>;
  release: string[];
}

/** One commit as the log stores it, and as one Kafka record carries it. */
export interface StoredCommit {
  formatversion: 1;
  tenantid: string;
  /** Gapless number of the commit in its tenant's log, from 1. */
  position: number;
  commitid: string;
  commandid: string;
  recordedtime: string;
  reservations: Reservations;
  events: StoredEvent[];
}

/** An event as followers of the log read it: opened, and lifted to the newest schema. */
export interface RecordedEvent {
  headers: EventHeaders;
  /** Null when its key was destroyed. */
  event: DomainEvent | { type: string; data: null };
}

/** An event of a stream, with the commit that it is of. */
export interface StreamEvent extends RecordedEvent {
  position: number;
}

export interface RecordedCommit {
  tenantId: string;
  position: number;
  recordedTime: string;
  events: RecordedEvent[];
}

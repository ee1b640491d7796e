import type { BeliefPolicies } from '#libs/domain/belief/policy.js';
import { limits } from '#libs/domain/limits.js';
import type { PlannedChange } from '#libs/domain/maintenance/planned-change.js';
import type { MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import type { MaintenanceSettings } from '#libs/domain/maintenance/settings.js';
import type { EarlierVersion, Evidence, MemoryImported, WorldTime } from '#libs/domain/memory/memory.events.js';
import type { Caller, Placement } from '#libs/domain/scope/ownership.js';
import type { ErrorCode } from './errors.js';

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

/** What a caller wants to become of a belief that a new statement contradicts. */
export const beliefStrategies = ['auto', 'supersede', 'merge', 'adjust', 'manual'] as const;
export type BeliefStrategy = (typeof beliefStrategies)[number];

/** How a person settles a contradiction; the last two leave the choice to what is known of both sides. */
export const resolutionStrategies = ['supersede', 'reject', 'keep_both', 'highest_confidence', 'source_rank'] as const;
export type ResolutionStrategy = (typeof resolutionStrategies)[number];

/** What becomes of a memory of a file that is there already. */
export const importModes = ['skip', 'merge', 'replace'] as const;
export type ImportMode = (typeof importModes)[number];

/** One memory of a file, as it is to be here. */
export interface ImportRow {
  /** Where it stands in the file: its line, or its place in the list, from 1. */
  row: number;
  /** Null: one that derives from what it says. */
  id: string | null;
  /** Whose it is. */
  owner: Pick<Caller, 'project' | 'team' | 'agent' | 'sessionId'>;
  placement: Placement;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  /** Null: to be read from the text. */
  modality: string | null;
  status: MemoryImported['data']['status'];
  supersededBy: string | null;
  /** Times are ISO 8601 in UTC; null: the time of the import. */
  observedAt: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  /** None: the import itself. */
  evidence: Evidence[];
  earlier: EarlierVersion[] | null;
  /** `memorystack`, or the name of another system with its own id of the memory. */
  system: string;
  rowId: string | null;
}

/** What became of a row, or would. */
export interface ImportedRow {
  row: number;
  outcome: 'created' | 'skipped' | 'merged' | 'replaced' | 'refused';
  memoryId: string | null;
  /** Why it was refused. */
  detail: string | null;
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
  | {
      type: 'UpdateBelief';
      content: string;
      confidence: number;
      strategy: BeliefStrategy;
      /** The belief that it is about; null leaves it to the rules to find it. */
      targetId: string | null;
      placement: Placement;
      metadata: Record<string, unknown>;
    }
  | {
      type: 'ResolveContradiction';
      contradictionId: string;
      strategy: ResolutionStrategy;
      reason: string | null;
    }
  | {
      type: 'UndoChange';
      memoryId: string;
      direction: 'undo' | 'redo';
      /** Take back what depends on it too. */
      cascade: boolean;
    }
  | {
      type: 'ApplyMaintenance';
      runId: string;
      /** From 1; the first one carries the plan. */
      step: number;
      isLast: boolean;
      plan: MaintenancePlanned['data'] | null;
      changes: PlannedChange[];
    }
  | {
      type: 'RevertMaintenance';
      runId: string;
      /** Null changes nothing, and tells what stands in the way of taking the whole run back. */
      step: number | null;
      isLast: boolean;
      /** Take back what was built on it since, too. */
      cascade: boolean;
    }
  | {
      type: 'SetMaintenanceSettings';
      /** Null goes back to the standard ones. */
      settings: Partial<MaintenanceSettings> | null;
    }
  | { type: 'ImportMemories'; importId: string; mode: ImportMode; dryRun: boolean; rows: ImportRow[] }
  | { type: 'SetBeliefPolicies'; policies: Partial<BeliefPolicies> }
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
    case 'UndoChange':
    case 'ReviseMemory':
      return `${caller.tenantId}/memory-${command.memoryId}`;
    case 'IngestConversation':
    case 'LearnMemory':
    case 'UpdateBelief':
      return `${caller.tenantId}/${caller.sessionId === null ? commandId : `session-${caller.sessionId}`}`;
    case 'ResolveContradiction':
      return `${caller.tenantId}/contradiction-${command.contradictionId}`;
    case 'ApplyMaintenance':
    case 'RevertMaintenance':
      return `${caller.tenantId}/run-${command.runId}`;
    case 'SetMaintenanceSettings':
    case 'SetBeliefPolicies':
      return `${caller.tenantId}/policies`;
    case 'ForgetMemories':
    case 'ImportMemories':
    case 'RegisterAgent':
    case 'RecordHandoff':
      return `${caller.tenantId}/${commandId}`;
  }
}

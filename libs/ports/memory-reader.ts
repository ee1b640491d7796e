import type { Filter } from '#libs/domain/scope/filter.js';
import type { Ownership } from '#libs/domain/scope/ownership.js';
import type { MaintenanceKind } from '#libs/domain/maintenance/run.js';
import type { ContradictionKind } from '#libs/domain/belief/relation.js';
import type { Settlement } from '#libs/domain/belief/contradiction.js';
import type { EarlierVersion, Evidence, SourceSpan, WorldTime } from '#libs/domain/memory/memory.events.js';

/** A memory as the read model holds it. */
export interface MemoryRow {
  id: string;
  ownership: Ownership;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  status: string;
  sourceType: string;
  /** Whose word it was first: see `EvidenceOrigin`. */
  source: string;
  sources: SourceSpan[];
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  modality: string;
  /** When it was said; from then on it counts as true where nothing else was said. ISO 8601 in UTC. */
  observedAt: string;
  /** The belief that took its place. */
  supersededBy: string | null;
  version: number;
  /** How many distinct pieces of evidence support it. */
  evidenceCount: number;
  /** ISO 8601 in UTC, transaction time. */
  createdAt: string;
  updatedAt: string;
  /** Position of the commit that learned it; the tie-breaker of lists. */
  createdPosition: number;
}

/** A raw message as the read model holds it. */
export interface EpisodeRow {
  id: string;
  ownership: Ownership;
  conversationId: string;
  ordinal: number;
  role: string;
  speaker: string | null;
  content: string;
  externalId: string | null;
  metadata: Record<string, unknown>;
  saidAt: string;
  createdAt: string;
  createdPosition: number;
}

export interface MemoryVersionRow {
  version: number;
  position: number;
  recordedAt: string;
  eventType: string;
  eventId: string;
  actor: Record<string, unknown>;
  reason: string | null;
  decision: Record<string, unknown> | null;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  status: string;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  supersededBy: string | null;
  /** What the event did to the evidence; null where it left it alone. */
  evidence: EvidenceChange | null;
}

/** What an imported memory keeps of where it was before. */
export interface ImportedVersion {
  /** When it changed last there, ISO 8601 in UTC; absent where the version was made here. */
  updatedAt?: string | null;
  /** Its versions there, where the import brought them. */
  earlier?: EarlierVersion[] | null;
}

/** Evidence that came, or all of it where an undo put another list in its place. */
export type EvidenceChange = { added: Evidence[] } | { all: Evidence[] };

/** A contradiction as the read model holds it. */
export interface ContradictionRow {
  id: string;
  ownership: Ownership;
  memoryId: string;
  otherId: string;
  kind: ContradictionKind;
  probability: number;
  ruleId: string;
  rulesVersion: string;
  evidence: string[];
  slot: string | null;
  /** Null while nobody has decided. */
  settlement: Settlement | null;
  reason: string | null;
  detectedAt: string;
  settledAt: string | null;
  createdPosition: number;
}

export interface AgentRow {
  id: string;
  name: string;
  agentType: string | null;
  role: string | null;
  personality: string | null;
  projectId: string;
  projectName: string;
  teamId: string | null;
  teamName: string | null;
  createdAt: string;
  createdPosition: number;
}

/** That there is a run of maintenance; what became of it is told by its stream. */
export interface MaintenanceRunRow {
  id: string;
  kind: MaintenanceKind;
  createdAt: string;
  createdPosition: number;
}

/** Where a page starts: after this row in the asked order. */
export interface PageStart {
  createdPosition: number;
  id: string;
}

export interface ListQuery {
  filter: Filter;
  /** By position of the commit, then id. */
  order: 'asc' | 'desc';
  after: PageStart | null;
  limit: number;
}

/** Contradictions, the newest first. */
export interface ContradictionQuery {
  /** Over the ownership alone: a contradiction has no other field of a memory. */
  filter: Filter;
  /** Whether somebody, or a rule, decided; null: both. */
  isResolved: boolean | null;
  /** Only those that one of these memories is in, on either side; left out: all. */
  memoryIds?: readonly string[];
  after: PageStart | null;
  limit: number;
}

/** One version of one memory. */
export interface MemoryVersionKey {
  memoryId: string;
  version: number;
}

/** A memory says something of a subject; `self` is the user whom it is about. */
export interface MemorySubject {
  memoryId: string;
  /** In normal form. */
  subject: string;
}

export interface MemoryTotals {
  memories: number;
  episodes: number;
  /** UTF-8 bytes of the content of memories and episodes. */
  contentBytes: number;
}

export interface Handoff {
  id: string;
  fromAgent: string;
  toAgent: string;
  sessionId: string | null;
  reason: string | null;
  context: Record<string, unknown>;
  recordedAt: string;
}

/** What a statement is compared with: as little of a memory as that needs, because every write asks for it. */
export type NearMemory = Pick<MemoryRow, 'id' | 'content' | 'observedAt' | 'modality'>;

/**
 * Port: reads the read model of one tenant.
 *
 * Promises:
 * - It never answers another tenant's row, whatever the arguments.
 * - A forgotten or erased memory is absent.
 * - Lists are total orders: by position of the commit, then id.
 */
export abstract class MemoryReader {
  abstract memory(tenantId: string, id: string): Promise<MemoryRow | null>;
  /** Those of `ids` that exist, in no particular order. */
  abstract memories(tenantId: string, ids: readonly string[]): Promise<MemoryRow[]>;
  /**
   * Memories of one believer that are believed now: those whose claims fill one of `slots`, the latest change first and
   * at most `limit` of them, then those of `ids`; none twice. With how many of them are there for a slot, and the
   * position of the log that the answer holds.
   * @param believer the domain's `believerKey`
   */
  abstract believedNear(
    tenantId: string,
    believer: string,
    near: { slots: readonly { subject: string; slot: string }[]; ids: readonly string[]; limit: number },
  ): Promise<{ near: NearMemory[]; bySlot: number; position: number }>;
  abstract listMemories(tenantId: string, query: ListQuery): Promise<MemoryRow[]>;
  abstract listEpisodes(tenantId: string, query: ListQuery): Promise<EpisodeRow[]>;
  abstract episodes(tenantId: string, ids: readonly string[]): Promise<EpisodeRow[]>;
  /**
   * Memories as the named versions left them, in no particular order: also those that are forgotten, and without those
   * that were erased. Their evidence is that of now.
   */
  abstract memoriesAt(tenantId: string, versions: readonly MemoryVersionKey[]): Promise<MemoryRow[]>;
  abstract history(tenantId: string, memoryId: string): Promise<MemoryVersionRow[]>;
  abstract contradiction(tenantId: string, id: string): Promise<ContradictionRow | null>;
  abstract listContradictions(tenantId: string, query: ContradictionQuery): Promise<ContradictionRow[]>;
  /** Those that one of the memories is in, on either side, the newest first. */
  abstract contradictionsOf(tenantId: string, memoryIds: readonly string[], limit: number): Promise<ContradictionRow[]>;
  /** Ids of the memories whose place one of `memoryIds` ever took, also where that was taken back, sorted. */
  abstract supersededBy(tenantId: string, memoryIds: readonly string[], limit: number): Promise<string[]>;
  /** Ids of the memories that were concluded from one of `memoryIds`, sorted. */
  abstract concludedFrom(tenantId: string, memoryIds: readonly string[]): Promise<string[]>;
  abstract listAgents(
    tenantId: string,
    query: { projectId: string | null; after: PageStart | null; limit: number },
  ): Promise<AgentRow[]>;
  abstract handoffs(tenantId: string, projectId: string, sessionId: string, limit: number): Promise<Handoff[]>;
  /** The latest first. */
  abstract maintenanceRuns(
    tenantId: string,
    query: { kind: MaintenanceKind | null; after: PageStart | null; limit: number },
  ): Promise<MaintenanceRunRow[]>;
  /** Of what each of the memories says something: a subject once for each of them, sorted. */
  abstract subjectsOf(tenantId: string, memoryIds: readonly string[]): Promise<MemorySubject[]>;
  abstract totals(tenantId: string): Promise<MemoryTotals>;
}

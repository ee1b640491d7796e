import type { MaintenanceSettings } from '#libs/domain/maintenance/settings.js';
import type { Memory } from '#libs/domain/memory/memory.evolve.js';
import type { IndexedDocument } from './search-index.js';
import type {
  AgentRow,
  ContradictionRow,
  EpisodeRow,
  Handoff,
  MaintenanceRunRow,
  ImportedVersion,
  MemoryVersionRow,
} from './memory-reader.js';

/** A memory as the projection folds it: its state, and where in the log it began and changed last. */
export interface ProjectedMemory extends Memory {
  createdAt: string;
  updatedAt: string;
  createdPosition: number;
  updatedPosition: number;
}

/** That a memory says something about a slot of a subject. */
export interface ClaimSlotRow {
  memoryId: string;
  /** Whose belief it is: the domain's `believerIdentity`, as one text. */
  believer: string;
  subject: string;
  slot: string;
}

/** How a contradiction stands that was detected before. */
export type SettledContradiction = Pick<ContradictionRow, 'id' | 'settlement' | 'reason' | 'settledAt'>;

export interface DirectoryEntry {
  id: string;
  name: string;
  projectId: string;
  createdPosition: number;
}

/** What the tenant wants done by itself; null: nothing of its own. */
export interface MaintenanceSettingsEntry {
  settings: MaintenanceSettings | null;
  setAt: string;
}

/** What a batch of commits changes. Rows replace rows of the same id; the directory keeps the first. */
export interface ReadModelChanges {
  memories: ProjectedMemory[];
  erasedMemories: string[];
  versions: (MemoryVersionRow & ImportedVersion & { memoryId: string })[];
  /** Memories that were there before and whose claims are others now; `claimSlots` holds all that they have. */
  reread: string[];
  claimSlots: ClaimSlotRow[];
  contradictions: ContradictionRow[];
  settledContradictions: SettledContradiction[];
  erasedContradictions: string[];
  episodes: EpisodeRow[];
  projects: DirectoryEntry[];
  teams: DirectoryEntry[];
  agents: Omit<AgentRow, 'projectName' | 'teamName'>[];
  handoffs: (Handoff & { projectId: string; createdPosition: number })[];
  runs: MaintenanceRunRow[];
  /** The last that were set, if any were. */
  settings: MaintenanceSettingsEntry[];
  totals: { memories: number; episodes: number; contentBytes: number };
  parked: { position: number; streamId: string; error: string }[];
}

/** The rows of a batch break a rule of the store (not of the connection): the same batch would fail for ever. */
export class RowsRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The read model refuses the rows: ${why}`, options);
    this.name = 'RowsRefused';
  }
}

/**
 * Port: where the read model of a tenant is written. Only the projection writes it, and only from the log.
 *
 * Promises:
 * - `apply` writes the rows and the checkpoint in one transaction, and only when the checkpoint is `from`. A memory whose
 *   `createdPosition` is after `from` is new; another one is there already.
 * - Rows that the store can never take are told as `RowsRefused`, and nothing of the batch is written.
 * - A batch that was applied before is a `duplicate` and changes nothing; one that starts later is a `gap`.
 * - After `wipe` and the same commits, `digest` is the same.
 */
export abstract class ReadModelStore {
  /** Position of the last commit applied; 0 for none. */
  abstract checkpoint(tenantId: string): Promise<number>;
  abstract parkedStreams(tenantId: string): Promise<Set<string>>;
  /** Those of `ids` that are known, forgotten ones included. */
  abstract memories(tenantId: string, ids: readonly string[]): Promise<Map<string, ProjectedMemory>>;
  abstract apply(
    tenantId: string,
    from: number,
    to: number,
    changes: ReadModelChanges,
  ): Promise<'applied' | 'duplicate' | 'gap'>;
  /** Those of `ids` (memories and episodes) that a search may find, as committed. Forgotten memories are absent. */
  abstract documents(tenantId: string, ids: readonly string[]): Promise<IndexedDocument[]>;
  /** Every document that a search may find, in pages of up to `pageSize`, in the order of the log. */
  abstract allDocuments(tenantId: string, pageSize: number): AsyncIterable<IndexedDocument[]>;
  /**
   * Calls `lost` when the store was out of reach for a moment: a store that crashed may have lost its last batches, so
   * the checkpoint must be read again. @returns what ends it
   */
  abstract onLoss(lost: () => void): () => void;
  /** Removes every row of the tenant's read model, its checkpoint and what was parked. */
  abstract wipe(tenantId: string): Promise<void>;
  /** SHA-256 (hex) over every row of the tenant's read model, in the order of their keys. */
  abstract digest(tenantId: string): Promise<string>;
}

import type { Ownership } from '#libs/domain/scope/ownership.js';
import type { ContradictionRow, EpisodeRow, MaintenanceRunRow } from '#libs/ports/memory-reader.js';
import type {
  ClaimSlotRow,
  DirectoryEntry,
  MaintenanceSettingsEntry,
  ProjectedMemory,
  ReadModelChanges,
  SettledContradiction,
} from '#libs/ports/read-model-store.js';
import { bigint, float, integer, jsonb, text, timestamp, uuid } from './binary-array.js';
import { type Column, column, RowsStatement } from './row-statements.js';

/** The tables of the read model that the projection writes, and the statements that write them. */

export const projection = 'read-model';
export const version = 1;

type Version = ReadModelChanges['versions'][number];
type Agent = ReadModelChanges['agents'][number];
type HandoffRow = ReadModelChanges['handoffs'][number];
type Parked = ReadModelChanges['parked'][number];

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const ownership: Column<{ ownership: Ownership }>[] = [
  column('scope', text, (row) => row.ownership.scope),
  column('project_id', text, (row) => row.ownership.projectId),
  column('owner_team_id', text, (row) => row.ownership.ownerTeamId),
  column('owner_agent_id', text, (row) => row.ownership.ownerAgentId),
  column('team_id', text, (row) => row.ownership.teamId),
  column('agent_id', text, (row) => row.ownership.agentId),
  column('user_id', text, (row) => row.ownership.userId),
  column('session_id', text, (row) => row.ownership.sessionId),
];

const memoryId: Column<ProjectedMemory> = column('memory_id', uuid, (row) => row.id);

/** Most memories are in no contradiction and many claim nothing, so what is empty is left out. */
function belief({ contradictions, disputes, adjustments, claims }: ProjectedMemory): string {
  const lists = Object.entries({ contradictions, disputes, adjustments, claims });
  return JSON.stringify(Object.fromEntries(lists.filter(([, list]) => list.length > 0)));
}

/** What a later event of the memory may change. */
const memoryState: Column<ProjectedMemory>[] = [
  column('content', text, (row) => row.content),
  column('memory_type', text, (row) => row.memoryType),
  column('confidence', float, (row) => row.confidence),
  column('metadata', jsonb, (row) => json(row.metadata)),
  column('status', text, (row) => row.status),
  column('valid_from', jsonb, (row) => json(row.validFrom)),
  column('valid_to', jsonb, (row) => json(row.validTo)),
  column('superseded_by', uuid, (row) => row.supersededBy),
  column('belief', jsonb, belief),
  column('evidence', jsonb, (row) => json(row.evidence)),
  column('version', integer, (row) => row.version),
  column('updated_at', timestamp, (row) => row.updatedAt),
  column('updated_position', bigint, (row) => row.updatedPosition),
];

export const insertMemories = RowsStatement.insert<ProjectedMemory>('memories', [
  memoryId,
  ...ownership,
  ...memoryState,
  column('modality', text, (row) => row.modality),
  column('observed_at', timestamp, (row) => row.observedAt),
  column('created_at', timestamp, (row) => row.createdAt),
  column('created_position', bigint, (row) => row.createdPosition),
]);

export const updateMemories = RowsStatement.update<ProjectedMemory>('memories', memoryId, memoryState);

export const insertVersions = RowsStatement.insert<Version>('memory_versions', [
  column('memory_id', uuid, (row) => row.memoryId),
  column('version', integer, (row) => row.version),
  column('position', bigint, (row) => row.position),
  column('recorded_at', timestamp, (row) => row.recordedAt),
  column('event_type', text, (row) => row.eventType),
  column('event_id', uuid, (row) => row.eventId),
  column('actor', jsonb, (row) => json(row.actor)),
  column('reason', text, (row) => row.reason),
  column('decision', jsonb, (row) => json(row.decision)),
  column('content', text, (row) => row.content),
  column('memory_type', text, (row) => row.memoryType),
  column('confidence', float, (row) => row.confidence),
  column('metadata', jsonb, (row) => json(row.metadata)),
  column('status', text, (row) => row.status),
  column('valid_from', jsonb, (row) => json(row.validFrom)),
  column('valid_to', jsonb, (row) => json(row.validTo)),
  column('superseded_by', uuid, (row) => row.supersededBy),
  column('evidence', jsonb, (row) => json(row.evidence)),
  column('updated_at', timestamp, (row) => row.updatedAt ?? null),
  column('earlier', jsonb, (row) => json(row.earlier ?? null)),
]);

export const insertClaimSlots = RowsStatement.insert<ClaimSlotRow>('claim_slots', [
  column('memory_id', uuid, (row) => row.memoryId),
  column('believer', text, (row) => row.believer),
  column('subject', text, (row) => row.subject),
  column('slot', text, (row) => row.slot),
]);

export const insertContradictions = RowsStatement.insert<ContradictionRow>('contradictions', [
  column('contradiction_id', uuid, (row) => row.id),
  ...ownership,
  column('memory_id', uuid, (row) => row.memoryId),
  column('other_id', uuid, (row) => row.otherId),
  column('kind', text, (row) => row.kind),
  column('probability', float, (row) => row.probability),
  column('rule_id', text, (row) => row.ruleId),
  column('rules_version', text, (row) => row.rulesVersion),
  column('evidence', jsonb, (row) => json(row.evidence)),
  column('slot', text, (row) => row.slot),
  column('settlement', text, (row) => row.settlement),
  column('reason', text, (row) => row.reason),
  column('detected_at', timestamp, (row) => row.detectedAt),
  column('settled_at', timestamp, (row) => row.settledAt),
  column('created_position', bigint, (row) => row.createdPosition),
]);

export const settleContradictions = RowsStatement.update<SettledContradiction>(
  'contradictions',
  column('contradiction_id', uuid, (row) => row.id),
  [
    column('settlement', text, (row) => row.settlement),
    column('reason', text, (row) => row.reason),
    column('settled_at', timestamp, (row) => row.settledAt),
  ],
);

export const insertEpisodes = RowsStatement.insert<EpisodeRow>('episodes', [
  column('episode_id', uuid, (row) => row.id),
  column('conversation_id', uuid, (row) => row.conversationId),
  column('ordinal', bigint, (row) => row.ordinal),
  ...ownership,
  column('role', text, (row) => row.role),
  column('speaker', text, (row) => row.speaker),
  column('content', text, (row) => row.content),
  column('external_id', text, (row) => row.externalId),
  column('metadata', jsonb, (row) => json(row.metadata)),
  column('said_at', timestamp, (row) => row.saidAt),
  column('created_at', timestamp, (row) => row.createdAt),
  column('created_position', bigint, (row) => row.createdPosition),
]);

const erasedId: Column<string> = column('memory_id', uuid, (id) => id);
export const deleteMemories = RowsStatement.delete('memories', erasedId);
export const deleteClaimSlots = RowsStatement.delete('claim_slots', erasedId);
export const deleteContradictions = RowsStatement.delete(
  'contradictions',
  column<string, string>('contradiction_id', uuid, (id) => id),
);
export const deleteVectors = RowsStatement.delete(
  'text_vectors',
  column('document_id', text, (id: string) => id),
);
/** Last of what is deleted: a reader that is noted now holds the row of its memory until it is written. */
export const deleteReads = RowsStatement.delete('memory_reads', erasedId);
export const deleteVersions = RowsStatement.delete('memory_versions', erasedId);

export const insertProjects = RowsStatement.insert<DirectoryEntry>(
  'projects',
  [
    column('project_id', text, (row) => row.id),
    column('name', text, (row) => row.name),
    column('created_position', bigint, (row) => row.createdPosition),
  ],
  'ON CONFLICT DO NOTHING',
);

export const insertTeams = RowsStatement.insert<DirectoryEntry>(
  'teams',
  [
    column('team_id', text, (row) => row.id),
    column('project_id', text, (row) => row.projectId),
    column('name', text, (row) => row.name),
    column('created_position', bigint, (row) => row.createdPosition),
  ],
  'ON CONFLICT DO NOTHING',
);

export const upsertAgents = RowsStatement.insert<Agent>(
  'agents',
  [
    column('agent_id', uuid, (row) => row.id),
    column('name', text, (row) => row.name),
    column('agent_type', text, (row) => row.agentType),
    column('role', text, (row) => row.role),
    column('personality', text, (row) => row.personality),
    column('project_id', text, (row) => row.projectId),
    column('team_id', text, (row) => row.teamId),
    column('created_at', timestamp, (row) => row.createdAt),
    column('created_position', bigint, (row) => row.createdPosition),
  ],
  `ON CONFLICT (tenant_id, agent_id) DO UPDATE SET agent_type = excluded.agent_type, role = excluded.role,
    personality = excluded.personality, team_id = excluded.team_id`,
);

export const insertHandoffs = RowsStatement.insert<HandoffRow>('handoffs', [
  column('handoff_id', uuid, (row) => row.id),
  column('project_id', text, (row) => row.projectId),
  column('from_agent', text, (row) => row.fromAgent),
  column('to_agent', text, (row) => row.toAgent),
  column('session_id', text, (row) => row.sessionId),
  column('reason', text, (row) => row.reason),
  column('context', jsonb, (row) => json(row.context)),
  column('recorded_at', timestamp, (row) => row.recordedAt),
  column('created_position', bigint, (row) => row.createdPosition),
]);

export const insertRuns = RowsStatement.insert<MaintenanceRunRow>('maintenance_runs', [
  column('run_id', uuid, (row) => row.id),
  column('kind', text, (row) => row.kind),
  column('created_at', timestamp, (row) => row.createdAt),
  column('created_position', bigint, (row) => row.createdPosition),
]);

export const upsertSettings = RowsStatement.insert<MaintenanceSettingsEntry>(
  'maintenance_settings',
  [column('settings', jsonb, (row) => json(row.settings)), column('set_at', timestamp, (row) => row.setAt)],
  'ON CONFLICT (tenant_id) DO UPDATE SET settings = excluded.settings, set_at = excluded.set_at',
);

export const insertParked = RowsStatement.insert<Parked>(
  'parked_commits',
  [
    column('projection', text, () => projection),
    column('version', integer, () => version),
    column('position', bigint, (row) => row.position),
    column('stream_id', text, (row) => row.streamId),
    column('error', text, (row) => row.error),
  ],
  'ON CONFLICT DO NOTHING',
);

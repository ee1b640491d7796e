import type { ProjectedMemory } from '#libs/ports/read-model-store.js';

/** A row of `memories`. */
export interface MemoryTableRow {
  memory_id: string;
  scope: ProjectedMemory['ownership']['scope'];
  project_id: string;
  owner_team_id: string | null;
  owner_agent_id: string | null;
  team_id: string | null;
  agent_id: string | null;
  user_id: string | null;
  session_id: string | null;
  content: string;
  memory_type: string;
  confidence: number;
  metadata: Record<string, unknown>;
  modality: string;
  status: ProjectedMemory['status'];
  observed_at: Date;
  valid_from: ProjectedMemory['validFrom'];
  valid_to: ProjectedMemory['validTo'];
  superseded_by: string | null;
  belief: Partial<Pick<ProjectedMemory, 'contradictions' | 'disputes' | 'adjustments' | 'claims'>>;
  evidence: ProjectedMemory['evidence'];
  version: number;
  created_at: Date;
  updated_at: Date;
  created_position: number;
  updated_position: number;
}

/** The memory that a row holds. */
export function projectedMemory(row: MemoryTableRow): ProjectedMemory {
  return {
    id: row.memory_id,
    ownership: {
      scope: row.scope,
      projectId: row.project_id,
      ownerTeamId: row.owner_team_id,
      ownerAgentId: row.owner_agent_id,
      teamId: row.team_id,
      agentId: row.agent_id,
      userId: row.user_id,
      sessionId: row.session_id,
    },
    content: row.content,
    memoryType: row.memory_type,
    confidence: row.confidence,
    metadata: row.metadata,
    modality: row.modality,
    status: row.status,
    observedAt: row.observed_at.toISOString(),
    validFrom: row.valid_from,
    validTo: row.valid_to,
    supersededBy: row.superseded_by,
    contradictions: row.belief.contradictions ?? [],
    disputes: row.belief.disputes ?? [],
    adjustments: row.belief.adjustments ?? [],
    claims: row.belief.claims ?? [],
    evidence: row.evidence,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdPosition: row.created_position,
    updatedPosition: row.updated_position,
  };
}

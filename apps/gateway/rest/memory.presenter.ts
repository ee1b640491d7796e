import type { CreatedAnswer, MemoryOnTheWire, VersionOnTheWire } from '#libs/contracts/rest/answers.js';
import type { MemoryRow, MemoryVersionRow } from '#libs/ports/memory-reader.js';
import type { Carried } from '../commands/command-sender.js';

/** Until importance is learned, every memory has the middle one. */
export const standardImportance = 0.5;

export function presentMemory(row: MemoryRow, tenantId: string): MemoryOnTheWire {
  const { ownership } = row;
  return {
    id: row.id,
    owner_id: tenantId,
    owner_clerk_id: tenantId,
    user_id: ownership.userId,
    end_user_id: ownership.userId,
    content: row.content,
    memory_type: row.memoryType,
    confidence: row.confidence,
    importance_score: standardImportance,
    metadata: row.metadata,
    source_type: row.sourceType,
    agent_id: ownership.agentId,
    team_id: ownership.teamId,
    project_id: ownership.projectId,
    session_id: ownership.sessionId,
    scope: ownership.scope,
    status: row.status,
    valid_from: row.validFrom?.instant ?? null,
    valid_to: row.validTo?.instant ?? null,
    superseded_by: row.supersededBy,
    version: row.version,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** The ETag of a memory: its version, quoted. */
export function etagOf(row: MemoryRow): string {
  return `"${row.version}"`;
}

export function presentVersion(row: MemoryVersionRow): VersionOnTheWire {
  return {
    version: row.version,
    event: row.eventType,
    event_id: row.eventId,
    event_offset: row.position,
    recorded_at: row.recordedAt,
    actor: row.actor,
    reason: row.reason,
    decision: row.decision,
    content: row.content,
    memory_type: row.memoryType,
    confidence: row.confidence,
    metadata: row.metadata,
    status: row.status,
  };
}

/** What LearnMemory and IngestConversation leave as their outcome. */
interface Learned {
  memoryIds: string[];
  memoriesCreated: number;
  deduplicated: boolean;
  conversationId: string | null;
  userId: string | null;
  agentId: string | null;
  projectId: string;
  sessionId: string | null;
  /** Absent in outcomes from before beliefs were revised. */
  supersededIds?: string[];
  contradictionIds?: string[];
}

export function presentCreated(carried: Carried, tenantId: string): CreatedAnswer {
  const learned = carried.body as unknown as Learned;
  const count = learned.memoriesCreated;
  return {
    success: true,
    memories_created: count,
    memory_ids: learned.memoryIds,
    owner_id: tenantId,
    owner_clerk_id: tenantId,
    user_id: learned.userId,
    end_user_id: learned.userId,
    agent_id: learned.agentId,
    project_id: learned.projectId,
    session_id: learned.sessionId,
    conversation_id: learned.conversationId,
    message: `Created ${count} ${count === 1 ? 'memory' : 'memories'}.`,
    event_offset: carried.position,
    ...(learned.supersededIds?.length && { superseded_ids: learned.supersededIds }),
    ...(learned.contradictionIds?.length && { contradiction_ids: learned.contradictionIds }),
    ...((learned.deduplicated || carried.isRetryInWindow) && { deduplicated: true as const }),
  };
}

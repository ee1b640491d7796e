import type { LogChange } from '#libs/ports/memory-queries.js';
import type { Webhook } from '#libs/ports/webhooks.js';

/** What a receiver is told: ids and types, and what was said only where it was asked for. */
export function webhookPayload(change: LogChange, { includeContent, tenantId }: Webhook): string {
  const { place, type, recordedAt, reason, memoryId, memory, data } = change;
  const content = memory && {
    memory: {
      ...{ id: memory.id, content: memory.content, memory_type: memory.memoryType, confidence: memory.confidence },
      ...{ metadata: memory.metadata, user_id: memory.ownership.userId, scope: memory.ownership.scope },
      ...{ status: memory.status, superseded_by: memory.supersededBy, version: memory.version },
    },
  };
  return JSON.stringify({
    type,
    timestamp: recordedAt,
    data: {
      ...{ owner_id: tenantId, event_offset: place.position, event_id: change.eventId, reason },
      ...(memoryId !== null && { memory_id: memoryId }),
      ...(memory && { status: memory.status, version: memory.version }),
      ...(includeContent && { ...content, ...(data && { data }) }),
    },
  });
}

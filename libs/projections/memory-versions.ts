import type { EventHeaders, RecordedCommit } from '#libs/contracts/events.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import type { EvidenceChange } from '#libs/ports/memory-reader.js';
import type { ProjectedMemory } from '#libs/ports/read-model-store.js';

/** A version of a memory, as an event left it. */
export function versionOf(
  commit: RecordedCommit,
  headers: EventHeaders,
  row: ProjectedMemory,
  evidence: EvidenceChange | null,
) {
  const { actor, reason, decision, id: eventId, type: eventType } = headers;
  const { version, content, memoryType, confidence, metadata, status, validFrom, validTo, supersededBy } = row;
  const { position, recordedTime: recordedAt } = commit;
  return {
    memoryId: row.id,
    version,
    position,
    recordedAt,
    eventType,
    eventId,
    reason,
    actor: { ...actor },
    decision: decision && { ...decision },
    content,
    memoryType,
    confidence,
    metadata,
    status,
    validFrom,
    validTo,
    supersededBy,
    evidence,
  };
}

/** What an event does to the evidence of its memory. */
export function evidenceChange(event: MemoryEvent): EvidenceChange | null {
  switch (event.type) {
    case 'MemoryLearned':
    case 'MemoryReinforced':
    case 'MemoryRefined':
      return { added: [event.data.evidence] };
    case 'MemoriesConsolidated':
      return { added: event.data.evidence };
    case 'MemoryReflected':
      return { all: [event.data.evidence] };
    case 'MemoryImported':
      return { added: [event.data.evidence, ...event.data.moreEvidence] };
    case 'MemoryRestored':
      return { all: event.data.restored.evidence };
    default:
      return null;
  }
}

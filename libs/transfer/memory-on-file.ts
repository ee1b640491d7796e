import type { EvidenceOnFile, MemoryOnFile, VersionOnFile } from '#libs/contracts/rest/memory-file.js';
import type { EarlierVersion, Evidence } from '#libs/domain/memory/memory.events.js';
import type { ExportedMemory } from '#libs/ports/memory-queries.js';

/** A memory as a file tells it, with nothing that only its tenant could understand. */
export function memoryOnFile(
  { memory, evidence, names, versions }: ExportedMemory,
  withHistory: boolean,
): MemoryOnFile {
  const { ownership } = memory;
  return {
    id: memory.id,
    content: memory.content,
    memory_type: memory.memoryType,
    confidence: memory.confidence,
    metadata: memory.metadata,
    modality: memory.modality,
    status: memory.status as MemoryOnFile['status'],
    superseded_by: memory.supersededBy,
    scope: ownership.scope,
    project_name: names.project,
    team_name: names.team,
    agent_name: names.agent,
    team_id: ownership.teamId === ownership.ownerTeamId ? null : ownership.teamId,
    agent_id: ownership.agentId === ownership.ownerAgentId ? null : ownership.agentId,
    user_id: ownership.userId,
    session_id: ownership.sessionId,
    observed_at: memory.observedAt,
    valid_from: memory.validFrom,
    valid_to: memory.validTo,
    created_at: memory.createdAt,
    updated_at: memory.updatedAt,
    evidence: evidenceOnFile(evidence),
    ...(withHistory && { history: versions.map(versionOnFile) }),
  };
}

/** Sessions are known by a hash that is of the tenant; all that counts is which evidence is of the same one. */
function evidenceOnFile(evidence: readonly Evidence[]): EvidenceOnFile[] {
  const sessions: string[] = [];
  const numberOf = (session: string | null): number | null => {
    if (session === null) return null;
    if (!sessions.includes(session)) sessions.push(session);
    return sessions.indexOf(session) + 1;
  };
  return evidence.map(({ id, sourceType, ruleId, extractorVersion, metadata, origin, sources, derivedFrom }) => ({
    ...{ id, metadata, source_type: sourceType, rule_id: ruleId, extractor_version: extractorVersion },
    origin: origin ? { session: numberOf(origin.session), source: origin.source } : null,
    sources: sources.map(({ messageId, externalId, start, end }) => ({
      ...{ message_id: messageId, external_id: externalId, start, end },
    })),
    ...(derivedFrom && {
      derived_from: derivedFrom.map(({ memoryId, version }) => ({ memory_id: memoryId, version })),
    }),
  }));
}

function versionOnFile(version: EarlierVersion): VersionOnFile {
  const { content, confidence, metadata, status, reason, decision } = version;
  return {
    ...{ content, confidence, metadata, status, reason, decision },
    event: version.eventType,
    recorded_at: version.recordedAt,
    memory_type: version.memoryType,
    valid_from: version.validFrom,
    valid_to: version.validTo,
    superseded_by: version.supersededBy,
  };
}

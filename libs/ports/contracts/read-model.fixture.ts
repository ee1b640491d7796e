import type { Ownership } from '#libs/domain/scope/ownership.js';
import type { ContradictionRow, EpisodeRow } from '../memory-reader.js';
import type { ProjectedMemory, ReadModelChanges } from '../read-model-store.js';

const at = '2026-03-01T10:00:00.000Z';

export const somewhere: Ownership = {
  scope: 'personal',
  projectId: 'project-default',
  ownerTeamId: null,
  ownerAgentId: null,
  teamId: null,
  agentId: null,
  userId: null,
  sessionId: null,
};

/** A UUID that tells its number; `kind` keeps the numbers of different things apart. */
export function rowId(kind: string, number: number): string {
  const digit = (kind.charCodeAt(0) % 16).toString(16);
  return `${digit.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const absentRow = rowId('absent', 999_999);

export function emptyChanges(): ReadModelChanges {
  return {
    memories: [],
    erasedMemories: [],
    versions: [],
    reread: [],
    claimSlots: [],
    contradictions: [],
    settledContradictions: [],
    erasedContradictions: [],
    episodes: [],
    projects: [],
    teams: [],
    agents: [],
    handoffs: [],
    totals: { memories: 0, episodes: 0, contentBytes: 0 },
    runs: [],
    settings: [],
    parked: [],
  };
}

export function projectedMemory(number: number, more: Partial<ProjectedMemory> = {}): ProjectedMemory {
  const id = rowId('memory', number);
  return {
    id,
    ownership: somewhere,
    content: `Memory ${number}`,
    memoryType: 'fact',
    confidence: 0.8,
    metadata: {},
    modality: 'asserted',
    status: 'active',
    observedAt: at,
    validFrom: null,
    validTo: null,
    supersededBy: null,
    contradictions: [],
    disputes: [],
    adjustments: [],
    claims: [],
    evidence: [{ id, sourceType: 'statement', sources: [], ruleId: 'statement', extractorVersion: null, metadata: {} }],
    version: 1,
    createdAt: at,
    updatedAt: at,
    createdPosition: 1,
    updatedPosition: 1,
    ...more,
  };
}

/** The version that such a memory has. */
export function versionRow(memoryId: string, version: number): ReadModelChanges['versions'][number] {
  return {
    ...{ memoryId, version, position: version, recordedAt: at, eventType: 'MemoryRevised' },
    ...{ eventId: rowId('event', version), actor: { key: 'k' }, reason: 'user', decision: null },
    ...{ content: `Version ${version}`, memoryType: 'fact', confidence: 0.8, metadata: {}, status: 'active' },
    ...{ validFrom: null, validTo: null, supersededBy: null, evidence: { added: [] } },
  };
}

export function episodeRow(number: number, more: Partial<EpisodeRow> = {}): EpisodeRow {
  return {
    id: rowId('episode', number),
    ownership: somewhere,
    conversationId: rowId('conversation', 1),
    ordinal: number,
    role: 'user',
    speaker: null,
    content: `Episode ${number}`,
    externalId: null,
    metadata: {},
    saidAt: at,
    createdAt: at,
    createdPosition: 1,
    ...more,
  };
}

export function contradictionRow(number: number, more: Partial<ContradictionRow> = {}): ContradictionRow {
  return {
    id: rowId('contradiction', number),
    ownership: somewhere,
    memoryId: rowId('memory', 1),
    otherId: rowId('memory', 2),
    kind: 'conflict',
    probability: 0.9,
    ruleId: 'relation.single_slot',
    rulesVersion: 'relations-1',
    evidence: ['slot=residence'],
    slot: 'residence',
    settlement: null,
    reason: null,
    detectedAt: at,
    settledAt: null,
    createdPosition: 1,
    ...more,
  };
}

import type { ContradictionRow, EpisodeRow, MemoryRow } from '#libs/ports/memory-reader.js';

export const memoryId = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001';

export function memoryRow(changes: Partial<MemoryRow> = {}): MemoryRow {
  return {
    id: memoryId,
    ownership: {
      scope: 'project',
      projectId: 'p-1',
      ownerTeamId: null,
      ownerAgentId: null,
      teamId: null,
      agentId: 'a-1',
      userId: 'user_123',
      sessionId: null,
    },
    content: 'Prefers dark mode',
    memoryType: 'preference',
    confidence: 0.9,
    metadata: { priority: 'high' },
    status: 'active',
    sourceType: 'statement',
    source: 'user',
    sources: [],
    validFrom: { instant: '2024-05-01T00:00:00.000Z', precision: 'day' },
    validTo: null,
    modality: 'asserted',
    observedAt: '2026-03-01T10:00:00.000Z',
    supersededBy: null,
    version: 3,
    evidenceCount: 1,
    createdAt: '2024-05-02T10:00:00.000Z',
    updatedAt: '2024-05-03T10:00:00.000Z',
    createdPosition: 7,
    ...changes,
  };
}

export function episodeRow(changes: Partial<EpisodeRow> = {}): EpisodeRow {
  return {
    id: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0002',
    ownership: memoryRow().ownership,
    conversationId: 'c-1',
    ordinal: 0,
    role: 'user',
    speaker: 'Ada',
    content: 'I moved\nto Lyon',
    externalId: 'D1:3',
    metadata: {},
    saidAt: '2024-04-30T09:00:00.000Z',
    createdAt: '2024-05-02T10:00:00.000Z',
    createdPosition: 6,
    ...changes,
  };
}

export function contradictionRow(changes: Partial<ContradictionRow> = {}): ContradictionRow {
  return {
    id: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0003',
    ownership: memoryRow().ownership,
    memoryId,
    otherId: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0004',
    kind: 'conflict',
    probability: 0.9,
    ruleId: 'relation.likeness',
    rulesVersion: '1',
    evidence: [],
    slot: null,
    settlement: null,
    reason: null,
    detectedAt: '2024-05-02T10:00:00.000Z',
    settledAt: null,
    createdPosition: 8,
    ...changes,
  };
}

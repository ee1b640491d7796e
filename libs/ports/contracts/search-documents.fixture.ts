import type { IndexedDocument } from '../search-index.js';

/** An episode of the conversation `conversation`, as the parts say. */
export function episode(id: string, parts: Partial<IndexedDocument>): IndexedDocument {
  return {
    id,
    kind: 'episode',
    text: '',
    caption: null,
    speaker: null,
    role: 'user',
    conversationId: 'conversation',
    ordinal: 0,
    saidAt: '2024-01-01T00:00:00.000Z',
    validFrom: '2024-01-01T00:00:00.000Z',
    validTo: null,
    createdAt: '2024-01-01T00:00:00.000Z',
    sourceEpisodeIds: [],
    scope: 'personal',
    projectId: 'project',
    teamId: null,
    agentId: null,
    ownerTeamId: null,
    ownerAgentId: null,
    userId: null,
    sessionId: null,
    memoryType: 'episode',
    status: 'active',
    confidence: 1,
    metadata: {},
    ...parts,
  };
}

/** A memory that nobody said. */
export function memory(id: string, parts: Partial<IndexedDocument>): IndexedDocument {
  return { ...episode(id, { role: null, conversationId: null, memoryType: 'fact' }), kind: 'memory', ...parts };
}

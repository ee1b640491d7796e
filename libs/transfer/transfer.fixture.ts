import type { MemoryOnFile } from '#libs/contracts/rest/memory-file.js';

export function memoryInFile(changes: Partial<MemoryOnFile> = {}): MemoryOnFile {
  return {
    id: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001',
    content: 'Prefers dark mode',
    memory_type: 'preference',
    confidence: 0.8,
    metadata: {},
    modality: 'asserted',
    status: 'active',
    superseded_by: null,
    scope: 'personal',
    project_name: 'default',
    team_name: null,
    agent_name: null,
    team_id: null,
    agent_id: null,
    user_id: null,
    session_id: null,
    observed_at: '2026-03-01T10:00:00.000Z',
    valid_from: null,
    valid_to: null,
    created_at: '2026-03-01T10:00:00.000Z',
    updated_at: '2026-03-01T10:00:00.000Z',
    evidence: [
      {
        id: '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0002',
        source_type: 'statement',
        rule_id: 'statement',
        extractor_version: null,
        metadata: {},
        origin: { session: null, source: 'user' },
        sources: [],
      },
    ],
    ...changes,
  };
}

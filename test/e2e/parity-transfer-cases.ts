import type { ParityCase } from './parity-cases.js';

type Rest = Omit<ParityCase, 'rpc' | 'rest'>;
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));
const accept = (type: string) => ({ accept: type });

const exports = cases(
  'TransferService/ExportMemories',
  'POST /memories/export',
  { name: 'a file of JSON', fields: { user_id: 'user_1', scope: 'team', team_name: 'red' } },
  {
    name: 'a file of NDJSON with everything',
    fields: { format: 'ndjson', include_history: true, include_superseded: true },
    headers: accept('application/x-ndjson'),
  },
  { name: 'a file of CSV', fields: { format: 'csv', min_confidence: 0.5 }, headers: accept('text/csv') },
  {
    name: 'a file of an earlier position',
    fields: { format: 'ndjson', as_of: '2' },
    headers: accept('application/x-ndjson'),
  },
  { name: 'a format that is none', fields: { format: 'xml' }, code: 'validation_failed' },
  { name: 'a day to come', fields: { as_of: '2999-01-01T00:00:00Z' }, code: 'validation_failed' },
  { name: 'a file without a key', fields: {}, key: null, code: 'unauthenticated' },
);

const row = { content: 'Imported by both doors', metadata: { a: [1, { b: null }] }, user_id: 'import', extra: 1 };

const imports = cases(
  'TransferService/ImportMemories',
  'POST /memories/import',
  { name: 'rows of which one is none', fields: { memories: [row, { content: '' }] } },
  { name: 'the same rows again', fields: { memories: [row], mode: 'merge' } },
  { name: 'a dry run', fields: { memories: [{ ...row, content: 'Never there' }], dry_run: true } },
  { name: 'rows of another system', fields: { format: 'mem0', memories: [{ id: 'm-1', memory: 'Likes mem0 tea' }] } },
  { name: 'a mode that is none', fields: { memories: [row], mode: 'erase' }, code: 'validation_failed' },
  { name: 'rows without a key', fields: { memories: [row] }, key: null, code: 'unauthenticated' },
);

export const transferCases: readonly ParityCase[] = [...exports, ...imports];

import type { Known, ParityCase } from './parity-cases.js';

type Fields = Record<string, unknown>;
type Rest = Omit<ParityCase, 'rpc' | 'rest'>;

const absent = '99999999-0000-4000-8000-000000000000';
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] =>
  all.map((one) => ({ rpc: `JobsService/${rpc}`, rest, ...one }));
const job = (name: string) => (body: Fields, known: Known) => {
  known[name] = String(body['job_id']);
};
const named = (name: string) => (known: Known) => ({ id: known[name] });
const isOver = ({ status }: Fields): boolean => status === 'completed' || status === 'cancelled';
const noKey: Rest = { name: 'without a key', key: null, code: 'unauthenticated' };
const unknown: Rest = { name: 'that is not there', fields: { id: absent }, code: 'not_found' };
const noId: Rest = { name: 'that is no id', fields: { id: 'job' }, code: 'not_found' };

const get = (...all: Rest[]) => cases('GetJob', 'GET /batch-jobs/:id', ...all);
const results = (...all: Rest[]) => cases('ListJobResults', 'GET /batch-jobs/:id/results', ...all);
const create = (...all: Rest[]) => cases('BatchCreateMemories', 'POST /memories/batch/create', ...all);

const said = { role: 'user', content: 'I prefer maps of paper.' };
const many = Array.from({ length: 600 }, (_, index) => ({ content: `Stone ${index} lies on hill ${index * 3}.` }));

/** In this order. */
export const jobCases: readonly ParityCase[] = [
  ...create(
    {
      name: 'of memories and a conversation',
      fields: { memories: [{ content: 'The oar is new.', metadata: { a: [1] } }, { messages: [said] }, {}] },
      headers: { 'idempotency-key': 'batch' },
      keep: job('created'),
    },
    {
      name: 'with a key that another batch had',
      fields: { memories: [{ content: 'Else' }] },
      headers: { 'idempotency-key': 'batch' },
      code: 'idempotency_mismatch',
    },
    { ...noKey, fields: { memories: [{ content: 'x' }] } },
  ),
  ...get({ name: 'that created', fields: named('created'), until: isOver }, unknown, noId),
  ...results(
    { name: 'of creating', fields: named('created') },
    { name: 'of creating, a page', fields: ({ created }) => ({ id: created, limit: 1, after: 0 }) },
    { name: 'of creating, the failures', fields: ({ created }) => ({ id: created, failed_only: true }) },
    unknown,
  ),
  ...cases(
    'BatchUpdateMemories',
    'POST /memories/batch/update',
    {
      name: 'of what is not there',
      fields: { updates: [{ id: absent, confidence: 0.5, expected_version: 2 }] },
      keep: job('updated'),
    },
    { ...noKey, fields: { updates: [{ id: absent }] } },
  ),
  ...get({ name: 'that changed nothing', fields: named('updated'), until: isOver }),
  ...cases(
    'BatchDeleteMemories',
    'POST /memories/batch/delete',
    { name: 'of what is not there', fields: { memory_ids: [absent], hard: true }, keep: job('deleted') },
    { ...noKey, fields: { memory_ids: [absent] } },
  ),
  ...get({ name: 'that deleted nothing', fields: named('deleted'), until: isOver }),
  ...cases(
    'RetryJob',
    'POST /batch-jobs/:id/retry',
    { name: 'of which an item failed', fields: named('deleted') },
    unknown,
  ),
  ...get({ name: 'that deleted nothing again', fields: named('deleted'), until: isOver }),
  ...create({ name: 'of many memories', fields: { memories: many }, keep: job('many') }),
  ...cases(
    'CancelJob',
    'POST /batch-jobs/:id/cancel',
    { name: 'that is over', fields: named('deleted'), code: 'job_over' },
    { name: 'that runs', fields: named('many'), isTimed: true },
  ),
  ...get({ name: 'that was cancelled', fields: named('many'), until: isOver, isTimed: true }),
  ...cases(
    'EmbedMemories',
    'POST /memories/batch/embeddings',
    { name: 'of what waits', fields: {}, keep: job('embedded'), isTimed: true },
    noKey,
  ),
  ...get({ name: 'that embedded', fields: named('embedded'), until: isOver, isTimed: true }),
  ...cases(
    'GetEmbeddings',
    'GET /memories/batch/embeddings',
    { name: 'that wait', fields: {}, until: (body) => Number(body['pending_embeddings']) === 0, isTimed: true },
    noKey,
  ),
  ...cases(
    'ListJobs',
    'GET /batch-jobs',
    { name: 'of one type', fields: { type: 'batch_delete', limit: 5 } },
    { name: 'of a type that is none', fields: { type: 'magic' }, code: 'validation_failed' },
  ),
];

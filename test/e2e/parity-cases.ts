import type { ErrorCode } from '#libs/contracts/errors.js';
import { maintenanceCases } from './parity-maintenance-cases.js';
import { accountCases } from './parity-account-cases.js';
import { searchCases } from './parity-search-cases.js';

type Fields = Record<string, unknown>;
/** What earlier answers said, to be used by later cases; each side has its own. */
export type Known = Record<string, string>;

/** One thing that is asked by REST and by gRPC, with the same words. */
export interface ParityCase {
  name: string;
  /** Such as `MemoriesService/GetMemory`. */
  rpc: string;
  /** Such as `GET /memories/:id`; the field `id` is in its path. */
  rest: string;
  fields?: Fields | ((known: Known) => Fields);
  /** Where a message says it with other fields than JSON does. */
  message?: Fields;
  /** Headers of the request, metadata of the call. */
  headers?: Record<string, string>;
  /** Another key; null shows none. */
  key?: string | null;
  /** Absent: it succeeds. */
  code?: ErrorCode;
  /** It is asked again until its answer is so. */
  until?: (body: Fields) => boolean;
  /** Its answer depends on how far something is: only that it succeeds is compared. */
  isTimed?: true;
  /** Notes what later cases need. */
  keep?: (body: Fields, known: Known) => void;
}

const absent = '99999999-0000-4000-8000-000000000000';
const tree = {
  ...{ text: 'Grüße, 世界 😀', empty: '', zero: 0, minus: -0.125, large: 1e21, yes: true, no: false, nothing: null },
  ...{ list: [1, [], [[]], {}, null, 'x'], deep: { deeper: { deepest: [{ a: { b: { c: 1 } } }] } } },
  ...{ '': 'no name', 'a.b': 1, constructor: { toString: 'text' } },
};
const firstId = (name: string) => (body: Fields, known: Known) => {
  known[name] = (body['memory_ids'] as string[])[0]!;
};
const cursor = (body: Fields, known: Known): void => {
  known['cursor'] = String(body['next_cursor']);
};

const contradiction = (body: Fields, known: Known): void => {
  known['contradiction'] = (body['contradictions'] as { id: string }[])[0]!.id;
};

type Rest = Omit<ParityCase, 'rpc' | 'rest'>;
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));
const create = (...all: Rest[]) => cases('MemoriesService/CreateMemory', 'POST /memories', ...all);
const keyed = (key: string) => ({ 'idempotency-key': key });

const writing = [
  ...create(
    { name: 'one memory', fields: { content: 'The zebra is called Zora', metadata: tree }, keep: firstId('zebra') },
    {
      name: 'everything that one memory may have',
      fields: {
        ...{ content: 'ünïcode \u{1F469}\u200D\u{1F680} e\u0301\n\ttab', memory_type: 'guideline', confidence: 0.25 },
        ...{ scope: 'team', user_id: 'user_1', metadata: {}, agent_id: 'label', team_id: 'label-t' },
        ...{ agent_name: 'Ada', agent_type: 'writer', project_name: 'alpha', team_name: 'red', session_id: 's-1' },
      },
    },
    {
      name: 'a conversation',
      fields: {
        conversation_id: 'talk-1',
        messages: [
          { role: 'user', content: 'I prefer dark mode', name: 'Kim', id: 'm-1' },
          { role: 'assistant', content: 'Noted.', timestamp: '2024-05-01T10:00:00Z' },
        ],
      },
    },
    {
      name: 'a belief that will give way',
      fields: { content: 'I live in Berlin.', user_id: 'mover' },
      keep: firstId('berlin'),
    },
    { name: 'what takes its place', fields: { content: 'I moved to Madrid, I live there now.', user_id: 'mover' } },
    {
      name: 'a conversation of parts',
      fields: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'I live in Lisbon.' },
              { type: 'image', caption: 'a tram', mimeType: 'image/png' },
            ],
          },
        ],
      },
      keep: firstId('lisbon'),
      message: {
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'I live in Lisbon.' },
              { type: 'image', caption: 'a tram', mime_type: 'image/png' },
            ],
          },
        ],
      },
    },
    { name: 'the same twice is a retry', fields: { content: 'Said twice' } },
    { name: 'the same twice is a retry, the second time', fields: { content: 'Said twice' } },
    { name: 'a write with a key', fields: { content: 'Keyed' }, headers: keyed('k-1') },
    { name: 'the same write with the same key', fields: { content: 'Keyed' }, headers: keyed('k-1') },
    {
      name: 'another write with the same key',
      fields: { content: 'Other' },
      headers: keyed('k-1'),
      code: 'idempotency_mismatch',
    },
    {
      name: 'a key that is too long',
      fields: { content: 'x' },
      headers: keyed('k'.repeat(256)),
      code: 'validation_failed',
    },
    { name: 'no key', fields: { content: 'x' }, key: null, code: 'unauthenticated' },
    { name: 'an unknown key', fields: { content: 'x' }, key: 'mk_unknown', code: 'unauthenticated' },
    { name: 'two different keys', fields: { content: 'x' }, headers: { 'x-api-key': 'mk_2' }, code: 'unauthenticated' },
    {
      name: 'a key of another form',
      fields: { content: 'x' },
      headers: { authorization: 'Basic a' },
      code: 'unauthenticated',
    },
    { name: 'neither form', fields: {}, code: 'validation_failed' },
    {
      name: 'both forms',
      fields: { content: 'x', messages: [{ role: 'user', content: 'y' }] },
      code: 'validation_failed',
    },
    {
      name: 'several wrong fields',
      fields: { content: ' ', confidence: 1.5, scope: 'galaxy' },
      code: 'validation_failed',
    },
    { name: 'a role that is none', fields: { messages: [{ role: 'robot', content: 'y' }] }, code: 'validation_failed' },
    { name: 'NUL in a text', fields: { content: 'a\0b' }, code: 'validation_failed' },
    { name: 'NUL in a tree', fields: { content: 'a', metadata: { a: ['\0'] } }, code: 'validation_failed' },
    {
      name: 'metadata that is too large',
      fields: { content: 'a', metadata: { a: 'x'.repeat(40_000) } },
      code: 'validation_failed',
    },
    { name: 'a body that is too large', fields: { content: '\u0001'.repeat(200_000) }, code: 'payload_too_large' },
  ),
  ...cases(
    'AgentsService/CreateAgentMemory',
    'POST /memories/agents',
    {
      name: 'of an agent',
      fields: { content: 'Ada types fast', agent_name: 'Ada', session_id: 's-1' },
      keep: firstId('ada'),
    },
    { name: 'of an agent whose name is blank', fields: { content: 'x', agent_name: ' ' }, code: 'validation_failed' },
  ),
];

const reading = [
  ...cases(
    'MemoriesService/GetMemory',
    'GET /memories/:id',
    { name: 'a memory with its tree', fields: ({ zebra }) => ({ id: zebra }) },
    { name: 'a memory at a position', fields: ({ zebra }) => ({ id: zebra, min_position: 1 }) },
    {
      name: 'a position that does not exist yet',
      fields: ({ zebra }) => ({ id: zebra, min_position: 10_000 }),
      code: 'position_in_future',
    },
    { name: 'a memory as it was', fields: ({ zebra }) => ({ id: zebra, as_of: '1', valid_at: '2999-01-01' }) },
    {
      name: 'a memory at a time that is none',
      fields: ({ zebra }) => ({ id: zebra, valid_at: '1999' }),
      code: 'validation_failed',
    },
    {
      name: 'a memory before it was said',
      fields: ({ zebra }) => ({ id: zebra, valid_at: '1999-01-01' }),
      code: 'not_found',
    },
    { name: 'a memory that is not there', fields: { id: absent }, code: 'not_found' },
    { name: 'a memory whose id is none', fields: { id: 'zebra' }, code: 'not_found' },
  ),
  ...cases(
    'MemoriesService/ListMemories',
    'GET /memories',
    { name: 'everything', fields: {} },
    { name: 'the first page', fields: { limit: 2, order: 'asc' }, keep: cursor },
    { name: 'the second page', fields: ({ cursor: from }) => ({ limit: 2, order: 'asc', cursor: from }) },
    {
      name: 'a cursor of another query',
      fields: ({ cursor: from }) => ({ limit: 2, cursor: from }),
      code: 'cursor_invalid',
    },
    { name: 'a cursor of nobody', fields: { cursor: 'abc' }, code: 'cursor_invalid' },
    {
      name: 'of one user, in one place',
      fields: {
        user_id: 'user_1',
        project_name: 'alpha',
        team_name: 'red',
        agent_name: 'Ada',
        min_confidence: 0.2,
        scope: 'team',
      },
    },
    {
      name: 'with every small filter',
      fields: { memory_type: 'fact', user_id: 'self', include_superseded: true, include_embedding: false },
    },
    { name: 'more than a page', fields: { limit: 101 }, code: 'validation_failed' },
    { name: 'no page at all', fields: { limit: 0 }, code: 'validation_failed' },
    { name: 'of an earlier position', fields: { as_of: '2', include_superseded: true } },
    { name: 'of a world time', fields: { valid_at: '2999-01-01' } },
    { name: 'of a day', fields: { as_of: 'yesterday-ish' }, code: 'validation_failed' },
    { name: 'of a position to come', fields: { as_of: '10000' }, code: 'validation_failed' },
    { name: 'with embeddings', fields: { include_embedding: true }, code: 'validation_failed' },
  ),
  ...cases(
    'AgentsService/ListAgentMemories',
    'GET /memories/agents',
    {
      name: 'of an agent',
      fields: { agent_name: 'Ada', session_id: 's-1', include_team: true, include_project: true },
    },
    { name: 'of an agent, too many', fields: { agent_name: 'Ada', limit: 1000 }, code: 'validation_failed' },
  ),
  ...searchCases,
];

const changing = [
  ...cases(
    'MemoriesService/UpdateMemory',
    'PATCH /memories/:id',
    { name: 'at its version', fields: ({ zebra }) => ({ id: zebra, confidence: 0.5, expected_version: 1 }) },
    {
      name: 'to what another memory says',
      fields: ({ zebra }) => ({ id: zebra, content: 'Said twice' }),
      code: 'content_conflict',
    },
    {
      name: 'at an old version',
      fields: ({ zebra }) => ({ id: zebra, content: 'x', expected_version: 1 }),
      code: 'version_conflict',
    },
    {
      name: 'at a version that cannot be',
      fields: ({ zebra }) => ({ id: zebra, content: 'x', expected_version: -1 }),
      code: 'validation_failed',
    },
    {
      name: 'with another tree',
      fields: ({ zebra }) => ({ id: zebra, metadata: { a: { b: [null] } }, memory_type: 'note' }),
    },
    { name: 'of nothing', fields: ({ zebra }) => ({ id: zebra }), code: 'validation_failed' },
    { name: 'of what is not there', fields: { id: absent, content: 'x' }, code: 'not_found' },
  ),
  ...cases(
    'MemoriesService/GetMemoryHistory',
    'GET /memories/:id/history',
    { name: 'of a changed memory', fields: ({ zebra }) => ({ id: zebra }) },
    { name: 'of what is not there', fields: { id: absent }, code: 'not_found' },
  ),
  // A call always gets the full form: the other forms are parts of it, and a picture is no message.
  ...cases(
    'MemoriesService/GetMemoryLineage',
    'GET /memories/:id/lineage',
    { name: 'of a changed memory', fields: ({ zebra }) => ({ id: zebra }) },
    { name: 'of what was read in a message', fields: ({ lisbon }) => ({ id: lisbon }) },
    { name: 'of a belief that gave way', fields: ({ berlin }) => ({ id: berlin }) },
    { name: 'as it was told first', fields: ({ zebra }) => ({ id: zebra, as_of: '1' }) },
    { name: 'at a time that is none', fields: ({ zebra }) => ({ id: zebra, as_of: 'x' }), code: 'validation_failed' },
    { name: 'of what is not there', fields: { id: absent }, code: 'not_found' },
  ),
  ...cases(
    'ContradictionsService/ListContradictions',
    'GET /contradictions',
    { name: 'all', fields: {}, keep: contradiction },
    { name: 'the first', fields: { limit: 1, user_id: 'mover' } },
    { name: 'those that are settled', fields: { resolved: true, scope: 'personal' } },
    { name: 'those that are open', fields: { resolved: false } },
    { name: 'with a wrong cursor', fields: { cursor: 'x' }, code: 'cursor_invalid' },
    { name: 'too many', fields: { limit: 101 }, code: 'validation_failed' },
  ),
  ...cases(
    'ContradictionsService/GetContradiction',
    'GET /contradictions/:id',
    { name: 'one', fields: ({ contradiction: id }) => ({ id }) },
    { name: 'what is not there', fields: { id: absent }, code: 'not_found' },
    { name: 'what is no id', fields: { id: 'x' }, code: 'not_found' },
  ),
  ...cases(
    'AgentsService/CreateAgent',
    'POST /agents',
    {
      name: 'new',
      fields: {
        name: 'Grace',
        role: 'editor',
        personality: 'calm',
        agent_type: 'human',
        project_id: 'beta',
        team_id: 'blue',
      },
    },
    { name: 'known', fields: { name: 'Grace', role: 'chief', project_name: 'beta' } },
    { name: 'without a name', fields: {}, code: 'validation_failed' },
    { name: 'in a project that is not its own', fields: { name: 'X', project_id: absent }, code: 'not_found' },
  ),
  ...cases(
    'AgentsService/ListAgents',
    'GET /agents',
    { name: 'of a project', fields: { project_name: 'beta' } },
    { name: 'page by page', fields: { limit: 1 } },
    { name: 'with a wrong cursor', fields: { cursor: 'x' }, code: 'cursor_invalid' },
  ),
  ...cases(
    'AgentsService/RecordHandoff',
    'POST /handoffs',
    {
      name: 'with its context',
      fields: { from_agent: 'Ada', to_agent: 'Grace', reason: 'late', context: tree, session_id: 's-1' },
    },
    { name: 'to nobody', fields: { from_agent: 'Ada', session_id: 's-1' }, code: 'validation_failed' },
    { name: 'of nobody', fields: { to_agent: 'Ada', session_id: 's-1' }, code: 'validation_failed' },
  ),
  ...cases(
    'AgentsService/ListHandoffs',
    'GET /handoffs',
    { name: 'of a session', fields: { session_id: 's-1', limit: 5 } },
    { name: 'of no session', fields: {}, code: 'validation_failed' },
  ),
];

const ending = [
  ...cases(
    'MemoriesService/DiffMemories',
    'GET /memories/diff',
    { name: 'of everything', fields: { from: '1', to: '8', scope: 'personal', user_id: 'all' } },
    { name: 'the first of everything', fields: { from: '1', to: '8', limit: 1 }, keep: cursor },
    {
      name: 'the second of everything',
      fields: ({ cursor: after }) => ({ from: '1', to: '8', limit: 1, cursor: after }),
    },
    { name: 'backwards', fields: { from: '8', to: '1' }, code: 'validation_failed' },
    { name: 'of half a span', fields: { from: '1' }, code: 'validation_failed' },
  ),
  ...cases(
    'MemoriesService/DeleteMemory',
    'DELETE /memories/:id',
    { name: 'a memory', fields: ({ zebra }) => ({ id: zebra }) },
    { name: 'a memory again', fields: ({ zebra }) => ({ id: zebra }) },
    { name: 'a memory for good', fields: ({ ada }) => ({ id: ada, hard: true, agent_name: 'Ada', session_id: 's-1' }) },
    { name: 'what was never there', fields: { id: absent }, code: 'not_found' },
  ),
  ...cases(
    'MemoriesService/DeleteMemories',
    'DELETE /memories/batch',
    { name: 'some that are not there', fields: { memory_ids: [absent] } },
    { name: 'none', fields: { memory_ids: ['x'] }, code: 'validation_failed' },
  ),
  ...maintenanceCases,
  ...accountCases,
];

/** In this order, on a tenant that is new. */
export const parityCases: readonly ParityCase[] = [...writing, ...reading, ...changing, ...ending];

import type { ParityCase } from './parity-cases.js';

type Rest = Omit<ParityCase, 'rpc' | 'rest'>;

const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));

/** Of memories that other cases have made. */
export const searchCases: readonly ParityCase[] = [
  ...cases(
    'SearchService/SearchMemories',
    'POST /memories/search',
    { name: 'a question', fields: { query: 'What is the zebra called?' } },
    { name: 'a question, explained', fields: { query: 'dark mode', explain: true, include_episodes: true, limit: 3 } },
    { name: 'no question', fields: { query: '', limit: 4 } },
    { name: 'a question of an earlier position', fields: { query: 'zebra', as_of: '1', include_superseded: true } },
    { name: 'a question of a world time', fields: { query: 'zebra', valid_at: '2999-01-01', limit: 2 } },
    {
      name: 'a question with filters',
      fields: {
        query: 'zebra',
        filters: { AND: [{ memory_type: 'fact' }, { NOT: { 'metadata.zero': { in: [1, 2] } } }] },
        metadata: { yes: true },
        mode: 'text',
      },
    },
    { name: 'filters that are none', fields: { query: 'x', filters: { XOR: [] } }, code: 'validation_failed' },
    { name: 'a question by vectors', fields: { query: 'zebra', mode: 'vector', explain: true } },
    { name: 'too many results', fields: { query: 'x', limit: 51 }, code: 'validation_failed' },
  ),
  ...cases(
    'SearchService/GetContext',
    'GET /context',
    { name: 'of a question', fields: { query: 'zebra & co. + "quotes" %41', max_tokens: 2_000, user_id: 'all' } },
    { name: 'that has no room for all', fields: { query: 'zebra', max_tokens: 80 } },
    { name: 'of an earlier position', fields: { query: 'zebra', as_of: '1' } },
    { name: 'of a world time', fields: { query: 'zebra', valid_at: '2999-01-01' } },
    { name: 'of no tokens', fields: { max_tokens: 1 }, code: 'validation_failed' },
    { name: 'of too many tokens', fields: { max_tokens: 100_001 }, code: 'validation_failed' },
    { name: 'of a moment that is none', fields: { as_of: 'yesterday' }, code: 'validation_failed' },
  ),
];

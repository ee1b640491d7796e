import type { ParityCase } from './parity-cases.js';

type Rest = Omit<ParityCase, 'rpc' | 'rest'>;

const contexts: readonly Rest[] = [
  { name: 'of a question', fields: { query: 'zebra & co. + "quotes" %41', max_tokens: 200, user_id: 'all' } },
  { name: 'that has no room for all', fields: { query: 'zebra', max_tokens: 80 } },
  { name: 'of an earlier position', fields: { query: 'zebra', as_of: '1' } },
  { name: 'of a world time', fields: { query: 'zebra', valid_at: '2999-01-01' } },
  { name: 'of no tokens', fields: { max_tokens: 1 }, code: 'validation_failed' },
  { name: 'of too many tokens', fields: { max_tokens: 100_001 }, code: 'validation_failed' },
  { name: 'of a moment that is none', fields: { as_of: 'yesterday' }, code: 'validation_failed' },
];

/** Texts for a prompt, of what the cases before them wrote. */
export const contextCases: readonly ParityCase[] = contexts.map((one) => ({
  ...{ rpc: 'SearchService/GetContext', rest: 'GET /context' },
  ...one,
}));

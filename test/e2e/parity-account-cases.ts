import type { Known, ParityCase } from './parity-cases.js';

type Fields = Record<string, unknown>;
type Rest = Omit<ParityCase, 'rpc' | 'rest'>;
const cases = (rpc: string, rest: string, ...all: Rest[]): ParityCase[] => all.map((one) => ({ rpc, rest, ...one }));
const absent = '99999999-0000-4000-8000-000000000000';

const webhook = (body: Fields, known: Known): void => {
  known['webhook'] = (body['webhook'] as { id: string }).id;
};
const ofWebhook = ({ webhook: id }: Known): Fields => ({ id });
const noWebhook = { name: 'one that is not there', fields: { id: absent }, code: 'not_found' } as const;

const webhooks = [
  ...cases(
    'WebhooksService/CreateWebhook',
    'POST /webhooks',
    { name: 'one', fields: { url: 'http://127.0.0.1:9/', types: ['MemoryLearned'], from_offset: 0 }, keep: webhook },
    { name: 'no address', fields: { url: 'nowhere' }, code: 'validation_failed' },
  ),
  ...cases(
    'WebhooksService/ListWebhooks',
    'GET /webhooks',
    { name: 'those of another agent', fields: { agent_name: 'Nobody' } },
    { name: 'with no key', fields: {}, key: null, code: 'unauthenticated' },
  ),
  // Nobody listens there, which is an answer too.
  ...cases('WebhooksService/TestWebhook', 'POST /webhooks/:id/test', { name: 'one', fields: ofWebhook }, noWebhook),
  ...cases('WebhooksService/EnableWebhook', 'POST /webhooks/:id/enable', { name: 'one', fields: ofWebhook }, noWebhook),
  ...cases(
    'WebhooksService/ReplayWebhook',
    'POST /webhooks/:id/replay',
    { name: 'from the end', fields: (known) => ({ ...ofWebhook(known), from_offset: 3 }) },
    { ...noWebhook, fields: { id: absent, from_offset: 3 } },
  ),
  ...cases('WebhooksService/DeleteWebhook', 'DELETE /webhooks/:id', { name: 'one', fields: ofWebhook }, noWebhook),
];

export const accountCases: readonly ParityCase[] = [
  ...cases(
    'AccountService/GetStats',
    'GET /stats',
    { name: 'counts', fields: {} },
    { name: 'counts of an earlier position', fields: { as_of: '3' } },
    { name: 'counts of a world time', fields: { valid_at: '2999-01-01' } },
    { name: 'of the future', fields: { min_position: 10_000 }, code: 'position_in_future' },
  ),
  ...cases(
    'AccountService/GetGraph',
    'GET /graph',
    { name: 'everything', fields: {} },
    { name: 'some of it', fields: { user_id: 'mover', memory_type: 'fact', min_confidence: 0.1, limit: 2 } },
    { name: 'what is believed', fields: { include_superseded: false, agent_name: 'Ada', session_id: 's-1' } },
    { name: 'too much', fields: { limit: 2_001 }, code: 'validation_failed' },
  ),
  ...webhooks,
];

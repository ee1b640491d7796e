import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { call, type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { memoryId } from '../rows.fixture.js';

type Case = [method: string, path: string, body: unknown, field: string, sentence: string];

const one = { role: 'user', content: 'a' };
const write: Case[] = [
  ['POST', '/memories', {}, '', 'Send messages'],
  ['POST', '/memories', undefined, '', 'Send messages'],
  ['POST', '/memories', [], '', 'must be object'],
  ['POST', '/memories', 'null', '', 'Send messages'],
  ['POST', '/memories', { content: 'a', messages: [one] }, '', 'not both'],
  ['POST', '/memories', { messages: [] }, 'messages', 'at least 1'],
  ['POST', '/memories', { messages: Array(101).fill(one) }, 'messages', 'more than 100'],
  ['POST', '/memories', { messages: [{ ...one, role: 'boss' }] }, 'messages.0.role', 'must be one of'],
  ['POST', '/memories', { messages: [{ content: 'a' }] }, 'messages.0.role', 'is missing'],
  ['POST', '/memories', { messages: [{ ...one, mood: 'x' }] }, 'messages.0.mood', 'is not a field here'],
  ['POST', '/memories', { messages: [one, { ...one, content: ' ' }] }, 'messages.1.content', 'blank'],
  ['POST', '/memories', { messages: [{ ...one, content: 7 }] }, 'messages.0.content', 'forms'],
  ['POST', '/memories', { messages: [{ ...one, content: [{ type: 'audio' }] }] }, 'messages.0.content.0', 'readable'],
  ['POST', '/memories', { messages: [{ ...one, content: [{ type: 'image' }] }] }, 'messages.0.content.0', 'readable'],
  ['POST', '/memories', { messages: [{ ...one, content: [{ type: 'text' }] }] }, 'messages.0.content.0', 'needs text'],
  ['POST', '/memories', { messages: [{ ...one, timestamp: 'today' }] }, 'messages.0.timestamp', 'ISO 8601'],
  ['POST', '/memories', { messages: [one], confidence: 0.4 }, 'confidence', 'belongs to content'],
  ['POST', '/memories', { content: '' }, 'content', 'empty'],
  ['POST', '/memories', { content: ' \n' }, 'content', 'blank'],
  ['POST', '/memories', { content: 5 }, 'content', 'must be a string'],
  ['POST', '/memories', { content: 'a'.repeat(262_145) }, 'content', 'longer than'],
  ['POST', '/memories', { content: 'a', confidence: 1.1 }, 'confidence', 'at most 1'],
  ['POST', '/memories', { content: 'a', confidence: '0.5' }, 'confidence', 'must be a number'],
  ['POST', '/memories', { content: 'a', scope: 'world' }, 'scope', 'must be one of personal, team, project, session'],
  ['POST', '/memories', { content: 'a', metadata: [] }, 'metadata', 'must be an object'],
  ['POST', '/memories', { content: 'a', metadata: { a: 'x'.repeat(32_768) } }, 'metadata', '32768 bytes'],
  ['POST', '/memories', { content: 'a', user_id: 'all' }, 'user_id', 'name one user'],
  ['POST', '/memories', { content: 'a', user_id: 'x'.repeat(201) }, 'user_id', 'longer than 200'],
  ['POST', '/memories', { content: 'a', agent_name: ' ' }, 'agent_name', 'blank'],
  ['POST', '/memories', { content: 'a', userId: 'x' }, 'userId', 'is not a field here'],
  ['POST', '/memories?limit=1', { content: 'a' }, 'limit', 'is not a field here'],
  ['POST', '/memories', { content: 'a\0' }, 'content', 'NUL'],
  ['POST', '/memories', '{"content":"\\ud83d"}', 'content', 'surrogate'],
  ['POST', '/memories', '{"content":"a","metadata":{"a\\u0000":1}}', 'metadata', 'NUL'],
  ['POST', '/memories', '{"content":"a","metadata":{"__proto__":{"admin":1}}}', 'metadata.__proto__', 'rename'],
  ['POST', '/memories', '{"content":"a","metadata":{"__pr\\u006fto__":1}}', 'metadata.__proto__', 'rename'],
  ['POST', '/memories', '{"content":', '', 'not valid JSON'],
  ['PATCH', `/memories/${memoryId}`, {}, '', 'at least one of'],
  ['PATCH', `/memories/${memoryId}`, { content: ' ' }, 'content', 'blank'],
  ['PATCH', `/memories/${memoryId}`, { status: 'gone' }, 'status', 'is not a field here'],
  ['DELETE', `/memories/${memoryId}?hard=maybe`, undefined, 'hard', 'must be a boolean'],
  ['DELETE', '/memories/batch', undefined, 'memory_ids', 'is missing'],
  ['DELETE', '/memories/batch', { memory_ids: [] }, 'memory_ids', 'at least 1'],
  ['DELETE', '/memories/batch', { memory_ids: ['x'] }, 'memory_ids.0', 'UUID'],
  ['DELETE', '/memories/batch', { memory_ids: Array(251).fill(memoryId) }, 'memory_ids', 'more than 250'],
  ['POST', '/agents', {}, 'name', 'is missing'],
  ['POST', '/handoffs', { to_agent: 'b' }, 'from_agent', 'is missing'],
  ['POST', '/handoffs', { from_agent: 'a', to_agent: 'b', context: { a: 'x'.repeat(40_000) } }, 'context', 'bytes'],
];

const read: Case[] = [
  ['GET', '/memories?limit=0', undefined, 'limit', 'at least 1'],
  ['GET', '/memories?limit=101', undefined, 'limit', 'at most 100'],
  ['GET', '/memories?limit=1.5', undefined, 'limit', 'integer'],
  ['GET', '/memories?limit=', undefined, 'limit', 'integer'],
  ['GET', '/memories?limit=1e1', undefined, 'limit', 'integer'],
  ['GET', '/memories?limit=1&limit=2', undefined, 'limit', 'integer'],
  ['GET', '/memories?order=up', undefined, 'order', 'asc, desc'],
  ['GET', '/memories?min_confidence=2', undefined, 'min_confidence', 'at most 1'],
  ['GET', '/memories?min_position=-1', undefined, 'min_position', 'at least 0'],
  ['GET', '/memories?colour=red', undefined, 'colour', 'is not a field here'],
  ['GET', '/memories?__proto__=red', undefined, '__proto__', 'rename'],
  ['GET', '/memories?as_of=2024-01-01', undefined, 'as_of', 'a time with its zone'],
  ['GET', '/memories?as_of=2024-01-01T10:00:00', undefined, 'as_of', 'a time with its zone'],
  ['GET', '/memories?as_of=-1', undefined, 'as_of', 'must be a position'],
  ['GET', '/memories?as_of=1.5', undefined, 'as_of', 'must be a position'],
  ['GET', '/memories/diff?from=1', undefined, 'to', 'is missing'],
  ['GET', '/memories?include_embedding=true', undefined, 'include_embedding', 'not available'],
  ['GET', '/memories?agent_name=a%00b', undefined, 'agent_name', 'NUL'],
  ['GET', '/memories/search?limit=51', undefined, 'limit', 'at most 50'],
  ['GET', '/memories/search?mode=magic', undefined, 'mode', 'hybrid, text, vector'],
  ['GET', '/memories/search?threshold=0.1', undefined, 'threshold', 'is not a field here'],
  ['GET', '/memories/search?filters={', undefined, 'filters', 'not valid JSON'],
  ['GET', '/memories/search?filters={"colour":1}', undefined, 'filters.colour', 'is not a field to filter by'],
  ['GET', '/memories/search?metadata=3', undefined, 'metadata', 'must be an object'],
  ['GET', '/memories/search?metadata={"a":"\\u0000"}', undefined, 'metadata.a', 'NUL'],
  ['GET', '/memories/search?valid_at=sometime', undefined, 'valid_at', 'ISO 8601'],
  ['POST', '/memories/search', { as_of: 1.5 }, 'as_of', 'none of the forms'],
  ['POST', '/memories/search', { as_of: -1 }, 'as_of', 'must be a position'],
  ['GET', '/memories/search?start_date=soon', undefined, 'start_date', 'ISO 8601'],
  ['GET', '/memories/search?start_date=2024-02-01&end_date=2024-01-01', undefined, 'start_date', 'later than'],
  ['POST', '/memories/search', { query: 'x'.repeat(10_001) }, 'query', 'longer than 10000'],
  ['POST', '/memories/search', { filters: { AND: 3 } }, 'filters.AND', 'list of conditions'],
  ['POST', '/memories/search', { limit: '5' }, 'limit', 'must be an integer'],
  ['GET', '/memories/agents?limit=0', undefined, 'limit', 'at least 1'],
  ['GET', '/agents?role=x', undefined, 'role', 'is not a field here'],
  ['GET', '/handoffs', undefined, 'session_id', 'is missing'],
  ['GET', '/context?max_tokens=1', undefined, 'max_tokens', 'at least 16'],
  ['GET', '/stats?limit=1', undefined, 'limit', 'is not a field here'],
];

function titled(cases: Case[]): [title: string, ...Case][] {
  return cases.map((sent) => {
    const [method, path, body, field, sentence] = sent;
    const excerpt = body === undefined ? '' : ` ${JSON.stringify(body).slice(0, 60)}`;
    return [`${method} ${path}${excerpt}: ${field} ${sentence}`, ...sent];
  });
}

describe('what is not well-formed answers 400 and names the field', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.queries.asked.length = 0;
  });
  afterAll(() => gateway.application.close());

  it.each(titled([...write, ...read]))('%s', async (_title, method, path, body, field, sentence) => {
    const answer = await call(gateway, method, path, { body });
    expect(answer).toMatchObject({ status: 400, json: { code: 'validation_failed', error: answer.json.detail } });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json.details).toContainEqual({ field, message: expect.stringContaining(sentence) });
    expect(gateway.bus.envelopes).toHaveLength(0);
    expect(gateway.queries.asked).toHaveLength(0);
  });

  it.each(['3', 'W/3', '"x"', '"3", "4"'])('refuses If-Match %s', async (value) => {
    const sent = { body: { content: 'a' }, headers: { 'if-match': value } };
    expect((await call(gateway, 'PATCH', `/memories/${memoryId}`, sent)).json.detail).toContain('If-Match');
  });
});

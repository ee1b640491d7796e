import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import { useServer } from '#test/harness/server.js';
import { sendBytes, type Sent, type ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';

const server = useServer();
let api: ServerClient;
beforeAll(() => {
  api = server.client();
});

const writtenAt = async (content: string): Promise<number> =>
  (await api.post('/memories', { content })).json<CreatedAnswer>().event_offset;

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const filterOfDepth = (levels: number): object =>
  levels === 1 ? { user_id: 'u' } : { NOT: filterOfDepth(levels - 1) };
const message = { role: 'user', content: 'x' };
const said = (more: object): object => ({ messages: [{ ...message, ...more }] });

interface BadRequest {
  what: string;
  method?: string;
  path?: string;
  sent: Sent;
  status?: number;
}

const bodies: BadRequest[] = [
  { what: 'cut JSON', sent: { body: '{"content":' } },
  { what: 'no JSON', sent: { body: 'content=x' } },
  { what: 'two JSON values', sent: { body: '{}{}' } },
  { what: 'JSON with a byte order mark and nothing else', sent: { body: '\ufeff' } },
  { what: 'a list', sent: { body: '[]' } },
  { what: 'no form at all', sent: { body: {} } },
  { what: 'messages and content', sent: { body: { content: 'x', messages: [message] } } },
  { what: 'no messages', sent: { body: { messages: [] } } },
  { what: '101 messages', sent: { body: { messages: Array(101).fill(message) } } },
  { what: 'an unknown field', sent: { body: { content: 'x', contents: 'y' } } },
  { what: 'an unknown field in a message', sent: { body: said({ speaker: 'x' }) } },
  { what: 'blank content', sent: { body: { content: ' \n\t' } } },
  { what: 'a blank message', sent: { body: said({ content: ' ' }) } },
  { what: 'content beyond its length', sent: { body: { content: 'x'.repeat(262_145) } } },
  {
    what: 'parts that together are too long',
    sent: { body: said({ content: Array(3).fill({ type: 'text', text: 'x'.repeat(100_000) }) }) },
  },
  { what: 'an image without a caption', sent: { body: said({ content: [{ type: 'image', data: 'AAAA' }] }) } },
  { what: 'an unknown role', sent: { body: said({ role: 'wizard' }) } },
  { what: 'memory_type for messages', sent: { body: { ...said({}), memory_type: 'fact' } } },
  { what: 'user_id=all on a write', sent: { body: { content: 'x', user_id: 'all' } } },
  ...[
    'yesterday',
    '2024-13-01',
    '2024-02-30',
    '2024-05-01T25:00:00Z',
    '20240501',
    '1714557000',
    ' ',
    '2024-05-01T10:00:00+99:00',
    '0000-01-01',
  ].map((timestamp) => ({ what: `the timestamp "${timestamp}"`, sent: { body: said({ timestamp }) } })),
  { what: 'metadata beyond 32 KiB', sent: { body: { content: 'x', metadata: { a: 'y'.repeat(32_768) } } } },
  { what: 'metadata nested 100 levels deep', sent: { body: `{"content":"x","metadata":{"a":${nested(100)}}}` } },
  { what: 'JSON nested 10,000 levels deep', sent: { body: `{"content":"x","metadata":{"a":${nested(10_000)}}}` } },
  { what: 'JSON nested 200,000 levels deep', sent: { body: nested(200_000) } },
  { what: 'NUL in content', sent: { body: { content: 'a\0b' } } },
  { what: 'NUL in a key of the metadata', sent: { body: { content: 'x', metadata: { 'a\0': 1 } } } },
  { what: 'half a surrogate pair', sent: { body: '{"content":"a\\ud800"}' } },
  { what: 'half a surrogate pair in a key', sent: { body: '{"content":"x","metadata":{"\\udc00":1}}' } },
  { what: '__proto__', sent: { body: '{"content":"x","__proto__":{"admin":true}}' } },
  { what: '__proto__ in the metadata', sent: { body: '{"content":"x","metadata":{"__proto__":{"admin":true}}}' } },
  {
    what: 'invalid UTF-8',
    sent: { body: Buffer.from([...Buffer.from('{"content":"'), 0xc3, 0x28, ...Buffer.from('"}')]) },
  },
  { what: 'UTF-16', sent: { body: Buffer.from('{"content":"x"}', 'utf16le') } },
  { what: 'a body of 1.5 MB', sent: { body: { content: 'x'.repeat(1_500_000) } }, status: 413 },
  ...[
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'nonsense',
  ].map((type) => ({
    what: `the media type ${type}`,
    sent: { body: '{"content":"x"}', headers: { 'content-type': type } },
    status: 415,
  })),
].map((one) => ({ method: 'POST', path: '/memories', ...one }));

const search = (filters: unknown): BadRequest['sent'] => ({ body: { query: 'x', filters } });
const filters: BadRequest[] = [
  { what: 'filters 9 deep', sent: search(filterOfDepth(9)) },
  { what: 'filters 65 wide', sent: search({ OR: Array(65).fill({ user_id: 'u' }) }) },
  { what: 'a list of 65 values', sent: search({ user_id: { in: Array(65).fill('u') } }) },
  { what: 'no filters', sent: search({}) },
  { what: 'an empty AND', sent: search({ AND: [] }) },
  { what: 'an AND that is no list', sent: search({ AND: { user_id: 'u' } }) },
  { what: 'an unknown field', sent: search({ owner: 'x' }) },
  { what: 'a field of every object', sent: search({ toString: 'x' }) },
  { what: 'an unknown operator', sent: search({ confidence: { gt: 1 } }) },
  { what: 'a bound that is no scalar', sent: search({ confidence: { gte: [1] } }) },
  { what: 'a bound of true', sent: search({ confidence: { gte: true } }) },
  { what: 'a time that is none', sent: search({ said_at: { gte: 'soon' } }) },
  { what: 'a metadata path with a hole', sent: search({ 'metadata.a..b': 1 }) },
  { what: 'a metadata filter of an object', sent: { body: { query: 'x', metadata: { a: { b: 1 } } } } },
].map((one) => ({ method: 'POST', path: '/memories/search', ...one }));

const absent = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
const paths: BadRequest[] = [
  ...['?limit=0', '?limit=101', '?limit=-1', '?limit=ten', '?limit=1&limit=2', '?order=up', '?min_confidence=2'].map(
    (query) => `/memories${query}`,
  ),
  ...[
    '?nonsense=1',
    '?cursor=AAAA',
    '?cursor=',
    `?cursor=${'A'.repeat(600)}`,
    '?min_position=-1',
    '?min_position=1e400',
  ].map((query) => `/memories${query}`),
  ...['?user_id=a%00b', '?scope=everyone'].map((query) => `/memories${query}`),
  ...[
    '?limit=51',
    '?filters=%7B',
    '?filters=1',
    '?metadata=%5B%5D',
    '?mode=magic',
    '?start_date=soon',
    '?filters=%7B%22a%5Cu0000%22%3A1%7D',
  ].map((query) => `/memories/search${query}`),
  '/context?max_tokens=15',
  '/context?max_tokens=100001',
  '/handoffs',
  `/memories/${absent}?unknown=1`,
].map((path) => ({ what: `GET ${path.slice(0, 60)}`, method: 'GET', path, sent: {} }));

const others: BadRequest[] = [
  ...['x', '..%2f..%2fetc', "'; DROP TABLE memories; --".replaceAll(' ', '%20'), `${absent}0`, 'a'.repeat(500)].flatMap(
    (id) => [
      { what: `GET the id ${id.slice(0, 20)}`, method: 'GET', path: `/memories/${id}`, sent: {}, status: 404 },
      { what: `DELETE the id ${id.slice(0, 20)}`, method: 'DELETE', path: `/memories/${id}`, sent: {}, status: 404 },
    ],
  ),
  { what: 'NUL for an id', method: 'GET', path: '/memories/%00', sent: {} },
  { what: 'broken percent-encoding', method: 'GET', path: '/memories/%zz', sent: {} },
  { what: 'percent-encoding that is no UTF-8', method: 'GET', path: '/memories/%ff%fe', sent: {} },
  {
    what: 'an id that is none in a batch',
    method: 'DELETE',
    path: '/memories/batch',
    sent: { body: { memory_ids: ['x'] } },
  },
  {
    what: '251 ids in a batch',
    method: 'DELETE',
    path: '/memories/batch',
    sent: { body: { memory_ids: Array(251).fill(absent) } },
  },
  { what: 'a PATCH of nothing', method: 'PATCH', path: `/memories/${absent}`, sent: { body: {} } },
  {
    what: 'a PATCH of what is not there',
    method: 'PATCH',
    path: `/memories/${absent}`,
    sent: { body: { confidence: 1 } },
    status: 404,
  },
  ...['PUT', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method) => ({
    what: method,
    method,
    path: '/memories',
    sent: {},
    status: 405,
  })),
  { what: 'POST to one memory', method: 'POST', path: `/memories/${absent}`, sent: { body: {} }, status: 405 },
  { what: 'no such path', method: 'GET', path: '/memory', sent: {}, status: 404 },
  { what: 'a path above the API', method: 'GET', path: '//..%2f..%2fetc%2fpasswd', sent: {}, status: 404 },
];

describe('what is not well-formed', () => {
  it.each([...bodies, ...filters, ...paths, ...others])(
    '$what: a problem, and nothing is appended',
    async ({ what, method, path, sent, status = 400 }) => {
      const before = await writtenAt(`before ${what}`);
      const answer = await api.send(method!, path!, sent);
      expect([answer.status, problemIn(answer).status]).toEqual([status, status]);
      expect(await writtenAt(`after ${what}`)).toBe(before + 1);
    },
  );

  it('a pair of surrogates, control characters and the deepest JSON that is taken come back as they were', async () => {
    const metadata = {
      '😀\u0001': JSON.parse(nested(45)) as unknown,
      'a.b': '\u007f\u2028',
      constructor: { prototype: 'text' },
      toString: 1,
    };
    const content = 'Tab\t, bell\u0007 and \u{1F469}\u200D\u{1F680}, e\u0301 stays two characters';
    const created = (await api.post('/memories', { content, metadata })).json<CreatedAnswer>();
    expect((await api.get(`/memories/${created.memory_ids[0]}`)).json()['memory']).toMatchObject({ content, metadata });
  });
});

describe('what is not HTTP', () => {
  const host = 'Host: x\r\n';
  it.each([
    ['a greeting in TLS', Buffer.from('16030100a5010000a10303'.padEnd(340, 'ab'), 'hex')],
    ['noise', Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 131 + 7) % 256))],
    ['an unknown method', `FROBNICATE / HTTP/1.1\r\n${host}\r\n`],
    ['an unknown version', `GET / HTTP/9.9\r\n${host}\r\n`],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['headers of 64 KB', `GET /livez HTTP/1.1\r\n${host}X-Large: ${'x'.repeat(65_536)}\r\n\r\n`],
    [
      '5,000 headers',
      `GET /livez HTTP/1.1\r\n${host}${Array.from({ length: 5_000 }, (_, n) => `X-${n}: 1\r\n`).join('')}\r\n`,
    ],
    ['a URL of 64 KB', `GET /${'x'.repeat(65_536)} HTTP/1.1\r\n${host}\r\n`],
    ['a space before the colon', `GET /livez HTTP/1.1\r\n${host}X-Space : 1\r\n\r\n`],
    ['a length that is none', `POST /api/v1/memories HTTP/1.1\r\n${host}Content-Length: ten\r\n\r\n`],
    ['two lengths', `POST /api/v1/memories HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST /api/v1/memories HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    ],
    ['a chunk that is none', `POST /livez HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['an unknown expectation', `POST /livez HTTP/1.1\r\n${host}Expect: miracles\r\n\r\n`],
    ['a raw NUL in the path', `GET /\0 HTTP/1.1\r\n${host}\r\n`],
    [
      'bytes in the path that are no ASCII',
      Buffer.from(`GET /api/v1/memories/\xff\xfe HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 'latin1'),
    ],
    ['CONNECT', `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`],
    [
      'a request for another protocol',
      `GET /nowhere HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
    ],
  ])('%s is told as a problem, or the connection ends; the next request is served', async (_, bytes) => {
    const received = await sendBytes(server.url, bytes);
    if (received !== '') {
      const [head, body] = received.split('\r\n\r\n', 2) as [string, string];
      expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(head.toLowerCase()).toContain('content-type: application/problem+json');
      expect(JSON.parse(/\{.*\}/s.exec(body)![0])).toMatchObject({
        status: Number(head.slice(9, 12)),
        code: expect.any(String),
      });
    }
    expect((await api.get('//livez')).status).toBe(200);
  });

  it('a body that ends too early appends nothing', async () => {
    const before = await writtenAt('before the short body');
    const head = `POST /api/v1/memories HTTP/1.1\r\n${host}Authorization: Bearer ${server.key}\r\nContent-Type: application/json\r\n`;
    await sendBytes(server.url, `${head}Content-Length: 100\r\n\r\n{"content":"never whole"}`, 300);
    expect(await writtenAt('after the short body')).toBe(before + 1);
  });
});

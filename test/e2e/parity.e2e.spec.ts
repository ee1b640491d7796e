import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { rpcRoutes } from '#apps/gateway/grpc/rpc-routes.js';
import { errorTable } from '#libs/contracts/errors.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { describedCalls, type GrpcAnswer, GrpcClient } from '#test/harness/grpc-client.js';
import { useServer } from '#test/harness/server.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { problemIn } from '#test/harness/server-problem.js';
import { beliefCases } from './parity-belief-cases.js';
import { transferCases } from './parity-transfer-cases.js';
import { jobCases } from './parity-job-cases.js';
import { type Known, type ParityCase, parityCases } from './parity-cases.js';

type Fields = Record<string, unknown>;

const askAgainMs = 50;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Second names that JSON keeps for published clients; a message has only the first. */
const aliases: Record<string, string> = {
  ...{ owner_clerk_id: 'owner_id', end_user_id: 'user_id', rrf_score: 'score', memories: 'results', data: 'results' },
  ...{ projectId: 'project_id', teamId: 'team_id' },
};
/** Those of `totals` in the answer of /stats are no second names. */
const ownNames = ['totals'];
const trees = [
  ...['metadata', 'actor', 'decision', 'context', 'before', 'after', 'data', 'summary', 'details', 'settings'],
];

const server = useServer({ MEMORYSTACK_GRPC_PORT: '0', MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE: 'true' });
let rest: ServerClient;
let grpc: GrpcClient;
let address: string;
beforeAll(async () => {
  address = /gRPC: (\S+)/.exec(server.output)![1]!;
  rest = server.client((await server.createKey('--tenant', 'by-rest')).secret);
  grpc = new GrpcClient(address, (await server.createKey('--tenant', 'by-grpc')).secret);
}, 60_000);
afterAll(() => grpc.close());

/** Makes what two tenants cannot have in common comparable: ids by the order in which they appear, times, cursors. */
class Plain {
  private readonly ids = new Map<string, string>();

  of(value: unknown, name = '', isTree = false): unknown {
    if (typeof value === 'string') return name === 'next_cursor' || name === 'secret' ? `<${name}>` : this.text(value);
    // Ids are of different tokens.
    if (name === 'token_count') return Number(value) > 0 ? '<some>' : value;
    if (Array.isArray(value)) return value.map((one: unknown) => this.of(one, '', isTree));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value as Fields).sort(([one], [other]) => (one < other ? -1 : 1));
    // A message has no null, and no optional field that is empty.
    const kept = fields.filter(([field, one]) => isTree || (one !== null && !isEmpty(field, one)));
    return Object.fromEntries(
      kept.map(([field, one]) => [field, this.of(one, field, isTree || trees.includes(field))]),
    );
  }

  private text(value: string): string {
    return value
      .replace(instant, '<time>')
      .replace(/by-(?:rest|grpc)/g, '<tenant>')
      .replace(uuid, (id) => {
        if (!this.ids.has(id)) this.ids.set(id, `<id ${this.ids.size}>`);
        return this.ids.get(id)!;
      });
  }
}

/** JSON leaves these out where they are empty, and a message cannot. */
const leftOutWhenEmpty = ['scores', 'superseded_ids', 'contradiction_ids'];

function isEmpty(field: string, value: unknown): boolean {
  return leftOutWhenEmpty.includes(field) && Object.keys(value as object).length === 0;
}

/** A JSON answer without its second names, after making sure that they say the same as the first. */
function withoutAliases(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => withoutAliases(one));
  if (typeof value !== 'object' || value === null || trees.includes(name)) return value;
  const all = value as Fields;
  const isAlias = (field: string) => field in aliases && !ownNames.includes(name) && aliases[field]! in all;
  for (const field of Object.keys(all).filter(isAlias)) expect(all[field]).toEqual(all[aliases[field]!]);
  // Settings stand in JSON by themselves too.
  const onlyInJson = ['success', 'config'];
  const kept = Object.entries(all).filter(([field]) => !isAlias(field) && !onlyInJson.includes(field));
  return Object.fromEntries(kept.map(([field, one]) => [field, withoutAliases(one, field)]));
}

function byRest({ rest: line, headers, key }: ParityCase, fields: Fields): Promise<Answer> {
  const [method, path] = line.split(' ') as [string, string];
  const { id, expected_version: version, ...others } = fields;
  const place = path.replace(':id', String(id));
  const sent = { headers: { ...(version !== undefined && { 'if-match': `"${String(version)}"` }), ...headers }, key };
  if (method === 'GET' || line === 'DELETE /memories/:id') {
    const query = new URLSearchParams(
      Object.entries(others).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return rest.send(method, `${place}?${query.toString()}`, sent);
  }
  return rest.send(method, place, { ...sent, body: others });
}

function compareFailure(told: Answer, answer: GrpcAnswer, code: keyof typeof errorTable): void {
  const problem = problemIn(told);
  expect([told.status, problem.code]).toEqual([errorTable[code].status, code]);
  expect([answer.code, answer.details['ErrorInfo']?.['reason']]).toEqual([errorTable[code].grpcCode, code]);
  expect(answer.message).toBe(problem.detail);
  const fields = Array.isArray(problem.details) ? (problem.details as { field: string; message: string }[]) : [];
  const violations = fields.map(({ field, message }) => ({ field, description: message }));
  expect(answer.details['BadRequest']?.['field_violations'] ?? []).toEqual(violations);
  expect(answer.details['RequestInfo']?.['request_id']).toBe(answer.metadata.get('x-request-id')[0]);
  expect(answer.details['ErrorInfo']?.['domain']).toBe('memorystack');
}

function isStreamed({ rpc }: ParityCase): boolean {
  const [service, name] = rpc.split('/') as [string, string];
  return rpcRoutes[service]![name]!.streams === 'bytes';
}

/** Two tenants have no file in common to the letter: ids, times and what is hashed from them are others. */
function compareFiles({ code }: ParityCase, told: Answer, answer: GrpcAnswer & { text: string }): void {
  if (code !== undefined) return compareFailure(told, answer, code);
  const comparable = (text: string) => new Plain().of(text.replace(/sha256:[0-9a-f]{64}/g, 'sha256'));
  expect([told.status, answer.message]).toEqual([200, '']);
  expect(answer.text).not.toBe('');
  expect(comparable(answer.text)).toEqual(comparable(told.text));
}

describe('REST and gRPC say the same', () => {
  const sides = { rest: { known: {} as Known, plain: new Plain() }, grpc: { known: {} as Known, plain: new Plain() } };
  const fieldsFor = ({ fields = {} }: ParityCase, known: Known) =>
    typeof fields === 'function' ? fields(known) : fields;
  // Jobs last: how far one comes before it is cancelled is another in each log.
  const cases = [...parityCases, ...beliefCases, ...transferCases, ...jobCases];
  const named = cases.map((one) => ({ ...one, title: `${one.rpc} ${one.name}` }));

  it.each(named)('$title', async (one) => {
    const askRest = () => byRest(one, fieldsFor(one, sides.rest.known));
    const message = one.message ?? fieldsFor(one, sides.grpc.known);
    if (isStreamed(one))
      return compareFiles(one, await askRest(), await grpc.download(one.rpc, message, { key: one.key }));
    const askGrpc = () => grpc.call(one.rpc, message, { key: one.key, metadata: one.headers });
    let [told, answer] = [await askRest(), await askGrpc()];
    for (; one.until?.(told.json()) === false; told = await askRest()) await pause(askAgainMs);
    for (; one.until?.(answer.body!) === false; answer = await askGrpc()) await pause(askAgainMs);
    const exact = one.isTimed ? [] : ['memorystack-position'];
    for (const header of [...exact, 'idempotent-replayed', 'x-ratelimit-limit', 'ratelimit-policy']) {
      expect([header, answer.metadata.get(header)]).toEqual([header, [told.headers[header]].flat().filter(Boolean)]);
    }
    if (one.code !== undefined) return compareFailure(told, answer, one.code);
    expect([told.status < 300 ? 'well' : told.text, answer.message]).toEqual(['well', '']);
    one.keep?.(told.json(), sides.rest.known);
    one.keep?.(answer.body!, sides.grpc.known);
    if (one.isTimed) return;
    expect(sides.grpc.plain.of(answer.body)).toEqual(sides.rest.plain.of(withoutAliases(told.json())));
  });

  it('has a call for every route, and for every call one case that succeeds and one that fails', () => {
    const calls = Object.entries(rpcRoutes).flatMap(([service, rpcs]) =>
      Object.entries(rpcs).map(([rpc, route]) => ({ name: `${service}/${rpc}`, route })),
    );
    expect(calls.map(({ name }) => name).sort()).toEqual(describedCalls().sort());
    expect(calls.flatMap(({ route }) => route.routes).sort()).toEqual(Object.keys(routes).sort());
    const tried = (name: string, isFailure: boolean) =>
      cases.some(({ rpc, code }) => rpc === name && (code !== undefined) === isFailure);
    // What is answered with a stream is compared below.
    const unary = calls.filter(({ route }) => !route.streams);
    expect(unary.filter(({ name }) => !tried(name, true) || !tried(name, false))).toEqual([]);
  });

  it('the change stream', async () => {
    const { secret } = await server.createKey('--tenant', 'streamed');
    const both = server.client(secret);
    await both.post('/memories', { content: 'The zebra is called Zora', metadata: { deep: [{ a: 1 }] } });
    await both.post('/memories', { messages: [{ role: 'user', content: 'I live in Lisbon.' }] });
    const told = (await both.get('/events')).text.trim().split('\n');
    const streamed = await grpc.stream('AccountService/WatchEvents', {}, secret);
    expect(streamed.code).toBe(0);
    const plain = (all: unknown[]) => all.map((one) => new Plain().of(withoutAliases(one)));
    expect(plain(streamed.messages)).toEqual(plain(told.map((line) => JSON.parse(line) as unknown)));
    expect(streamed.messages.length).toBeGreaterThan(2);
    const refused = await grpc.stream('AccountService/WatchEvents', { from_offset: 10_000 }, secret);
    expect([refused.code, refused.messages]).toEqual([errorTable.position_in_future.grpcCode, []]);
  });

  it('a write by one door is repeated by the other with its key', async () => {
    const { secret } = await server.createKey('--tenant', 'by-both');
    const both = server.client(secret);
    const body = { content: 'Through two doors', metadata: { a: [1, { b: null }] }, confidence: 0.5 };
    const told = await both.post('/memories', body, { headers: { 'idempotency-key': 'doors' } });
    const sent = { key: secret, metadata: { 'idempotency-key': 'doors' } };
    const answer = await grpc.call('MemoriesService/CreateMemory', body, sent);
    expect(answer.body!['memory_ids']).toEqual(told.json()['memory_ids']);
    expect(answer.metadata.get('idempotent-replayed')).toEqual(['true']);
    const other = await grpc.call('MemoriesService/CreateMemory', { content: 'Else' }, sent);
    expect(other.details['ErrorInfo']!['reason']).toBe('idempotency_mismatch');
  });
});

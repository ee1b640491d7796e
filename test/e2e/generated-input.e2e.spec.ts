import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import type { CreatedAnswer, MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import { useServer } from '#test/harness/server.js';
import type { Answer, ServerClient } from '#test/harness/server-client.js';
import { mutationsOf, queryMutationsOf, type Schema } from '#test/harness/server-mutations.js';
import { problemFault } from '#test/harness/server-problem.js';
import { random } from '#test/harness/server-random.js';

/** Besides those that break one field each, which are more than `fieldsBroken`. */
const damagedBodies = 1_500;
const fieldsBroken = 800;
const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));

interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Malformed {
  name: string;
  method: string;
  path: string;
  body?: string | Buffer;
}

const server = useServer();
let api: ServerClient;
let memoryId: string;
let paths: Record<string, Record<string, Operation>>;

beforeAll(async () => {
  api = server.client();
  const created = await api.post('/memories', { content: 'It must survive whatever is sent' });
  memoryId = created.json<CreatedAnswer>().memory_ids[0]!;
  ({ paths } = (await api.get('//openapi.json')).json<{ paths: typeof paths }>());
});

/** A valid body for each route, so that what is broken in it is the only thing that is wrong. */
const validBodies = (): Record<string, unknown> => ({
  'post /memories': { content: 'valid' },
  'post /memories with messages': { messages: [{ role: 'user', content: 'valid' }] },
  'post /memories/agents': { content: 'valid' },
  'post /memories/search': { query: 'valid' },
  'patch /memories/{id}': { confidence: 0.1 },
  'delete /memories/{id}': {},
  'delete /memories/batch': { memory_ids: [memoryId] },
  'post /memories/detect-contradictions': { content: 'valid' },
  'post /memories/update-belief': { content: 'valid' },
  'post /contradictions/{id}/resolve': { strategy: 'keep_both' },
  'post /memories/{id}/undo': { cascade: false },
  'post /memories/{id}/redo': { cascade: false },
  'put /belief-policies': { state: 'latest_wins' },
  'post /agents': { name: 'valid' },
  'post /handoffs': { from_agent: 'a', to_agent: 'b', session_id: 's' },
});

function malformedRequests(): Malformed[] {
  const bodies = Object.entries(validBodies()).flatMap(([route, valid]) => {
    const [method, template] = route.split(' ') as [string, string];
    const schema = paths[`/api/v1${template}`]![method]!.requestBody?.content['application/json']?.schema;
    if (!schema) throw new Error(`${route} describes no body`);
    const path = template.replace('{id}', memoryId);
    // No body at all counts as an empty one, and so does null.
    const mutations = mutationsOf(schema, valid, 'body').filter(({ json }) => json !== 'null');
    return mutations.map(({ name, json }) => ({
      name: `${route}: ${name}`,
      method: method.toUpperCase(),
      path,
      body: json,
    }));
  });
  const queries = Object.entries(paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(() => template.startsWith('/api'))
      .flatMap(([method, { parameters = [] }]) => {
        const path = template.slice('/api/v1'.length).replace('{id}', memoryId);
        const request = (name: string, query: string): Malformed => ({
          name: `${method} ${template}${name}`,
          method: method.toUpperCase(),
          path: `${path}?${query}`,
          ...(method !== 'get' && { body: JSON.stringify(validBodies()[`${method} ${template.slice(7)}`]) }),
        });
        const asked = parameters.filter(({ in: where }) => where === 'query');
        return [
          request('?unknown', 'no_such_parameter=1'),
          ...asked.flatMap(({ name, schema }) =>
            queryMutationsOf(schema, name).map((one) => request(one.name, `${name}=${one.value}`)),
          ),
        ];
      }),
  );
  return [...bodies, ...queries];
}

/** Sends all of them, some at a time, and tells what came back that should not have. */
async function faultsOf(requests: readonly Malformed[], faultOf: (answer: Answer) => string | null): Promise<string[]> {
  const faults: string[] = [];
  const waiting = [...requests];
  const worker = async (): Promise<void> => {
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const { name, method, path, body } = one;
      const answer = await api.send(method, path, { body });
      const fault = faultOf(answer);
      if (fault !== null)
        faults.push(`${name}: ${fault}\n  sent ${method} ${path} ${String(body ?? '').slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return faults;
}

const writtenAt = async (content: string): Promise<number> =>
  (await api.post('/memories', { content })).json<CreatedAnswer>().event_offset;

describe(`generated malformed requests (seed ${seed}; MEMORYSTACK_TEST_SEED repeats them)`, () => {
  it('every field of every route, broken in every way: 400 problem+json, and nothing is appended', async () => {
    const requests = malformedRequests();
    expect(requests.length).toBeGreaterThan(fieldsBroken);
    const before = await writtenAt('before the malformed requests');
    const faults = await faultsOf(requests, (answer) =>
      answer.status === 400 ? problemFault(answer) : `it is ${answer.status}: ${answer.text.slice(0, 200)}`,
    );
    expect(faults).toEqual([]);
    expect(await writtenAt('after the malformed requests')).toBe(before + 1);
    const { memory } = (await api.get(`/memories/${memoryId}`)).json<{ memory: MemoryOnTheWire }>();
    expect(memory).toMatchObject({ version: 1, content: 'It must survive whatever is sent' });
  }, 120_000);

  it(`${damagedBodies} bodies damaged byte by byte: 0 x 5xx, every 4xx is problem+json`, async () => {
    const chance = random(seed);
    const intact = Object.entries(validBodies()).map(([route, body]) => ({
      route,
      bytes: Buffer.from(JSON.stringify(body)),
    }));
    const requests = Array.from({ length: damagedBodies }, (_, index): Malformed => {
      const { route, bytes } = intact[Math.floor(chance() * intact.length)]!;
      const [method, template] = route.split(' ') as [string, string];
      const path = template.replace('{id}', '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001');
      return { name: `${index} ${route}`, method: method.toUpperCase(), path, body: damaged(bytes, chance) };
    });
    let refused = 0;
    const faults = await faultsOf(requests, (answer) => {
      if (answer.status >= 400) refused += 1;
      return answer.status >= 500 ? `it is ${answer.status}: ${answer.text}` : problemFault(answer);
    });
    expect(faults).toEqual([]);
    expect(refused).toBeGreaterThan(requests.length / 2);
  }, 120_000);
});

/** Cuts, flips, repeats or replaces a few bytes. */
function damaged(bytes: Buffer, chance: () => number): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + Math.floor(chance() * 3); times > 0; times -= 1) {
    const at = Math.floor(chance() * result.length);
    const kind = Math.floor(chance() * 4);
    if (kind === 0) result = result.subarray(0, at);
    else if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(Math.floor(at / 2))]);
    else if (result.length > 0)
      result[at] = kind === 2 ? result[at]! ^ (1 << Math.floor(chance() * 8)) : Math.floor(chance() * 256);
  }
  return Buffer.from(result);
}

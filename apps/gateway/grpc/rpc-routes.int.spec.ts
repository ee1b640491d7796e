import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routes } from '#libs/contracts/rest/routes.js';
import { loadProto } from '#libs/service-kit/grpc-package.js';
import { apiPath } from '../gateway-options.js';
import { type GatewayUnderTest, startGateway } from '../gateway.fixture.js';
import { apiFiles, apiPackage, rpcRoutes } from './rpc-routes.js';

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}
interface Route {
  summary: string;
  params?: Schema;
  querystring?: Schema;
  body?: Schema;
  response: Record<string, Schema>;
}

/** Second names that JSON keeps for published clients, and the word that every JSON answer starts with. */
const onlyInJson = [
  ...['success', 'owner_clerk_id', 'end_user_id', 'rrf_score', 'projectId', 'teamId', 'mimeType'],
  ...['similarityThreshold', 'checkRedundancy', 'dryRun', 'maxRetiredShare', 'timeWindowDays', 'analysisDepth'],
  ...['minPatternStrength', 'archiveAfterDays'],
  ...[
    'SearchMemoriesResponse.memories',
    'ListAgentMemoriesResponse.data',
    'DeleteMemoryResponse.deleted_count',
    'GetBeliefPoliciesResponse.event_offset',
    ...[
      'GetAutoMaintenanceResponse.config',
      'SetAutoMaintenanceResponse.config',
      'ResetAutoMaintenanceResponse.config',
    ],
  ],
  // A message holds the whole lineage: its forms, and its picture, are for browsers.
  'GetMemoryLineageRequest.format',
];
/** In JSON these are a header, a field with several forms, and another answer. */
const onlyInMessages = ['UpdateMemoryRequest.expected_version', 'Message.parts', 'MessagePart.mime_type', 'accepted'];

const definitions = loadProto(...apiFiles);
const fieldsOf = (type: string) =>
  (definitions[`${apiPackage}.${type}`] as unknown as { type: { field: { name: string; typeName: string }[] } }).type
    .field;

const calls = Object.entries(rpcRoutes).flatMap(([service, rpcs]) =>
  Object.entries(rpcs).map(([rpc, route]) => ({
    service,
    rpc,
    route,
    contracts: route.routes.map((name) => routes[name] as unknown as Route),
  })),
);

/** What a message and the schema of its JSON do not have in common, by path. */
function differences(type: string, schema: Schema): string[] {
  const properties = schema.properties ?? {};
  const without = (names: string[], lacking: string[]) =>
    names.filter((name) => !lacking.includes(name) && !lacking.includes(`${type}.${name}`));
  const fields = fieldsOf(type);
  const missing = without(Object.keys(properties), onlyInJson).filter(
    (name) => !fields.some((one) => one.name === name),
  );
  const surplus = without(
    fields.map(({ name }) => name),
    onlyInMessages,
  ).filter((name) => !(name in properties));
  const below = fields.flatMap(({ name, typeName }) => {
    const inner = innerSchema(properties[name]);
    return inner && `${apiPackage}.${typeName}` in definitions ? differences(typeName, inner) : [];
  });
  return [...missing.map((name) => `${type} lacks ${name}`), ...surplus.map((name) => `${type} has ${name}`), ...below];
}

function innerSchema(schema: Schema | undefined): Schema | null {
  if (schema === undefined) return null;
  if (schema.properties) return schema;
  if (schema.items) return innerSchema(schema.items);
  return schema.anyOf?.map(innerSchema).find((one) => one !== null) ?? null;
}

describe('the calls of the gRPC API', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.application.close());

  it.each(calls)('$service/$rpc takes every field of its route, and no other', ({ rpc, contracts }) => {
    const parts = contracts.flatMap(({ params, querystring, body }) => [params, querystring, body]);
    const properties = Object.assign({}, ...parts.map((part) => part?.properties)) as Record<string, Schema>;
    expect(differences(`${rpc}Request`, { properties })).toEqual([]);
  });

  // Pieces of a file have no fields.
  const whole = calls.filter(({ route }) => !route.streams);
  it.each(whole)('$service/$rpc answers every field of its route, and no other', ({ rpc, contracts }) => {
    for (const { response } of contracts) {
      const isAccepted = (schema: Schema | undefined): boolean =>
        schema?.properties?.['command_id'] !== undefined || (schema?.anyOf ?? []).some(isAccepted);
      const accepted = isAccepted(response['202']) ? response['202'] : undefined;
      const [, success] = Object.entries(response).find(
        ([status, schema]) => status.startsWith('2') && !isAccepted(schema),
      )!;
      expect(differences(`${rpc}Response`, success)).toEqual([]);
      expect(fieldsOf(`${rpc}Response`).some(({ name }) => name === 'accepted')).toBe(accepted !== undefined);
    }
  });

  it('each goes to the path and method that its route has', async () => {
    const api = (await gateway.application.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, { summary: string }>>;
    }>();
    for (const { rpc, route, contracts } of calls) {
      const path = `/${apiPath}${route.path.replace(':id', '{id}')}`;
      const found =
        api.paths[path]?.[route.method.toLowerCase()] ?? api.paths[`${path}/`]?.[route.method.toLowerCase()];
      expect([rpc, found?.summary]).toEqual([rpc, contracts[0]!.summary]);
    }
  });
});

import { fileURLToPath } from 'node:url';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';

const proto = fileURLToPath(new URL('../../libs/contracts/proto', import.meta.url));
const files = [
  ...['memories', 'beliefs', 'contradictions', 'search', 'agents', 'jobs', 'account'],
  ...['maintenance', 'webhooks', 'transfer'],
].map((name) => `memorystack/v1/${name}.proto`);
const definitions = loadSync([...files, 'google/rpc/errors.proto'], {
  ...{ keepCase: true, longs: Number, enums: String, defaults: true, includeDirs: [proto] },
});
const patienceMs = 30_000;
const timeless = { deadline: Infinity };

type Fields = Record<string, unknown>;

/** What came back, read by this file's own means: nothing here is shared with the server. */
export interface GrpcAnswer {
  code: number;
  /** The message as JSON; null for a failure. */
  body: Fields | null;
  /** Initial metadata of an answer, trailing metadata of a failure. */
  metadata: Metadata;
  message: string;
  /** google.rpc details by the last word of their type. */
  details: Record<string, Fields>;
}

export interface GrpcSent {
  metadata?: Record<string, string>;
  /** Another API key than the client's; null shows none. */
  key?: string | null;
  deadlineMs?: number;
}

/** Calls one server, and retries nothing. */
export class GrpcClient {
  private readonly client: Client;

  constructor(
    address: string,
    private readonly key: string | null,
  ) {
    this.client = new Client(address, credentials.createInsecure(), {
      ...{ 'grpc.enable_retries': 0, 'grpc.max_receive_message_length': -1 },
    });
  }

  /** @param name such as `MemoriesService/GetMemory` */
  call(name: string, message: Fields, sent: GrpcSent = {}): Promise<GrpcAnswer> {
    const { requestSerialize } = methodOf(name);
    // Rows of a file may be anything, and are sent as trees; those of a batch are messages.
    const rows = name === 'TransferService/ImportMemories' ? 'memories' : undefined;
    return this.callWithBytes(name, requestSerialize(withTrees(message, treeOf, rows)), sent);
  }

  callWithBytes(name: string, bytes: Buffer, sent: GrpcSent = {}): Promise<GrpcAnswer> {
    const { path, responseDeserialize } = methodOf(name);
    const { key = this.key, deadlineMs = patienceMs } = sent;
    const metadata = new Metadata();
    if (key !== null) metadata.set('authorization', `Bearer ${key}`);
    for (const [field, value] of Object.entries(sent.metadata ?? {})) metadata.set(field, value);
    const options = deadlineMs === Infinity ? timeless : { deadline: Date.now() + deadlineMs };
    return new Promise((resolve) => {
      let initial = new Metadata();
      const unchanged = (sentBytes: Buffer): Buffer => sentBytes;
      const call = this.client.makeUnaryRequest(
        ...([path, unchanged, responseDeserialize, bytes, metadata, options] as const),
        (error: ServiceError | null, answer?: object) => {
          if (error) return resolve(failure(error));
          const body = withTrees(answer as Fields, jsonOf);
          resolve({ code: status.OK, body, metadata: initial, message: '', details: {} });
        },
      );
      call.on('metadata', (received: Metadata) => (initial = received));
    });
  }

  /** Everything that a call answers with a stream. */
  stream(name: string, message: Fields, key: string): Promise<{ code: number; messages: Fields[] }> {
    const { path, requestSerialize, responseDeserialize } = methodOf(name);
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${key}`);
    const options = { deadline: Date.now() + patienceMs };
    const call = this.client.makeServerStreamRequest(
      ...([path, requestSerialize, responseDeserialize, withTrees(message, treeOf), metadata, options] as const),
    );
    return new Promise((resolve) => {
      const messages: Fields[] = [];
      call.on('data', (one: object) => messages.push(withTrees(one as Fields, jsonOf)));
      call.on('error', ({ code }: ServiceError) => resolve({ code, messages }));
      call.on('end', () => resolve({ code: status.OK, messages }));
    });
  }

  /** A call that answers in pieces of bytes; they are put together. */
  download(name: string, message: Fields, sent: GrpcSent = {}): Promise<GrpcAnswer & { text: string }> {
    const { path, requestSerialize, responseDeserialize } = methodOf(name);
    const { key = this.key, deadlineMs = patienceMs } = sent;
    const metadata = new Metadata();
    if (key !== null) metadata.set('authorization', `Bearer ${key}`);
    for (const [field, value] of Object.entries(sent.metadata ?? {})) metadata.set(field, value);
    const call = this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata, {
      deadline: Date.now() + deadlineMs,
    });
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      let initial = new Metadata();
      const told = () => ({ text: Buffer.concat(pieces).toString('utf8') });
      call.on('metadata', (received: Metadata) => (initial = received));
      call.on('data', ({ chunk }: { chunk: Buffer }) => pieces.push(chunk));
      call.on('error', (error: ServiceError) => resolve({ ...failure(error), ...told() }));
      call.on('end', () =>
        resolve({ code: status.OK, body: {}, metadata: initial, message: '', details: {}, ...told() }),
      );
    });
  }

  close(): void {
    this.client.close();
  }
}

function methodOf(name: string) {
  const [service, rpc] = name.split('/');
  return (definitions[`memorystack.v1.${service}`] as ServiceDefinition)[rpc!]!;
}

/** Every call that the files describe. */
export function describedCalls(): string[] {
  return Object.entries(definitions).flatMap(([name, definition]) =>
    'format' in definition ? [] : Object.keys(definition).map((rpc) => `${name.split('.').at(-1)}/${rpc}`),
  );
}

function failure({ code, details: message, metadata }: ServiceError): GrpcAnswer {
  const [bytes] = metadata.get('grpc-status-details-bin');
  const details: Record<string, Fields> = {};
  if (bytes !== undefined) {
    const told = read('google.rpc.Status', bytes as Buffer) as { details: { type_url: string; value: Buffer }[] };
    for (const { type_url: url, value } of told.details) {
      details[url.split('.').at(-1)!] = read(url.split('/')[1]!, value);
    }
  }
  return { code, body: null, metadata, message, details };
}

function read(type: string, bytes: Buffer): Fields {
  return (definitions[type] as MessageTypeDefinition<object, object>).deserialize(bytes) as Fields;
}

const treeFields = [
  ...['metadata', 'filters', 'actor', 'decision', 'before', 'after', 'data', 'summary', 'details', 'settings'],
];

/** Free-form fields in their other form. `context` is one in a handoff, and a text in the answer of GetContext. */
function withTrees(message: Fields, turn: (tree: Fields) => unknown, listOfTrees?: string): Fields {
  const turned = Object.entries(message).map(([name, value]) => {
    if (typeof value !== 'object' || value === null) return [name, value];
    if (treeFields.includes(name) || name === 'context') return [name, turn(value as Fields)];
    if (name === listOfTrees && Array.isArray(value)) return [name, value.map((one) => turn(one as Fields))];
    if (Array.isArray(value)) {
      return [name, value.map((one: unknown) => (typeof one === 'object' ? withTrees(one as Fields, turn) : one))];
    }
    return [name, withTrees(value as Fields, turn)];
  });
  return Object.fromEntries(turned) as Fields;
}

function treeOf(json: Fields): Fields {
  return { fields: Object.fromEntries(Object.entries(json).map(([name, value]) => [name, valueOf(value)])) };
}

function valueOf(json: unknown): Fields {
  if (json === null) return { nullValue: 'NULL_VALUE' };
  if (Array.isArray(json)) return { listValue: { values: json.map(valueOf) } };
  if (typeof json === 'object') return { structValue: treeOf(json as Fields) };
  return { [`${typeof json === 'boolean' ? 'bool' : typeof json}Value`]: json };
}

function jsonOf(tree: Fields): unknown {
  return Object.fromEntries(Object.entries((tree['fields'] ?? {}) as Fields).map(([name, one]) => [name, plain(one)]));
}

function plain(value: unknown): unknown {
  const [[kind, inner] = []] = Object.entries(value as Fields);
  if (kind === 'nullValue') return null;
  if (kind === 'structValue') return jsonOf(inner as Fields);
  if (kind === 'listValue') return ((inner as { values?: unknown[] }).values ?? []).map(plain);
  return inner;
}

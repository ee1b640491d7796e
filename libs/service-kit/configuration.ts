import { resolve } from 'node:path';
import type { EmbedderSettings } from '#libs/contracts/embedder-settings.js';
import { EMBEDDER_VARIABLES, type EmbedderServer, readEmbedder } from './embedder-configuration.js';
import { EnvironmentReader } from './environment-reader.js';
import { MASTER_KEY_BYTES, parseMasterKey } from './master-key.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const PROFILES = ['standalone', 'distributed'] as const;
const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const FIRST_API_KEY_MIN_CHARACTERS = 16;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** All that can be set from outside, read once at start. */
export interface Configuration {
  /** 0 lets the operating system choose. */
  port: number;
  host: string;
  /** Absolute path. */
  dataDir: string;
  profile: (typeof PROFILES)[number];
  /** Your own PostgreSQL; null starts the bundled one. */
  databaseUrl: string | null;
  /** Becomes an API key at the first start. */
  firstApiKey: string | null;
  /** 32 bytes in base64 or hex; null keeps the key in a file in the data folder. */
  masterKey: string | null;
  /** How long the same add without an idempotency key counts as a retry; 0 switches this off. */
  retryWindowSeconds: number;
  commandTimeoutMs: number;
  /** Per tenant. */
  rateLimitPerSecond: number;
  rateLimitBurst: number;
  logLevel: LogLevel;
  /** Where gRPC listens; 0 lets the operating system choose, null is off. */
  grpcPort: number | null;
  /** Where `/metrics` and the probes of a service listen; 0 lets the operating system choose, null is off. */
  adminPort: number | null;
  /** How long a service that was told to stop still takes what is sent to it, after it said that it is not ready. */
  drainMs: number;
  /** OTLP/HTTP collector that traces are sent to; null sends none. */
  traceCollectorUrl: string | null;
  /** Reads conversations and judges relations; null leaves both to rules. */
  model: ModelServer | null;
  /** What turns texts into vectors, for search by meaning. */
  embedder: EmbedderSettings;
  /** Where the embedder is a server. */
  embedderServer: EmbedderServer | null;
  /** Webhooks may lead to private addresses, and to `http:`: for tests and closed networks. */
  webhookAllowPrivate: boolean;
  /** The servers of the distributed profile; null when everything runs in one process. */
  servers: Servers | null;
}

/** A language model behind an OpenAI-compatible API. */
export interface ModelServer {
  /** Base of the API, such as `https://host/v1`. */
  url: string;
  name: string;
  apiKey: string | null;
  /** How long one call may take, with its retries. */
  timeoutMs: number;
  /** Of each tenant, a day, in each process; 0 has no limit. */
  tokensPerDay: number;
}

/** The servers that the services of the distributed profile share. */
export interface Servers {
  databaseUrl: string;
  masterKey: string;
  kafka: KafkaServer;
  /** `redis:` or `rediss:` (TLS), with user and password where it asks for them. */
  redisUrl: string;
  qdrantUrl: string;
  qdrantApiKey: string | null;
  /** `host:port` of the search service's gRPC, or several with IPv4 addresses; the gateway and maintenance ask it. */
  searchAddress: string;
  /** Put before every topic, consumer group, collection and Redis key, so that installations can share servers. */
  namespace: string;
  /** Where the embedder is a server. */
  embedder: EmbedderServer | null;
}

export interface KafkaServer {
  /** `host:port`, at least one. */
  brokers: string[];
  tls: boolean;
  sasl: { mechanism: (typeof SASL_MECHANISMS)[number]; username: string; password: string } | null;
}

/** Names every problem of the environment at once, one a line. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Every variable the server reads, in the order that the help shows them. */
export const VARIABLES = [
  'PORT',
  'MEMORYSTACK_HOST',
  'MEMORYSTACK_DATA_DIR',
  'MEMORYSTACK_PROFILE',
  'DATABASE_URL',
  'MEMORYSTACK_API_KEY',
  'MEMORYSTACK_MASTER_KEY',
  'MEMORYSTACK_RETRY_WINDOW_SECONDS',
  'MEMORYSTACK_COMMAND_TIMEOUT_MS',
  'MEMORYSTACK_RATE_LIMIT_PER_SECOND',
  'MEMORYSTACK_RATE_LIMIT_BURST',
  'MEMORYSTACK_LOG_LEVEL',
  'MEMORYSTACK_GRPC_PORT',
  'MEMORYSTACK_ADMIN_PORT',
  'MEMORYSTACK_DRAIN_SECONDS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  ...EMBEDDER_VARIABLES,
  'MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE',
  'MEMORYSTACK_LLM_URL',
  'MEMORYSTACK_LLM_MODEL',
  'MEMORYSTACK_LLM_API_KEY',
  'MEMORYSTACK_LLM_TIMEOUT_MS',
  'MEMORYSTACK_LLM_TOKENS_PER_DAY',
  'KAFKA_BROKERS',
  'KAFKA_TLS',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'REDIS_URL',
  'QDRANT_URL',
  'QDRANT_API_KEY',
  'MEMORYSTACK_SEARCH_ADDRESS',
  'MEMORYSTACK_NAMESPACE',
] as const;
type Variable = (typeof VARIABLES)[number];
type Reader = EnvironmentReader<Variable>;

/** Of no use to a single process; there they would be a mistake that nobody notices. */
const DISTRIBUTED_ONLY = ['KAFKA_BROKERS', 'REDIS_URL', 'QDRANT_URL', 'MEMORYSTACK_SEARCH_ADDRESS'] as const;

/**
 * Reads the environment; an empty variable counts as unset.
 * @throws ConfigurationError listing all problems; secrets are never quoted in it
 */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const reader = new EnvironmentReader(environment, VARIABLES);
  const profile = reader.choice('MEMORYSTACK_PROFILE', PROFILES, 'standalone');
  const isDistributed = profile === 'distributed';
  const databaseUrl = reader.url(
    'DATABASE_URL',
    ['postgres:', 'postgresql:'],
    'postgresql://user:password@host:5432/database',
  );
  const masterKey = readMasterKeyVariable(reader);
  const port = (name: Variable, standard: number) => reader.integer(name, { standard, min: 0, max: 65_535 });
  const optionalPort = (name: Variable, standard: number) =>
    isDistributed || reader.text(name) !== null ? port(name, standard) : null;
  const { embedder, embedderServer } = readEmbedder(reader);
  const configuration: Configuration = {
    port: port('PORT', 3000),
    host: reader.text('MEMORYSTACK_HOST') ?? '127.0.0.1',
    dataDir: resolve(reader.text('MEMORYSTACK_DATA_DIR') ?? './data'),
    profile,
    databaseUrl,
    firstApiKey: readFirstApiKey(reader),
    masterKey,
    retryWindowSeconds: reader.integer('MEMORYSTACK_RETRY_WINDOW_SECONDS', { standard: 60, min: 0, max: 86_400 }),
    commandTimeoutMs: reader.integer('MEMORYSTACK_COMMAND_TIMEOUT_MS', { standard: 25_000, min: 100, max: 600_000 }),
    rateLimitPerSecond: reader.integer('MEMORYSTACK_RATE_LIMIT_PER_SECOND', { standard: 500, min: 1, max: 1_000_000 }),
    rateLimitBurst: reader.integer('MEMORYSTACK_RATE_LIMIT_BURST', { standard: 1000, min: 1, max: 1_000_000 }),
    logLevel: reader.choice('MEMORYSTACK_LOG_LEVEL', LOG_LEVELS, 'info'),
    grpcPort: optionalPort('MEMORYSTACK_GRPC_PORT', 50_051),
    adminPort: optionalPort('MEMORYSTACK_ADMIN_PORT', 9464),
    drainMs: 1000 * reader.integer('MEMORYSTACK_DRAIN_SECONDS', { standard: isDistributed ? 5 : 0, min: 0, max: 300 }),
    traceCollectorUrl: reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'], 'http://collector:4318'),
    embedder,
    embedderServer,
    webhookAllowPrivate: reader.flag('MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE'),
    model: readModel(reader),
    servers: isDistributed ? { ...readServers(reader, databaseUrl, masterKey), embedder: embedderServer } : null,
  };
  if (!isDistributed) reportDistributedVariables(reader);
  reader.reportUnknownVariables();
  if (reader.problems.length > 0) throw new ConfigurationError(reader.problems);
  return configuration;
}

function readModel(reader: Reader): ModelServer | null {
  const url = reader.url('MEMORYSTACK_LLM_URL', ['http:', 'https:'], 'https://host/v1');
  const name = reader.text('MEMORYSTACK_LLM_MODEL');
  const apiKey = reader.text('MEMORYSTACK_LLM_API_KEY');
  const timeoutMs = reader.integer('MEMORYSTACK_LLM_TIMEOUT_MS', { standard: 20_000, min: 100, max: 600_000 });
  const tokensPerDay = reader.integer('MEMORYSTACK_LLM_TOKENS_PER_DAY', {
    ...{ standard: 2_000_000, min: 0, max: 1_000_000_000_000 },
  });
  if ((url === null) !== (name === null)) {
    reader.problem('MEMORYSTACK_LLM_URL and MEMORYSTACK_LLM_MODEL belong together: set both or neither');
  }
  if (apiKey !== null && /[^\x21-\x7e]/.test(apiKey)) {
    reader.problem('MEMORYSTACK_LLM_API_KEY must be printable ASCII without spaces');
  }
  return url === null || name === null ? null : { url, name, apiKey, timeoutMs, tokensPerDay };
}

function readServers(reader: Reader, databaseUrl: string | null, masterKey: string | null): Omit<Servers, 'embedder'> {
  const needed = (name: Variable, value: string | null): string => {
    if (value === null) reader.problem(`${name} must be set: MEMORYSTACK_PROFILE=distributed needs it`);
    return value ?? '';
  };
  return {
    databaseUrl: needed('DATABASE_URL', databaseUrl),
    masterKey: needed('MEMORYSTACK_MASTER_KEY', masterKey),
    kafka: readKafka(reader, needed),
    redisUrl: needed('REDIS_URL', reader.url('REDIS_URL', ['redis:', 'rediss:'], 'redis://user:password@host:6379/0')),
    qdrantUrl: needed('QDRANT_URL', reader.url('QDRANT_URL', ['http:', 'https:'], 'http://host:6333')),
    qdrantApiKey: reader.text('QDRANT_API_KEY'),
    searchAddress: readSearchAddress(reader),
    namespace: readNamespace(reader),
  };
}

function readKafka(reader: Reader, needed: (name: Variable, value: string | null) => string): KafkaServer {
  const brokers = needed('KAFKA_BROKERS', reader.text('KAFKA_BROKERS'))
    .split(',')
    .map((broker) => broker.trim());
  if (brokers.some((broker) => broker !== '' && !/^[^\s:/]+:\d{1,5}$/.test(broker))) {
    reader.problem('KAFKA_BROKERS must look like host:9092,other-host:9092');
  }
  const username = reader.text('KAFKA_SASL_USERNAME');
  const password = reader.text('KAFKA_SASL_PASSWORD');
  const mechanism = reader.choice('KAFKA_SASL_MECHANISM', SASL_MECHANISMS, 'plain');
  if ((username === null) !== (password === null)) {
    reader.problem('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together: set both or neither');
  }
  return {
    brokers,
    tls: reader.flag('KAFKA_TLS'),
    sasl: username === null || password === null ? null : { mechanism, username, password },
  };
}

/** A name stands for all its addresses; a list has to be one of addresses, because gRPC resolves one name only. */
function readSearchAddress(reader: Reader): string {
  const address = reader.text('MEMORYSTACK_SEARCH_ADDRESS') ?? '127.0.0.1:50052';
  const all = address.split(',');
  if (all.length > 1 && !all.every((one) => /^\d{1,3}(?:\.\d{1,3}){3}:\d{1,5}$/.test(one))) {
    reader.problem('MEMORYSTACK_SEARCH_ADDRESS must look like search:50051 or 10.0.0.1:50051,10.0.0.2:50051');
  }
  return address;
}

function readNamespace(reader: Reader): string {
  const namespace = reader.text('MEMORYSTACK_NAMESPACE') ?? '';
  if (!/^[a-z0-9-]{0,40}$/.test(namespace)) {
    reader.problem('MEMORYSTACK_NAMESPACE must be up to 40 small letters, digits and hyphens');
  }
  return namespace;
}

function reportDistributedVariables(reader: Reader): void {
  for (const name of DISTRIBUTED_ONLY) {
    if (reader.text(name) === null) continue;
    reader.problem(`${name} is of no use to a single process: set MEMORYSTACK_PROFILE=distributed, or unset it`);
  }
}

function readFirstApiKey(reader: Reader): string | null {
  const key = reader.text('MEMORYSTACK_API_KEY');
  if (key === null) return null;
  if (key.length < FIRST_API_KEY_MIN_CHARACTERS || /[^\x21-\x7e]/.test(key)) {
    reader.problem(
      `MEMORYSTACK_API_KEY must have at least ${FIRST_API_KEY_MIN_CHARACTERS} characters, ` +
        'all of them printable ASCII without spaces',
    );
  }
  return key;
}

function readMasterKeyVariable(reader: Reader): string | null {
  const key = reader.text('MEMORYSTACK_MASTER_KEY');
  if (key !== null && parseMasterKey(key) === null) {
    reader.problem(`MEMORYSTACK_MASTER_KEY must be ${MASTER_KEY_BYTES} bytes in base64 or hex`);
  }
  return key;
}

import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError, readConfiguration, VARIABLES } from './configuration.js';

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfiguration(environment);
  } catch (err) {
    if (err instanceof ConfigurationError) return err.problems;
    throw err;
  }
  return [];
}

const distributed = {
  MEMORYSTACK_PROFILE: 'distributed',
  DATABASE_URL: 'postgres://a:b@db:5432/memories',
  MEMORYSTACK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  KAFKA_BROKERS: 'one:9092',
  REDIS_URL: 'rediss://a:b@cache:6379/1',
  QDRANT_URL: 'https://qdrant:6333',
};

const served = {
  MEMORYSTACK_EMBEDDER: 'openai',
  MEMORYSTACK_EMBEDDER_URL: 'https://models/v1',
  MEMORYSTACK_EMBEDDER_MODEL: 'small-1',
  MEMORYSTACK_EMBEDDER_DIMENSIONS: '384',
};
const servedMore = {
  MEMORYSTACK_EMBEDDER_API_KEY: 'secret',
  MEMORYSTACK_EMBEDDER_TIMEOUT_MS: '500',
  MEMORYSTACK_EMBEDDER_TOKENS_PER_DAY: '7',
  MEMORYSTACK_EMBEDDER_BATCH: 'true',
};

describe('readConfiguration', () => {
  it('needs nothing to be set', () => {
    expect(readConfiguration({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('data'),
      profile: 'standalone',
      databaseUrl: null,
      firstApiKey: null,
      masterKey: null,
      retryWindowSeconds: 60,
      webhookAllowPrivate: false,
      commandTimeoutMs: 25_000,
      rateLimitPerSecond: 500,
      rateLimitBurst: 1000,
      logLevel: 'info',
      grpcPort: null,
      adminPort: null,
      drainMs: 0,
      traceCollectorUrl: null,
      embedder: { name: 'static' },
      embedderServer: null,
      model: null,
      servers: null,
    });
  });

  it('takes every variable', () => {
    const masterKey = Buffer.alloc(32, 7).toString('base64');
    const read = readConfiguration({
      PORT: '0',
      MEMORYSTACK_HOST: '0.0.0.0',
      MEMORYSTACK_DATA_DIR: '/srv/memories',
      MEMORYSTACK_PROFILE: 'standalone',
      DATABASE_URL: 'postgres://a:b@db:5432/memories',
      MEMORYSTACK_API_KEY: 'sixteen-characters',
      MEMORYSTACK_MASTER_KEY: masterKey,
      MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE: 'true',
      MEMORYSTACK_RETRY_WINDOW_SECONDS: '0',
      MEMORYSTACK_COMMAND_TIMEOUT_MS: '1000',
      MEMORYSTACK_RATE_LIMIT_PER_SECOND: '7',
      MEMORYSTACK_RATE_LIMIT_BURST: '9',
      MEMORYSTACK_LOG_LEVEL: 'silent',
      MEMORYSTACK_GRPC_PORT: '0',
      MEMORYSTACK_ADMIN_PORT: '9000',
      MEMORYSTACK_DRAIN_SECONDS: '2',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      MEMORYSTACK_EMBEDDER: 'none',
      MEMORYSTACK_LLM_URL: 'https://models/v1',
      MEMORYSTACK_LLM_MODEL: 'small-1',
      MEMORYSTACK_LLM_API_KEY: 'secret',
      MEMORYSTACK_LLM_TIMEOUT_MS: '5000',
      MEMORYSTACK_LLM_TOKENS_PER_DAY: '0',
    });
    expect(read).toEqual({
      port: 0,
      host: '0.0.0.0',
      dataDir: resolve('/srv/memories'),
      profile: 'standalone',
      databaseUrl: 'postgres://a:b@db:5432/memories',
      firstApiKey: 'sixteen-characters',
      masterKey,
      retryWindowSeconds: 0,
      webhookAllowPrivate: true,
      commandTimeoutMs: 1000,
      rateLimitPerSecond: 7,
      rateLimitBurst: 9,
      logLevel: 'silent',
      grpcPort: 0,
      adminPort: 9000,
      drainMs: 2000,
      traceCollectorUrl: 'http://collector:4318',
      embedder: { name: 'none' },
      embedderServer: null,
      model: { url: 'https://models/v1', name: 'small-1', apiKey: 'secret', timeoutMs: 5000, tokensPerDay: 0 },
      servers: null,
    });
  });

  it('takes the servers of the distributed profile', () => {
    const { grpcPort, adminPort, drainMs, servers } = readConfiguration({
      ...distributed,
      KAFKA_BROKERS: 'one:9092, two:9093',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      QDRANT_API_KEY: 'q',
      MEMORYSTACK_SEARCH_ADDRESS: 'search:50051',
      MEMORYSTACK_NAMESPACE: 'blue',
    });
    expect({ grpcPort, adminPort, drainMs }).toEqual({ grpcPort: 50_051, adminPort: 9464, drainMs: 5000 });
    expect(servers).toEqual({
      databaseUrl: distributed.DATABASE_URL,
      masterKey: distributed.MEMORYSTACK_MASTER_KEY,
      kafka: {
        brokers: ['one:9092', 'two:9093'],
        tls: true,
        sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
      },
      redisUrl: distributed.REDIS_URL,
      qdrantUrl: distributed.QDRANT_URL,
      qdrantApiKey: 'q',
      searchAddress: 'search:50051',
      namespace: 'blue',
      embedder: null,
    });
  });

  it('takes several search services by their addresses', () => {
    const searchAddress = '10.0.0.1:50051,10.0.0.2:50052';
    const { servers } = readConfiguration({ ...distributed, MEMORYSTACK_SEARCH_ADDRESS: searchAddress });
    expect(servers).toMatchObject({ searchAddress });
  });

  it('lists all that the distributed profile lacks', () => {
    const problems = problemsOf({ MEMORYSTACK_PROFILE: 'distributed' });
    const missing = ['DATABASE_URL', 'MEMORYSTACK_MASTER_KEY', 'KAFKA_BROKERS', 'REDIS_URL', 'QDRANT_URL'];
    expect(problems).toEqual(missing.map((name) => `${name} must be set: MEMORYSTACK_PROFILE=distributed needs it`));
  });

  it('refuses the servers of the distributed profile in a single process', () => {
    expect(problemsOf({ KAFKA_BROKERS: 'one:9092' }).join()).toContain('set MEMORYSTACK_PROFILE=distributed');
  });

  it.each([
    ['KAFKA_BROKERS', 'http://one:9092'],
    ['KAFKA_TLS', 'yes'],
    ['KAFKA_SASL_USERNAME', 'alone'],
    ['REDIS_URL', 'http://redis'],
    ['QDRANT_URL', 'qdrant:6333'],
    ['MEMORYSTACK_SEARCH_ADDRESS', 'search:50051,other:50051'],
    ['MEMORYSTACK_NAMESPACE', 'Blue.Green'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ ...distributed, [name]: value })).toHaveLength(1);
  });

  it('asks for a key, a time and a budget of the model only where one is set', () => {
    const { model } = readConfiguration({ MEMORYSTACK_LLM_URL: 'http://models:8000/v1', MEMORYSTACK_LLM_MODEL: 'm' });
    expect(model).toEqual({
      ...{ url: 'http://models:8000/v1', name: 'm', apiKey: null, timeoutMs: 20_000, tokensPerDay: 2_000_000 },
    });
  });

  it.each([
    [{ MEMORYSTACK_LLM_URL: 'http://models' }, 'belong together'],
    [{ MEMORYSTACK_LLM_MODEL: 'm' }, 'belong together'],
    [{ MEMORYSTACK_LLM_URL: 'ftp://models', MEMORYSTACK_LLM_MODEL: 'm' }, 'must look like https://host/v1'],
    [{ MEMORYSTACK_LLM_TIMEOUT_MS: '1' }, 'from 100 to 600000'],
    [{ MEMORYSTACK_LLM_TOKENS_PER_DAY: '-1' }, 'from 0 to'],
    [
      { MEMORYSTACK_LLM_URL: 'http://m', MEMORYSTACK_LLM_MODEL: 'm', MEMORYSTACK_LLM_API_KEY: 'hidden-word of two' },
      'printable ASCII',
    ],
  ])('refuses the model %j without quoting its key', (environment, problem) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain('hidden-word');
  });

  it('takes an embedder in a folder, and one behind a server', () => {
    const inFolder = { MEMORYSTACK_EMBEDDER: 'onnx', MEMORYSTACK_EMBEDDER_FOLDER: 'models/small' };
    expect(readConfiguration(inFolder)).toMatchObject({
      embedder: { name: 'onnx', folder: resolve('models/small') },
      embedderServer: null,
    });
    const url = 'https://models/v1';
    const server = { url, apiKey: 'secret', timeoutMs: 500, tokensPerDay: 7, batch: true };
    expect(readConfiguration({ ...served, ...servedMore })).toMatchObject({
      embedder: { name: 'openai', url, model: 'small-1', dimensions: 384 },
      embedderServer: server,
    });
    expect(readConfiguration({ ...distributed, ...served, ...servedMore }).servers?.embedder).toEqual(server);
    expect(readConfiguration(served).embedderServer).toEqual({
      ...{ url, apiKey: null, timeoutMs: 10_000, tokensPerDay: 0, batch: false },
    });
  });

  it('keeps what is secret, and what changes no vector, apart from the settings of the embedder', () => {
    expect(Object.keys(readConfiguration({ ...served, ...servedMore }).embedder).sort()).toEqual([
      ...['dimensions', 'model', 'name', 'url'],
    ]);
  });

  it.each([
    [{ MEMORYSTACK_EMBEDDER: 'bert' }, ['must be one of static, none, onnx, openai, not "bert"']],
    [{ MEMORYSTACK_EMBEDDER: 'onnx' }, ['MEMORYSTACK_EMBEDDER_FOLDER must be set']],
    [
      { MEMORYSTACK_EMBEDDER: 'openai' },
      ['_DIMENSIONS must be set', '_URL must be set', '_MODEL must be set'].map((end) => `MEMORYSTACK_EMBEDDER${end}`),
    ],
    [
      { MEMORYSTACK_EMBEDDER_BATCH: 'true' },
      ['MEMORYSTACK_EMBEDDER_BATCH is of no use to MEMORYSTACK_EMBEDDER=static'],
    ],
    [{ MEMORYSTACK_EMBEDDER_FOLDER: 'models' }, ['is of no use to MEMORYSTACK_EMBEDDER=static: set onnx, or unset']],
    [
      { MEMORYSTACK_EMBEDDER: 'onnx', MEMORYSTACK_EMBEDDER_FOLDER: 'models', MEMORYSTACK_EMBEDDER_MODEL: 'small-1' },
      ['MEMORYSTACK_EMBEDDER_MODEL is of no use to MEMORYSTACK_EMBEDDER=onnx: set openai'],
    ],
    [{ ...served, MEMORYSTACK_EMBEDDER_URL: 'models' }, ['must look like https://host/v1']],
    [{ ...served, MEMORYSTACK_EMBEDDER_DIMENSIONS: '0' }, ['from 1 to 8192']],
    [{ ...served, MEMORYSTACK_EMBEDDER_URL: 'https://me:hidden-word@models/v1' }, ['must not hold a password']],
    [
      { ...served, MEMORYSTACK_EMBEDDER_API_KEY: 'hidden-word of two', MEMORYSTACK_EMBEDDER_TIMEOUT_MS: '1' },
      ['printable ASCII', 'from 100 to 600000'],
    ],
  ])('refuses the embedder %j without quoting its key', (environment: NodeJS.ProcessEnv, expected: string[]) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual(expected.map((problem): unknown => expect.stringContaining(problem)));
    expect(problems.join()).not.toContain('hidden-word');
  });

  it('counts an empty variable as unset', () => {
    const empty = Object.fromEntries(VARIABLES.map((name) => [name, ' ']));
    expect(readConfiguration(empty)).toEqual(readConfiguration({}));
  });

  it('lists all problems at once', () => {
    const problems = problemsOf({ PORT: '80a', DATABASE_URL: 'mysql://db', MEMORYSTACK_LOG_LEVEL: 'loud' });
    expect(problems).toEqual([
      'DATABASE_URL must look like postgresql://user:password@host:5432/database',
      'PORT must be a whole number from 0 to 65535, not "80a"',
      'MEMORYSTACK_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ]);
  });

  it.each(['-1', '65536', '3e3', '0x10', '1.5'])('refuses %s as a port', (port) => {
    expect(problemsOf({ PORT: port })).toHaveLength(1);
  });

  it.each(['short', 'sixteen characters', 'sixteen\u00a0characters', 'schlüssel-mit-umlaut'])(
    'refuses the API key %s without quoting it',
    (key) => {
      const problems = problemsOf({ MEMORYSTACK_API_KEY: key });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain(key);
    },
  );

  it('refuses a master key of another length without quoting it', () => {
    const key = Buffer.alloc(31, 7).toString('hex');
    const problems = problemsOf({ MEMORYSTACK_MASTER_KEY: key });
    expect(problems).toEqual(['MEMORYSTACK_MASTER_KEY must be 32 bytes in base64 or hex']);
  });

  it('suggests the variable that a misspelt one meant', () => {
    expect(problemsOf({ MEMORYSTACK_LOGLEVEL: 'info' })).toEqual([
      'MEMORYSTACK_LOGLEVEL is not a variable of this server; did you mean MEMORYSTACK_LOG_LEVEL?',
    ]);
  });

  it('leaves the variables of the SDKs and the tests alone', () => {
    expect(problemsOf({ MEMORYSTACK_BASE_URL: 'http://x', MEMORYSTACK_TEST_URL: 'http://x' })).toEqual([]);
  });

  it('is described in full by npm start -- --help', () => {
    const help = readFileSync(new URL('../../tools/help.txt', import.meta.url), 'utf8');
    const described = [...help.matchAll(/^ {2}([A-Z_]+)\b/gm)].map((match) => match[1]);
    expect(described).toEqual([...VARIABLES]);
  });
});

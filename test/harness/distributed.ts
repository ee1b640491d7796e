import { afterAll, beforeAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundledPostgres } from '#libs/adapters/postgres/bundled-server/bundled-postgres.js';
import { prepareServices, Service, type ServiceName, SERVICES, serviceVariables } from '../../tools/stack/services.mjs';
import { type CommandRun, createdKey, runCommand } from './operator-commands.js';
import { buildServer } from './server.js';
import { ServerClient } from './server-client.js';
import { freshNamespace, serversLimitMs, sharedServers } from './stack.js';

/** Time for `beforeAll`: the first test of a run may have to install and start the servers. */
export const distributedLimitMs = serversLimitMs + 120_000;

/**
 * The services of the distributed profile as processes of their own, on a PostgreSQL of their own and, unless they are
 * given others, on the shared Kafka, Redis and Qdrant under a namespace of their own. Any service can be killed and
 * started again.
 */
export class DistributedServer {
  readonly key = `test-${randomBytes(16).toString('hex')}`;
  readonly services = new Map<ServiceName, Service>();
  /** The environment of an operator's command. */
  variables: Record<string, string> = {};
  private folder = '';
  private postgres: { url: string; stop(): Promise<void> } | null = null;
  private readonly clients: ServerClient[] = [];

  /**
   * @param settings environment variables of every service, besides those of the harness
   * @param own servers of the test's own, in place of the shared ones: KAFKA_BROKERS, REDIS_URL, QDRANT_URL, DATABASE_URL
   */
  constructor(
    private readonly settings: Record<string, string> = {},
    private readonly own: Record<string, string> = {},
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.service('gateway').variables['PORT']}`;
  }

  /** `host:port` of the gateway's gRPC. */
  get grpcAddress(): string {
    return `127.0.0.1:${this.service('gateway').variables['MEMORYSTACK_GRPC_PORT']}`;
  }

  service(name: ServiceName): Service {
    return this.services.get(name)!;
  }

  /** Prepares the servers and starts every service. */
  async start(): Promise<void> {
    buildServer();
    this.folder = await mkdtemp(join(tmpdir(), 'memorystack-distributed-'));
    this.variables = {
      ...(await this.servers()),
      MEMORYSTACK_NAMESPACE: freshNamespace().replace(/-$/, ''),
      MEMORYSTACK_MASTER_KEY: randomBytes(32).toString('base64'),
      MEMORYSTACK_API_KEY: this.key,
      MEMORYSTACK_LOG_LEVEL: 'warn',
      MEMORYSTACK_RATE_LIMIT_PER_SECOND: '1000000',
      MEMORYSTACK_RATE_LIMIT_BURST: '1000000',
      MEMORYSTACK_DRAIN_SECONDS: '1',
      ...this.settings,
    };
    await prepareServices(this.variables);
    const variables = await serviceVariables(this.variables);
    // Receivers of tests are on loopback; what a gateway takes as an address is its own setting.
    variables['maintenance']!['MEMORYSTACK_WEBHOOK_ALLOW_PRIVATE'] = 'true';
    for (const name of SERVICES) this.services.set(name, new Service(name, variables[name]));
    const [gateway, ...others] = [...this.services.values()].reverse();
    await Promise.all(others.map((service) => service.start()));
    await gateway!.start();
  }

  /**
   * Another process of the same service, with an admin port (and a gateway's ports) of its own. Not started yet.
   * @param settings environment variables that differ from those of the others
   */
  async replica(name: ServiceName, settings: Record<string, string> = {}): Promise<Service> {
    const { [name]: fresh } = await serviceVariables({ ...this.variables, ...settings });
    const { MEMORYSTACK_SEARCH_ADDRESS: address = '' } = this.service(name).variables;
    return new Service(name, { ...fresh, MEMORYSTACK_SEARCH_ADDRESS: address });
  }

  /** A client with this key; without one, with the first key. */
  client(key: string | null = this.key): ServerClient {
    const client = new ServerClient(this.url, key);
    this.clients.push(client);
    return client;
  }

  /** Runs `npm run <name> -- <words>` for this installation. */
  command(name: string, ...words: string[]): Promise<CommandRun> {
    const env = { PATH: process.env['PATH'], ...this.variables, MEMORYSTACK_PROFILE: 'distributed' };
    return runCommand({ cwd: this.folder, env }, name, words);
  }

  /** Makes an API key with `npm run keys -- create`. */
  async createKey(...words: string[]): Promise<{ keyId: string; secret: string }> {
    return createdKey(await this.command('keys', 'create', ...words));
  }

  /** Ends every service, in the order in which requests go. */
  async stopServices(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    for (const service of [...this.services.values()].reverse()) await service.end(signal);
  }

  /** Ends what is left and removes the folder. */
  async remove(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.stopServices();
    await this.postgres?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }

  /** Those of the test's own, and for the others the shared ones: only these are started. */
  private async servers(): Promise<Record<string, string>> {
    const { own } = this;
    const shared: Record<string, string> = {};
    if (!own['KAFKA_BROKERS']) shared['KAFKA_BROKERS'] = (await sharedServers('kafka')).kafkaBrokers.join();
    if (!own['REDIS_URL']) shared['REDIS_URL'] = (await sharedServers('redis')).redisUrl;
    if (!own['QDRANT_URL']) {
      const { qdrantUrl, qdrantApiKey } = await sharedServers('qdrant');
      shared['QDRANT_URL'] = qdrantUrl;
      if (qdrantApiKey !== null) shared['QDRANT_API_KEY'] = qdrantApiKey;
    }
    if (!own['DATABASE_URL']) {
      this.postgres = await openBundledPostgres({ dataDir: join(this.folder, 'postgres') });
      shared['DATABASE_URL'] = this.postgres.url;
    }
    return { ...shared, ...own };
  }
}

/** The services for all tests of the `describe` around, or of the file. */
export function useDistributedServer(settings: Record<string, string> = {}): DistributedServer {
  const server = new DistributedServer(settings);
  beforeAll(() => server.start(), distributedLimitMs);
  afterAll(() => server.remove(), 60_000);
  return server;
}

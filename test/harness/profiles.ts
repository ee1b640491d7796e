import { afterAll, beforeAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type DistributedServer, useDistributedServer } from './distributed.js';
import type { CommandRun } from './operator-commands.js';
import { useServer } from './server.js';
import { ServerClient } from './server-client.js';
import type { Service } from '../../tools/stack/services.mjs';

/** What a suite sees of a server, whichever profile it runs: a tenant with nothing in it yet. */
export interface TestedServer {
  readonly url: string;
  readonly tenant: string;
  /** A client with this key; without one, with a key of the tenant that is bound to nothing; null shows none. */
  client(key?: string | null): ServerClient;
  /** Makes an API key with `npm run keys -- create`, of the tenant unless another one is named. */
  createKey(...words: string[]): Promise<{ keyId: string; secret: string }>;
  /** Runs `npm run <name> -- <words>`. */
  command(name: string, ...words: string[]): Promise<CommandRun>;
}

/** One of the two ways to run the product, for suites that describe what it does and not how it is run. */
export interface TestedProfile {
  /** How many writes are read back at once; what takes longer is tried less often. */
  pairs: number;
  /**
   * A server for all tests of the `describe` around.
   * @param settings environment variables of what answers requests
   */
  useServer(settings?: Record<string, string>): TestedServer;
}

/** A process starts in a second, so each suite has one. */
export const standalone: TestedProfile = { pairs: 2_000, useServer };

/** Its services take a while to start: one installation for all suites of the file, in which each has a tenant. */
export function useDistributedProfile(): TestedProfile {
  const installation = useDistributedServer();
  return {
    pairs: 400,
    useServer: (settings = {}) => {
      const server = new TenantOfInstallation(installation, settings);
      beforeAll(() => server.start(), tenantLimitMs);
      afterAll(() => server.remove(), tenantLimitMs);
      return server;
    },
  };
}

const tenantLimitMs = 120_000;

class TenantOfInstallation implements TestedServer {
  readonly tenant = `tenant-${randomBytes(4).toString('hex')}`;
  private key = '';
  private gateway: Service | null = null;
  private readonly clients: ServerClient[] = [];

  constructor(
    private readonly installation: DistributedServer,
    private readonly settings: Record<string, string>,
  ) {}

  get url(): string {
    return this.gateway ? `http://127.0.0.1:${this.gateway.variables['PORT']}` : this.installation.url;
  }

  /** Settings are those of a gateway: one more of them answers for this tenant. */
  async start(): Promise<void> {
    if (Object.keys(this.settings).length > 0) {
      this.gateway = await this.installation.replica('gateway', this.settings);
      await this.gateway.start();
    }
    this.key = (await this.createKey()).secret;
  }

  client(key: string | null = this.key): ServerClient {
    const client = new ServerClient(this.url, key);
    this.clients.push(client);
    return client;
  }

  createKey(...words: string[]): Promise<{ keyId: string; secret: string }> {
    return this.installation.createKey(...(words.includes('--tenant') ? [] : ['--tenant', this.tenant]), ...words);
  }

  command(name: string, ...words: string[]): Promise<CommandRun> {
    return this.installation.command(name, ...words);
  }

  async remove(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.gateway?.end('SIGINT');
  }
}

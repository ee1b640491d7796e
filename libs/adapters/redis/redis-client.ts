import { once } from 'node:events';
import { Redis, type RedisOptions } from 'ioredis';
import { namespaced } from '#libs/contracts/topics.js';
import { Outage } from './outage.js';

const firstRetryMs = 50;
const longestRetryMs = 2_000;
const quitLimitMs = 1_000;

export interface RedisSettings {
  /** `redis:` or `rediss:` (TLS), with user, password and database where needed. */
  url: string;
  /** Put before every key and channel, so that installations can share a server; may be empty. */
  namespace: string;
  /** Told once when a connection is lost or cannot be made; it is tried again for ever. */
  failed: (error: Error) => void;
}

/**
 * A command of these clients is answered, or fails, within a second: while Redis is away they fail at once, so that
 * whoever serves a request can do without. They are never queued and never sent twice, because the one who asked has
 * decided otherwise by then. A server that keeps the connection and says nothing is given up after five seconds.
 * They connect when they are made, not at the first command: a command that comes before that fails like any other.
 */
const hasty: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // Whoever subscribes does so at every connection, and knows then that messages may have been missed.
  autoResubscribe: false,
  commandTimeout: 1_000,
  socketTimeout: 5_000,
};

/** Commands of these clients wait for the connection. For background work alone. */
const patient: RedisOptions = { maxRetriesPerRequest: null };

/** Makes the connections of one process, each with a name that `CLIENT LIST` shows, and closes them. */
export class RedisClients {
  private readonly clients: Redis[] = [];

  constructor(private readonly settings: RedisSettings) {}

  /** The name of a key or a channel. */
  key(...parts: readonly string[]): string {
    return namespaced(this.settings.namespace, ['memory', ...parts].join(':'));
  }

  /** @param name letters and hyphens: what the connection is for */
  open(name: string): Redis {
    return this.make(name, hasty);
  }

  /** For BullMQ, which makes copies of the connection and does not end them while Redis is away: `close` does. */
  openPatient(name: string): Redis {
    const client = this.make(name, patient);
    const duplicate = client.duplicate.bind(client);
    client.duplicate = ((override?: Partial<RedisOptions>) => {
      const copy = duplicate(override);
      this.clients.push(copy);
      return copy;
    }) as typeof client.duplicate;
    return client;
  }

  /** Ends every connection; what was sent before is answered if Redis is quick. */
  async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map(quit));
  }

  private make(name: string, options: RedisOptions): Redis {
    const client = new Redis({
      ...parsedUrl(this.settings.url),
      connectionName: `memorystack-${name}`,
      connectTimeout: 5_000,
      retryStrategy,
      ...options,
    });
    const outage = new Outage(`the connection for ${name} is tried again`, this.settings.failed);
    client.on('error', (error: Error) => outage.began(error));
    client.on('ready', () => outage.ended());
    this.clients.push(client);
    return client;
  }
}

function parsedUrl(url: string): RedisOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    db: Number(pathname.slice(1) || 0),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Doubles up to two seconds; the random part keeps the processes that lost the same server from coming back as one. */
function retryStrategy(attempt: number): number {
  const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt, 10));
  return delayMs / 2 + Math.random() * (delayMs / 2);
}

/** To disconnect a connection that has ended already would keep a timer for two seconds, and the process with it. */
async function quit(client: Redis): Promise<void> {
  if (hasEnded(client)) return;
  if (client.status === 'ready') {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, quitLimitMs)));
    const ended = once(client, 'end').catch(() => undefined);
    client.quit().catch(() => undefined);
    await Promise.race([ended, limit]);
    clearTimeout(timer);
  }
  if (!hasEnded(client)) abandon(client);
}

/**
 * While a client waits for its next attempt, `disconnect` only takes its timer away: it would never reach its end, and
 * BullMQ would ask for that again and again. So it makes an attempt at once, which is broken off.
 */
function abandon(client: Redis): void {
  client.options.retryStrategy = null;
  if (client.status === 'reconnecting') {
    client.disconnect();
    client.connect().catch(() => undefined);
  }
  client.disconnect();
}

const hasEnded = ({ status }: Redis): boolean => status === 'end';

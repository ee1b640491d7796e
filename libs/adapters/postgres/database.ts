import pg from 'pg';

export type DatabaseRole = 'memorystack_owner' | 'memorystack_app' | 'memorystack_relay' | 'memorystack_auth';

/** A connection inside a transaction that named its tenant: row-level security shows it that tenant alone. */
export type TenantConnection = Pick<pg.PoolClient, 'query' | 'escapeLiteral'>;

/**
 * `log`: on disk when the transaction resolves. `derived`: made from the log, checkpoint and rows together, so what a
 * power cut takes (under a second) is applied again, and nobody waits for the disk.
 */
export type Durability = 'log' | 'derived';

const tenantPattern = /^[a-z0-9][a-z0-9_-]{0,62}$/;

// Positions and counters fit a double exactly (2^53 commits); text would leak strings into every comparison.
const int8 = 20;
pg.types.setTypeParser(int8, Number);

/**
 * The only door to PostgreSQL. Every connection acts as one of four roles; the login that the URL names is never
 * used by itself, because a superuser or table owner would pass row-level security by.
 */
export class Database {
  private readonly pools = new Map<DatabaseRole, pg.Pool>();
  private readonly losses = new Set<() => void>();

  /** @param url connection string of a login that may act as the four roles */
  constructor(
    readonly url: string,
    private readonly connectionsPerRole = 8,
  ) {}

  /** Runs `work` in a transaction that sees `tenantId` alone. Rolls back when it throws. */
  async asTenant<T>(
    tenantId: string,
    work: (connection: TenantConnection) => Promise<T>,
    durability: Durability = 'log',
  ): Promise<T> {
    return this.transaction('memorystack_app', beginAsTenant(tenantId, durability), work);
  }

  /**
   * A transaction of two round trips: `reads` go out together with what opens it, and what `work` sends last together
   * with what ends it.
   * @param reads a prepared statement each, or a text, of which the last statement answers
   * @param work gets the rows of each read; it need not wait for what it sends
   */
  async asTenantInTwoTrips<T>(
    tenantId: string,
    reads: readonly (string | pg.QueryConfig)[],
    work: (rows: pg.QueryResultRow[][], send: (statement: pg.QueryConfig) => Promise<unknown>) => Promise<T>,
  ): Promise<T> {
    return this.withClient('memorystack_app', async (client) => {
      const [, ...read] = await sentTogether(client, [beginAsTenant(tenantId, 'log'), ...reads]);
      const sent: Promise<unknown>[] = [];
      const result = await work(read.map(rowsOf), (statement) => {
        gatherTick(client);
        const answered = client.query(statement);
        // Heard below; if `work` fails before, nobody listens, and that must not end the process.
        answered.catch(() => undefined);
        sent.push(answered);
        return answered;
      });
      const [committed] = await Promise.all([client.query('COMMIT'), ...sent]);
      assertCommitted(committed);
      return result;
    });
  }

  /** One read that sees `tenantId` alone. It is sent together with the transaction around it: one way there and back. */
  async readAsTenant<Row extends pg.QueryResultRow>(tenantId: string, statement: pg.QueryConfig): Promise<Row[]> {
    return this.withClient('memorystack_app', async (client) => {
      const [, read] = await sentTogether(client, [beginAsTenant(tenantId, 'log'), statement, 'COMMIT']);
      return rowsOf(read!) as Row[];
    });
  }

  /** Reads the log of every tenant. */
  async asRelay<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    return (await this.pool('memorystack_relay').query<T>(text, values)).rows;
  }

  /** Calls the key look-up function, the only thing that this role may do. */
  async asAuth<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    return (await this.pool('memorystack_auth').query<T>(text, values)).rows;
  }

  /** Administers the control plane across tenants. Never used to serve a request. */
  async asOwner<T>(work: (connection: TenantConnection) => Promise<T>): Promise<T> {
    return this.transaction('memorystack_owner', 'BEGIN', work);
  }

  /** A connection of its own that hears `NOTIFY` on `channel`; it is opened again when it is lost, until `close`. */
  async listen(
    channel: string,
    hear: { changed: () => void; connected: () => void; lost: () => void },
  ): Promise<{ close: () => Promise<void> }> {
    let closed = false;
    let client: pg.Client | null = null;
    const connect = async (): Promise<void> => {
      const next = new pg.Client({ connectionString: this.url });
      // An error ends the connection; `end` below deals with it.
      next.on('error', () => undefined);
      next.once('end', () => {
        hear.lost();
        if (!closed) setTimeout(() => void connect().catch(() => undefined), 500).unref();
      });
      await next.connect();
      next.on('notification', hear.changed);
      await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
      client = next;
      hear.connected();
    };
    await connect();
    return {
      close: async () => {
        closed = true;
        await client?.end();
      },
    };
  }

  /** Calls `lost` for every connection that the server ends or that breaks. @returns what ends it */
  onLoss(lost: () => void): () => void {
    this.losses.add(lost);
    return () => this.losses.delete(lost);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  private async transaction<T>(
    role: DatabaseRole,
    begin: string,
    work: (connection: TenantConnection) => Promise<T>,
  ): Promise<T> {
    return this.withClient(role, async (client) => {
      await client.query(begin);
      const result = await work(client);
      assertCommitted(await client.query('COMMIT'));
      return result;
    });
  }

  /** Lends a connection for one transaction, which is rolled back when `work` throws. */
  private async withClient<T>(role: DatabaseRole, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool(role).connect();
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private pool(role: DatabaseRole): pg.Pool {
    let pool = this.pools.get(role);
    if (!pool) {
      pool = new pg.Pool({
        connectionString: this.url,
        options: `-c role=${role}`,
        max: role === 'memorystack_app' ? this.connectionsPerRole : 2,
        // What is asked without waiting for the answer before it goes out at once.
        pipeline: true,
        application_name: `memorystack ${role}`,
      });
      // An idle connection that dies is replaced at the next query; one that dies under a transaction fails that one's
      // query. Either way it is an event too, and an error event that nobody hears ends the process.
      pool.on('error', () => undefined);
      pool.on('connect', (client) =>
        client.on('error', () => {
          for (const lost of this.losses) lost();
        }),
      );
      this.pools.set(role, pool);
    }
    return pool;
  }
}

/** What is written until this turn of the event loop ends goes out in one call to the system, not in one a message. */
function gatherTick(client: pg.PoolClient): void {
  // The pool makes clients of this class; its types tell only what they have in common with the native ones.
  const { stream } = (client as unknown as pg.Client).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Sends `statements` without waiting in between. @throws what the first that failed was told; the rest is told the same */
function sentTogether(client: pg.PoolClient, statements: readonly (string | pg.QueryConfig)[]): Promise<Answer[]> {
  gatherTick(client);
  return Promise.all(statements.map((statement) => client.query(statement as string) as Promise<Answer>));
}

/** Several statements in one text answer with several results. */
type Answer = pg.QueryResult | pg.QueryResult[];

function rowsOf(answer: Answer): pg.QueryResultRow[] {
  return [answer].flat().at(-1)!.rows;
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error. */
function assertCommitted({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back.');
}

/** Opens a transaction that names its tenant, in one round trip. */
function beginAsTenant(tenantId: string, durability: Durability): string {
  assertTenantId(tenantId);
  const synchronousCommit = durability === 'derived' ? `, set_config('synchronous_commit', 'off', true)` : '';
  return `BEGIN; SELECT set_config('app.tenant_id', '${tenantId}', true)${synchronousCommit}`;
}

/** Tenant ids are lower-case letters, digits, `_` and `-`, 1 to 63 characters. Throws a `RangeError` otherwise. */
export function assertTenantId(tenantId: string): void {
  if (!tenantPattern.test(tenantId)) {
    throw new RangeError(
      'A tenant id has 1 to 63 lower-case letters, digits, "-" or "_", and starts with a letter or digit.',
    );
  }
}

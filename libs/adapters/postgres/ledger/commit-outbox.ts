import pg from 'pg';
import { CommitOutbox, type OutboxCommit } from '#libs/ports/commit-outbox.js';
import { bigint, binaryArray, text } from '../binary-array.js';
import type { Database } from '../database.js';
import { type Base64Row, bytesAsBase64, fromBase64 } from './commit-bytes.js';
import type { LogGrowth } from './log-growth.js';

/** Names our advisory locks among those of the database; the second number of a lock is the partition. */
const lockSpace = 0x6d656d72;
const growthChannel = 'memorystack_log_growth';
const commitsPerRead = 500;

/**
 * The ledger as the relay sees it. A partition's holder is whoever has its advisory lock: PostgreSQL lets go of the
 * lock with the connection, so a holder that dies, or that nobody can reach, is replaced.
 */
export class PostgresCommitOutbox extends CommitOutbox {
  private holding: { client: pg.Client; partitions: Set<number> } | null = null;
  private listening: { close: () => Promise<void> } | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly stopGrowth: () => void;
  private telling: Promise<unknown> | null = null;
  private tellAgain = false;

  /** @param failed hears when other processes could not be told of a commit; they find it a second later */
  constructor(
    private readonly db: Database,
    growth: LogGrowth,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.stopGrowth = growth.listen(() => {
      this.grew();
      this.tellOthers();
    });
  }

  /** Begins to hear of commits of other processes. */
  async start(): Promise<void> {
    const grew = (): void => this.grew();
    this.listening = await this.db.listen(growthChannel, { changed: grew, connected: grew, lost: () => undefined });
  }

  async stop(): Promise<void> {
    this.stopGrowth();
    await this.telling;
    await this.listening?.close();
    await this.holding?.client.end();
    this.holding = null;
  }

  override async claim(partitions: readonly number[]): Promise<ReadonlySet<number>> {
    this.holding ??= await this.connect();
    const { client, partitions: held } = this.holding;
    const free = partitions.filter((partition) => !held.has(partition));
    if (free.length === 0) {
      // Also tells whether the connection, and with it every lock, is still there.
      await client.query('SELECT 1');
      return held;
    }
    const { rows } = await client.query<{ partition: number }>(
      'SELECT partition FROM unnest($2::int[]) AS partition WHERE pg_try_advisory_lock($1, partition)',
      [lockSpace, free],
    );
    for (const { partition } of rows) held.add(partition);
    return held;
  }

  override async behind(): Promise<{ tenantId: string; relayed: number; head: number }[]> {
    return this.db.asRelay(
      `SELECT tenant_id AS "tenantId", coalesce(relayed.position, 0) AS relayed, heads.position AS head
       FROM log_heads AS heads LEFT JOIN relay_offsets AS relayed USING (tenant_id)
       WHERE heads.position > coalesce(relayed.position, 0) ORDER BY tenant_id`,
      [],
    );
  }

  override async commits(tenantId: string, position: number, bytes: number): Promise<OutboxCommit[]> {
    const rows = await this.db.asRelay<Base64Row>(
      `SELECT position, ${bytesAsBase64} FROM (
         SELECT position, bytes, sum(length(bytes)) OVER (ORDER BY position) - length(bytes) AS before
         FROM (SELECT position, bytes FROM commits WHERE tenant_id = $1 AND position > $2
               ORDER BY position LIMIT ${commitsPerRead}) AS next
       ) AS measured WHERE before = 0 OR before + length(bytes) <= $3 ORDER BY position`,
      [tenantId, position, bytes],
    );
    return rows.map((row) => ({ tenantId, ...fromBase64(row) }));
  }

  override async relayed(positions: ReadonlyMap<string, number>): Promise<void> {
    const entries = [...positions];
    await this.db.asRelay(
      `INSERT INTO relay_offsets (tenant_id, position) SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (tenant_id) DO UPDATE SET position = greatest(relay_offsets.position, excluded.position)`,
      [binaryArray(text, entries, ([tenantId]) => tenantId), binaryArray(bigint, entries, ([, position]) => position)],
    );
  }

  override onGrowth(grew: () => void): () => void {
    this.listeners.add(grew);
    return () => this.listeners.delete(grew);
  }

  private grew(): void {
    for (const listener of this.listeners) listener();
  }

  /** One notification at a time; commits made meanwhile share the next one. */
  private tellOthers(): void {
    this.tellAgain = true;
    this.telling ??= (async () => {
      while (this.tellAgain) {
        this.tellAgain = false;
        await this.db.asRelay('SELECT pg_notify($1, $2)', [growthChannel, '']).catch(this.failed);
      }
      this.telling = null;
    })();
  }

  private async connect(): Promise<{ client: pg.Client; partitions: Set<number> }> {
    const client = new pg.Client({ connectionString: this.db.url, application_name: 'memorystack relay' });
    const lost = (): void => {
      if (this.holding?.client === client) this.holding = null;
    };
    client.on('error', lost);
    client.once('end', lost);
    await client.connect();
    return { client, partitions: new Set() };
  }
}

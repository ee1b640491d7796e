import { type Usage, UsageCounters } from '#libs/ports/usage-counters.js';
import type { Database } from './database.js';

type Counter = 'api_call' | 'search';

const flushEveryMs = 1_000;

/** Counts in memory and adds them to PostgreSQL every second: a crash loses at most a second of counts, never a memory. */
export class PostgresUsageCounters extends UsageCounters {
  private pending = new Map<string, Map<Counter, number>>();
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly failed: (error: Error) => void,
    private readonly now: () => Date = () => new Date(),
  ) {
    super();
    this.timer = setInterval(() => void this.flush().catch(this.failed), flushEveryMs);
    this.timer.unref();
  }

  override count(tenantId: string, what: Counter): void {
    const counts = this.pending.get(tenantId) ?? new Map<Counter, number>();
    counts.set(what, (counts.get(what) ?? 0) + 1);
    this.pending.set(tenantId, counts);
  }

  override async usage(tenantId: string): Promise<Usage> {
    await this.flush();
    const month = this.month();
    const rows = await this.db.asTenant(tenantId, async (connection) => {
      const found = await connection.query<{ counter: Counter; total: number; month: number }>(
        `SELECT counter, sum(amount)::bigint AS total, coalesce(sum(amount) FILTER (WHERE month = $2), 0)::bigint AS month
         FROM usage_counters WHERE tenant_id = $1 GROUP BY counter`,
        [tenantId, month],
      );
      return found.rows;
    });
    const of = (counter: Counter) => rows.find((row) => row.counter === counter) ?? { total: 0, month: 0 };
    return {
      totalApiCalls: of('api_call').total,
      monthApiCalls: of('api_call').month,
      totalSearches: of('search').total,
      monthSearches: of('search').month,
    };
  }

  override flush(): Promise<void> {
    this.flushing = this.flushing.catch(() => undefined).then(() => this.write());
    return this.flushing;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async write(): Promise<void> {
    const month = this.month();
    const pending = [...this.pending];
    this.pending = new Map();
    for (const [index, [tenantId, counts]] of pending.entries()) {
      await this.db
        .asTenant(tenantId, (connection) =>
          connection.query(
            `INSERT INTO usage_counters (tenant_id, month, counter, amount)
           SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[])
           ON CONFLICT (tenant_id, month, counter) DO UPDATE SET amount = usage_counters.amount + excluded.amount`,
            [tenantId, month, [...counts.keys()], [...counts.values()]],
          ),
        )
        .catch((error: unknown) => {
          for (const [tenant, unwritten] of pending.slice(index)) this.putBack(tenant, unwritten);
          throw error;
        });
    }
  }

  private putBack(tenantId: string, unwritten: ReadonlyMap<Counter, number>): void {
    const counts = this.pending.get(tenantId) ?? new Map<Counter, number>();
    for (const [counter, amount] of unwritten) counts.set(counter, (counts.get(counter) ?? 0) + amount);
    this.pending.set(tenantId, counts);
  }

  private month(): string {
    return this.now().toISOString().slice(0, 7);
  }
}

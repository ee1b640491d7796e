import { limits } from '#libs/domain/limits.js';
import { type Usage, type UsageCounter, UsageCounters, type UsageDay } from '#libs/ports/usage-counters.js';
import type { Database, TenantConnection } from './database.js';

/** By day, then counter. */
type Counts = Map<string, Map<UsageCounter, number>>;

const flushEveryMs = 1_000;

/** Counts in memory and adds them to PostgreSQL every second: a crash loses at most a second of counts, never a memory. */
export class PostgresUsageCounters extends UsageCounters {
  private pending = new Map<string, Counts>();
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

  override count(tenantId: string, what: UsageCounter): void {
    this.add(tenantId, this.today(), what, 1);
  }

  override async usage(tenantId: string): Promise<Usage> {
    await this.flush();
    const month = monthOf(this.today());
    const rows = await this.db.readAsTenant<{ counter: UsageCounter; total: number; month: number }>(tenantId, {
      text: `SELECT counter, sum(amount)::bigint AS total, coalesce(sum(amount) FILTER (WHERE month = $2), 0)::bigint AS month
        FROM usage_counters WHERE tenant_id = $1 GROUP BY counter`,
      values: [tenantId, month],
    });
    const of = (counter: UsageCounter) => rows.find((row) => row.counter === counter) ?? { total: 0, month: 0 };
    return {
      totalApiCalls: of('api_call').total,
      monthApiCalls: of('api_call').month,
      totalSearches: of('search').total,
      monthSearches: of('search').month,
    };
  }

  override async usageByDay(tenantId: string, days: number): Promise<UsageDay[]> {
    await this.flush();
    return this.db.readAsTenant<UsageDay & { day: string }>(tenantId, {
      text: `SELECT to_char(day, 'YYYY-MM-DD') AS day,
          coalesce(sum(amount) FILTER (WHERE counter = 'api_call'), 0)::bigint AS "apiCalls",
          coalesce(sum(amount) FILTER (WHERE counter = 'search'), 0)::bigint AS searches
        FROM usage_days WHERE tenant_id = $1 AND day > $2::date - $3::integer GROUP BY usage_days.day ORDER BY usage_days.day`,
      values: [tenantId, this.today(), days],
    });
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
    const pending = [...this.pending];
    this.pending = new Map();
    for (const [index, [tenantId, counts]] of pending.entries()) {
      await this.db
        .asTenant(tenantId, (connection) => this.writeTenant(connection, tenantId, counts))
        .catch((error: unknown) => {
          for (const [tenant, unwritten] of pending.slice(index)) this.putBack(tenant, unwritten);
          throw error;
        });
    }
  }

  private async writeTenant(connection: TenantConnection, tenantId: string, counts: Counts): Promise<void> {
    const rows = [...counts].flatMap(([day, ofDay]) =>
      [...ofDay].map(([counter, amount]) => ({ day, counter, amount })),
    );
    const counted = [tenantId, JSON.stringify(rows)];
    const given = `FROM jsonb_to_recordset($2::jsonb) AS given (day date, counter text, amount bigint)`;
    await connection.query(
      `INSERT INTO usage_counters (tenant_id, month, counter, amount)
       SELECT $1, to_char(day, 'YYYY-MM'), counter, sum(amount) ${given} GROUP BY 2, 3
       ON CONFLICT (tenant_id, month, counter) DO UPDATE SET amount = usage_counters.amount + excluded.amount`,
      counted,
    );
    await connection.query(
      `INSERT INTO usage_days (tenant_id, day, counter, amount) SELECT $1, day, counter, amount ${given}
       ON CONFLICT (tenant_id, day, counter) DO UPDATE SET amount = usage_days.amount + excluded.amount`,
      counted,
    );
    await connection.query('DELETE FROM usage_days WHERE tenant_id = $1 AND day <= $2::date - $3::integer', [
      ...[tenantId, this.today(), limits.usageDays],
    ]);
  }

  private putBack(tenantId: string, unwritten: Counts): void {
    for (const [day, counts] of unwritten) {
      for (const [counter, amount] of counts) this.add(tenantId, day, counter, amount);
    }
  }

  private add(tenantId: string, day: string, counter: UsageCounter, amount: number): void {
    const counts = this.pending.get(tenantId) ?? new Map<string, Map<UsageCounter, number>>();
    const ofDay = counts.get(day) ?? new Map<UsageCounter, number>();
    ofDay.set(counter, (ofDay.get(counter) ?? 0) + amount);
    this.pending.set(tenantId, counts.set(day, ofDay));
  }

  private today(): string {
    return this.now().toISOString().slice(0, 10);
  }
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

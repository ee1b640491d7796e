import { limits } from '#libs/domain/limits.js';
import type { Database } from '../database.js';

const everyMs = 60_000;
const rowsPerStatement = 10_000;

/**
 * Removes stored outcomes that nobody can ask for any more: those of the short retry window as soon as it is over,
 * those of idempotency keys after `commandOutcomeDays`, so that a command delivered late is still known.
 */
export class OutcomePruning {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    failed: (error: Error) => void,
  ) {
    this.timer = setInterval(() => {
      this.running = this.prune().then(() => undefined, failed);
    }, everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** @returns how many outcomes were removed */
  async prune(): Promise<number> {
    const tenants = await this.db.asRelay<{ tenant_id: string }>('SELECT tenant_id FROM log_heads', []);
    let removed = 0;
    for (const { tenant_id: tenantId } of tenants) {
      removed += await this.db.asTenant(tenantId, async (connection) => {
        const { rowCount } = await connection.query(pruneQuery, [
          tenantId,
          limits.commandOutcomeDays,
          rowsPerStatement,
        ]);
        return rowCount ?? 0;
      });
    }
    return removed;
  }
}

const pruneQuery = `
  DELETE FROM command_outcomes WHERE tenant_id = $1 AND idempotency_key IN (
    SELECT idempotency_key FROM command_outcomes
    WHERE tenant_id = $1 AND valid_until < now()
      AND (valid_until - recorded_time < interval '1 hour' OR recorded_time < now() - make_interval(days => $2))
    ORDER BY valid_until LIMIT $3)`;

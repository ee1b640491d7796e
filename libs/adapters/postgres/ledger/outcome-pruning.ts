import { limits } from '#libs/domain/limits.js';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
import type { Database } from '../database.js';

const rowsPerStatement = 10_000;

/** Outcomes in the ledger's table, a limited number of each tenant at a time. */
export class PostgresOutcomePruning extends OutcomePruning {
  /** @param commandsMayReturn a topic may deliver a command again, so those of short retry windows are kept as long */
  constructor(
    private readonly db: Database,
    private readonly commandsMayReturn = false,
  ) {
    super();
  }

  override async prune(): Promise<number> {
    const tenants = await this.db.asRelay<{ tenant_id: string }>('SELECT tenant_id FROM log_heads', []);
    let removed = 0;
    for (const { tenant_id: tenantId } of tenants) {
      removed += await this.db.asTenant(tenantId, async (connection) => {
        const { rowCount } = await connection.query(pruneQuery, [
          tenantId,
          limits.commandOutcomeDays,
          rowsPerStatement,
          this.commandsMayReturn,
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
      AND (recorded_time < now() - make_interval(days => $2)
        OR (NOT $4::boolean AND valid_until - recorded_time < interval '1 hour'))
    ORDER BY valid_until LIMIT $3)`;

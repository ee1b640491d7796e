import { limits } from '#libs/domain/limits.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import type { Sealer } from '#libs/ports/sealer.js';
import type { Database } from './database.js';

/** Files as rows, which every process of an installation reaches and a backup of the database holds. */
export class PostgresImportFiles extends ImportFiles {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  override async write(tenantId: string, jobId: string, part: number, bytes: Uint8Array): Promise<void> {
    const sealed = this.sealer.seal(bytes, context(tenantId, jobId, part));
    await this.db.asTenant(tenantId, (connection) =>
      connection.query(
        `INSERT INTO import_parts (tenant_id, job_id, part, bytes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, job_id, part) DO UPDATE SET bytes = excluded.bytes, written_at = now()`,
        [tenantId, jobId, part, sealed],
      ),
    );
  }

  override async read(tenantId: string, jobId: string, part: number): Promise<Buffer | null> {
    const [row] = await this.db.readAsTenant<{ bytes: Buffer }>(tenantId, {
      text: 'SELECT bytes FROM import_parts WHERE tenant_id = $1 AND job_id = $2 AND part = $3',
      values: [tenantId, jobId, part],
    });
    return row === undefined ? null : this.sealer.open(row.bytes, context(tenantId, jobId, part));
  }

  override async remove(tenantId: string, jobId: string): Promise<void> {
    await this.db.asTenant(tenantId, (connection) =>
      connection.query('DELETE FROM import_parts WHERE tenant_id = $1 AND job_id = $2', [tenantId, jobId]),
    );
  }

  override async prune(): Promise<number> {
    const tenants = await this.db.asRelay<{ tenant_id: string }>(
      'SELECT DISTINCT tenant_id FROM import_parts WHERE written_at < now() - make_interval(hours => $1)',
      [limits.importFileHours],
    );
    let removed = 0;
    for (const { tenant_id: tenantId } of tenants) removed += await this.pruneTenant(tenantId);
    return removed;
  }

  private async pruneTenant(tenantId: string): Promise<number> {
    const { rowCount } = await this.db.asTenant(tenantId, (connection) =>
      connection.query(
        `DELETE FROM import_parts WHERE tenant_id = $1 AND job_id IN (
           SELECT job_id FROM import_parts WHERE tenant_id = $1
           GROUP BY job_id HAVING max(written_at) < now() - make_interval(hours => $2)
         ) AND NOT EXISTS (
           SELECT FROM jobs WHERE jobs.tenant_id = $1 AND jobs.job_id = import_parts.job_id AND finished_at IS NULL
         )`,
        [tenantId, limits.importFileHours],
      ),
    );
    return rowCount ?? 0;
  }
}

const context = (tenantId: string, jobId: string, part: number): string => `import ${tenantId} ${jobId} ${part}`;

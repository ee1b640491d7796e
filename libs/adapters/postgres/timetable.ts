import type { MaintenanceSettings, ScheduledKind } from '#libs/domain/maintenance/settings.js';
import { Timetable, type TimetableEntry } from '#libs/ports/timetable.js';
import type { Database } from './database.js';

interface Row {
  tenant_id: string;
  settings: MaintenanceSettings;
  set_at: Date;
  begun: { kind: ScheduledKind; begun_for: string }[];
}

/** Settings as the read model has them, and beside them what was begun. */
export class PostgresTimetable extends Timetable {
  constructor(private readonly db: Database) {
    super();
  }

  override async entries(): Promise<TimetableEntry[]> {
    const rows = await this.db.asRelay<Row>(
      `SELECT tenant_id, settings, set_at, coalesce((
         SELECT jsonb_agg(jsonb_build_object('kind', kind, 'begun_for', begun_for)) FROM maintenance_schedule AS done
         WHERE done.tenant_id = wanted.tenant_id), '[]') AS begun
       FROM maintenance_settings AS wanted WHERE settings IS NOT NULL ORDER BY tenant_id`,
      [],
    );
    return rows.map(({ tenant_id: tenantId, settings, set_at: setAt, begun }) => ({
      ...{ tenantId, settings, setAt: setAt.toISOString() },
      begunFor: Object.fromEntries(begun.map((one) => [one.kind, new Date(one.begun_for).toISOString()])),
    }));
  }

  override async begun(tenantId: string, kind: ScheduledKind, time: string): Promise<void> {
    await this.db.asTenant(tenantId, (connection) =>
      connection.query(
        `INSERT INTO maintenance_schedule AS done (tenant_id, kind, begun_for) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, kind) DO UPDATE SET begun_for = greatest(done.begun_for, excluded.begun_for)`,
        [tenantId, kind, time],
      ),
    );
  }
}

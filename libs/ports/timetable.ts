import type { MaintenanceSettings, ScheduledKind } from '#libs/domain/maintenance/settings.js';

/** What a tenant wants done by the clock, and what was begun of it. */
export interface TimetableEntry {
  tenantId: string;
  settings: MaintenanceSettings;
  /** ISO 8601 in UTC. */
  setAt: string;
  /** Up to when all that was due has been begun, by kind; ISO 8601 in UTC. */
  begunFor: Partial<Record<ScheduledKind, string>>;
}

/**
 * Port: what is due by the clock, for every tenant.
 *
 * Promises:
 * - Every tenant that chose settings of its own is told, with the last that it chose; others are not.
 * - What was noted as begun is told ever after, by every process, also after a restart.
 */
export abstract class Timetable {
  abstract entries(): Promise<TimetableEntry[]>;
  /** Notes that everything that was due up to `time` (ISO 8601 in UTC) has been begun. It never goes back. */
  abstract begun(tenantId: string, kind: ScheduledKind, time: string): Promise<void>;
}

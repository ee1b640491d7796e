import type { PolicySet } from '#libs/domain/belief/policy.js';
import { type MaintenanceSettings, standardSettings } from '#libs/domain/maintenance/settings.js';
import type { LogReader } from '#libs/ports/log-reader.js';

export const maintenancePolicyStream = 'policy-maintenance';

/** What each tenant wants maintenance to do by itself, as the log has it. */
export class MaintenanceWishes {
  constructor(private readonly logReader: LogReader) {}

  /** Never behind, with the version of the stream; `isSet` is false where the tenant never chose, or chose to go back. */
  async current(tenantId: string): Promise<{ settings: MaintenanceSettings; isSet: boolean; version: number }> {
    const events = await this.logReader.stream(tenantId, maintenancePolicyStream);
    const last = events.findLast(({ event }) => event.data !== null)?.event as PolicySet | undefined;
    const settings = last?.data.maintenance ?? null;
    // Settings that came with a later release have their standard.
    return { settings: { ...standardSettings, ...settings }, isSet: settings !== null, version: events.length };
  }
}

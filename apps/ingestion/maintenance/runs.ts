import { Injectable } from '@nestjs/common';
import { evolveRun, type MaintenanceEvent, type MaintenanceRun, runStream } from '#libs/domain/maintenance/run.js';
import { LogReader } from '#libs/ports/log-reader.js';

/** Maintenance runs as the log has them now. */
@Injectable()
export class Runs {
  constructor(private readonly logReader: LogReader) {}

  /** Null when there is none. */
  async of(tenantId: string, runId: string): Promise<MaintenanceRun | null> {
    const events = await this.logReader.stream(tenantId, runStream(runId));
    return events.reduce<MaintenanceRun | null>(
      (run, { event, position }) => evolveRun(run, event as MaintenanceEvent, position),
      null,
    );
  }
}

import { Injectable } from '@nestjs/common';
import { type MaintenanceRun, runOf, runStream } from '#libs/domain/maintenance/run.js';
import { LogReader } from '#libs/ports/log-reader.js';

/** Maintenance runs as the log has them now. */
@Injectable()
export class Runs {
  constructor(private readonly logReader: LogReader) {}

  /** Null when there is none. */
  async of(tenantId: string, runId: string): Promise<MaintenanceRun | null> {
    return runOf(await this.logReader.stream(tenantId, runStream(runId)));
  }
}

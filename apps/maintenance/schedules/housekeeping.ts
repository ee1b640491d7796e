import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ImportFiles } from '#libs/ports/import-files.js';
import { JobQueue } from '#libs/ports/job-queue.js';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
import { Schedule } from '#libs/ports/schedule.js';

/** The shortest retry window is about as long; outcomes of windows that are over should not pile up. */
const pruneEveryMs = 60_000;
const pruneJobsEveryMs = 600_000;

/** Puts the work of maintenance on the schedule, and takes it off before its stores are closed. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly schedule: Schedule,
    private readonly pruning: OutcomePruning,
    private readonly jobs: JobQueue,
    private readonly importFiles: ImportFiles,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule.every('outcome-pruning', pruneEveryMs, async () => {
      await this.pruning.prune();
    });
    this.schedule.every('job-pruning', pruneJobsEveryMs, async () => {
      await this.jobs.prune();
      await this.importFiles.prune();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.schedule.stop();
  }
}

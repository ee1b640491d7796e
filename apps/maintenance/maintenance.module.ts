import { Module } from '@nestjs/common';
import { BatchCommands } from './jobs/batch-commands.js';
import { EmbeddingBacklog } from './jobs/embedding-backlog.js';
import { JobRunner } from './jobs/job-runner.js';
import { Mining } from './runs/mining.js';
import { RunPlanner } from './runs/run-planner.js';
import { Running } from './runs/running.js';
import { Housekeeping } from './schedules/housekeeping.js';
import { MaintenanceClock } from './schedules/maintenance-clock.js';

/** What is due by the clock, and long work. Ports come from the profile. */
@Module({
  providers: [
    ...[Housekeeping, MaintenanceClock],
    ...[BatchCommands, EmbeddingBacklog, JobRunner],
    ...[Mining, RunPlanner, Running],
  ],
})
export class MaintenanceModule {}

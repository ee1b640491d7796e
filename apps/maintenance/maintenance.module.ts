import { Module } from '@nestjs/common';
import { BatchCommands } from './jobs/batch-commands.js';
import { EmbeddingBacklog } from './jobs/embedding-backlog.js';
import { ImportFile } from './jobs/import-file.js';
import { EmbeddingBatch } from './jobs/embedding-batch.js';
import { JobRunner } from './jobs/job-runner.js';
import { Mining } from './runs/mining.js';
import { RunPlanner } from './runs/run-planner.js';
import { Running } from './runs/running.js';
import { WebhookDeliveries } from './webhooks/webhook-deliveries.js';
import { Housekeeping } from './schedules/housekeeping.js';
import { MaintenanceClock } from './schedules/maintenance-clock.js';

/** What is due by the clock, long work, and telling webhooks. Ports come from the profile. */
@Module({
  providers: [
    ...[Housekeeping, MaintenanceClock],
    ...[BatchCommands, EmbeddingBacklog, EmbeddingBatch, ImportFile, JobRunner],
    ...[Mining, RunPlanner, Running],
    WebhookDeliveries,
  ],
})
export class MaintenanceModule {}

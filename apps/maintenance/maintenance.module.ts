import { Module } from '@nestjs/common';
import { BatchCommands } from './jobs/batch-commands.js';
import { EmbeddingBacklog } from './jobs/embedding-backlog.js';
import { JobRunner } from './jobs/job-runner.js';
import { Housekeeping } from './schedules/housekeeping.js';

/** What is due by the clock, and long work. Ports come from the profile. */
@Module({ providers: [Housekeeping, BatchCommands, EmbeddingBacklog, JobRunner] })
export class MaintenanceModule {}

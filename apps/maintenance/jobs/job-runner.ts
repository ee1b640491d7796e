import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { JobFailed, type JobHandler, type JobKind, JobLost, JobQueue } from '#libs/ports/job-queue.js';
import { metrics, secondsSince } from '#libs/service-kit/metrics.js';
import { BatchCommands } from './batch-commands.js';
import { Running } from '../runs/running.js';
import { EmbeddingBacklog } from './embedding-backlog.js';
import { ImportFile } from './import-file.js';

/** Which kinds of jobs this service does, and how. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly handlers: Partial<Record<JobKind, JobHandler>>;

  constructor(
    private readonly queue: JobQueue,
    commands: BatchCommands,
    embeddings: EmbeddingBacklog,
    imports: ImportFile,
    running: Running,
  ) {
    this.handlers = {
      batch_create: commands.slice,
      batch_update: commands.slice,
      batch_delete: commands.slice,
      batch_embeddings: embeddings.slice,
      import: imports.slice,
      consolidate: running.run,
      reflect: running.run,
      expire: running.run,
      revert: running.revert,
    };
  }

  onApplicationBootstrap(): void {
    for (const [kind, handler] of Object.entries(this.handlers) as [JobKind, JobHandler][]) {
      this.queue.handle(kind, observed(kind, handler));
    }
  }

  /** Before anything that slices need is closed. */
  async onModuleDestroy(): Promise<void> {
    await this.queue.stop();
  }
}

function observed(kind: JobKind, handler: JobHandler): JobHandler {
  return async (slice) => {
    const startMs = performance.now();
    let outcome = 'failed';
    try {
      return (outcome = await handler(slice)) as 'done' | 'more';
    } catch (error) {
      if (error instanceof JobFailed) outcome = 'refused';
      if (error instanceof JobLost) outcome = 'lost';
      throw error;
    } finally {
      metrics.jobSliceSeconds.observe({ kind, outcome }, secondsSince(startMs));
    }
  };
}

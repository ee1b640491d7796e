import { ImportFiles } from '#libs/ports/import-files.js';
import { JobQueue, type JobResult, type JobState, type NewJob, type SubmittedJob } from '#libs/ports/job-queue.js';

/** Remembers what was submitted and answers what a test put in; nobody does the jobs. */
export class FakeJobs extends JobQueue {
  readonly submitted: NewJob[] = [];
  submission: SubmittedJob['submission'] = 'new';
  found: JobState | null = null;
  foundResults: JobResult[] = [];

  override async submit(job: NewJob): Promise<SubmittedJob> {
    this.submitted.push(job);
    return { ...stateOf(job), submission: this.submission };
  }

  override async job(): Promise<JobState | null> {
    return this.found;
  }

  override async jobs(): Promise<JobState[]> {
    return this.found === null ? [] : [this.found];
  }

  override async results(): Promise<JobResult[]> {
    return this.foundResults;
  }

  override async cancel(): Promise<JobState | null> {
    return this.found;
  }

  override async retry(): Promise<JobState | null> {
    return this.found;
  }

  override handle(): void {}

  override async prune(): Promise<number> {
    return 0;
  }

  override async stop(): Promise<void> {}
}

function stateOf({ tenantId, id, kind, total, caller }: NewJob): JobState {
  const [createdAt, counts] = ['2026-03-01T10:00:00.000Z', { total, succeeded: 0, failed: 0 }];
  const nothingYet = { error: null, summary: null, startedAt: null, finishedAt: null };
  return { tenantId, id, kind, keyId: caller.keyId, status: 'queued', ...counts, ...nothingYet, createdAt };
}

/** Remembers which parts were written; nobody reads them. */
export class FakeFiles extends ImportFiles {
  readonly written = new Map<string, Buffer>();

  override async write(_tenantId: string, jobId: string, part: number, bytes: Uint8Array): Promise<void> {
    this.written.set(`${jobId} ${part}`, Buffer.from(bytes));
  }

  override async read(): Promise<Buffer | null> {
    return null;
  }

  override async remove(_tenantId: string, jobId: string): Promise<void> {
    for (const key of this.written.keys()) if (key.startsWith(jobId)) this.written.delete(key);
  }

  override async prune(): Promise<number> {
    return 0;
  }
}

import type { JobKind, JobResult, JobState, JobStatus, NewJob } from '#libs/ports/job-queue.js';
import type { Sealer } from '#libs/ports/sealer.js';

export interface JobRow {
  job_id: string;
  kind: JobKind;
  status: JobStatus;
  key_id: string;
  request_hash: string | null;
  asker: Buffer;
  input: Buffer | null;
  checkpoint: Buffer | null;
  summary: Buffer | null;
  error: Buffer | null;
  total: number | null;
  succeeded: number;
  failed: number;
  attempts: number;
  lease: string | null;
  cancel_requested: boolean;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface ResultRow {
  item: number;
  ok: boolean;
  body: Buffer;
}

/** Who asked; the request id is a word of the caller's too. */
export type Asker = Pick<NewJob, 'caller' | 'correlationId'>;

/** Seals and opens what the rows of jobs hold of callers. A sealed value fits its place alone. */
export class JobSeals {
  constructor(private readonly sealer: Sealer) {}

  seal(tenantId: string, id: string, place: string, value: unknown): Buffer {
    return this.sealer.seal(Buffer.from(JSON.stringify(value ?? null)), context(tenantId, id, place));
  }

  open<T>(tenantId: string, id: string, place: string, sealed: Buffer | null): T | null {
    if (sealed === null) return null;
    return JSON.parse(this.sealer.open(sealed, context(tenantId, id, place)).toString()) as T;
  }

  state(tenantId: string, row: JobRow): JobState {
    const { job_id: id } = row;
    return {
      tenantId,
      id,
      keyId: row.key_id,
      kind: row.kind,
      status: row.status,
      total: row.total,
      succeeded: row.succeeded,
      failed: row.failed,
      error: this.open(tenantId, id, 'error', row.error),
      summary: this.open(tenantId, id, 'summary', row.summary),
      createdAt: row.created_at.toISOString(),
      startedAt: row.started_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
    };
  }

  result(tenantId: string, id: string, { item, ok, body }: ResultRow): JobResult {
    return { index: item, ok, body: this.open(tenantId, id, `result ${item}`, body)! };
  }
}

const context = (tenantId: string, id: string, place: string): string => `job ${tenantId} ${id} ${place}`;

import type { Idempotency } from '#libs/contracts/commands.js';
import type { Caller } from '#libs/domain/scope/ownership.js';

/** What long work there is. One job runs at a time per tenant and kind. */
export const jobKinds = [
  'batch_create',
  'batch_update',
  'batch_delete',
  'batch_embeddings',
  'import',
  'export',
  'consolidate',
  'reflect',
  'expire',
  'revert',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** `cancelled`: nothing more is begun; what was done stays done and is told. */
export type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface NewJob {
  tenantId: string;
  /** UUID. */
  id: string;
  kind: JobKind;
  /** Who asked: commands of the job are sent in this name. */
  caller: Caller;
  correlationId: string;
  /** JSON; kept sealed. */
  input: unknown;
  /** How many items there are; null where that is not known yet. */
  total: number | null;
  /** How a repetition of the request finds this job instead of making another one. */
  idempotency?: Idempotency | null;
}

export interface JobState {
  tenantId: string;
  id: string;
  /** Public id of the API key that asked. */
  keyId: string;
  kind: JobKind;
  status: JobStatus;
  total: number | null;
  succeeded: number;
  failed: number;
  /** Why the job as a whole failed, for a person; null otherwise. */
  error: string | null;
  /** What it says of itself when it is over: a small JSON object, kept sealed. */
  summary: Record<string, unknown> | null;
  /** ISO 8601 in UTC. */
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** `repeated`: the job of an earlier request; `mismatch`: of one with the same key that asked for something else. */
export interface SubmittedJob extends JobState {
  submission: 'new' | 'repeated' | 'mismatch';
}

/** What became of one item. */
export interface JobResult {
  /** Place of the item in the request, from 0. */
  index: number;
  ok: boolean;
  /** Small JSON: ids of what it made, or code and detail of why not. Kept sealed. */
  body: Record<string, unknown>;
}

/** What a slice of work leaves: written together, or not at all. */
export interface JobProgress {
  /** Results replace those of the same index; `succeeded` and `failed` count them. */
  results?: JobResult[];
  total?: number;
  /** Where the next slice goes on: JSON, kept sealed. */
  checkpoint?: unknown;
  summary?: Record<string, unknown>;
}

/** One slice of a job, as its handler sees it. */
export interface JobSlice {
  readonly job: JobState;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly input: unknown;
  /** What the slice before left; null at the beginning. */
  readonly checkpoint: unknown;
  /**
   * Which items from `from` to before `to` have succeeded already. A job that is retried begins at the beginning, with
   * no checkpoint, and passes these over.
   */
  succeeded(from: number, to: number): Promise<ReadonlySet<number>>;
  /** Aborted when the job is cancelled, or this process is about to stop: save what is done, and return. */
  readonly signal: AbortSignal;
  /** @throws JobLost when another process has the job meanwhile: end without doing anything more */
  save(progress: JobProgress): Promise<void>;
}

/** Another process took the job over, because this one seemed to be dead. */
export class JobLost extends Error {
  constructor(id: string) {
    super(`Job ${id} goes on in another process.`);
    this.name = 'JobLost';
  }
}

/** The job cannot be done, and trying again would not help; the message is for the caller. */
export class JobFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JobFailed';
  }
}

/**
 * Does one slice of a job, about a second of work, and saves it. It is called again until it says `done`. After a
 * crash a slice is done again from the last checkpoint, so its commands must have ids that derive from the job and the
 * item. Any other error than `JobFailed` is passing: the slice is tried again, later and later.
 */
export type JobHandler = (slice: JobSlice) => Promise<'done' | 'more'>;

/**
 * Port: long work that outlives a request.
 *
 * Promises:
 * - A submitted job is durable when `submit` resolves, and is done although the process that does it is killed, or the
 *   broker forgets everything. A job with the id, or within its time the idempotency key, of an earlier one of its
 *   tenant is that one, and is not done again.
 * - A slice that fails is tried again, later and later; after ten failures without a slice that ended well the job has
 *   failed. To be ended in the middle counts as a failure, so that a job cannot kill one process after the other.
 * - Of one tenant and kind one job runs at a time, the oldest first, over all processes.
 * - Tenants take turns slice by slice: a tenant with much to do does not keep others waiting.
 * - What `save` resolved is not lost, and a slice that lost its job changes nothing any more.
 * - `cancel` ends a job at its next slice at the latest; one that is over stays as it is. `retry` makes a job that is
 *   over do the items again that failed or were not done, and no other; one that is not over, or of which nothing
 *   failed and nothing is left, stays as it is.
 * - What callers supplied (input, checkpoints, results, summaries) is never stored readable.
 * - A tenant never sees another tenant's job.
 */
export abstract class JobQueue {
  abstract submit(job: NewJob): Promise<SubmittedJob>;
  abstract job(tenantId: string, id: string): Promise<JobState | null>;
  /** The latest first: those before the job with the id `before`. @param query.keyId only what this API key asked for */
  abstract jobs(
    tenantId: string,
    query: { kinds?: readonly JobKind[]; keyId?: string; before: string | null; limit: number },
  ): Promise<JobState[]>;
  /** In the order of their indexes, those after `after` (-1: from the first). */
  abstract results(
    tenantId: string,
    id: string,
    query: { after: number; limit: number; failedOnly?: boolean },
  ): Promise<JobResult[]>;
  /** Null when there is no such job. */
  abstract cancel(tenantId: string, id: string): Promise<JobState | null>;
  abstract retry(tenantId: string, id: string): Promise<JobState | null>;
  /** From now on this process does jobs of the kind. */
  abstract handle(kind: JobKind, handler: JobHandler): void;
  /** Forgets jobs that were over 30 days ago. @returns how many */
  abstract prune(): Promise<number>;
  /** Begins no slice any more, aborts those that run, and resolves when they have ended. */
  abstract stop(): Promise<void>;
}

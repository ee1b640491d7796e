import type { BatchRefusal } from '#libs/contracts/jobs.js';
import type { JobResult, JobState } from '#libs/ports/job-queue.js';

/** Of a token at the batch endpoint of OpenAI, as a share of its ordinary price. */
const batchPrice = 0.5;

export function presentJob(job: JobState) {
  const counts = countsOf(job);
  return {
    job_id: job.id,
    type: job.kind,
    status: job.status,
    ...counts,
    progress: progressOf(job, counts),
    error: job.error,
    summary: job.summary,
    ...costOf(job),
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
  };
}

/** @param failures the first of them @param first the first results, in which there may be ids */
export function presentJobDetails(job: JobState, failures: readonly JobResult[], first: readonly JobResult[]) {
  const position = positionOf(job);
  return {
    ...presentJob(job),
    errors: failures.map(({ index, body }) => ({ index, ...refusalOf(body) })),
    memory_ids: first.flatMap(({ body }) => idsOf(body)),
    ...(position !== null && { event_offset: position }),
  };
}

export function presentJobResult({ index, ok, body }: JobResult) {
  const { memory_ids: _ids, code: _code, detail: _detail, ...details } = body;
  return {
    index,
    status: ok ? 'succeeded' : 'failed',
    memory_ids: idsOf(body),
    ...(!ok && refusalOf(body)),
    ...(Object.keys(details).length > 0 && { details }),
  };
}

/** Where the last of its writes stands in the log; null before the first. */
export function positionOf({ summary }: JobState): number | null {
  const position = summary?.['position'];
  return typeof position === 'number' ? position : null;
}

/**
 * In prices of one token of an ordinary call, of the tokens that the provider says it billed. Null where none was asked,
 * or where it did not say.
 */
function costOf({ summary }: JobState) {
  const tokens = summary?.['billed_tokens'];
  if (typeof tokens !== 'number') return { cost_units: null, cost_units_saved: null };
  return { cost_units: tokens * batchPrice, cost_units_saved: tokens * (1 - batchPrice) };
}

/** A job of embeddings has no items of its own: it follows the backlog. */
function countsOf({ kind, total, succeeded, failed, summary }: JobState) {
  const pending = summary?.['pending_embeddings'];
  if (kind !== 'batch_embeddings' || total === null || typeof pending !== 'number') return { total, succeeded, failed };
  return { total, succeeded: Math.max(0, total - pending), failed };
}

function progressOf({ status }: JobState, { total, succeeded, failed }: ReturnType<typeof countsOf>): number {
  if (status === 'completed') return 1;
  if (total === null || total === 0) return 0;
  return Math.min(1, Math.round(((succeeded + failed) / total) * 1000) / 1000);
}

function refusalOf(body: Record<string, unknown>): BatchRefusal {
  const { code = 'internal', detail = '' } = body as Partial<BatchRefusal>;
  return { code, detail };
}

function idsOf(body: Record<string, unknown>): string[] {
  return Array.isArray(body['memory_ids']) ? (body['memory_ids'] as string[]) : [];
}

import { type ErrorCode, errorTable, ServiceError } from '#libs/contracts/errors.js';
import type { PlannedEventOnTheWire, RunOnTheWire, RunReport } from '#libs/contracts/rest/maintenance-answers.js';
import type { MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import type { JobResult, JobState } from '#libs/ports/job-queue.js';
import type { ShownRun } from '#libs/ports/memory-queries.js';

/** What the job of a run says of itself. */
interface RunSummary {
  status?: string;
  planned?: MaintenancePlanned['data'];
  cut?: boolean;
  applied?: number;
  stale?: string[];
  position?: number;
  undone?: number;
  left?: string[];
  refusal?: { code: string; detail: string; facts: Record<string, unknown> };
}

interface Insight {
  memory_id: string;
  content: string;
  memory_type: string;
  confidence: number;
  source_ids: string[];
}

export function presentRun({ id, createdAt, position, guarded, maxRetiredShare, ...run }: ShownRun): RunOnTheWire {
  return {
    ...{ run_id: id, kind: run.kind, status: run.status, settings: run.settings, planned_at: position },
    ...{ changes: run.changes, retired: run.retired, applied: run.applied, stale: run.stale },
    guard: { max_retired_share: maxRetiredShare, stopped: guarded.length > 0, scopes: guarded },
    created_at: createdAt,
    steps: run.steps.map((one) => ({ step: one.step, event_offset: one.position, reverted: one.isReverted })),
    left: run.left,
  };
}

/** @throws ServiceError what the run was refused with, or why its job failed */
export function presentReport(
  job: JobState,
  { isDryRun, results, eventsTold }: { isDryRun: boolean; results: readonly JobResult[]; eventsTold: number },
): RunReport {
  const { status, planned, cut = false, applied = 0, stale = [], position } = summaryOf(job);
  const events = results.flatMap(({ body }) => (body['events'] as PlannedEventOnTheWire[] | undefined) ?? []);
  const guarded = planned?.guarded ?? [];
  return {
    success: true,
    job_id: job.id,
    ...{ run_id: planned?.runId ?? null, kind: job.kind, status: status ?? job.status, dry_run: isDryRun, cut },
    ...{ settings: planned?.settings ?? {}, planned_at: planned?.position ?? null, changes: planned?.changes ?? {} },
    ...{ retired: planned?.retired ?? 0, applied, stale },
    guard: { max_retired_share: planned?.maxRetiredShare ?? 0, stopped: guarded.length > 0, scopes: guarded },
    events: events.slice(0, eventsTold),
    memories_consolidated: job.kind === 'consolidate' && guarded.length === 0 ? (planned?.retired ?? 0) : 0,
    insights: [...insightsIn(events), ...results.flatMap(({ body }) => (body['insight'] as Insight | undefined) ?? [])],
    ...(position !== undefined && { event_offset: position }),
  };
}

/** @throws ServiceError as above */
export function presentRevert(job: JobState, runId: string) {
  const { status, undone = 0, left = [], position } = summaryOf(job);
  return {
    ...{ success: true, job_id: job.id, run_id: runId, status: status ?? job.status, undone, left },
    ...(position !== undefined && { event_offset: position }),
  };
}

function summaryOf({ status, error, summary }: JobState): RunSummary {
  const told = (summary ?? {}) as RunSummary;
  if (told.refusal) {
    const { code, detail, facts } = told.refusal;
    throw new ServiceError(Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'internal', detail, facts);
  }
  if (status === 'failed') throw new ServiceError('internal', error ?? 'The run failed; its job says why.');
  return told;
}

function insightsIn(events: readonly PlannedEventOnTheWire[]): Insight[] {
  return events
    .filter(({ event }) => event === 'MemoryReflected')
    .map(({ memory_id, data }) => {
      const { content, memoryType, confidence, evidence } = data as unknown as {
        content: string;
        memoryType: string;
        confidence: number;
        evidence: { derivedFrom: { memoryId: string }[] };
      };
      const source_ids = evidence.derivedFrom.map(({ memoryId }) => memoryId);
      return { memory_id, content, memory_type: memoryType, confidence, source_ids };
    });
}

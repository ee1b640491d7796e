import { Injectable } from '@nestjs/common';
import { byCommandId, type Command, type CommandAccepted, type CommandOutcome } from '#libs/contracts/commands.js';
import type { PlannedChange } from '#libs/domain/maintenance/planned-change.js';
import type { MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { JobFailed, type JobHandler, type JobResult, type JobSlice } from '#libs/ports/job-queue.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { derivedUuid, type ShownChange } from './plan.js';
import { RunPlanner } from './run-planner.js';
import { stepsOf } from './steps.js';

/** How long one slice goes on applying steps. */
const sliceMs = 1_000;
const resultsPerSave = 500;
/** What a summary names of memories that had changed. */
const staleShown = 1_000;

/** Where a run that is being applied goes on. */
interface Applying {
  phase: 'applying';
  planned: MaintenancePlanned['data'];
  steps: PlannedChange[][];
  next: number;
  applied: number;
  stale: string[];
}

/** Where a run that is being taken back goes on. */
interface TakingBack {
  phase: 'taking back';
  /** Steps that are left, the latest first. */
  steps: number[];
  taken: number;
  undone: number;
  left: string[];
}

export interface RevertRequest {
  runId: string;
  cascade: boolean;
}

/**
 * Does the jobs of maintenance: a run is planned in one slice, and applied by one command a step. After a crash a step
 * is sent again under the same command id, so it is carried out once.
 */
@Injectable()
export class Running {
  constructor(
    private readonly planner: RunPlanner,
    private readonly bus: CommandBus,
    private readonly log: LogReader,
    private readonly queries: MemoryQueries,
  ) {}

  /** Handles `consolidate`, `reflect` and `expire`. */
  readonly run: JobHandler = (slice) => {
    const state = slice.checkpoint as Applying | null;
    return state === null ? this.plan(slice, slice.input as RunRequest) : this.apply(slice, state);
  };

  /** Handles `revert`. */
  readonly revert: JobHandler = async (slice) => {
    const request = slice.input as RevertRequest;
    const state = (slice.checkpoint as TakingBack | null) ?? (await this.beginRevert(slice, request));
    if (state === null) return 'done';
    const endMs = performance.now() + sliceMs;
    while (state.steps.length > 0 && performance.now() < endMs && !slice.signal.aborted) {
      const step = state.steps[0]!;
      const isLast = state.steps.length === 1;
      const outcome = await this.send(slice, ['revert', request.runId, step], {
        ...{ type: 'RevertMaintenance', runId: request.runId, step, isLast, cascade: request.cascade },
      });
      if (outcome.kind === 'refused') return this.refused(slice, outcome);
      const { left, undone } = outcome.body as { left: string[]; undone: number };
      state.steps.shift();
      state.taken += 1;
      state.undone += undone;
      state.left.push(...left);
      const shown = { undone: state.undone, left: state.left.slice(0, staleShown), position: outcome.position };
      await slice.save({
        results: [{ index: state.taken - 1, ok: true, body: { step, left, undone } }],
        checkpoint: state,
        summary: { run_id: request.runId, status: isLast ? 'reverted' : 'reverting', ...shown },
      });
    }
    return state.steps.length === 0 ? 'done' : 'more';
  };

  private async beginRevert(slice: JobSlice, { runId, cascade }: RevertRequest): Promise<TakingBack | null> {
    const outcome = await this.send(slice, ['check', runId], {
      ...{ type: 'RevertMaintenance', runId, step: null, isLast: false, cascade },
    });
    if (outcome.kind === 'refused') {
      await this.refused(slice, outcome);
      return null;
    }
    const { steps } = outcome.body as { steps: number[] };
    await slice.save({ total: steps.length });
    return { phase: 'taking back', steps, taken: 0, undone: 0, left: [] };
  }

  private async plan(slice: JobSlice, request: RunRequest): Promise<'done' | 'more'> {
    const { tenantId } = slice.job;
    const position = await this.log.headPosition(tenantId);
    // What is merged stays findable: the one that stays is in the index, as it will be, before the others go.
    await this.queries.reached(tenantId, position);
    let shown: ShownChange[] = [];
    let saved = 0;
    const save = async (): Promise<void> => {
      const results = shown.map(({ events }, at): JobResult => ({ index: saved + at, ok: true, body: { events } }));
      await slice.save({ results });
      saved += shown.length;
      shown = [];
    };
    const { planned, changes, isCut } = await this.planner.plan(tenantId, request, position, async (some) => {
      shown.push(...some);
      if (shown.length >= resultsPerSave && request.isDryRun) await save();
    });
    const isStopped = planned.guarded.length > 0;
    const told = { planned, cut: isCut };
    if (request.isDryRun) {
      await save();
      await slice.save({ total: saved, summary: { status: 'planned', ...told } });
      return 'done';
    }
    const steps = isStopped ? [[]] : stepsOf(changes);
    await slice.save({
      total: isStopped ? 0 : changes.length,
      checkpoint: { phase: 'applying', planned, steps, next: 0, applied: 0, stale: [] } satisfies Applying,
      summary: { status: 'applying', ...told },
    });
    return 'more';
  }

  private async apply(slice: JobSlice, state: Applying): Promise<'done' | 'more'> {
    const { planned } = state;
    const endMs = performance.now() + sliceMs;
    while (performance.now() < endMs && !slice.signal.aborted) {
      const changes = state.steps[state.next]!;
      const isLast = state.next === state.steps.length - 1;
      const step = state.next + 1;
      const outcome = await this.send(slice, ['apply', planned.runId, step], {
        ...{ type: 'ApplyMaintenance', runId: planned.runId, step, isLast, changes },
        plan: step === 1 ? planned : null,
      });
      if (outcome.kind === 'refused') {
        if (outcome.code === 'payload_too_large' && splitAt(state)) continue;
        throw new JobFailed(outcome.detail);
      }
      await this.saveStep(slice, state, outcome, isLast);
      if (isLast) return 'done';
    }
    return 'more';
  }

  private async saveStep(slice: JobSlice, state: Applying, { body, position }: CommandAccepted, isLast: boolean) {
    const { stale = [] } = body as { stale?: string[] };
    const changes = state.steps[state.next]!;
    const first = state.steps.slice(0, state.next).reduce((sum, { length }) => sum + length, 0);
    const isStopped = state.planned.guarded.length > 0;
    const results = changes.map((change, at): JobResult => {
      const isStale = stale.includes(change.memoryId);
      const why = isStale ? { code: 'version_conflict', detail: 'What it was planned on has changed since.' } : {};
      const body = { memory_id: change.memoryId, change: change.change, ...insightOf(change), ...why };
      return { index: first + at, ok: !isStale, body };
    });
    state.next += 1;
    state.applied += changes.length - stale.length;
    state.stale.push(...stale);
    const status = isStopped ? 'stopped' : isLast ? 'applied' : 'applying';
    const told = { applied: state.applied, stale: state.stale.slice(0, staleShown), position };
    await slice.save({ results, checkpoint: state, summary: { status, planned: state.planned, ...told } });
  }

  /** A refusal is the answer of the job: whoever asked for it is told as by a request. */
  private async refused(slice: JobSlice, { code, detail, facts }: Extract<CommandOutcome, { kind: 'refused' }>) {
    await slice.save({ summary: { status: 'refused', refusal: { code, detail, facts: facts ?? {} } } });
    return 'done' as const;
  }

  private send({ job, caller, correlationId }: JobSlice, of: unknown[], command: Command): Promise<CommandOutcome> {
    const commandId = derivedUuid('command', job.id, ...of);
    const receivedAt = new Date().toISOString();
    const idempotency =
      command.type === 'RevertMaintenance' && command.step === null ? null : byCommandId({ commandId });
    return this.bus.execute({ commandId, correlationId, caller, idempotency, receivedAt, command });
  }
}

/** What was concluded, for whoever asked. */
function insightOf(change: PlannedChange): Record<string, unknown> {
  if (change.change !== 'derive') return {};
  const { memoryId: memory_id, content, memoryType: memory_type, confidence, sources } = change;
  return {
    insight: { memory_id, content, memory_type, confidence, source_ids: sources.map(({ memoryId }) => memoryId) },
  };
}

/** What is too large for one commit becomes two steps; a change that is too large alone is left out. */
function splitAt(state: Applying): boolean {
  const changes = state.steps[state.next]!;
  if (changes.length === 0) return false;
  const middle = Math.floor(changes.length / 2);
  if (changes.length === 1) state.stale.push(changes[0]!.memoryId);
  const parts = changes.length === 1 ? [[]] : [changes.slice(0, middle), changes.slice(middle)];
  state.steps.splice(state.next, 1, ...parts);
  return true;
}

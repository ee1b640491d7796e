import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import type { RecordedCommit } from '#libs/contracts/events.js';
import { changesOf } from '#libs/domain/belief/changes.js';
import { limits } from '#libs/domain/limits.js';
import { type MaintenanceRun, type RunStep, runStream } from '#libs/domain/maintenance/run.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from '../appending.js';
import { Draft, KnownOwners } from '../beliefs/draft.js';
import { contentConflict } from '../beliefs/refusals.js';
import {
  laterChanges,
  memoryStream,
  type RollbackPlan,
  Rollbacks,
  takeBack,
  type TakenBack,
} from '../beliefs/rollbacks.js';
import { byMaintenance } from './applying.js';
import { Runs } from './runs.js';

type Revert = Extract<Command, { type: 'RevertMaintenance' }>;

/** What taking a step back takes with it. */
interface StepPlan extends RollbackPlan {
  /** Memories whose part was taken back already, or cannot be because something of it was erased. */
  left: string[];
}

/** Carries out `RevertMaintenance`: takes one step of a run back by compensations, or tells what depends on the run. */
@Injectable()
export class Reverting {
  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly runs: Runs,
    private readonly rollbacks: Rollbacks,
    private readonly identities: Identities,
  ) {}

  async revert(envelope: CommandEnvelope, command: Revert): Promise<CommandOutcome> {
    const { tenantId } = envelope.caller;
    const run = await this.runs.of(tenantId, command.runId);
    const refusal = refusalOf(run, command);
    if (command.step === null) return refusal ?? this.checked(tenantId, run!, command.cascade);
    const base = await appendBase(envelope, this.identities);
    const stream = runStream(command.runId);
    if (refusal) return unlessRepeated(this.log, base, stream, refusal);
    const owners = new KnownOwners();
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const current = (await this.runs.of(tenantId, command.runId))!;
      const plan = await this.planOf(tenantId, current, command.step);
      if (plan.later.length > 0 && !command.cascade) return laterChanges(plan.later);
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const why = byMaintenance(current.kind);
      const { restored, retired, undone } = takeBack(draft, 'undo', plan, why);
      const data = { runId: current.id, step: command.step, isLast: command.isLast, left: plan.left };
      draft.add(stream, { type: 'MaintenanceReverted', data }, null, why, envelope.receivedAt);
      const { expectedVersions, ...drafted } = draft.request();
      const result = await this.log.append({
        ...base,
        ...drafted,
        expectedVersions: { ...expectedVersions, [stream]: current.version },
        outcome: {
          ...{ runId: current.id, step: command.step, left: plan.left, undone: undone.length },
          ...{ restoredIds: restored.map(({ id }) => id), retiredIds: retired },
        },
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind !== 'reservation_held') continue;
      const conflict = contentConflict(result, draft);
      if (conflict) return conflict;
      owners.learn(result);
    }
    return contention;
  }

  /** What was built on the run since, all steps of it. */
  private async checked(tenantId: string, run: MaintenanceRun, cascade: boolean): Promise<CommandOutcome> {
    const later = new Map<string, TakenBack>();
    const steps = run.steps.filter(({ isReverted }) => !isReverted).map(({ step }) => step);
    for (const step of steps) {
      for (const one of (await this.planOf(tenantId, run, step)).later) later.set(one.event_id, one);
    }
    if (later.size > 0 && !cascade) return laterChanges([...later.values()]);
    const position = await this.logReader.headPosition(tenantId);
    return { kind: 'accepted', position, replayed: false, body: { runId: run.id, steps: steps.reverse() } };
  }

  private async planOf(tenantId: string, run: MaintenanceRun, number: number): Promise<StepPlan> {
    const step = run.steps.find((one) => one.step === number)!;
    const commit = await this.commitOf(tenantId, run, step);
    const plan: StepPlan = { rollbacks: new Map(), commits: new Map(), later: [], left: [] };
    const subjects = new Set(commit.events.map(({ headers }) => headers.subject));
    const changed = [...subjects].filter((subject) => subject.startsWith(memoryStream));
    const log = this.rollbacks.reading(tenantId);
    await log.open(changed);
    for (const subject of changed) {
      if (plan.rollbacks.has(subject)) continue;
      const { done } = changesOf(await log.stream(subject));
      const change = done.find(({ commitId }) => commitId === commit.events[0]!.headers.commitid);
      const part = change ? await this.rollbacks.of(log, subject, change) : null;
      if (part === null) plan.left.push(subject.slice(memoryStream.length));
      else add(plan, part);
    }
    return plan;
  }

  private async commitOf(tenantId: string, run: MaintenanceRun, { position }: RunStep): Promise<RecordedCommit> {
    const [found] = await this.logReader.commitsAfter(tenantId, position - 1, 1);
    if (found?.kind !== 'commit') throw new Error(`The commit ${position} of run ${run.id} cannot be read.`);
    return found.commit;
  }
}

function add(plan: StepPlan, { rollbacks, commits, later }: RollbackPlan): void {
  for (const [streamId, rollback] of rollbacks) {
    const before = plan.rollbacks.get(streamId)?.from ?? rollback.from;
    plan.rollbacks.set(streamId, { ...rollback, from: Math.min(before, rollback.from) });
  }
  for (const [position, commit] of commits) plan.commits.set(position, commit);
  plan.later.push(...later);
}

function refusalOf(run: MaintenanceRun | null, { step }: Revert): CommandRefused | null {
  if (run === null) return { kind: 'refused', code: 'not_found', detail: 'There is no such maintenance run.' };
  if (run.status === 'reverted') {
    return { kind: 'refused', code: 'already_reverted', detail: 'This run was taken back already.' };
  }
  if (run.status === 'stopped') {
    return { kind: 'refused', code: 'nothing_to_undo', detail: 'This run was stopped before it changed anything.' };
  }
  const isThere = step === null || run.steps.some((one) => one.step === step && !one.isReverted);
  if (isThere) return null;
  return {
    kind: 'refused',
    code: 'already_reverted',
    detail: `Step ${step} of this run is not there, or was taken back.`,
  };
}

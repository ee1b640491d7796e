import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { limits } from '#libs/domain/limits.js';
import {
  basisOf,
  eventsOf,
  isCurrent,
  type PlannedChange,
  retiredBy,
} from '#libs/domain/maintenance/planned-change.js';
import { type MaintenanceKind, type MaintenanceRun, runStream } from '#libs/domain/maintenance/run.js';
import type { Memory } from '#libs/domain/memory/memory.evolve.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from '../appending.js';
import { Draft, KnownOwners, type Why } from '../beliefs/draft.js';
import { Reserving } from '../beliefs/reserving.js';
import { KnownMemories } from '../known-memories.js';
import { Runs } from './runs.js';

type Apply = Extract<Command, { type: 'ApplyMaintenance' }>;

/** Why the events of a run happen. */
export function byMaintenance(kind: MaintenanceKind): Why {
  return { reason: 'maintenance', decision: { rule: `maintenance.${kind}` } };
}

/**
 * Carries out `ApplyMaintenance`: one step of a run in one commit, with the event of the run that tells of it. What was
 * planned on memories that changed since is left out, and told.
 */
@Injectable()
export class Applying {
  constructor(
    private readonly log: LogWriter,
    private readonly known: KnownMemories,
    private readonly runs: Runs,
    private readonly reserving: Reserving,
    private readonly identities: Identities,
  ) {}

  async apply(envelope: CommandEnvelope, command: Apply): Promise<CommandOutcome> {
    const { tenantId } = envelope.caller;
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const run = await this.runs.of(tenantId, command.runId);
      const refusal = outOfTurn(run, command);
      if (refusal) return unlessRepeated(this.log, base, runStream(command.runId), refusal);
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const outcome = await this.draftStep(envelope, draft, run, command);
      const { expectedVersions, ...drafted } = draft.request();
      const result = await this.log.append({
        ...base,
        ...drafted,
        expectedVersions: { ...expectedVersions, [runStream(command.runId)]: run?.version ?? 0 },
        outcome,
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind === 'reservation_held') owners.learn(result);
    }
    return contention;
  }

  private async draftStep(
    envelope: CommandEnvelope,
    draft: Draft,
    run: MaintenanceRun | null,
    { runId, step, isLast, plan, changes }: Apply,
  ): Promise<Record<string, unknown>> {
    const why = byMaintenance((plan ?? run!).kind);
    const tell = (event: Parameters<Draft['add']>[1]) =>
      draft.add(runStream(runId), event, null, why, envelope.receivedAt);
    if (plan) tell({ type: 'MaintenancePlanned', data: plan });
    if (plan !== null && plan.guarded.length > 0) return { runId, step, applied: 0, stale: [] };
    const known = await this.known.allOfTenant(envelope.caller.tenantId, memoriesOf(changes));
    const stale: string[] = [];
    for (const change of changes) {
      if (isCurrent(change, known)) await this.draftChange(envelope, draft, known, { runId, change, why });
      else stale.push(change.memoryId);
    }
    const applied = changes.length - stale.length;
    tell({ type: 'MaintenanceApplied', data: { runId, step, isLast, applied, stale } });
    return { runId, step, applied, stale };
  }

  private async draftChange(
    { caller }: CommandEnvelope,
    draft: Draft,
    known: ReadonlyMap<string, Memory>,
    { runId, change, why }: { runId: string; change: PlannedChange; why: Why },
  ): Promise<void> {
    for (const { memoryId } of basisOf(change)) draft.know(known.get(memoryId)!);
    for (const id of retiredBy(change)) await this.reserving.free(caller.tenantId, draft, known.get(id)!);
    // What the sources held a slot with, the one that they were merged into says too.
    if (change.change === 'merge') {
      await this.reserving.claimSlots(caller.tenantId, draft, known.get(change.memoryId)!);
    }
    for (const event of eventsOf(runId, change, known)) {
      const ownership = change.change === 'derive' ? change.ownership : known.get(event.data.memoryId)!.ownership;
      draft.append(event, ownership.userId, why);
    }
  }
}

/** A step that does not come next: a run begins with its plan, and its steps follow one another. */
function outOfTurn(run: MaintenanceRun | null, { step, plan, runId }: Apply): CommandRefused | null {
  const next = run === null ? 1 : run.status === 'applying' ? run.steps.length + 1 : null;
  if (next === step && (run === null) === (plan !== null)) return null;
  const stands = run === null ? 'was never planned' : `is ${run.status} with ${run.steps.length} steps`;
  return { kind: 'refused', code: 'version_conflict', detail: `Run ${runId} ${stands}; step ${step} is not the next.` };
}

/** Also those that a change would make, to see that they are not there. */
function memoriesOf(changes: readonly PlannedChange[]): string[] {
  return [...new Set(changes.flatMap((change) => [change.memoryId, ...basisOf(change).map((one) => one.memoryId)]))];
}

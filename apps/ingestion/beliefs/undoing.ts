import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { changesOf } from '#libs/domain/belief/changes.js';
import { limits } from '#libs/domain/limits.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from '../appending.js';
import { KnownMemories } from '../known-memories.js';
import { byCaller, Draft, KnownOwners } from './draft.js';
import { contentConflict, notFound } from './refusals.js';
import { laterChanges, type RollbackPlan, Rollbacks, takeBack } from './rollbacks.js';

type Undo = Extract<Command, { type: 'UndoChange' }>;

/**
 * Carries out `UndoChange`: takes back the last change of a memory, with all that the change did to other memories, by
 * events that put the old values in their place. Nothing is deleted from the log.
 */
@Injectable()
export class Undoing {
  constructor(
    private readonly log: LogWriter,
    private readonly known: KnownMemories,
    private readonly identities: Identities,
    private readonly rollbacks: Rollbacks,
  ) {}

  async undo(envelope: CommandEnvelope, command: Undo): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const plan = await this.plan(envelope, command);
      if ('kind' in plan) return unlessRepeated(this.log, base, `memory-${command.memoryId}`, plan);
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const outcome = takenBackOutcome(command, draft, plan);
      const result = await this.log.append({ ...base, ...draft.request(), outcome, destroyStreamKeys: [] });
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

  /** What is taken back; or why nothing is. */
  private async plan({ caller }: CommandEnvelope, command: Undo): Promise<RollbackPlan | CommandRefused> {
    const { tenantId } = caller;
    if ((await this.known.state(caller, command.memoryId)).kind !== 'known') return notFound;
    const streamId = `memory-${command.memoryId}`;
    const log = this.rollbacks.reading(tenantId);
    const { done, undone } = changesOf(await log.stream(streamId));
    const change = command.direction === 'undo' ? done.at(-1) : undone.at(-1);
    if (!change) return command.direction === 'undo' ? nothingToUndo : nothingToRedo;
    const plan = await this.rollbacks.of(log, streamId, change);
    if (plan === null) return gone;
    if (isOnlyBeginning(plan, streamId)) return firstVersion;
    return plan.later.length > 0 && !command.cascade ? laterChanges(plan.later) : plan;
  }
}

function takenBackOutcome({ memoryId, direction }: Undo, draft: Draft, plan: RollbackPlan): Record<string, unknown> {
  const { restored, retired, undone } = takeBack(draft, direction, plan, byCaller);
  const shown = restored.find(({ id }) => id === memoryId) ?? restored[0];
  return { memoryId: shown?.id ?? memoryId, restoredIds: restored.map(({ id }) => id), retiredIds: retired, undone };
}

/** That a memory was learned, and nothing else: deleting it is not undoing. */
function isOnlyBeginning({ rollbacks }: RollbackPlan, streamId: string): boolean {
  return rollbacks.get(streamId)?.from === 0 && rollbacks.size === 1;
}

const nothingToUndo = refused('nothing_to_undo', 'Nothing of this memory is left to undo.');
const nothingToRedo = refused('nothing_to_undo', 'Nothing was undone that could be done again.');
const firstVersion = refused('nothing_to_undo', 'This is the first version of the memory: delete it instead.');
const gone = refused('nothing_to_undo', 'Part of what this change did was erased, so it cannot be taken back.');

function refused(code: CommandRefused['code'], detail: string): CommandRefused {
  return { kind: 'refused', code, detail };
}

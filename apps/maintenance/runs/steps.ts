import { limits } from '#libs/domain/limits.js';
import { basisOf, type PlannedChange } from '#libs/domain/maintenance/planned-change.js';

/**
 * Memories that one step changes: half of what a commit holds, because taking the step back, with what was built on it
 * since, has to fit into one commit too.
 */
const memoriesPerStep = limits.eventsPerCommit / 2 - 2;
/** UTF-8 bytes of the changes of one step, as JSON; the evidence of what is merged comes to about as much again. */
const bytesPerStep = 128 * 1024;

/** Cuts a plan into steps, each of which is one commit; at least one, so that a run that changes nothing is told too. */
export function stepsOf(changes: readonly PlannedChange[]): PlannedChange[][] {
  const steps: PlannedChange[][] = [[]];
  let room = { memories: memoriesPerStep, bytes: bytesPerStep };
  for (const change of changes) {
    const memories = new Set([change.memoryId, ...basisOf(change).map(({ memoryId }) => memoryId)]).size;
    const bytes = Buffer.byteLength(JSON.stringify(change));
    const last = steps.at(-1)!;
    if (last.length > 0 && (memories > room.memories || bytes > room.bytes)) {
      steps.push([change]);
      room = { memories: memoriesPerStep - memories, bytes: bytesPerStep - bytes };
    } else {
      last.push(change);
      room = { memories: room.memories - memories, bytes: room.bytes - bytes };
    }
  }
  return steps;
}

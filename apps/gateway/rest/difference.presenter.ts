import { isDeepStrictEqual } from 'node:util';
import type {
  DifferenceOnTheWire,
  MemoryOnTheWire,
  ReasonOnTheWire,
  RetiredOnTheWire,
  RevisedOnTheWire,
} from '#libs/contracts/rest/answers.js';
import type { MemoryDifference } from '#libs/ports/memory-queries.js';
import type { MemoryChange } from '#libs/ports/past-memories.js';
import { presentMemory } from './memory.presenter.js';

interface DifferencesOnTheWire {
  count: number;
  added: DifferenceOnTheWire[];
  revised: RevisedOnTheWire[];
  retired: RetiredOnTheWire[];
  restored: DifferenceOnTheWire[];
}

/** What became of memories, sorted by what it was. */
export function presentDifferences(differences: readonly MemoryDifference[], tenantId: string): DifferencesOnTheWire {
  const told: DifferencesOnTheWire = { count: differences.length, added: [], revised: [], retired: [], restored: [] };
  for (const difference of differences) {
    const before = difference.before && presentMemory(difference.before, tenantId);
    const after = difference.after && presentMemory(difference.after, tenantId);
    const entry = {
      memory: (after ?? before)!,
      reasons: difference.changes.map(presentChange),
      ...(difference.hasEarlierChanges && { earlier_reasons_left_out: true as const }),
    };
    if (difference.kind === 'revised') told.revised.push({ ...entry, ...changedFields(before!, after!) });
    else if (difference.kind !== 'retired') told[difference.kind].push(entry);
    else {
      const status = after === null ? ('forgotten' as const) : ('superseded' as const);
      told.retired.push({ ...entry, status, superseded_by: after?.superseded_by ?? null });
    }
  }
  return told;
}

function changedFields(before: MemoryOnTheWire, after: MemoryOnTheWire) {
  const names = Object.keys(after) as (keyof MemoryOnTheWire)[];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const those = (memory: MemoryOnTheWire) => Object.fromEntries(changed.map((name) => [name, memory[name]]));
  return { before: those(before), after: those(after) };
}

function presentChange(change: MemoryChange): ReasonOnTheWire {
  return {
    version: change.version,
    event: change.eventType,
    event_id: change.eventId,
    event_offset: change.position,
    recorded_at: change.recordedAt,
    actor: change.actor,
    reason: change.reason,
    decision: change.decision,
  };
}

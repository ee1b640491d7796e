import type { Contradiction } from '../belief/contradiction.js';
import type { MemoryHistory, Replacement } from './history.js';
import { memoryIn, replacementsOf } from './history.js';
import type { AlternativeStanding, LineageReason, LineageSources } from './lineage.js';

const noReason: LineageReason = {
  ...{ contradictionId: null, kind: null, probability: null, ruleId: null },
  ...{ evidence: [], settlement: null, words: null },
};

/** What a contradiction says about why one of the two gave way. */
export function reasonOf(contradiction: Contradiction | null): LineageReason {
  if (contradiction === null) return noReason;
  const { id: contradictionId, kind, probability, ruleId, evidence, settlement, reason: words } = contradiction;
  return { contradictionId, kind, probability, ruleId, evidence, settlement, words };
}

/** The contradictions that the caller may see, by what is looked for. */
export class KnownContradictions {
  private readonly byId = new Map<string, Contradiction>();

  constructor(sources: LineageSources['contradictions']) {
    for (const { contradictionId, isVisible, history } of sources) {
      if (isVisible && history.state !== null) this.byId.set(contradictionId, history.state);
    }
  }

  /** Why `supersededBy` took the place of `memoryId`: the event names the contradiction, or the two are in one. */
  because({ memoryId, supersededBy, contradictionId }: Replacement): LineageReason {
    const named = contradictionId === null ? undefined : this.byId.get(contradictionId);
    if (named) return reasonOf(named);
    const between = [...this.byId.values()].filter((one) => isBetween(one, memoryId, supersededBy));
    if (between.length > 0) return reasonOf(between.at(-1)!);
    return { ...noReason, contradictionId };
  }
}

/** How the belief on the other side of a contradiction stands to `memoryId`. */
export function standingIn(contradiction: Contradiction, memoryId: string): AlternativeStanding {
  const isNewer = contradiction.memoryId === memoryId;
  switch (contradiction.settlement) {
    case null:
      return 'disputed';
    case 'superseded':
      return isNewer ? 'replaced' : 'replacing';
    case 'rejected':
      return isNewer ? 'preferred' : 'rejected';
    case 'kept_both':
      return 'kept';
    case 'forgotten':
    case 'undone':
      return 'ended';
  }
}

/** The replacement of each memory that holds now, by the memory that gave way. */
export function replacementsInForce(histories: readonly MemoryHistory[]): Map<string, Replacement> {
  const inForce = histories.flatMap((history) => replacementsOf(history).filter((one) => one.isInForce));
  return new Map(inForce.map((one) => [one.memoryId, one]));
}

/** Whether anything can still be read of it. */
export function isErased(history: MemoryHistory): boolean {
  return history.steps.length > 0 && memoryIn(history.state) === null;
}

function isBetween({ memoryId, otherId }: Contradiction, one: string, other: string): boolean {
  return (memoryId === one && otherId === other) || (memoryId === other && otherId === one);
}

import { Injectable } from '@nestjs/common';
import { isBelieved } from '#libs/domain/memory/memory.evolve.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { DifferencesQuery, MemoryDifference } from '#libs/ports/memory-queries.js';
import type { MemoryRow, PageStart } from '#libs/ports/memory-reader.js';
import { type MemoryChange, PastMemories } from '#libs/ports/past-memories.js';

/** Changes told of one memory. */
const changesEach = 50;

/** A memory to which something happened between two positions. */
interface Compared {
  start: PageStart;
  before: MemoryRow | undefined;
  after: MemoryRow | undefined;
  wasLearned: boolean;
}

/** Compares what was believed at two positions. */
@Injectable()
export class Differences {
  constructor(private readonly past: PastMemories) {}

  /** One page of changed memories with what became of them: null for one that is absent from both sides. */
  async page(
    tenantId: string,
    { from, to, after, limit }: Omit<DifferencesQuery, 'filter'>,
    filter: Filter,
  ): Promise<(PageStart & { difference: MemoryDifference | null })[]> {
    const span = { from, to };
    const changed = await this.past.changedMemories(tenantId, { ...span, filter, after, limit });
    const ids = changed.map(({ id }) => id);
    const [before, then, changes] = await Promise.all([
      this.past.asOf(from).memories(tenantId, ids),
      this.past.asOf(to).memories(tenantId, ids),
      // One more than is told shows whether there are more.
      this.past.changes(tenantId, ids, span, changesEach + 1),
    ]);
    const [rowsBefore, rowsAfter] = [byId(before), byId(then)];
    const changesOf = new Map<string, MemoryChange[]>(ids.map((id) => [id, []]));
    for (const change of changes) changesOf.get(change.memoryId)!.push(change);
    return changed.map((start) => {
      const { id, createdPosition } = start;
      const wasLearned = createdPosition > from;
      const compared = { start, before: rowsBefore.get(id), after: rowsAfter.get(id), wasLearned };
      return { ...start, difference: differenceOf(compared, changesOf.get(id)!) };
    });
  }
}

function differenceOf(
  { before, after, wasLearned }: Compared,
  changes: readonly MemoryChange[],
): MemoryDifference | null {
  const kind = kindOf(before, after, wasLearned);
  if (kind === null) return null;
  const hasEarlierChanges = changes.length > changesEach;
  return {
    kind,
    before: before ?? null,
    after: after ?? null,
    changes: changes.slice(-changesEach),
    hasEarlierChanges,
  };
}

function kindOf(
  before: MemoryRow | undefined,
  after: MemoryRow | undefined,
  wasLearned: boolean,
): MemoryDifference['kind'] | null {
  if (!before && !after) return null;
  if (!before) return wasLearned ? 'added' : 'restored';
  if (!after) return 'retired';
  if (isBelieved(before) === isBelieved(after)) return 'revised';
  return isBelieved(after) ? 'restored' : 'retired';
}

function byId(rows: readonly MemoryRow[]): Map<string, MemoryRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

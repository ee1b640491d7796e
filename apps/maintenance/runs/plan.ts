import { v5 as uuidv5 } from 'uuid';
import { eventsOf, type PlannedChange, retiredBy } from '#libs/domain/maintenance/planned-change.js';
import type { GuardedScope, MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import { type RunRequest, settingsFor } from '#libs/domain/maintenance/run-request.js';
import { isBelieved, type Memory } from '#libs/domain/memory/memory.evolve.js';

const namespace = '6c1f1a37-0d33-5f0a-9a35-0f3d2b0c7a51';
/** One run changes no more; the rest is for the next one. */
export const changesPerRun = 20_000;
/** Of a guarded scope as of a small one, a person sees the most affected. */
const guardedShown = 20;

/** Ids that derive from what they are of, so that the same plan on the same log has the same ids. */
export function derivedUuid(...parts: unknown[]): string {
  return uuidv5(JSON.stringify(parts), namespace);
}

/** A change with the events that it comes to, and what a person wants to see of it. */
export interface ShownChange {
  change: PlannedChange;
  events: Record<string, unknown>[];
}

/** What a run would do, and whether it may. */
export interface Plan {
  planned: MaintenancePlanned['data'];
  changes: PlannedChange[];
  /** There was more to do than one run does. */
  isCut: boolean;
}

/** Gathers the changes of one believer after another, and counts what they retire. */
export class Planning {
  readonly runId: string;
  readonly changes: PlannedChange[] = [];
  private readonly counts: Record<string, number> = {};
  private readonly guarded: GuardedScope[] = [];
  private retired = 0;
  private isCut = false;

  constructor(
    tenantId: string,
    private readonly request: RunRequest,
    private readonly position: number,
  ) {
    const { kind, settings, within, boundTo, maxRetiredShare } = request;
    this.runId = derivedUuid(tenantId, position, kind, settingsFor(kind, settings), within, boundTo, maxRetiredShare);
  }

  /**
   * @param believer its memories, among them all that are believed now
   * @param changes what is planned for those
   */
  add(believer: readonly Memory[], changes: readonly PlannedChange[]): ShownChange[] {
    const known = new Map(believer.map((memory) => [memory.id, memory]));
    const held = believer.filter(isBelieved).length;
    const room = changesPerRun - this.changes.length;
    if (changes.length > room) this.isCut = true;
    const taken = changes.slice(0, Math.max(0, room));
    const retired = new Set(taken.flatMap(retiredBy));
    this.retired += retired.size;
    if (retired.size > this.request.maxRetiredShare * held) {
      this.guarded.push({ scope: believer[0]!.ownership.scope, memories: held, retired: retired.size });
    }
    for (const change of taken) {
      const name = change.change === 'expire' ? change.to : change.change;
      this.counts[name] = (this.counts[name] ?? 0) + 1;
    }
    this.changes.push(...taken);
    return taken.map((change) => ({ change, events: shownEvents(this.runId, change, known) }));
  }

  plan(): Plan {
    const { kind, settings, maxRetiredShare, boundTo } = this.request;
    const guarded = this.guarded.sort((left, right) => right.retired - left.retired).slice(0, guardedShown);
    const planned: MaintenancePlanned['data'] = {
      ...{ runId: this.runId, kind, settings: settingsFor(kind, settings), position: this.position },
      ...{ changes: this.counts, retired: this.retired, guarded, maxRetiredShare, boundTo },
    };
    return { planned, changes: this.changes, isCut: this.isCut };
  }
}

/** The events of a change as callers see them: with the memory before and after. */
function shownEvents(
  runId: string,
  change: PlannedChange,
  known: ReadonlyMap<string, Memory>,
): Record<string, unknown>[] {
  return eventsOf(runId, change, known).map(({ type, data }) => {
    const before = known.get(data.memoryId);
    return {
      ...{ event: type, memory_id: data.memoryId, data },
      before: before ? { content: before.content, status: before.status, confidence: before.confidence } : null,
      version: before?.version ?? 0,
    };
  });
}

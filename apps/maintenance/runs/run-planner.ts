import { Injectable } from '@nestjs/common';
import { memoryFilterable } from '#libs/domain/memory/memory.decide.js';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import { matches } from '#libs/domain/scope/filter.js';
import { believerKey } from '#libs/domain/scope/ownership.js';
import { BelievedMemories } from '#libs/ports/believed-memories.js';
import type { ProjectedMemory } from '#libs/ports/read-model-store.js';
import { type Plan, Planning, type ShownChange } from './plan.js';
import { Mining } from './mining.js';

const pageSize = 1_000;

/** Works out what a run would do, believer by believer. */
@Injectable()
export class RunPlanner {
  constructor(
    private readonly believed: BelievedMemories,
    private readonly mining: Mining,
  ) {}

  /** @param show hears of the changes of each believer, with their events */
  async plan(
    tenantId: string,
    request: RunRequest,
    position: number,
    show: (changes: ShownChange[]) => Promise<void>,
  ): Promise<Plan> {
    const planning = new Planning(tenantId, request, position);
    for await (const believer of this.believers(tenantId, request)) {
      await show(planning.add(believer, await this.mining.changes(tenantId, request, believer, planning.runId)));
    }
    return planning.plan();
  }

  /** The memories that the run looks at, those of each believer together. */
  private async *believers(tenantId: string, { within }: RunRequest): AsyncIterable<ProjectedMemory[]> {
    let own: ProjectedMemory[] = [];
    for await (const page of this.believed.pages(tenantId, pageSize)) {
      for (const memory of page) {
        if (!matches(memoryFilterable(memory), within)) continue;
        const [first] = own;
        if (first && believerKey(first.ownership) !== believerKey(memory.ownership)) {
          yield own;
          own = [];
        }
        own.push(memory);
      }
    }
    if (own.length > 0) yield own;
  }
}

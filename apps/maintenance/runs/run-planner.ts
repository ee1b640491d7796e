import { Injectable } from '@nestjs/common';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import type { Conversation } from '#libs/domain/maintenance/session-summaries.js';
import { memoryFilterable } from '#libs/domain/memory/memory.decide.js';
import { isBelieved } from '#libs/domain/memory/memory.evolve.js';
import { matches } from '#libs/domain/scope/filter.js';
import { believerKey, ofSameBeliever, type Ownership } from '#libs/domain/scope/ownership.js';
import { BelievedMemories } from '#libs/ports/believed-memories.js';
import { type EpisodeRow, MemoryReader, type PageStart } from '#libs/ports/memory-reader.js';
import { ReadDays } from '#libs/ports/read-days.js';
import type { ProjectedMemory } from '#libs/ports/read-model-store.js';
import { type Believer, Mining } from './mining.js';
import { type Plan, Planning, type ShownChange } from './plan.js';

const pageSize = 1_000;
/** Messages of one believer that a deep reflection looks at, the newest. */
const episodesMax = 5_000;
const dayMs = 86_400_000;

/** Works out what a run would do, believer by believer. */
@Injectable()
export class RunPlanner {
  constructor(
    private readonly believed: BelievedMemories,
    private readonly reader: MemoryReader,
    private readonly readDays: ReadDays,
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
    for await (const memories of this.believers(tenantId, request)) {
      const believer = await this.lookedUp(tenantId, request, memories);
      const changes = await this.mining.changes(tenantId, request, believer);
      await show(planning.add(memories, await this.possible(tenantId, changes)));
    }
    return planning.plan();
  }

  /** The memories that the run looks at, those of each believer together. */
  private async *believers(tenantId: string, { within, kind, settings }: RunRequest): AsyncIterable<ProjectedMemory[]> {
    const isAboutThePast = kind === 'reflect' && settings.analysis_depth === 'deep';
    let own: ProjectedMemory[] = [];
    for await (const page of this.believed.pages(tenantId, pageSize, isAboutThePast ? ['superseded'] : [])) {
      for (const memory of page) {
        if (!matches(memoryFilterable(memory), within)) continue;
        const [first] = own;
        if (first && believerKey(first.ownership) !== believerKey(memory.ownership)) {
          if (own.some(isBelieved)) yield own;
          own = [];
        }
        own.push(memory);
      }
    }
    if (own.some(isBelieved)) yield own;
  }

  private async lookedUp(
    tenantId: string,
    { kind, settings, askedAt }: RunRequest,
    memories: readonly ProjectedMemory[],
  ): Promise<Believer> {
    const ids = memories.map(({ id }) => id);
    const since = new Date(Date.parse(askedAt) - settings.time_window_days * dayMs).toISOString();
    const isDeep = kind === 'reflect' && settings.analysis_depth === 'deep';
    return {
      memories,
      lastReadDays: kind === 'expire' ? await this.readDays.lastReadDays(tenantId, ids) : new Map(),
      conversations: isDeep ? await this.conversations(tenantId, memories[0]!.ownership, since) : [],
    };
  }

  /** What was said to the believer since a time, by conversation. */
  private async conversations(tenantId: string, ownership: Ownership, since: string): Promise<Conversation[]> {
    const filter = { and: [ofSameBeliever(ownership), { field: 'saidAt' as const, atLeast: since }] };
    const found: EpisodeRow[] = [];
    for (let after: PageStart | null = null; found.length < episodesMax;) {
      const page = await this.reader.listEpisodes(tenantId, { filter, order: 'desc', after, limit: pageSize });
      found.push(...page);
      if (page.length < pageSize) break;
      after = page.at(-1)!;
    }
    const byConversation = new Map<string, EpisodeRow[]>();
    for (const episode of found.reverse()) {
      const { conversationId } = episode;
      byConversation.set(conversationId, [...(byConversation.get(conversationId) ?? []), episode]);
    }
    return [...byConversation].map(([id, episodes]) => ({
      id,
      episodes: episodes
        .sort((left, right) => left.ordinal - right.ordinal)
        .map((episode) => ({ id: episode.id, text: episode.content, saidAt: episode.saidAt })),
    }));
  }

  /** What somebody forgot or put away is not concluded once more. */
  private async possible<Change extends { change: string; memoryId: string; version: number }>(
    tenantId: string,
    changes: Change[],
  ): Promise<Change[]> {
    const isNew = ({ change, version }: Change): boolean => change === 'derive' && version === 0;
    const ids = changes.filter(isNew).map(({ memoryId }) => memoryId);
    if (ids.length === 0) return changes;
    const there = await this.believed.named(tenantId, ids);
    return changes.filter((change) => !isNew(change) || !there.has(change.memoryId));
  }
}

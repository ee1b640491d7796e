import { Injectable } from '@nestjs/common';
import type { EventHeaders, StreamEvent } from '#libs/contracts/events.js';
import type { ContradictionEvent } from '#libs/domain/belief/contradiction.js';
import { limits } from '#libs/domain/limits.js';
import { buildLineage } from '#libs/domain/lineage/build-graph.js';
import {
  contradictionHistory,
  type ContradictionHistory,
  contradictionIdsOf,
  memoryHistory,
  type MemoryHistory,
  memoryIn,
  replacementsOf,
} from '#libs/domain/lineage/history.js';
import type { LineageGraph, LineageSources, QuotedMessage, TimedEvent } from '#libs/domain/lineage/lineage.js';
import type { MemoryEvent } from '#libs/domain/memory/memory.events.js';
import { type Caller, type Ownership, sees } from '#libs/domain/scope/ownership.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { type EpisodeRow, MemoryReader } from '#libs/ports/memory-reader.js';

/**
 * Reads why a memory is believed. What happened is told by the streams, as far as the position asked; the rows only say
 * where to look, because a stream names what took its memory's place and not whose place that took.
 */
@Injectable()
export class Lineages {
  constructor(
    private readonly log: LogReader,
    private readonly reader: MemoryReader,
  ) {}

  async of(caller: Caller, id: string, asOf: number | null): Promise<LineageGraph | null> {
    const reading = new LineageReading(this.log, this.reader, caller, asOf);
    const own = await reading.memory(id);
    const memory = memoryIn(own.state);
    if (memory === null || memory.status === 'forgotten' || !reading.sees(memory.ownership)) return null;
    const areBeliefsCut = await reading.followReplacements(own);
    await reading.followPremises(own);
    const areContradictionsCut = await reading.followContradictions(own);
    return buildLineage(await reading.sources(own, { isChainCut: areBeliefsCut, areContradictionsCut }));
  }
}

/** One lineage while it is read: the streams that were opened so far. */
class LineageReading {
  private readonly memories = new Map<string, MemoryHistory>();
  private readonly contradictions = new Map<string, ContradictionHistory>();

  constructor(
    private readonly log: LogReader,
    private readonly reader: MemoryReader,
    private readonly caller: Caller,
    private readonly asOf: number | null,
  ) {}

  sees(ownership: Ownership): boolean {
    return sees(this.caller, ownership);
  }

  async memory(id: string): Promise<MemoryHistory> {
    const known = this.memories.get(id);
    if (known) return known;
    const history = memoryHistory(id, await this.events<MemoryEvent>(`memory-${id}`));
    this.memories.set(id, history);
    return history;
  }

  /** Opens what took the memory's place and what gave way to it, step by step. @returns whether some were left out */
  async followReplacements(own: MemoryHistory): Promise<boolean> {
    const isForwardCut = await this.follow(own, async (histories) =>
      histories.flatMap((history) => replacementsOf(history).map(({ supersededBy }) => supersededBy)),
    );
    const isBackwardCut = await this.follow(own, (histories) => {
      const ids = histories.map(({ memoryId }) => memoryId);
      return this.reader.supersededBy(this.caller.tenantId, ids, limits.lineageBeliefs + 1);
    });
    return isForwardCut || isBackwardCut;
  }

  /** Opens what it was concluded from. Nothing that was concluded is a premise, so there are no further steps. */
  async followPremises({ steps }: MemoryHistory): Promise<void> {
    const premises = steps.flatMap(({ after }) => after?.evidence ?? []).flatMap(({ derivedFrom = [] }) => derivedFrom);
    const ids = [...new Set(premises.map(({ memoryId }) => memoryId))];
    await Promise.all(ids.slice(-limits.lineageBeliefs).map((id) => this.memory(id)));
  }

  private async follow(
    own: MemoryHistory,
    neighbours: (histories: MemoryHistory[]) => Promise<string[]>,
  ): Promise<boolean> {
    const seen = new Set([own.memoryId]);
    let histories = [own];
    for (let step = 0; histories.length > 0; step += 1) {
      const found = [...new Set(await neighbours(histories))].filter((id) => !seen.has(id));
      const room = step < limits.lineageSteps ? limits.lineageBeliefs + 1 - seen.size : 0;
      const followed = found.slice(0, Math.max(room, 0));
      for (const id of followed) seen.add(id);
      histories = await Promise.all(followed.map((id) => this.memory(id)));
      if (followed.length < found.length) return true;
    }
    return false;
  }

  /** Opens the contradictions that explain it, and the beliefs on their other sides. @returns whether some were left out */
  async followContradictions(own: MemoryHistory): Promise<boolean> {
    const { tenantId } = this.caller;
    const rows = await this.reader.contradictionsOf(tenantId, [own.memoryId], limits.lineageContradictions + 1);
    const ofReplacements = [...this.memories.values()]
      .flatMap((history) => replacementsOf(history))
      .flatMap(({ contradictionId }) => contradictionId ?? []);
    const named = contradictionIdsOf(own).slice(-limits.lineageContradictions);
    const found = rows.slice(0, limits.lineageContradictions).map(({ id }) => id);
    await Promise.all(
      [...new Set([...found, ...named, ...ofReplacements])].map(async (id) => {
        const events = await this.events<ContradictionEvent>(`contradiction-${id}`);
        if (events.length > 0) this.contradictions.set(id, contradictionHistory(id, events));
      }),
    );
    const sides = [...this.contradictions.values()].flatMap(({ state }) =>
      state === null ? [] : [state.memoryId, state.otherId],
    );
    await Promise.all([...new Set(sides)].map((id) => this.memory(id)));
    return rows.length > limits.lineageContradictions || contradictionIdsOf(own).length > named.length;
  }

  async sources(own: MemoryHistory, cut: LineageSources['cut']): Promise<LineageSources> {
    // Of its premises too: what they were said in is what it ends in.
    const histories = [...this.memories.values()];
    const evidence = histories.flatMap(({ steps }) => steps.flatMap(({ after }) => after?.evidence ?? []));
    const spans = evidence.flatMap(({ sources }) => sources);
    const messageIds = [...new Set(spans.map(({ messageId }) => messageId))];
    const episodes = await this.reader.episodes(this.caller.tenantId, messageIds);
    return {
      ...{ memoryId: own.memoryId, asOf: this.asOf, cut },
      memories: [...this.memories.values()].map((history) => {
        const memory = memoryIn(history.state);
        return { memoryId: history.memoryId, history, isVisible: memory !== null && this.sees(memory.ownership) };
      }),
      contradictions: [...this.contradictions.values()].map((history) => {
        const { contradictionId, state } = history;
        return { contradictionId, history, isVisible: state !== null && this.sees(state.ownership) };
      }),
      messages: episodes.filter(({ ownership }) => this.sees(ownership)).map(quoted),
      existingMessages: new Set(episodes.map(({ id }) => id)),
    };
  }

  private async events<Event>(streamId: string): Promise<TimedEvent<Event>[]> {
    const events = await this.log.stream(this.caller.tenantId, streamId);
    return events.filter(({ position }) => this.asOf === null || position <= this.asOf).map(timed<Event>);
  }
}

function timed<Event>({ headers, event, position }: StreamEvent): TimedEvent<Event> {
  const { id: eventId, tenantseq: sequence, recordedtime: recordedAt, actor, reason, decision }: EventHeaders = headers;
  const why = { reason, decision: decision && { ...decision } };
  return { eventId, sequence, position, recordedAt, actor, ...why, event: event as TimedEvent<Event>['event'] };
}

function quoted({ id, externalId, role, speaker, content, saidAt, createdAt, createdPosition }: EpisodeRow) {
  return { id, externalId, role, speaker, content, saidAt, createdAt, createdPosition } satisfies QuotedMessage;
}

import type { ContradictionDetected, ContradictionEvent } from '../belief/contradiction.js';
import { evidence, learned, personal } from '../memory/memory.fixture.js';
import type { Evidence, MemoryEvent, MemoryLearned } from '../memory/memory.events.js';
import type { Memory } from '../memory/memory.evolve.js';
import { contradictionHistory, memoryHistory, memoryIn } from './history.js';
import type { LineageSources, QuotedMessage, TimedEvent } from './lineage.js';

type AnyEvent = MemoryEvent | ContradictionEvent;
type Told<Event> = Omit<TimedEvent<Event>, 'event'> & { event: Event };

const at = (position: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, position)).toISOString();

/** A small log: every event appended is one commit, or several are when they are appended together. */
export class RecordedWorld {
  readonly told: { subjectId: string; event: Told<AnyEvent> }[] = [];
  readonly messages: QuotedMessage[] = [];
  readonly erased = new Set<string>();
  readonly hidden = new Set<string>();
  position = 0;

  /** @returns the ids of the events */
  append(reason: string, ...events: AnyEvent[]): string[] {
    this.position += 1;
    return events.map((event) => {
      const sequence = this.told.length + 1;
      const subjectId = event.type.startsWith('Contradiction')
        ? (event as ContradictionDetected).data.contradictionId
        : (event as MemoryLearned).data.memoryId;
      const eventId = `event-${sequence}`;
      const who = { actor: { key: 'key-1', agent: null, session: null }, reason, decision: null };
      const when = { eventId, sequence, position: this.position, recordedAt: at(this.position) };
      this.told.push({ subjectId, event: { ...when, ...who, event } });
      return eventId;
    });
  }

  /** A message, and what was read in it. */
  hear(memoryId: string, content: string, more: Partial<MemoryLearned['data']> = {}): string {
    const messageId = `message-${this.told.length + 1}`;
    const [start, end] = [0, content.length];
    this.messages.push({
      ...{ id: messageId, externalId: 'D1:1', role: 'user', speaker: 'Ada', content, saidAt: at(this.position + 1) },
      ...{ createdAt: at(this.position + 1), createdPosition: this.position + 1 },
    });
    const sources = [{ messageId, externalId: 'D1:1', start, end }];
    const read = { sourceType: 'message' as const, sources, ruleId: 'residence', extractorVersion: 'rules-1' };
    const piece = evidence(`${memoryId}-heard-${this.told.length}`, read);
    return this.append('rule', learned(memoryId, { content, evidence: piece, ...more }))[0]!;
  }

  state(memoryId: string): Memory | null {
    return memoryIn(memoryHistory(memoryId, this.eventsOf<MemoryEvent>(memoryId, null)).state);
  }

  /** Everything that a lineage may ask for, up to `asOf`. */
  sources(memoryId: string, asOf: number | null = null): LineageSources {
    const seen = this.told.filter(({ event }) => asOf === null || event.position <= asOf);
    const idsOf = (isContradiction: boolean): string[] => [
      ...new Set(
        seen
          .filter(({ event }) => event.event.type.startsWith('Contradiction') === isContradiction)
          .map(({ subjectId }) => subjectId),
      ),
    ];
    return {
      ...{ memoryId, asOf, messages: this.messages, cut: { isChainCut: false, areContradictionsCut: false } },
      existingMessages: new Set(this.messages.map(({ id }) => id)),
      memories: idsOf(false).map((id) => ({
        memoryId: id,
        isVisible: !this.hidden.has(id),
        history: memoryHistory(id, this.eventsOf<MemoryEvent>(id, asOf)),
      })),
      contradictions: idsOf(true).map((id) => ({
        contradictionId: id,
        isVisible: !this.hidden.has(id),
        history: contradictionHistory(id, this.eventsOf<ContradictionEvent>(id, asOf)),
      })),
    };
  }

  private eventsOf<Event>(id: string, asOf: number | null): TimedEvent<Event>[] {
    const own = this.told.filter(({ subjectId, event }) => subjectId === id && event.position <= (asOf ?? Infinity));
    return own.map(({ event }) => ({
      ...event,
      event: this.erased.has(id) ? { type: event.event.type, data: null } : (event.event as Event),
    }));
  }
}

export function saidAgain(id: string, more: Partial<Evidence> = {}): Evidence {
  return evidence(id, more);
}

export function detected(
  contradictionId: string,
  memoryId: string,
  otherId: string,
  more: Partial<ContradictionDetected['data']> = {},
): ContradictionDetected {
  return {
    type: 'ContradictionDetected',
    data: {
      ...{ contradictionId, memoryId, otherId, ownership: personal, kind: 'update', probability: 0.93 },
      ...{ ruleId: 'relation.single_slot', rulesVersion: 'relations-1', evidence: ['slot=residence'] },
      ...{ slot: 'residence', settlement: 'superseded', weights: { told: 0, held: 0 } },
      ...more,
    },
  };
}

/** What an undo brings back: the memory as it was. */
export function restored(
  memoryId: string,
  undoes: string[],
  before: Memory,
  kind: 'undo' | 'redo' = 'undo',
): MemoryEvent {
  const { id: _id, ownership: _own, modality: _modality, observedAt: _at, version: _version, ...state } = before;
  return { type: 'MemoryRestored', data: { memoryId, kind, undoes, restored: state } };
}

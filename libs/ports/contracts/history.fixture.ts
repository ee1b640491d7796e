import type { DomainEvent, RecordedCommit } from '#libs/contracts/events.js';
import type {
  Evidence,
  MemoryEvent,
  MemoryImported,
  MemoryLearned,
  WorldTime,
} from '#libs/domain/memory/memory.events.js';
import { evidence, learned } from '#libs/domain/memory/memory.fixture.js';
import { absentMemory, evolveMemory, type Memory, type MemoryState } from '#libs/domain/memory/memory.evolve.js';
import type { Scope } from '#libs/domain/scope/ownership.js';
import { projectCommits, touchedMemories } from '#libs/projections/read-model.js';
import type { ReadModelStore } from '../read-model-store.js';
import { rowId, somewhere } from './read-model.fixture.js';

/** One step of a history, as numbers: what happens, to which memory, and how. */
export type HistoryStep = readonly [kind: number, target: number, detail: number];

const memoryCount = 8;
const scopes: readonly Scope[] = ['personal', 'team', 'project'];
const words = ['tea', 'coffee', 'Lyon', 'Porto', 'a red boat', 'the zebra'];
const day = (number: number): string => new Date(Date.UTC(2026, 1, 1 + (number % 28))).toISOString();
const worldTime = (number: number): WorldTime | null =>
  number % 3 === 0 ? null : { instant: day(number), precision: 'day' };
const text = (number: number): string => `I like ${words[number % words.length]} ${number % 5}`;

/**
 * Writes the commits of a history step by step, as the log would tell them: every kind of event that a memory can have,
 * and conversations. The same steps give the same history.
 */
export class History {
  position = 0;
  /** By number; what each is now. */
  readonly states = new Map<number, MemoryState>();
  readonly episodeIds: string[] = [];
  private readonly earlier = new Map<number, Memory[]>();
  private events = 0;
  private readonly streamVersions = new Map<string, number>();

  constructor(private readonly tenantId: string) {}

  get memoryIds(): string[] {
    return [...this.states.keys()].map((number) => rowId('memory', number));
  }

  get erasedIds(): Set<string> {
    const erased = [...this.states].filter(([, state]) => state.kind === 'erased');
    return new Set(erased.map(([number]) => rowId('memory', number)));
  }

  /** Adds the commit of a step and writes it to the read model. */
  async take(step: HistoryStep, store: ReadModelStore): Promise<void> {
    const commit = this.commitOf(step);
    const followed = [{ kind: 'commit' as const, commit }];
    const known = await store.memories(this.tenantId, touchedMemories(followed));
    const changes = projectCommits(followed, known, new Set());
    if (changes.parked.length > 0) throw new Error(`The history is none: ${changes.parked[0]!.error}`);
    await store.apply(this.tenantId, commit.position - 1, commit.position, changes);
  }

  private commitOf([kind, target, detail]: HistoryStep): RecordedCommit {
    this.position += 1;
    const events = kind % 5 === 0 ? [this.conversation(detail)] : this.memoryEvents(kind, target, detail);
    const recordedTime = new Date(Date.UTC(2026, 2, 1, 10, 0, this.position)).toISOString();
    const recorded = events.map(([subject, event]) => this.recorded(subject, event, recordedTime));
    return { tenantId: this.tenantId, position: this.position, recordedTime, events: recorded };
  }

  private conversation(detail: number): [string, DomainEvent] {
    const messages = Array.from({ length: 1 + (detail % 3) }, (_, at) => {
      const id = rowId('episode', this.position * 8 + at);
      this.episodeIds.push(id);
      const said = { content: text(detail + at), saidAt: day(detail + at) };
      return { id, role: 'user', speaker: detail % 2 === 0 ? 'Ann' : null, externalId: null, ...said };
    });
    const names = { project: 'default', team: null, agent: null };
    const ownership = { ...somewhere, scope: scopes[detail % scopes.length]! };
    const conversationId = rowId('conversation', detail % 2);
    const data = { conversationId, ownership, names, metadata: {}, extractorVersion: 'rules-1', messages };
    return [`session-${conversationId}`, { type: 'ConversationIngested', data }];
  }

  /** Sometimes two at once: a commit may change a memory twice. */
  private memoryEvents(kind: number, target: number, detail: number): [string, DomainEvent | ErasedEvent][] {
    const number = target % memoryCount;
    const count = detail % 7 === 0 ? 2 : 1;
    return Array.from({ length: count }, (_, at) => {
      const state = this.states.get(number) ?? absentMemory;
      const event = this.next(state, number, kind + at, detail + at);
      const after = evolveMemory(state, event);
      this.states.set(number, after);
      if (after.kind === 'known') this.earlier.set(number, [...(this.earlier.get(number) ?? []), after.memory]);
      return [`memory-${rowId('memory', number)}`, event];
    });
  }

  private next(state: MemoryState, number: number, kind: number, detail: number): MemoryEvent | ErasedEvent {
    const memoryId = rowId('memory', number);
    if (state.kind === 'erased') return { type: 'MemoryErased', data: null };
    if (state.kind === 'absent') {
      const isLate = detail % 6 === 0;
      const begun = learned(memoryId, {
        ...{ content: text(detail), ownership: { ...somewhere, scope: scopes[number % scopes.length]! } },
        ...{ observedAt: day(detail), validFrom: worldTime(detail), validTo: isLate ? worldTime(detail + 1) : null },
        evidence: this.evidence(detail),
        ...(isLate && { supersededBy: rowId('memory', number + 1) }),
      });
      return detail % 5 === 0 ? this.imported(begun, isLate) : begun;
    }
    return this.change(state.memory, number, kind, detail);
  }

  private imported({ data }: MemoryLearned, isLate: boolean): MemoryImported {
    const origin = { importId: rowId('import', 1), system: 'memorystack', rowId: null };
    const status = isLate ? ('superseded' as const) : ('active' as const);
    const times = { createdAt: day(this.position), updatedAt: day(this.position + 1) };
    const moreEvidence = [evidence(rowId('piece', 9))];
    return { type: 'MemoryImported', data: { ...data, ...times, status, origin, moreEvidence, earlier: null } };
  }

  private change(memory: Memory, number: number, kind: number, detail: number): MemoryEvent | ErasedEvent {
    const memoryId = memory.id;
    const contradictionId = rowId('contradiction', detail % 3);
    const metadata = { detail };
    switch (kind % 9) {
      case 0:
        return { type: 'MemoryReinforced', data: { memoryId, evidence: this.evidence(detail), weight: 0.4 } };
      case 1: {
        const read = { claims: [], claimsVersion: 'claims-1' };
        const refined = { content: text(detail + 1), metadata, evidence: this.evidence(detail), weight: 0.2, read };
        return { type: 'MemoryRefined', data: { memoryId, ...refined } };
      }
      case 2: {
        const closed = { supersededBy: rowId('memory', number + 1), contradictionId, validTo: worldTime(detail) };
        return { type: 'MemorySuperseded', data: { memoryId, ...closed } };
      }
      case 3: {
        const dispute = detail % 2 === 0 ? ('open' as const) : ('settled' as const);
        const weight = { evidenceId: rowId('weight', detail % 5), weight: -0.6 };
        return { type: 'BeliefAdjusted', data: { memoryId, ...weight, contradictionId, dispute } };
      }
      case 4: {
        const past = this.earlier.get(number)!;
        const {
          id: _id,
          ownership: _owner,
          modality: _mode,
          observedAt: _at,
          version: _version,
          ...restored
        } = past[detail % past.length]!;
        return { type: 'MemoryRestored', data: { memoryId, kind: 'undo', undoes: [], restored } };
      }
      case 5:
        return { type: 'MemoryForgotten', data: { memoryId } };
      case 6:
        if (detail % 4 === 0) return { type: 'MemoryErased', data: null };
        return { type: 'MemoryRevised', data: { memoryId, confidence: (detail % 10) / 10 } };
      default:
        return { type: 'MemoryRevised', data: { memoryId, content: text(detail), metadata } };
    }
  }

  /** From a message of the history where there is one. The same number is the same evidence. */
  private evidence(detail: number): Evidence {
    const messageId = this.episodeIds[detail % Math.max(1, this.episodeIds.length)];
    const id = rowId('piece', detail % 6);
    if (messageId === undefined || detail % 4 === 0) return evidence(id);
    return evidence(id, { sourceType: 'message', sources: [{ messageId, externalId: null, start: 0, end: 3 }] });
  }

  private recorded(subject: string, event: DomainEvent | ErasedEvent, recordedtime: string) {
    this.events += 1;
    const streamversion = (this.streamVersions.get(subject) ?? 0) + 1;
    this.streamVersions.set(subject, streamversion);
    const headers = {
      ...{ specversion: '1.0' as const, id: rowId('happened', this.events), source: 'test', type: event.type, subject },
      ...{ time: recordedtime, recordedtime, correlationid: 'request', causationid: 'command' },
      ...{ tenantid: this.tenantId, tenantseq: this.events, streamversion, commitid: 'commit', schemaversion: 1 },
      ...{ datasubject: 'self', actor: { key: 'key', agent: null, session: null } },
      ...{ reason: this.events % 2 === 0 ? ('user' as const) : ('rule' as const), decision: { rule: 'test' } },
    };
    return { headers, event };
  }
}

interface ErasedEvent {
  type: string;
  data: null;
}

import type { DomainEvent, RecordedCommit } from '#libs/contracts/events.js';
import type { FollowedCommit } from '#libs/ports/log-reader.js';
import { somewhere } from '#libs/ports/contracts/read-model.fixture.js';
import { evidence, learned, personal } from '#libs/domain/memory/memory.fixture.js';

export type TestEvent = DomainEvent | { type: string; data: null };

/** Builds the commits of a log one after another, with the numbers that the ledger would give them. */
export class TestLog {
  readonly commits: FollowedCommit[] = [];
  private readonly versions = new Map<string, number>();
  private events = 0;

  /** Adds a commit of `[stream, event]` pairs. */
  commit(...events: [string, TestEvent][]): this {
    const position = this.commits.length + 1;
    const recordedTime = new Date(Date.UTC(2026, 2, 1, 10, 0, position)).toISOString();
    const recorded = events.map(([subject, event]): RecordedCommit['events'][number] => {
      const streamversion = (this.versions.get(subject) ?? 0) + 1;
      this.versions.set(subject, streamversion);
      this.events += 1;
      const id = `00000000-0000-5000-8000-${String(this.events).padStart(12, '0')}`;
      return { headers: { ...headersOf(id, subject, event.type), tenantseq: this.events, streamversion }, event };
    });
    this.commits.push({ kind: 'commit', commit: { tenantId: 'acme', position, recordedTime, events: recorded } });
    return this;
  }

  /** Adds a commit that the reader could not open. Its events count, where it can be told whose they are. */
  unreadable(...streamIds: string[]): this {
    const position = this.commits.length + 1;
    for (const streamId of streamIds) this.versions.set(streamId, (this.versions.get(streamId) ?? 0) + 1);
    this.commits.push({ kind: 'unreadable', commit: { tenantId: 'acme', position, streamIds, error: 'tampered' } });
    return this;
  }

  /** An event of `streamId` went by that nobody could tell to be one of it. */
  lose(streamId: string): this {
    this.versions.set(streamId, (this.versions.get(streamId) ?? 0) + 1);
    return this;
  }
}

function headersOf(id: string, subject: string, type: string) {
  return {
    specversion: '1.0' as const,
    id,
    source: 'test',
    type,
    subject,
    time: '2026-03-01T10:00:00.000Z',
    recordedtime: '2026-03-01T10:00:00.000Z',
    correlationid: 'request',
    causationid: 'command',
    tenantid: 'acme',
    commitid: 'commit',
    schemaversion: 1,
    datasubject: 'self',
    actor: { key: 'key', agent: null, session: null },
    reason: 'user' as const,
    decision: null,
  };
}

/** Events of the memory `name`, with the stream they belong to. */
export function memory(name: string) {
  const stream = `memory-${name}`;
  const on = (event: TestEvent): [string, TestEvent] => [stream, event];
  return {
    stream,
    learned: (content = `What ${name} says`) => on(learned(name, { content, ownership: personal })),
    revised: (content: string) => on({ type: 'MemoryRevised', data: { memoryId: name, content } }),
    reinforced: (id: string) => on({ type: 'MemoryReinforced', data: { memoryId: name, evidence: evidence(id) } }),
    forgotten: () => on({ type: 'MemoryForgotten', data: { memoryId: name } }),
    erased: () => on({ type: 'MemoryErased', data: null }),
    unreadable: (type: string) => on({ type, data: null }),
  };
}

/** A contradiction between two memories: found, and erased. */
export function contradiction(name: string, memoryId: string, otherId: string) {
  const on = (event: TestEvent): [string, TestEvent] => [`contradiction-${name}`, event];
  const found = {
    ...{ contradictionId: name, ownership: personal, memoryId, otherId, kind: 'update' as const, probability: 0.9 },
    ...{ ruleId: 'relation.single_slot', rulesVersion: 'relations-1', evidence: ['before=Porto'], slot: 'residence' },
    ...{ settlement: null, weights: { told: -1, held: -1 } },
  };
  return {
    detected: () => on({ type: 'ContradictionDetected', data: found }),
    erased: () => on({ type: 'ContradictionErased', data: { contradictionId: name } }),
    unreadable: (type: string) => on({ type, data: null }),
  };
}

export function conversation(...contents: string[]): [string, TestEvent] {
  const messages = contents.map((content, index) => ({
    id: `message-${content}`,
    role: 'user',
    speaker: null,
    content,
    externalId: `${index}`,
    saidAt: '2026-03-01T10:00:00.000Z',
  }));
  const names = { project: 'default', team: null, agent: null };
  const said = { conversationId: 'c', ownership: somewhere, names, metadata: { from: 'chat' }, messages };
  return ['session-c', { type: 'ConversationIngested', data: { ...said, extractorVersion: 'rules-1' } }];
}

import { Inject, Injectable } from '@nestjs/common';
import type { ConversationIngested, RecordedEvent } from '#libs/contracts/events.js';
import { limits } from '#libs/domain/limits.js';
import { type Filter, type Filterable, matches } from '#libs/domain/scope/filter.js';
import { type Caller, type Ownership, sees, visibleTo } from '#libs/domain/scope/ownership.js';
import { type FollowedCommit, LogReader } from '#libs/ports/log-reader.js';
import type { ChangePage, ChangesQuery, LogChange, LogPlace } from '#libs/ports/memory-queries.js';
import { type ContradictionRow, MemoryReader, type MemoryRow } from '#libs/ports/memory-reader.js';
import { rowFilterable } from './row-filterable.js';

/** Commits of a page; each may hold many events. */
const commitsPerPage = 64;
/** Where another process appends, nobody tells this one of it. */
const pollMs = 250;
const longestWaitMs = 5_000;
const memoryStream = 'memory-';
const contradictionStream = 'contradiction-';

export interface ReadCommits {
  commits: FollowedCommit[];
  lastPosition: number;
  head: number;
}

type Placed = RecordedEvent & { place: LogPlace; recordedAt: string };
type Rows = { memories: ReadonlyMap<string, MemoryRow>; contradictions: ReadonlyMap<string, ContradictionRow> };

/**
 * The log as a caller may see it: the events of its memories with what they left, told from the rows that reads show, so
 * that the two cannot say different things. What was erased is in no row, and whose it was nobody knows any more: of it
 * only the erasure is told, by the memory's id, because whoever has a copy must drop it.
 */
@Injectable()
export class Changes {
  constructor(
    @Inject(LogReader) private readonly log: LogReader,
    @Inject(MemoryReader) private readonly reader: MemoryReader,
  ) {}

  async read(tenantId: string, { position, index }: LogPlace): Promise<ReadCommits> {
    const head = await this.log.headPosition(tenantId);
    const after = index < limits.eventsPerCommit ? position - 1 : position;
    const commits = after >= head ? [] : await this.log.commitsAfter(tenantId, Math.max(0, after), commitsPerPage);
    return { commits, head, lastPosition: commits.at(-1)?.commit.position ?? 0 };
  }

  async page(caller: Caller, query: ChangesQuery, { commits, head, lastPosition }: ReadCommits): Promise<ChangePage> {
    const events = commits.flatMap(placedEvents).filter(({ place }) => isAfter(place, query.after));
    const wanted = events.filter(({ headers }) => query.types?.includes(headers.type) ?? true);
    const rows = await this.rowsOf(caller.tenantId, wanted);
    const changes: LogChange[] = [];
    for (const event of wanted) {
      const change = shown(caller, query.filter, event, rows);
      if (!change) continue;
      if (changes.length === query.limit) return { changes, head, next: changes.at(-1)!.place };
      changes.push(change);
    }
    const position = Math.max(lastPosition, query.after.position);
    return { changes, head, next: { position, index: limits.eventsPerCommit } };
  }

  async grown(tenantId: string, position: number, waitMs: number): Promise<number> {
    const endMs = performance.now() + Math.min(waitMs, longestWaitMs);
    for (;;) {
      const head = await this.log.headPosition(tenantId);
      const leftMs = endMs - performance.now();
      if (head > position || leftMs <= 0) return head;
      await this.growth(tenantId, Math.min(pollMs, leftMs));
    }
  }

  private growth(tenantId: string, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        stopListening();
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      const stopListening = this.log.onGrowth((grown) => {
        if (grown === tenantId) finish();
      });
    });
  }

  private async rowsOf(tenantId: string, events: readonly Placed[]): Promise<Rows> {
    const ofMemories = events.filter(({ headers }) => headers.subject.startsWith(memoryStream));
    const versions = ofMemories.map(({ headers: { subject, streamversion: version } }) => ({
      ...{ memoryId: subject.slice(memoryStream.length), version },
    }));
    const contradictionIds = new Set(
      events
        .filter(({ headers, event }) => headers.subject.startsWith(contradictionStream) && event.data !== null)
        .map(({ headers }) => headers.subject.slice(contradictionStream.length)),
    );
    const [memories, contradictions] = await Promise.all([
      this.reader.memoriesAt(tenantId, versions),
      Promise.all([...contradictionIds].map((id) => this.reader.contradiction(tenantId, id))),
    ]);
    return {
      memories: new Map(memories.map((row) => [versionKey(row.id, row.version), row])),
      contradictions: new Map(contradictions.flatMap((row) => (row ? [[row.id, row] as const] : []))),
    };
  }
}

function placedEvents(followed: FollowedCommit): Placed[] {
  // What cannot be read is parked, and told to the operator: it has no event to show.
  if (followed.kind === 'unreadable') return [];
  const { position, recordedTime: recordedAt, events } = followed.commit;
  return events.map((event, index) => ({ ...event, recordedAt, place: { position, index } }));
}

function isAfter(place: LogPlace, after: LogPlace): boolean {
  return place.position > after.position || (place.position === after.position && place.index > after.index);
}

function versionKey(memoryId: string, version: number): string {
  return `${memoryId} ${version}`;
}

/** The event as the caller may see it; null where it may not, or did not ask for it. */
function shown(caller: Caller, filter: Filter | null, event: Placed, rows: Rows): LogChange | null {
  const { headers, place, recordedAt } = event;
  const told: LogChange = {
    ...{ place, recordedAt, eventId: headers.id, type: headers.type, reason: headers.reason },
    ...{ memoryId: null, memory: null, data: null },
  };
  if (headers.subject.startsWith(memoryStream)) {
    const memoryId = headers.subject.slice(memoryStream.length);
    if (headers.type === 'MemoryErased') return { ...told, memoryId };
    const memory = rows.memories.get(versionKey(memoryId, headers.streamversion));
    if (!memory || !matches(rowFilterable(memory), { and: [visibleTo(caller), filter ?? { and: [] }] })) return null;
    return { ...told, memoryId, memory };
  }
  const data = dataOf(caller, filter, event, rows);
  return data && { ...told, data };
}

/** What an event says that is of no memory. A type that this release does not know is nobody's to see. */
function dataOf(caller: Caller, filter: Filter | null, { headers, event }: Placed, rows: Rows) {
  if (headers.subject.startsWith(contradictionStream)) {
    const row = rows.contradictions.get(headers.subject.slice(contradictionStream.length));
    if (!row || !belongs(caller, filter, row.ownership, 'memory')) return null;
    const { id, memoryId, otherId, kind, settlement } = row;
    return { contradiction_id: id, memory_id: memoryId, other_id: otherId, kind, settlement };
  }
  if (event.data === null) return null;
  if (event.type === 'ConversationIngested') return conversation(caller, filter, event as ConversationIngested);
  if (filter !== null) return null;
  switch (event.type) {
    case 'AgentRegistered': {
      const { agentId, name, agentType, role, project } = event.data;
      const isOwn = project.id === caller.project.id;
      return isOwn ? { agent_id: agentId, name, agent_type: agentType, role, project_id: project.id } : null;
    }
    case 'AgentHandoffRecorded': {
      const { handoffId, projectId, fromAgent, toAgent, sessionId } = event.data;
      const handoff = { handoff_id: handoffId, from_agent: fromAgent, to_agent: toAgent, session_id: sessionId };
      return projectId === caller.project.id ? handoff : null;
    }
    case 'PolicySet': {
      const { policies, maintenance } = event.data;
      return { policies, ...(maintenance !== undefined && { maintenance }) };
    }
    case 'MaintenancePlanned': {
      const { runId, kind, position, changes, retired, guarded } = event.data;
      const plan = { run_id: runId, kind, planned_at: position, changes, retired, stopped: guarded.length > 0 };
      return caller.boundUserId === null ? plan : null;
    }
    case 'MaintenanceApplied':
    case 'MaintenanceReverted': {
      const { runId, step, isLast } = event.data;
      return caller.boundUserId === null ? { run_id: runId, step, last: isLast } : null;
    }
    default:
      return null;
  }
}

function conversation(caller: Caller, filter: Filter | null, { data }: ConversationIngested) {
  const { conversationId, ownership, messages } = data;
  if (!belongs(caller, filter, ownership, 'episode')) return null;
  return {
    conversation_id: conversationId,
    user_id: ownership.userId,
    session_id: ownership.sessionId,
    scope: ownership.scope,
    messages: messages.map(({ id, role, speaker, content, externalId, saidAt }) => ({
      ...{ id, role, name: speaker, content, external_id: externalId, said_at: saidAt },
    })),
  };
}

function belongs(caller: Caller, filter: Filter | null, ownership: Ownership, kind: Filterable['kind']): boolean {
  const unsaid = { memoryType: '', status: '', confidence: 0, metadata: {}, saidAt: '', validFrom: '', validTo: null };
  return sees(caller, ownership) && matches({ ...ownership, ...unsaid, kind }, filter ?? { and: [] });
}

import type { ContradictionEvent } from '#libs/domain/belief/contradiction.js';
import type {
  AgentHandoffRecorded,
  AgentRegistered,
  ConversationIngested,
  EventHeaders,
  RecordedCommit,
  RecordedEvent,
} from '#libs/contracts/events.js';
import type { MemoryEvent, MemoryImported } from '#libs/domain/memory/memory.events.js';
import type { UnreadableEvent } from '#libs/domain/memory/memory.evolve.js';
import {
  absentMemory,
  evolveMemory,
  isBelieved,
  type Memory,
  type MemoryState,
} from '#libs/domain/memory/memory.evolve.js';
import type { PolicySet } from '#libs/domain/belief/policy.js';
import type { MaintenancePlanned } from '#libs/domain/maintenance/run.js';
import { believerKey } from '#libs/domain/scope/ownership.js';
import { ContradictionRows, isContradictionStream } from './contradiction-rows.js';
import { evidenceChange, versionOf } from './memory-versions.js';
import type { FollowedCommit } from '#libs/ports/log-reader.js';
import type { ClaimSlotRow, ProjectedMemory, ReadModelChanges } from '#libs/ports/read-model-store.js';

/** Messages of one request are numbered after the event that brought them; there are at most 100. */
const messagesPerEvent = 128;

/** Streams of memories are named so, before the memory's id. */
const memoryStream = 'memory-';

interface Folding {
  state: MemoryState;
  row: ProjectedMemory | null;
}

const utf8Bytes = (text: string): number => Buffer.byteLength(text);

/** The memories whose current rows a batch needs: those that it touches and did not itself begin. */
export function touchedMemories(commits: readonly FollowedCommit[]): string[] {
  const touched = new Set<string>();
  const begun = new Set<string>();
  for (const followed of commits) {
    if (followed.kind !== 'commit') continue;
    for (const { headers } of followed.commit.events) {
      if (!isMemoryStream(headers.subject)) continue;
      (headers.streamversion === 1 ? begun : touched).add(memoryIdOf(headers.subject));
    }
  }
  return [...touched].filter((id) => !begun.has(id));
}

/** Memories and episodes whose rows a batch may have changed. */
export function touchedDocuments(commits: readonly FollowedCommit[]): string[] {
  const touched = new Set<string>();
  for (const followed of commits) {
    if (followed.kind !== 'commit') continue;
    for (const { headers, event } of followed.commit.events) {
      if (isMemoryStream(headers.subject)) touched.add(memoryIdOf(headers.subject));
      if (event.type !== 'ConversationIngested' || event.data === null) continue;
      for (const { id } of (event as ConversationIngested).data.messages) touched.add(id);
    }
  }
  return [...touched];
}

/**
 * Folds a batch of commits of one tenant into changes of the read model. Pure: `known` holds the rows that
 * `touchedMemories` named. An event that cannot be folded parks every stream of its commit; later events of a parked
 * stream are parked behind it, everything else goes on. Only an erasure is never parked.
 */
export function projectCommits(
  commits: readonly FollowedCommit[],
  known: ReadonlyMap<string, ProjectedMemory>,
  parkedStreams: ReadonlySet<string>,
): ReadModelChanges {
  const projection = new ReadModelProjection(known, parkedStreams);
  for (const followed of commits) projection.follow(followed);
  return projection.changes();
}

class ReadModelProjection {
  private readonly foldings = new Map<string, Folding>();
  private readonly parked: Set<string>;
  private readonly contradictions = new ContradictionRows();
  private readonly result: Pick<
    ReadModelChanges,
    'versions' | 'episodes' | 'projects' | 'teams' | 'agents' | 'handoffs' | 'runs' | 'settings' | 'totals' | 'parked'
  > = {
    versions: [],
    episodes: [],
    projects: [],
    teams: [],
    agents: [],
    handoffs: [],
    runs: [],
    settings: [],
    totals: { memories: 0, episodes: 0, contentBytes: 0 },
    parked: [],
  };

  constructor(
    private readonly known: ReadonlyMap<string, ProjectedMemory>,
    parkedStreams: ReadonlySet<string>,
  ) {
    this.parked = new Set(parkedStreams);
  }

  follow(followed: FollowedCommit): void {
    if (followed.kind === 'unreadable') {
      const { position, streamIds, error } = followed.commit;
      this.park(position, streamIds.length > 0 ? streamIds : [`commit-${position}`], error);
      return;
    }
    const { commit } = followed;
    const streamIds = [...new Set(commit.events.map(({ headers }) => headers.subject))];
    const behind = streamIds.find((streamId) => this.parked.has(streamId));
    if (behind !== undefined) {
      this.parkAllButErasures(commit, `Stream ${behind} is parked.`);
      return;
    }
    // A commit is taken whole or not at all: fold every memory first, because only folding can fail.
    const memoryIds = streamIds.filter(isMemoryStream).map(memoryIdOf);
    const before = memoryIds.map((id) => this.foldings.get(id));
    const versions = this.result.versions.length;
    try {
      for (const event of commit.events) this.fold(commit, event);
    } catch (error) {
      memoryIds.forEach((id, at) => this.restore(id, before[at]));
      this.result.versions.length = versions;
      this.parkAllButErasures(commit, (error as Error).message);
      return;
    }
    for (const event of commit.events) this.record(commit, event);
  }

  changes(): ReadModelChanges {
    const memories: ProjectedMemory[] = [];
    const erasedMemories: string[] = [];
    const reread: string[] = [];
    const claimSlots: ClaimSlotRow[] = [];
    const { totals } = this.result;
    for (const [id, { state, row }] of this.foldings) {
      const before = this.known.get(id);
      count(totals, before, -1);
      if (state.kind !== 'known' || row === null) {
        erasedMemories.push(id);
        continue;
      }
      memories.push(row);
      count(totals, row, 1);
      if (before?.claims === row.claims) continue;
      if (before) reread.push(id);
      claimSlots.push(...claimSlotsOf(row));
    }
    const erased = new Set(erasedMemories);
    const versions = this.result.versions.filter((version) => !erased.has(version.memoryId));
    return {
      ...this.result,
      ...{ versions, memories, erasedMemories, reread, claimSlots },
      ...this.contradictions.changes(),
    };
  }

  private fold(commit: RecordedCommit, { headers, event }: RecordedEvent): void {
    if (!isMemoryStream(headers.subject)) return;
    const id = memoryIdOf(headers.subject);
    const folding = this.foldings.get(id) ?? startingFrom(this.known.get(id));
    assertNext(headers, event, folding.state);
    const state = evolveMemory(folding.state, event as MemoryEvent);
    if (state.kind !== 'known') {
      this.foldings.set(id, { state, row: null });
      return;
    }
    const { position, recordedTime } = commit;
    const imported = event.type === 'MemoryImported' ? (event as MemoryImported).data : null;
    const { createdAt, createdPosition } = folding.row ?? {
      ...{ createdAt: imported?.createdAt ?? recordedTime, createdPosition: position },
    };
    const updatedAt = imported?.updatedAt ?? recordedTime;
    const times = { createdAt, createdPosition, updatedAt, updatedPosition: position };
    const row = projected(state.memory, times);
    this.foldings.set(id, { state, row });
    const version = versionOf(commit, headers, row, evidenceChange(event as MemoryEvent));
    this.result.versions.push(imported ? { ...version, updatedAt, earlier: imported.earlier } : version);
  }

  /** What is no memory: raw messages and the directory. Nothing here can fail on a readable event. */
  private record(commit: RecordedCommit, { headers, event }: RecordedEvent): void {
    if (isContradictionStream(headers.subject)) {
      this.contradictions.record(commit, headers.subject, event as ContradictionEvent | UnreadableEvent);
      return;
    }
    if (event.data === null) return;
    switch (event.type) {
      case 'ConversationIngested':
        this.recordConversation(commit, headers, event as ConversationIngested);
        break;
      case 'AgentRegistered':
        this.recordAgent(commit, event as AgentRegistered);
        break;
      case 'AgentHandoffRecorded': {
        const { data } = event as AgentHandoffRecorded;
        const { handoffId, ...handoff } = data;
        const { position: createdPosition, recordedTime: recordedAt } = commit;
        this.result.handoffs.push({ id: handoffId, ...handoff, recordedAt, createdPosition });
        break;
      }
      case 'MaintenancePlanned': {
        const { runId: id, kind } = (event as MaintenancePlanned).data;
        const { position: createdPosition, recordedTime: createdAt } = commit;
        this.result.runs.push({ id, kind, createdAt, createdPosition });
        break;
      }
      case 'PolicySet': {
        const { maintenance } = (event as PolicySet).data;
        if (maintenance !== undefined) this.result.settings = [{ settings: maintenance, setAt: commit.recordedTime }];
        break;
      }
    }
  }

  private recordConversation(commit: RecordedCommit, headers: EventHeaders, { data }: ConversationIngested): void {
    data.messages.forEach((message, index) => {
      const { id, role, speaker, content, externalId, saidAt } = message;
      this.result.totals.episodes += 1;
      this.result.totals.contentBytes += utf8Bytes(content);
      this.result.episodes.push({
        ...{ id, role, speaker, content, externalId, saidAt },
        ownership: data.ownership,
        conversationId: data.conversationId,
        // Numbers of events grow along the log, so ordinals do too; they need not be gapless.
        ordinal: headers.tenantseq * messagesPerEvent + index,
        metadata: data.metadata,
        createdAt: commit.recordedTime,
        createdPosition: commit.position,
      });
    });
  }

  /**
   * Projects and teams are listed as agents name them, and nowhere else: what a memory or a conversation says of them
   * goes when it is erased, and then a replay could not tell it again.
   */
  private recordAgent(commit: RecordedCommit, { data }: AgentRegistered): void {
    const { agentId, name, agentType, role, personality, project, team } = data;
    const { position: createdPosition, recordedTime: createdAt } = commit;
    this.result.projects.push({ ...project, projectId: project.id, createdPosition });
    if (team) this.result.teams.push({ ...team, projectId: project.id, createdPosition });
    const agent = { id: agentId, name, agentType, role, personality, projectId: project.id, teamId: team?.id ?? null };
    this.result.agents.push({ ...agent, createdAt, createdPosition });
  }

  /** What was erased must go, also when something before it, or beside it, could not be folded. */
  private parkAllButErasures(commit: RecordedCommit, error: string): void {
    const erasures = commit.events.filter(isErasure);
    for (const event of erasures) {
      this.fold(commit, event);
      this.record(commit, event);
    }
    const erased = new Set(erasures.map(({ headers }) => headers.subject));
    const streamIds = new Set(commit.events.map(({ headers }) => headers.subject));
    this.park(
      commit.position,
      [...streamIds].filter((streamId) => !erased.has(streamId)),
      error,
    );
  }

  private restore(id: string, folding: Folding | undefined): void {
    if (folding) this.foldings.set(id, folding);
    else this.foldings.delete(id);
  }

  private park(position: number, streamIds: readonly string[], error: string): void {
    for (const streamId of streamIds) {
      this.parked.add(streamId);
      this.result.parked.push({ position, streamId, error });
    }
  }
}

function startingFrom(row: ProjectedMemory | undefined): Folding {
  if (!row) return { state: absentMemory, row: null };
  return { state: { kind: 'known', memory: row }, row };
}

type Times = Pick<ProjectedMemory, 'createdAt' | 'createdPosition' | 'updatedAt' | 'updatedPosition'>;

/** Written out: adding fields to a spread of this size costs a hundred times as much, and this is once an event. */
function projected(memory: Memory, times: Times): ProjectedMemory {
  return {
    id: memory.id,
    ownership: memory.ownership,
    content: memory.content,
    memoryType: memory.memoryType,
    confidence: memory.confidence,
    metadata: memory.metadata,
    modality: memory.modality,
    status: memory.status,
    observedAt: memory.observedAt,
    validFrom: memory.validFrom,
    validTo: memory.validTo,
    supersededBy: memory.supersededBy,
    contradictions: memory.contradictions,
    disputes: memory.disputes,
    adjustments: memory.adjustments,
    claims: memory.claims,
    evidence: memory.evidence,
    version: memory.version,
    createdAt: times.createdAt,
    updatedAt: times.updatedAt,
    createdPosition: times.createdPosition,
    updatedPosition: times.updatedPosition,
  };
}

/** An event of the stream that could not even be told to be one must not be passed over. */
function assertNext(headers: EventHeaders, event: RecordedEvent['event'], state: MemoryState): void {
  if (event.data === null || event.type === 'MemoryErased' || state.kind === 'erased') return;
  const version = state.kind === 'known' ? state.memory.version : 0;
  if (headers.streamversion === version + 1) return;
  throw new Error(`Event ${headers.streamversion} of ${headers.subject} does not follow version ${version}.`);
}

function claimSlotsOf({ id, ownership, claims }: ProjectedMemory): ClaimSlotRow[] {
  const believer = believerKey(ownership);
  const rows = new Map<string, ClaimSlotRow>();
  for (const { subject, slot } of claims) rows.set(`${subject} ${slot}`, { memoryId: id, believer, subject, slot });
  return [...rows.values()];
}

function count(totals: ReadModelChanges['totals'], row: ProjectedMemory | undefined, sign: 1 | -1): void {
  if (!row || !isBelieved(row)) return;
  totals.memories += sign;
  totals.contentBytes += sign * utf8Bytes(row.content);
}

/** Neither can fail to fold. */
function isErasure({ headers, event }: RecordedEvent): boolean {
  if (headers.type === 'MemoryErased' || headers.type === 'ContradictionErased') return true;
  return isContradictionStream(headers.subject) && event.data === null;
}

function isMemoryStream(streamId: string): boolean {
  return streamId.startsWith(memoryStream);
}

function memoryIdOf(streamId: string): string {
  return streamId.slice(memoryStream.length);
}

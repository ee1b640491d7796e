import type { QueryConfig } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { byCommandId, type Idempotency } from '#libs/contracts/commands.js';
import { encodeCommit } from '#libs/contracts/commit-codec.js';
import { type EventHeaders, schemaVersions, type StoredCommit, type StoredEvent } from '#libs/contracts/events.js';
import { limits } from '#libs/domain/limits.js';
import {
  type AppendRequest,
  type AppendResult,
  CommitTooLarge,
  type LogSources,
  LogWriter,
  type NewEvent,
} from '#libs/ports/log-writer.js';
import type { Database } from '../database.js';
import { isRefusal } from '../refusal.js';
import type { KeyRing, StreamKey, SubjectKey } from '../key-ring.js';
import { open, random, seal } from '../payload-cipher.js';
import {
  accept,
  basisRead,
  type BasisRow,
  type DecisionBasis,
  type HeadRow,
  type LogHead,
  lockHead,
  outcomesStream,
  readBasis,
  readHead,
  refusal,
  type StoredOutcome,
} from './append-batch.js';
import { BatchRows } from './batch-rows.js';
import type { LogGrowth } from './log-growth.js';
import { leafHash, MerkleFrontier } from './merkle-frontier.js';

const source = 'memorystack/ingestion';
const uuidRandomBytes = 16;
/** Few enough that deciding and writing overlap, enough that a statement's own cost does not count. */
const appendsPerStatement = 32;

/** Chance is drawn in larger pieces than one id needs, which is much faster. */
const clockAndChance: LogSources = {
  now: () => new Date(),
  newId: () => uuidv7({ random: random(uuidRandomBytes) }),
};

interface Waiting {
  request: AppendRequest;
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

interface Turn {
  waiting: Waiting[];
  running: boolean;
}

interface Committed {
  results: (AppendResult | Error)[];
  positionBefore: number;
  batch: Batch;
}

/** A batch is under way: what it is decided on, and the head as it moves. */
interface Batch {
  basis: DecisionBasis;
  head: LogHead;
  frontier: MerkleFrontier;
  /** What the next statement will write. */
  rows: BatchRows;
  keys: Map<string, StreamKey>;
  /** Those of `keys` that seal something of this batch. */
  usedKeys: Map<string, StreamKey>;
  usedSubjects: Set<SubjectKey>;
  destroyedStreams: Set<string>;
  subjects: Map<string, string>;
}

/**
 * The append transaction in PostgreSQL. Appends of one tenant that arrive while a transaction is under way share the
 * next one (group commit): no timer, so a lone append waits for nobody.
 *
 * Conditions are compared in memory under the lock of the tenant's head, so a refused append writes nothing that
 * would have to be rolled back to a savepoint; a transaction that fails for any other reason is run again one append
 * at a time, so that one append cannot fail its neighbours.
 */
export class PostgresLogWriter extends LogWriter {
  private readonly turns = new Map<string, Turn>();

  constructor(
    private readonly db: Database,
    private readonly keyRing: KeyRing,
    private readonly growth: LogGrowth,
    private readonly sources: LogSources = clockAndChance,
  ) {
    super();
  }

  override append(request: AppendRequest): Promise<AppendResult> {
    if (request.events.length > limits.eventsPerCommit) {
      return Promise.reject(new RangeError(`A commit holds at most ${limits.eventsPerCommit} events.`));
    }
    return new Promise((resolve, reject) => {
      const turn = this.turns.get(request.tenantId) ?? { waiting: [], running: false };
      this.turns.set(request.tenantId, turn);
      turn.waiting.push({ request, resolve, reject });
      if (!turn.running) void this.run(request.tenantId, turn);
    });
  }

  private async run(tenantId: string, turn: Turn): Promise<void> {
    turn.running = true;
    // Lets the appends of this tick join the first transaction.
    await Promise.resolve();
    while (turn.waiting.length > 0) {
      const batch = turn.waiting.splice(0, limits.commandsPerTransaction);
      try {
        await this.commit(tenantId, batch);
      } catch (error) {
        if (batch.length === 1 || !isRefusal(error)) for (const one of batch) one.reject(error);
        else for (const one of batch) await this.commit(tenantId, [one]).catch(one.reject);
      }
    }
    this.turns.delete(tenantId);
  }

  private async commit(tenantId: string, waiting: readonly Waiting[]): Promise<void> {
    // Outside the transaction: these may need a connection of their own.
    await this.keyRing.tenant(tenantId);
    const tenantSubject = await this.keyRing.subjectHmac(tenantId, null);
    const subjects = new Map<string, string>();
    for (const { request } of waiting) {
      for (const event of request.events) {
        const hmac = await this.keyRing.subjectHmac(tenantId, event.dataSubject);
        if (!subjects.has(event.streamId)) subjects.set(event.streamId, hmac);
      }
    }
    const requests = waiting.map(({ request }) => request);
    const wantedSubjects = this.keyRing.unknownSubjects(tenantId, [...subjects.values(), tenantSubject]);
    const reads = [lockHead, basisRead(requests, wantedSubjects)];
    const outcome = await this.db.asTenantInTwoTrips(
      tenantId,
      reads,
      async ([heads, bases], send): Promise<Committed> => {
        const head = readHead(heads![0] as HeadRow | undefined);
        const basis = readBasis(bases![0] as BasisRow);
        const batch: Batch = {
          basis,
          head,
          frontier: MerkleFrontier.read(head.frontier, head.position),
          rows: new BatchRows(),
          keys: await this.keysOf(tenantId, requests, basis, subjects, tenantSubject),
          usedKeys: new Map(),
          usedSubjects: new Set(),
          destroyedStreams: new Set(),
          subjects,
        };
        const positionBefore = head.position;
        return { results: await this.decideAndSend(send, tenantId, requests, batch), positionBefore, batch };
      },
    );
    this.keyRing.remember(tenantId, outcome.batch.usedKeys.values());
    this.keyRing.forget(tenantId, [...outcome.batch.destroyedStreams]);
    if (outcome.batch.head.position > outcome.positionBefore) this.growth.grew(tenantId, outcome.batch.head.position);
    waiting.forEach(({ resolve, reject }, index) => {
      const result = outcome.results[index]!;
      if (result instanceof Error) reject(result);
      else resolve(result);
    });
  }

  /** Slice by slice: PostgreSQL writes one while the next is decided, sealed and encoded. */
  private async decideAndSend(
    send: (statement: QueryConfig) => Promise<unknown>,
    tenantId: string,
    requests: readonly AppendRequest[],
    batch: Batch,
  ): Promise<Committed['results']> {
    const results: Committed['results'] = [];
    let written: Promise<unknown> | null = null;
    for (let at = 0; at < requests.length; at += appendsPerStatement) {
      for (const request of requests.slice(at, at + appendsPerStatement)) results.push(this.decide(request, batch));
      await written;
      if (batch.rows.isEmpty()) continue;
      batch.head.frontier = batch.frontier.bytes();
      written = send(batch.rows.statement(tenantId, batch.head));
      batch.rows = new BatchRows();
    }
    return results;
  }

  private keysOf(
    tenantId: string,
    requests: readonly AppendRequest[],
    basis: DecisionBasis,
    subjects: ReadonlyMap<string, string>,
    tenantSubject: string,
  ): Promise<Map<string, StreamKey>> {
    const wanted = new Map(subjects);
    for (const { streamId } of basis.outcomes.values()) wanted.set(streamId, wanted.get(streamId) ?? tenantSubject);
    if (requests.some(({ idempotency }) => idempotency)) wanted.set(outcomesStream, tenantSubject);
    return this.keyRing.streamKeys(tenantId, wanted, basis.keys);
  }

  /** Decides one append on the batch's basis and, when it may go ahead, adds its rows. */
  private decide(request: AppendRequest, batch: Batch): AppendResult | Error {
    if (request.idempotency) {
      // Its own id first: a command that the retry window did not stop is known by that alone when it is delivered again.
      for (const known of [byCommandId(request), request.idempotency]) {
        const stored = batch.basis.outcomes.get(known.key);
        if (stored) return this.replay(request, known, stored, batch);
      }
    }
    const refused = refusal(request, batch.basis) ?? heldSubject(request, batch);
    if (refused) return refused;
    let commitId: string | null = null;
    if (request.events.length > 0) {
      const commit = this.encode(request, batch);
      const bytes = encodeCommit(commit);
      if (bytes.length > limits.commitBytes) return new CommitTooLarge(bytes.length, limits.commitBytes);
      commitId = commit.commitid;
      this.addCommit(commit, bytes, batch);
    }
    accept(request, batch.basis);
    for (const key of request.reservations.release) batch.rows.reservations.set(key, null);
    for (const [key, owner] of Object.entries(request.reservations.take)) batch.rows.reservations.set(key, owner);
    for (const stream of request.destroyStreamKeys) {
      batch.rows.destroyedStreams.add(stream);
      batch.destroyedStreams.add(stream);
    }
    if (request.idempotency) this.addOutcome(request, batch);
    const { position } = batch.head;
    return { kind: 'appended', position, commitId, replayed: false, outcome: request.outcome };
  }

  private replay(request: AppendRequest, known: Idempotency, stored: StoredOutcome, batch: Batch): AppendResult {
    const { key: idempotencyKey, requestHash } = known;
    if (stored.requestHash !== requestHash) return { kind: 'idempotency_mismatch' };
    const key = batch.keys.get(stored.streamId);
    // The outcome of something that was erased since: it happened, and nothing more can be said of it.
    const readable = key !== undefined && (!key.isNew || batch.usedKeys.has(stored.streamId));
    const outcome = readable
      ? (JSON.parse(open(key.key, stored.sealedOutcome, idempotencyKey).toString()) as Record<string, unknown>)
      : {};
    // The same command once more is told what it was told, not that somebody asked before it.
    const replayed = stored.commandId !== request.commandId;
    return { kind: 'appended', position: stored.position, commitId: null, replayed, outcome };
  }

  private encode(request: AppendRequest, batch: Batch): StoredCommit {
    const { head, basis } = batch;
    const { tenantId } = request;
    const clock = this.sources.now(tenantId).toISOString();
    const position = head.position + 1;
    const commitid = this.sources.newId(tenantId);
    const recordedtime = clock > head.recordedTime ? clock : head.recordedTime;
    const versions = new Map<string, number>();
    const events = request.events.map((event, index): StoredEvent => {
      const before = versions.get(event.streamId) ?? basis.streamVersions.get(event.streamId) ?? 0;
      versions.set(event.streamId, before + 1);
      const key = use(event.streamId, batch);
      const headers = this.headers(request, event, {
        id: this.sources.newId(tenantId),
        recordedtime,
        commitid,
        tenantseq: head.tenantSeq + index + 1,
        streamversion: before + 1,
        datasubject: key.subject.hmac,
      });
      const payload = seal(key.key, Buffer.from(JSON.stringify(event.event.data)), headers.id);
      return { headers, payload: payload.toString('base64') };
    });
    return {
      formatversion: 1,
      tenantid: tenantId,
      position,
      commitid,
      commandid: request.commandId,
      recordedtime,
      reservations: request.reservations,
      events,
    };
  }

  private headers(
    request: AppendRequest,
    { streamId, event, time, reason, decision, causationId }: NewEvent,
    numbered: Pick<EventHeaders, 'id' | 'recordedtime' | 'commitid' | 'tenantseq' | 'streamversion' | 'datasubject'>,
  ): EventHeaders {
    // Written out: objects made by spreading this many fields are slow to make and slower to encode.
    return {
      specversion: '1.0',
      source,
      type: event.type,
      subject: streamId,
      time,
      correlationid: request.correlationId,
      causationid: causationId ?? request.commandId,
      tenantid: request.tenantId,
      schemaversion: schemaVersions[event.type],
      actor: request.actor,
      reason,
      decision,
      id: numbered.id,
      recordedtime: numbered.recordedtime,
      commitid: numbered.commitid,
      tenantseq: numbered.tenantseq,
      streamversion: numbered.streamversion,
      datasubject: numbered.datasubject,
    };
  }

  private addCommit(commit: StoredCommit, bytes: Uint8Array, { head, frontier, rows }: Batch): void {
    const leaf = leafHash(bytes);
    frontier.append(leaf);
    head.position = commit.position;
    head.tenantSeq += commit.events.length;
    head.recordedTime = commit.recordedtime;
    rows.commits.push({
      position: commit.position,
      commitId: commit.commitid,
      recordedTime: commit.recordedtime,
      leaf,
      bytes,
    });
    commit.events.forEach(({ headers }, index) => {
      rows.events.push({
        streamId: headers.subject,
        streamVersion: headers.streamversion,
        position: commit.position,
        index,
      });
    });
  }

  private addOutcome(request: AppendRequest, batch: Batch): void {
    const { key: idempotencyKey, requestHash, ttlSeconds } = request.idempotency!;
    const streamId = outcomeStream(request);
    const key = use(streamId, batch);
    const sealed = seal(key.key, Buffer.from(JSON.stringify(request.outcome)), idempotencyKey);
    const { commandId } = request;
    const { position } = batch.head;
    batch.rows.outcomes.push({ key: idempotencyKey, commandId, requestHash, position, streamId, sealed, ttlSeconds });
    batch.basis.outcomes.set(idempotencyKey, { commandId, requestHash, position, streamId, sealedOutcome: sealed });
  }
}

/** The key of a stream, for sealing; a new one is written with the slice that first uses it. */
function use(streamId: string, { keys, usedKeys, usedSubjects, rows }: Batch): StreamKey {
  const key = keys.get(streamId)!;
  if (key.isNew && !usedKeys.has(streamId)) rows.newKeys.push(key);
  if (key.subject.wrapped !== null && !usedSubjects.has(key.subject)) rows.newSubjects.push(key.subject);
  usedSubjects.add(key.subject);
  usedKeys.set(streamId, key);
  return key;
}

/** The stream whose key protects the stored outcome: it becomes unreadable together with what it speaks of. */
function outcomeStream(request: AppendRequest): string {
  const first = request.events[0]?.streamId;
  return first === undefined || request.destroyStreamKeys.length > 0 ? outcomesStream : first;
}

function heldSubject(request: AppendRequest, { basis, subjects }: Batch): AppendResult | null {
  const held = request.destroyStreamKeys.find((stream) => basis.subjectsOnHold.has(subjects.get(stream) ?? ''));
  return held === undefined ? null : { kind: 'legal_hold', stream: held };
}

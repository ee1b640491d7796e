import { decodeCommit } from '#libs/contracts/commit-codec.js';
import type { RecordedCommit, RecordedEvent, StoredCommit, StoredEvent, StreamEvent } from '#libs/contracts/events.js';
import { upcast } from '#libs/contracts/upcasters.js';
import {
  type FollowedCommit,
  type Holders,
  LogReader,
  type ReservingCommit,
  type StoredCommitBytes,
} from '#libs/ports/log-reader.js';
import { inSlices } from '#libs/ports/in-slices.js';
import type { Database } from '../database.js';
import { Gathering } from '../gathering.js';
import type { KeyRing } from '../key-ring.js';
import { open } from '../payload-cipher.js';
import { type Base64Row, bytesAsBase64, fromBase64 } from './commit-bytes.js';
import type { LogGrowth } from './log-growth.js';
import { leafHash } from './merkle-frontier.js';

const sliceMs = 3;

/**
 * $1: the tenant, $2: an instant. Halves the range of positions until one is left, a few reads by the key of the table: an
 * index by time would cost every append.
 */
const lastRecordedBy = `
  WITH RECURSIVE halved (low, high) AS (
    SELECT 0::bigint, position FROM log_heads WHERE tenant_id = $1
    UNION ALL
    SELECT CASE WHEN commits.recorded_time <= $2::timestamptz THEN commits.position ELSE low END,
      CASE WHEN commits.recorded_time <= $2::timestamptz THEN high ELSE commits.position - 1 END
    FROM halved JOIN commits ON commits.tenant_id = $1 AND commits.position = (low + high + 1) / 2
    WHERE low < high
  )
  SELECT low AS position FROM halved WHERE low = high`;

interface CommitRow {
  position: number;
  bytes: Uint8Array;
  /** Present when the bytes are to be compared with it. */
  leaf?: Buffer;
}

/** The log as PostgreSQL holds it: the same bytes that the relay copies to Kafka. */
export class PostgresLogReader extends LogReader {
  private readonly streamQuestions: Gathering<readonly string[], Map<string, StreamEvent[]>>;
  private readonly holderQuestions: Gathering<readonly string[], Holders>;

  constructor(
    private readonly db: Database,
    private readonly keyRing: KeyRing,
    private readonly growth: LogGrowth,
  ) {
    super();
    this.streamQuestions = new Gathering(async (tenantId, questions) => {
      const streams = await this.readStreams(tenantId, [...new Set(questions.flat())]);
      return questions.map((streamIds) => partOf(streams, streamIds));
    });
    this.holderQuestions = new Gathering(async (tenantId, questions) => {
      const { position, owners } = await this.readHolders(tenantId, [...new Set(questions.flat())]);
      return questions.map((keys) => ({ position, owners: partOf(owners, keys) }));
    });
  }

  override commitsAfter(tenantId: string, position: number, limit: number): Promise<FollowedCommit[]> {
    return this.read(tenantId, position, limit, '');
  }

  override verifiedCommitsAfter(tenantId: string, position: number, limit: number): Promise<FollowedCommit[]> {
    return this.read(tenantId, position, limit, ', leaf');
  }

  override async opened(tenantId: string, commits: readonly StoredCommitBytes[]): Promise<FollowedCommit[]> {
    return this.openAll(tenantId, commits);
  }

  override async streams(tenantId: string, streamIds: readonly string[]): Promise<Map<string, StreamEvent[]>> {
    return streamIds.length === 0 ? new Map() : this.streamQuestions.ask(tenantId, streamIds);
  }

  override async commitOf(tenantId: string, streamId: string, streamVersion: number): Promise<ReservingCommit | null> {
    const rows = await this.db.readAsTenant<Base64Row>(tenantId, {
      text: `SELECT position, ${bytesAsBase64} FROM commits WHERE tenant_id = $1 AND position =
        (SELECT position FROM events WHERE tenant_id = $1 AND stream_id = $2 AND stream_version = $3)`,
      values: [tenantId, streamId, streamVersion],
    });
    const [row] = rows.map(fromBase64);
    if (!row) return null;
    const commit = decodeCommit(row.bytes);
    return { ...openCommit(commit, await this.keys(tenantId, commit.events)), reservations: commit.reservations };
  }

  override async streamVersions(tenantId: string, streamIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.readAsTenant<{ stream_id: string; version: number }>(tenantId, {
      text: `SELECT stream_id, max(stream_version) AS version FROM events
        WHERE tenant_id = $1 AND stream_id = ANY($2) GROUP BY stream_id`,
      values: [tenantId, streamIds],
    });
    return new Map(rows.map((row) => [row.stream_id, row.version]));
  }

  override holders(tenantId: string, keys: readonly string[]): Promise<Holders> {
    return this.holderQuestions.ask(tenantId, keys);
  }

  override async headPosition(tenantId: string): Promise<number> {
    const rows = await this.db.asRelay<{ position: number }>('SELECT position FROM log_heads WHERE tenant_id = $1', [
      tenantId,
    ]);
    return rows[0]?.position ?? 0;
  }

  override async positionAt(tenantId: string, instant: string): Promise<number> {
    const rows = await this.db.asRelay<{ position: number }>(lastRecordedBy, [tenantId, instant]);
    return rows[0]?.position ?? 0;
  }

  override async recordedTime(tenantId: string, position: number): Promise<string | null> {
    const rows = await this.db.asRelay<{ time: Date }>(
      'SELECT recorded_time AS time FROM commits WHERE tenant_id = $1 AND position = $2',
      [tenantId, position],
    );
    return rows[0]?.time.toISOString() ?? null;
  }

  override async heads(): Promise<{ tenantId: string; position: number }[]> {
    return this.db.asRelay('SELECT tenant_id AS "tenantId", position FROM log_heads ORDER BY tenant_id', []);
  }

  override onGrowth(grew: (tenantId: string, position: number) => void): () => void {
    return this.growth.listen(grew);
  }

  private async readStreams(tenantId: string, streamIds: readonly string[]): Promise<Map<string, StreamEvent[]>> {
    const rows = await this.db.readAsTenant<CommitRow & { index_in_commit: number }>(tenantId, {
      name: 'events of streams',
      text: `SELECT c.position, c.bytes, e.index_in_commit FROM events e JOIN commits c USING (tenant_id, position)
        WHERE e.tenant_id = $1 AND e.stream_id = ANY($2) ORDER BY e.stream_id, e.stream_version`,
      values: [tenantId, streamIds],
    });
    const stored = rows.map((row) => decodeCommit(row.bytes).events[row.index_in_commit]!);
    const keys = await this.keys(tenantId, stored);
    const streams = new Map<string, StreamEvent[]>();
    for (const [index, event] of stored.entries()) {
      const { subject } = event.headers;
      if (!streams.has(subject)) streams.set(subject, []);
      streams.get(subject)!.push({ ...openEvent(event, keys), position: rows[index]!.position });
    }
    return streams;
  }

  private async readHolders(tenantId: string, keys: readonly string[]): Promise<Holders> {
    const rows = await this.db.readAsTenant<{ position: number; key: string | null; owner: string }>(tenantId, {
      name: 'holders of reservations',
      text: `SELECT log_heads.position, key, owner FROM log_heads LEFT JOIN reservations
          ON reservations.tenant_id = log_heads.tenant_id AND key = ANY($2)
        WHERE log_heads.tenant_id = $1`,
      values: [tenantId, keys],
    });
    const owners = rows.flatMap(({ key, owner }) => (key === null ? [] : [[key, owner] as const]));
    return { position: rows[0]?.position ?? 0, owners: new Map(owners) };
  }

  private async read(tenantId: string, position: number, limit: number, more: string): Promise<FollowedCommit[]> {
    const rows = await this.db.asRelay<Base64Row & Pick<CommitRow, 'leaf'>>(
      `SELECT position, ${bytesAsBase64}${more} FROM commits
       WHERE tenant_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [tenantId, position, limit],
    );
    return this.openAll(tenantId, rows.map(fromBase64));
  }

  private async openAll(tenantId: string, rows: readonly CommitRow[]): Promise<FollowedCommit[]> {
    const decoded = await inSlices(rows, (row) => ({ row, commit: attempt(() => decodeRow(row)) }), sliceMs);
    const readable = decoded.flatMap(({ commit }) => ('error' in commit ? [] : commit.value.events));
    const keys = await this.keys(tenantId, readable);
    return inSlices(
      decoded,
      ({ row, commit }): FollowedCommit => {
        const opened = 'error' in commit ? commit : attempt(() => openCommit(commit.value, keys));
        if (!('error' in opened)) return { kind: 'commit', commit: opened.value };
        const streamIds = 'error' in commit ? [] : commit.value.events.map((event) => event.headers.subject);
        const { position } = row;
        return { kind: 'unreadable', commit: { tenantId, position, streamIds, error: opened.error } };
      },
      sliceMs,
    );
  }

  private async keys(tenantId: string, events: readonly StoredEvent[]): Promise<Map<string, Buffer>> {
    const streamIds = [...new Set(events.map((event) => event.headers.subject))];
    if (streamIds.length === 0) return new Map();
    return this.keyRing.readKeys(tenantId, streamIds);
  }
}

function decodeRow({ bytes, leaf }: CommitRow): StoredCommit {
  if (leaf && !leafHash(bytes).equals(leaf)) throw new Error('The commit is not what its hash in the ledger says.');
  return decodeCommit(bytes);
}

function openCommit(commit: StoredCommit, keys: ReadonlyMap<string, Buffer>): RecordedCommit {
  return {
    tenantId: commit.tenantid,
    position: commit.position,
    recordedTime: commit.recordedtime,
    events: commit.events.map((event) => openEvent(event, keys)),
  };
}

function openEvent({ headers, payload }: StoredEvent, keys: ReadonlyMap<string, Buffer>): RecordedEvent {
  const key = keys.get(headers.subject);
  if (!key) return { headers, event: { type: headers.type, data: null } };
  const data: unknown = JSON.parse(open(key, Buffer.from(payload, 'base64'), headers.id).toString());
  return { headers, event: upcast(headers.type, headers.schemaversion, data) };
}

function partOf<Value>(all: ReadonlyMap<string, Value>, keys: readonly string[]): Map<string, Value> {
  return new Map(keys.flatMap((key) => (all.has(key) ? [[key, all.get(key)!] as const] : [])));
}

/** What `work` gives, or the message of what it throws. */
function attempt<T>(work: () => T): { value: T } | { error: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

import type { StreamKey } from '../key-ring.js';
import type { TenantConnection } from '../database.js';
import type { LogHead } from './append-batch.js';

/** What some appends of a transaction write, collected so that it goes to the server in one statement. */
export class BatchRows {
  readonly commits: { position: number; commitId: string; recordedTime: string; leaf: Buffer; bytes: Uint8Array }[] =
    [];
  readonly events: { streamId: string; streamVersion: number; position: number; index: number }[] = [];
  readonly outcomes: {
    key: string;
    requestHash: string;
    position: number;
    streamId: string;
    sealed: Buffer;
    ttlSeconds: number;
  }[] = [];
  readonly newKeys: StreamKey[] = [];
  readonly destroyedStreams = new Set<string>();
  /** Final state of the touched reservations: an owner, or null for released. */
  readonly reservations = new Map<string, string | null>();

  isEmpty(): boolean {
    return this.commits.length === 0 && this.outcomes.length === 0;
  }

  async write(connection: TenantConnection, tenantId: string, head: LogHead): Promise<void> {
    const taken = [...this.reservations].filter((entry): entry is [string, string] => entry[1] !== null);
    const released = [...this.reservations].filter(([, owner]) => owner === null).map(([key]) => key);
    const newKeys = this.newKeys.filter((key) => !this.destroyedStreams.has(key.streamId));
    const values = [
      tenantId,
      this.commits.map((row) => row.position),
      this.commits.map((row) => row.commitId),
      this.commits.map((row) => row.recordedTime),
      // One binary parameter each: as arrays, the driver would send and the server parse them as hexadecimal text.
      Buffer.concat(this.commits.map((row) => row.leaf)),
      Buffer.concat(this.commits.map((row) => row.bytes)),
      offsets(this.commits.map((row) => row.bytes.length)),
      this.commits.map((row) => row.bytes.length),
      this.events.map((row) => row.streamId),
      this.events.map((row) => row.streamVersion),
      this.events.map((row) => row.position),
      this.events.map((row) => row.index),
      this.outcomes.map((row) => row.key),
      this.outcomes.map((row) => row.requestHash),
      this.outcomes.map((row) => row.position),
      this.outcomes.map((row) => row.streamId),
      this.outcomes.map((row) => row.sealed),
      this.outcomes.map((row) => row.ttlSeconds),
      newKeys.map((key) => key.streamId),
      newKeys.map((key) => key.subjectHmac),
      newKeys.map((key) => key.wrapped),
      taken.map(([key]) => key),
      taken.map(([, owner]) => owner),
      released,
      [...this.destroyedStreams],
      head.position,
      head.tenantSeq,
      head.recordedTime || '-infinity',
      head.frontier,
    ];
    await connection.query({ name: 'append batch', text: writeBatch, values });
  }
}

/** Where each part starts in their concatenation, counted from 1 as SQL does. */
function offsets(lengths: readonly number[]): number[] {
  let next = 1;
  return lengths.map((length) => {
    const start = next;
    next += length;
    return start;
  });
}

const writeBatch = `
  WITH new_commits AS (
    INSERT INTO commits (tenant_id, position, commit_id, recorded_time, leaf, bytes)
    SELECT $1, position, id, time, substring($5::bytea FROM number::int * 32 - 31 FOR 32), substring($6::bytea FROM start FOR length)
    FROM unnest($2::bigint[], $3::uuid[], $4::timestamptz[], $7::int[], $8::int[])
      WITH ORDINALITY AS new (position, id, time, start, length, number)),
  new_events AS (
    INSERT INTO events (tenant_id, stream_id, stream_version, position, index_in_commit)
    SELECT $1, * FROM unnest($9::text[], $10::int[], $11::bigint[], $12::smallint[])),
  new_outcomes AS (
    INSERT INTO command_outcomes
      (tenant_id, idempotency_key, request_hash, position, stream_id, sealed_outcome, valid_until, recorded_time)
    SELECT $1, key, hash, position, stream, sealed, clock_timestamp() + make_interval(secs => ttl), clock_timestamp()
    FROM unnest($13::text[], $14::text[], $15::bigint[], $16::text[], $17::bytea[], $18::float8[])
      AS new (key, hash, position, stream, sealed, ttl)
    ON CONFLICT (tenant_id, idempotency_key) DO UPDATE SET
      request_hash = excluded.request_hash, position = excluded.position, stream_id = excluded.stream_id,
      sealed_outcome = excluded.sealed_outcome, valid_until = excluded.valid_until, recorded_time = excluded.recorded_time),
  new_keys AS (
    INSERT INTO stream_keys (tenant_id, stream_id, subject_hmac, wrapped_key)
    SELECT $1, * FROM unnest($19::text[], $20::text[], $21::bytea[])),
  taken AS (
    INSERT INTO reservations (tenant_id, key, owner)
    SELECT $1, * FROM unnest($22::text[], $23::text[])
    ON CONFLICT (tenant_id, key) DO UPDATE SET owner = excluded.owner),
  released AS (DELETE FROM reservations WHERE tenant_id = $1 AND key = ANY($24)),
  destroyed AS (DELETE FROM stream_keys WHERE tenant_id = $1 AND stream_id = ANY($25))
  UPDATE log_heads SET position = $26, tenant_seq = $27, recorded_time = $28, frontier = $29 WHERE tenant_id = $1`;

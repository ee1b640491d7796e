import type { QueryConfig } from 'pg';
import type { StreamKey, SubjectKey } from '../key-ring.js';
import { bigint, binaryArray, bytea, float, integer, smallint, text, timestamp, uuid } from '../binary-array.js';
import type { LogHead } from './append-batch.js';

/** What some appends of a transaction write, collected so that it goes to the server in one statement. */
export class BatchRows {
  readonly commits: { position: number; commitId: string; recordedTime: string; leaf: Buffer; bytes: Uint8Array }[] =
    [];
  readonly events: { streamId: string; streamVersion: number; position: number; index: number }[] = [];
  readonly outcomes: {
    key: string;
    commandId: string;
    requestHash: string;
    position: number;
    streamId: string;
    sealed: Buffer;
    ttlSeconds: number;
  }[] = [];
  readonly newKeys: StreamKey[] = [];
  readonly newSubjects: SubjectKey[] = [];
  readonly destroyedStreams = new Set<string>();
  /** Final state of the touched reservations: an owner, or null for released. */
  readonly reservations = new Map<string, string | null>();

  isEmpty(): boolean {
    return this.commits.length === 0 && this.outcomes.length === 0;
  }

  /** @throws ValueRefused */
  statement(tenantId: string, head: LogHead): QueryConfig {
    const taken = [...this.reservations].filter((entry): entry is [string, string] => entry[1] !== null);
    const released = [...this.reservations].filter(([, owner]) => owner === null).map(([key]) => key);
    const newKeys = this.newKeys.filter((key) => !this.destroyedStreams.has(key.streamId));
    const { commits, events, outcomes } = this;
    const values = [
      tenantId,
      binaryArray(bigint, commits, (row) => row.position),
      binaryArray(uuid, commits, (row) => row.commitId),
      binaryArray(timestamp, commits, (row) => row.recordedTime),
      binaryArray(bytea, commits, (row) => row.leaf),
      binaryArray(bytea, commits, (row) => row.bytes),
      binaryArray(text, events, (row) => row.streamId),
      binaryArray(integer, events, (row) => row.streamVersion),
      binaryArray(bigint, events, (row) => row.position),
      binaryArray(smallint, events, (row) => row.index),
      binaryArray(text, outcomes, (row) => row.key),
      binaryArray(text, outcomes, (row) => row.requestHash),
      binaryArray(bigint, outcomes, (row) => row.position),
      binaryArray(text, outcomes, (row) => row.streamId),
      binaryArray(bytea, outcomes, (row) => row.sealed),
      binaryArray(float, outcomes, (row) => row.ttlSeconds),
      binaryArray(text, newKeys, (key) => key.streamId),
      binaryArray(text, newKeys, (key) => key.subject.hmac),
      binaryArray(bytea, newKeys, (key) => key.wrapped),
      binaryArray(text, taken, ([key]) => key),
      binaryArray(text, taken, ([, owner]) => owner),
      binaryArray(text, released, (key) => key),
      binaryArray(text, [...this.destroyedStreams], (streamId) => streamId),
      head.position,
      head.tenantSeq,
      head.recordedTime || '-infinity',
      head.frontier,
      binaryArray(text, outcomes, (row) => row.commandId),
      binaryArray(text, this.newSubjects, ({ hmac }) => hmac),
      binaryArray(bytea, this.newSubjects, ({ wrapped }) => wrapped),
    ];
    return { name: 'append batch', text: writeBatch, values };
  }
}

const writeBatch = `
  WITH new_commits AS (
    INSERT INTO commits (tenant_id, position, commit_id, recorded_time, leaf, bytes)
    SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::bytea[])),
  new_events AS (
    INSERT INTO events (tenant_id, stream_id, stream_version, position, index_in_commit)
    SELECT $1, * FROM unnest($7::text[], $8::int[], $9::bigint[], $10::smallint[])),
  new_outcomes AS (
    INSERT INTO command_outcomes
      (tenant_id, idempotency_key, request_hash, position, stream_id, sealed_outcome, valid_until, recorded_time,
       command_id)
    SELECT $1, key, hash, position, stream, sealed, clock_timestamp() + make_interval(secs => ttl), clock_timestamp(), command
    FROM unnest($11::text[], $12::text[], $13::bigint[], $14::text[], $15::bytea[], $16::float8[], $28::text[])
      AS new (key, hash, position, stream, sealed, ttl, command)
    ON CONFLICT (tenant_id, idempotency_key) DO UPDATE SET
      request_hash = excluded.request_hash, position = excluded.position, stream_id = excluded.stream_id,
      sealed_outcome = excluded.sealed_outcome, valid_until = excluded.valid_until, recorded_time = excluded.recorded_time,
      command_id = excluded.command_id),
  new_keys AS (
    INSERT INTO stream_keys (tenant_id, stream_id, subject_hmac, wrapped_key)
    SELECT $1, * FROM unnest($17::text[], $18::text[], $19::bytea[])),
  new_subjects AS (
    INSERT INTO subject_keys (tenant_id, subject_hmac, wrapped_key)
    SELECT $1, * FROM unnest($29::text[], $30::bytea[])),
  taken AS (
    INSERT INTO reservations (tenant_id, key, owner)
    SELECT $1, * FROM unnest($20::text[], $21::text[])
    ON CONFLICT (tenant_id, key) DO UPDATE SET owner = excluded.owner),
  released AS (DELETE FROM reservations WHERE tenant_id = $1 AND key = ANY($22::text[])),
  destroyed AS (DELETE FROM stream_keys WHERE tenant_id = $1 AND stream_id = ANY($23::text[]))
  UPDATE log_heads SET position = $24, tenant_seq = $25, recorded_time = $26, frontier = $27 WHERE tenant_id = $1`;

import type { QueryConfig } from 'pg';
import { byCommandId } from '#libs/contracts/commands.js';
import type { AppendRequest, AppendResult } from '#libs/ports/log-writer.js';
import { binaryArray, text } from '../binary-array.js';
import type { StoredKeys } from '../key-ring.js';

/** Outcomes that speak of no stream that stays are sealed under this name's key. */
export const outcomesStream = 'outcomes';

export interface LogHead {
  position: number;
  tenantSeq: number;
  /** ISO 8601 in UTC; the empty string before the first commit. */
  recordedTime: string;
  frontier: Buffer;
}

export interface StoredOutcome {
  commandId: string;
  requestHash: string;
  position: number;
  streamId: string;
  sealedOutcome: Buffer;
}

/**
 * What the appends of one transaction are decided on: read under the lock of the tenant's head, and moved on by each
 * append that is accepted, so the next one of the batch sees it.
 */
export interface DecisionBasis {
  streamVersions: Map<string, number>;
  reservations: Map<string, string>;
  outcomes: Map<string, StoredOutcome>;
  subjectsOnHold: Set<string>;
  keys: StoredKeys;
}

/**
 * Locks the tenant's head: from here to the end of the transaction nobody else appends to this tenant. A statement of
 * its own, because a snapshot that was taken while waiting for the lock would be too old for the conditions.
 *
 * What follows is planned once for a connection: its arrays differ in length, so PostgreSQL would plan it again each
 * time. A plan made while the tables are empty must not read them whole when they are large.
 */
export const lockHead = `
  SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true);
  SELECT position, tenant_seq, recorded_time, frontier FROM log_heads FOR UPDATE`;

export interface HeadRow {
  position: number;
  tenant_seq: number;
  /** PostgreSQL's -infinity, before the first commit, is read as a number. */
  recorded_time: Date | number;
  frontier: Buffer;
}

export function readHead(row: HeadRow | undefined): LogHead {
  if (!row) throw new Error('The tenant has no log; create it with `npm run keys -- create --tenant NAME`.');
  return {
    position: row.position,
    tenantSeq: row.tenant_seq,
    recordedTime: row.recorded_time instanceof Date ? row.recorded_time.toISOString() : '',
    frontier: row.frontier,
  };
}

/**
 * Reads, in one query, everything that the conditions of `requests` speak of, and the keys that seal them.
 * @param subjectHmacs the data subjects whose keys are not at hand
 */
export function basisRead(requests: readonly AppendRequest[], subjectHmacs: readonly string[]): QueryConfig {
  const streams = new Set<string>();
  const reservationKeys = new Set<string>();
  const idempotencyKeys = new Set<string>();
  const commandIds = new Set<string>();
  for (const request of requests) {
    for (const stream of Object.keys(request.expectedVersions)) streams.add(stream);
    for (const event of request.events) streams.add(event.streamId);
    const { take, expect, release } = request.reservations;
    for (const key of [...Object.keys(take), ...Object.keys(expect), ...release]) reservationKeys.add(key);
    if (!request.idempotency) continue;
    idempotencyKeys.add(request.idempotency.key).add(byCommandId(request).key);
    commandIds.add(request.commandId);
  }
  if (idempotencyKeys.size > 0) streams.add(outcomesStream);
  const values = [streams, reservationKeys, idempotencyKeys, commandIds, subjectHmacs].map((asked) =>
    binaryArray(text, [...asked], (key) => key),
  );
  return { name: 'append basis', text: basisQuery, values };
}

export function readBasis(row: BasisRow): DecisionBasis {
  return {
    streamVersions: new Map(Object.entries(row.versions ?? {})),
    reservations: new Map(Object.entries(row.reserved ?? {})),
    outcomes: new Map(Object.entries(row.outcomes ?? {}).map(([key, stored]) => [key, toOutcome(stored)])),
    subjectsOnHold: new Set(row.holds ?? []),
    keys: {
      streams: (row.stream_keys ?? []).map(({ stream, subject, key }) => ({ stream, subject, wrapped: unbase64(key) })),
      subjects: new Map(Object.entries(row.subject_keys ?? {}).map(([subject, key]) => [subject, unbase64(key)])),
    },
  };
}

interface OutcomeRow {
  command: string;
  hash: string;
  position: number;
  stream: string;
  sealed: string;
}

export interface BasisRow {
  versions: Record<string, number> | null;
  reserved: Record<string, string> | null;
  outcomes: Record<string, OutcomeRow> | null;
  holds: string[] | null;
  stream_keys: { stream: string; subject: string; key: string }[] | null;
  subject_keys: Record<string, string> | null;
}

const basisQuery = `
  WITH known_outcomes AS (
    SELECT * FROM command_outcomes
      WHERE tenant_id = current_setting('app.tenant_id') AND idempotency_key = ANY($3::text[])
        AND (valid_until > clock_timestamp() OR command_id = ANY($4::text[]))),
  known_keys AS (
    SELECT stream_id, subject_hmac, wrapped_key FROM stream_keys
      WHERE tenant_id = current_setting('app.tenant_id')
        AND stream_id = ANY($1::text[] || ARRAY(SELECT stream_id FROM known_outcomes)))
  SELECT
    (SELECT jsonb_object_agg(asked.stream_id, last.stream_version)
       FROM unnest($1::text[]) AS asked (stream_id)
       CROSS JOIN LATERAL (SELECT stream_version FROM events WHERE events.stream_id = asked.stream_id
                            AND tenant_id = current_setting('app.tenant_id')
                            ORDER BY stream_version DESC LIMIT 1) AS last) AS versions,
    (SELECT jsonb_object_agg(key, owner) FROM reservations
       WHERE tenant_id = current_setting('app.tenant_id') AND key = ANY($2::text[])) AS reserved,
    (SELECT jsonb_object_agg(idempotency_key, jsonb_build_object(
              'command', command_id, 'hash', request_hash, 'position', position,
              'stream', stream_id, 'sealed', encode(sealed_outcome, 'base64')))
       FROM known_outcomes) AS outcomes,
    (SELECT jsonb_agg(DISTINCT subject_hmac) FROM legal_holds
       WHERE tenant_id = current_setting('app.tenant_id')) AS holds,
    (SELECT jsonb_agg(jsonb_build_object(
              'stream', stream_id, 'subject', subject_hmac, 'key', encode(wrapped_key, 'base64')))
       FROM known_keys) AS stream_keys,
    (SELECT jsonb_object_agg(subject_hmac, encode(wrapped_key, 'base64')) FROM subject_keys
       WHERE tenant_id = current_setting('app.tenant_id')
         AND subject_hmac = ANY($5::text[] || ARRAY(SELECT subject_hmac FROM known_keys))) AS subject_keys`;

function toOutcome(stored: OutcomeRow): StoredOutcome {
  return {
    commandId: stored.command,
    requestHash: stored.hash,
    position: stored.position,
    streamId: stored.stream,
    sealedOutcome: unbase64(stored.sealed),
  };
}

function unbase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

/** The first condition of `request` that does not hold, or null when the append may go ahead. */
export function refusal(request: AppendRequest, basis: DecisionBasis): AppendResult | null {
  for (const [stream, expected] of Object.entries(request.expectedVersions)) {
    const actual = basis.streamVersions.get(stream) ?? 0;
    if (actual !== expected) return { kind: 'wrong_expected_version', stream, expected, actual };
  }
  const held: { key: string; owner: string | null }[] = [];
  const releasing = new Set(request.reservations.release);
  for (const [key, owner] of Object.entries(request.reservations.take)) {
    const holder = basis.reservations.get(key);
    if (holder !== undefined && holder !== owner && !releasing.has(key)) held.push({ key, owner: holder });
  }
  for (const [key, owner] of Object.entries(request.reservations.expect)) {
    const holder = basis.reservations.get(key) ?? null;
    if (holder !== owner) held.push({ key, owner: holder });
  }
  return held.length > 0 ? { kind: 'reservation_held', held } : null;
}

/** Moves the basis on by an accepted append. */
export function accept(request: AppendRequest, basis: DecisionBasis): void {
  for (const event of request.events) {
    basis.streamVersions.set(event.streamId, (basis.streamVersions.get(event.streamId) ?? 0) + 1);
  }
  for (const key of request.reservations.release) basis.reservations.delete(key);
  for (const [key, owner] of Object.entries(request.reservations.take)) basis.reservations.set(key, owner);
}

import type { Actor, Decision, DomainEvent, Reason, Reservations } from '#libs/contracts/events.js';
import type { Idempotency } from '#libs/contracts/commands.js';

export interface NewEvent {
  streamId: string;
  event: DomainEvent;
  /** When it happened in the world, ISO 8601 in UTC. */
  time: string;
  /** The end user whom the payload is about; null is the tenant itself. Decides the key it is encrypted under. */
  dataSubject: string | null;
  reason: Reason;
  decision: Decision | null;
  /** Id of the event that caused this one; the command's id where none did. */
  causationId?: string;
}

export interface AppendRequest {
  tenantId: string;
  commandId: string;
  correlationId: string;
  actor: Actor;
  idempotency: Idempotency | null;
  /** Versions that the decision was made on; 0 is a stream that must not exist. All or nothing. */
  expectedVersions: Record<string, number>;
  reservations: Reservations;
  /** 0 to 256. None: only the outcome is stored, and no commit is made. */
  events: NewEvent[];
  /** What the caller is told; stored with the idempotency key, encrypted. */
  outcome: Record<string, unknown>;
  /** Streams whose keys are destroyed with this commit (hard deletion). */
  destroyStreamKeys: string[];
}

export type AppendResult =
  | { kind: 'appended'; position: number; commitId: string | null; replayed: boolean; outcome: Record<string, unknown> }
  | { kind: 'wrong_expected_version'; stream: string; expected: number; actual: number }
  /** Keys that others hold (`owner`), or that were expected to be held and are not (`owner: null`). */
  | { kind: 'reservation_held'; held: { key: string; owner: string | null }[] }
  | { kind: 'idempotency_mismatch' }
  | { kind: 'legal_hold'; stream: string };

/** The commit would not fit into one record of the log. */
export class CommitTooLarge extends Error {
  constructor(
    readonly bytes: number,
    readonly limitBytes: number,
  ) {
    super(`The commit has ${bytes} bytes; one record of the log holds ${limitBytes}.`);
    this.name = 'CommitTooLarge';
  }
}

/** Where a writer takes from what no command tells. The same commands with the same sources make the same read model. */
export interface LogSources {
  now(tenantId: string): Date;
  /** A UUID that no commit and no event of the tenant has yet. */
  newId(tenantId: string): string;
}

/**
 * Port: the only way into the log.
 *
 * Promises:
 * - A resolved append is durable, all of it or none of it.
 * - Positions of a tenant are gapless, in commit order, and seen in that order by every reader.
 * - One idempotency key has one effect: its second append answers the stored outcome, or `idempotency_mismatch`.
 * - An outcome that was stored under the id of its command is found by that id, whatever key the command brings.
 * - Every expected version and reservation holds at the moment of the commit, or nothing is written.
 * - Recorded times of a tenant never go back.
 * - Appends that share a transaction do not fail each other.
 * - The caller's text stands nowhere in the stored bytes.
 */
export abstract class LogWriter {
  abstract append(request: AppendRequest): Promise<AppendResult>;
}

export const noReservations: Reservations = { take: {}, expect: {}, release: [] };

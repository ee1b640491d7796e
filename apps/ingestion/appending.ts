import { parse as uuidBytes, v5 as uuidv5 } from 'uuid';
import type { CommandAccepted, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import type { Actor } from '#libs/contracts/events.js';
import type { Identities } from '#libs/ports/identities.js';
import { type AppendRequest, type AppendResult, type LogWriter, noReservations } from '#libs/ports/log-writer.js';

/** Ids that derive from a command: the same command gives the same ids, however often it is carried out. */
const namespace = uuidBytes('3b0c6a52-51c4-5f0e-8d0e-7a3f5f1b6c20');

export function derivedId(envelope: CommandEnvelope, ...parts: (string | number)[]): string {
  return uuidv5(Buffer.from(JSON.stringify([envelope.commandId, ...parts])), namespace);
}

/** How often a decision is made again because the log moved on under it, before the caller is told to retry. */
export const decisionAttempts = 8;

export async function actorOf({ caller }: CommandEnvelope, identities: Identities): Promise<Actor> {
  const { tenantId, keyId, agent, sessionId, project } = caller;
  return {
    key: keyId,
    agent: agent?.id ?? null,
    session: sessionId === null ? null : await identities.id(tenantId, 'conversation', [project.id, sessionId]),
  };
}

export type AppendBase = Pick<AppendRequest, 'tenantId' | 'commandId' | 'correlationId' | 'actor' | 'idempotency'>;

/** The part of an append that every command fills in the same way. */
export async function appendBase(envelope: CommandEnvelope, identities: Identities): Promise<AppendBase> {
  const { commandId, correlationId, idempotency, caller } = envelope;
  return {
    tenantId: caller.tenantId,
    commandId,
    correlationId,
    idempotency,
    actor: await actorOf(envelope, identities),
  };
}

export function accepted(result: Extract<AppendResult, { kind: 'appended' }>): CommandAccepted {
  return { kind: 'accepted', position: result.position, replayed: result.replayed, body: result.outcome };
}

/** The refusals of an append that no new decision could help. */
export function finalRefusal(result: AppendResult): CommandOutcome | null {
  switch (result.kind) {
    case 'idempotency_mismatch':
      return {
        kind: 'refused',
        code: 'idempotency_mismatch',
        detail: 'This Idempotency-Key was first sent with another body; use a new key for a new request.',
      };
    case 'legal_hold':
      return {
        kind: 'refused',
        code: 'legal_hold',
        detail: 'A legal hold forbids erasing this memory; forget it softly instead.',
      };
    default:
      return null;
  }
}

export const contention: CommandOutcome = {
  kind: 'refused',
  code: 'overloaded',
  detail: 'Others keep changing the same memory; nothing was written. Try again.',
};

/**
 * What the first run of a repeated request was told, or `refusal` when this is the first. A repetition finds the memory
 * changed or gone by its own first run, so the log is asked before it is refused. The append that asks cannot go ahead:
 * no stream has that version.
 */
export async function unlessRepeated(
  log: LogWriter,
  base: AppendBase,
  streamId: string,
  refusal: CommandRefused,
): Promise<CommandOutcome> {
  if (base.idempotency === null) return refusal;
  const result = await log.append({
    ...base,
    expectedVersions: { [streamId]: -1 },
    reservations: noReservations,
    events: [],
    outcome: {},
    destroyStreamKeys: [],
  });
  return result.kind === 'appended' ? accepted(result) : (finalRefusal(result) ?? refusal);
}

import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Command, CommandAccepted, CommandOutcome } from '#libs/contracts/commands.js';
import { ServiceError } from '#libs/contracts/errors.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { loggableError } from '#libs/service-kit/logging.js';
import { keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { Quotas } from '../access/quotas.js';
import { GatewayOptions } from '../gateway-options.js';
import { idempotencyOf } from './idempotency.js';

export interface Carried extends CommandAccepted {
  /** True when the retry window, not a key of the caller, recognised the request as one that was carried out before. */
  isRetryInWindow: boolean;
}

/** The command takes long: it goes on, and `answer` says so. */
export interface StillRunning {
  kind: 'running';
  answer: { success: true; status: 'accepted'; message: string; command_id: string };
}

const late = Symbol('late');

/** It may still be taken, so only the same Idempotency-Key makes it safe to send again. */
function notTaken(): ServiceError {
  return new ServiceError('overloaded', 'The write could not be handed over yet. Send it again, with the same key.');
}

/** The way of every write: one command, its outcome, and the headers that go with it. */
@Injectable()
export class CommandSender {
  constructor(
    private readonly bus: CommandBus,
    private readonly positions: Positions,
    private readonly quotas: Quotas,
    private readonly options: GatewayOptions,
  ) {}

  /**
   * @param part which of several commands of one request it is; the same on a retry
   * @throws ServiceError when the command is refused
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    command: Command,
    part = '',
  ): Promise<Carried | StillRunning> {
    await this.quotas.assertRoom(keyOf(request), command.type);
    const commandId = randomUUID();
    const whole = idempotencyOf(request, caller, command, this.options.retryWindowSeconds);
    const idempotency = whole && { ...whole, key: `${whole.key}${part}` };
    const receivedAt = new Date().toISOString();
    const envelope = { commandId, correlationId: request.id, caller, idempotency, receivedAt, command };
    let isTaken = false;
    const execution = this.bus.execute(envelope, () => (isTaken = true));
    const outcome = await this.inTime(execution);
    if (outcome === late) {
      if (!isTaken) throw notTaken();
      this.watchOn(execution, request, caller.keyId);
      reply.code(202);
      const message = 'Accepted; it takes longer than usual and goes on. Nothing is lost.';
      return { kind: 'running', answer: { success: true, status: 'accepted', message, command_id: commandId } };
    }
    if (outcome.kind === 'refused') throw new ServiceError(outcome.code, outcome.detail, outcome.facts);
    await this.positions.remember(caller.keyId, outcome.position);
    reply.header('memorystack-position', String(outcome.position));
    if (!outcome.replayed) this.quotas.countMemories(caller.tenantId, Number(outcome.body['memoriesCreated'] ?? 0));
    if (outcome.replayed) reply.header('idempotent-replayed', 'true');
    return { ...outcome, isRetryInWindow: outcome.replayed && idempotency?.kind === 'window' };
  }

  private async inTime(execution: Promise<CommandOutcome>): Promise<CommandOutcome | typeof late> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), this.options.commandTimeoutMs);
    });
    try {
      return await Promise.race([execution, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Nobody waits for this outcome any more, but the caller's next read should still see it, and a failure be found. */
  private watchOn(execution: Promise<CommandOutcome>, request: FastifyRequest, keyId: string): void {
    execution.then(
      (outcome) => {
        if (outcome.kind === 'accepted') void this.positions.remember(keyId, outcome.position);
        else request.log.warn({ code: outcome.code }, 'command refused after its caller was answered 202');
      },
      (error: unknown) => request.log.error({ error: loggableError(error) }, 'command failed after 202'),
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { CommitTooLarge } from '#libs/ports/log-writer.js';
import { metrics, secondsSince } from '#libs/service-kit/metrics.js';
import { inSpan } from '#libs/service-kit/tracing.js';
import { Agents } from './agents.js';
import { PolicySetting } from './beliefs/policy-setting.js';
import { Resolving } from './beliefs/resolving.js';
import { Undoing } from './beliefs/undoing.js';
import { Updating } from './beliefs/updating.js';
import { Importing } from './importing.js';
import { Learning } from './learning.js';
import { Applying } from './maintenance/applying.js';
import { Reverting } from './maintenance/reverting.js';
import { Revising } from './revising.js';

/** Every command there is, and who carries it out. */
@Injectable()
export class CommandHandler {
  constructor(
    private readonly learning: Learning,
    private readonly revising: Revising,
    private readonly agents: Agents,
    private readonly updating: Updating,
    private readonly resolving: Resolving,
    private readonly undoing: Undoing,
    private readonly policySetting: PolicySetting,
    private readonly applying: Applying,
    private readonly reverting: Reverting,
    private readonly importing: Importing,
  ) {}

  async handle(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const { type } = envelope.command;
    const startedMs = performance.now();
    let outcome = 'failed';
    try {
      const told = await inSpan('command', { 'memorystack.command': type }, async (span) => {
        const answer = await this.attempt(envelope);
        if (answer.kind === 'accepted') span.set({ 'memorystack.position': answer.position });
        return answer;
      });
      outcome = told.kind === 'accepted' && told.replayed ? 'replayed' : told.kind;
      return told;
    } finally {
      metrics.commandSeconds.observe({ type, outcome }, secondsSince(startedMs));
    }
  }

  private async attempt(envelope: CommandEnvelope): Promise<CommandOutcome> {
    try {
      return await this.carryOut(envelope);
    } catch (error) {
      if (!(error instanceof CommitTooLarge)) throw error;
      return {
        kind: 'refused',
        code: 'payload_too_large',
        detail: `One write takes up to ${error.limitBytes} bytes in the log, and this would take ${error.bytes}. Send it in smaller parts.`,
      };
    }
  }

  private carryOut(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const { command } = envelope;
    switch (command.type) {
      case 'IngestConversation':
      case 'LearnMemory':
        return this.learning.carryOut(envelope, command);
      case 'ReviseMemory':
        return this.revising.revise(envelope, command);
      case 'ForgetMemories':
        return this.revising.forget(envelope, command);
      case 'UpdateBelief':
        return this.updating.update(envelope, command);
      case 'ResolveContradiction':
        return this.resolving.resolve(envelope, command);
      case 'UndoChange':
        return this.undoing.undo(envelope, command);
      case 'SetBeliefPolicies':
      case 'SetMaintenanceSettings':
        return this.policySetting.set(envelope, command);
      case 'ApplyMaintenance':
        return this.applying.apply(envelope, command);
      case 'RevertMaintenance':
        return this.reverting.revert(envelope, command);
      case 'ImportMemories':
        return this.importing.carryOut(envelope, command);
      case 'RegisterAgent':
        return this.agents.register(envelope, command);
      case 'RecordHandoff':
        return this.agents.recordHandoff(envelope, command);
      default:
        return assertNever(command);
    }
  }
}

function assertNever(command: never): never {
  throw new Error(`unknown command ${JSON.stringify(command)}`);
}

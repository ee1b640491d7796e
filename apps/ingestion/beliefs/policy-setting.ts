import { Injectable } from '@nestjs/common';
import { maintenancePolicyStream, MaintenanceWishes } from '#libs/beliefs/maintenance-wishes.js';
import { Policies, policyStream } from '#libs/beliefs/policies.js';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { PolicySet } from '#libs/domain/belief/policy.js';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter, noReservations } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal } from '../appending.js';

type Set = Extract<Command, { type: 'SetBeliefPolicies' | 'SetMaintenanceSettings' }>;

/** What setting a policy does: the event, unless nothing would change, and what holds from then on. */
interface Decided {
  streamId: string;
  /** Of the stream that it was decided on. */
  version: number;
  data: PolicySet['data'] | null;
  outcome: Record<string, unknown>;
}

/** Carries out `SetBeliefPolicies` and `SetMaintenanceSettings`. */
@Injectable()
export class PolicySetting {
  constructor(
    private readonly log: LogWriter,
    private readonly identities: Identities,
    private readonly policies: Policies,
    private readonly wishes: MaintenanceWishes,
  ) {}

  async set(envelope: CommandEnvelope, command: Set): Promise<CommandOutcome> {
    const { tenantId } = envelope.caller;
    const base = await appendBase(envelope, this.identities);
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const { streamId, version, data, outcome } = await this.decided(tenantId, command);
      const why = { dataSubject: null, reason: 'user' as const, decision: null };
      const event = data && {
        streamId,
        event: { type: 'PolicySet' as const, data },
        time: envelope.receivedAt,
        ...why,
      };
      const result = await this.log.append({
        ...base,
        expectedVersions: { [streamId]: version },
        reservations: noReservations,
        events: event ? [event] : [],
        outcome,
        destroyStreamKeys: [],
      });
      this.policies.forget(tenantId);
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  private async decided(tenantId: string, command: Set): Promise<Decided> {
    if (command.type === 'SetBeliefPolicies') {
      const { policies: before, version } = await this.policies.current(tenantId);
      const policies = { ...before, ...command.policies };
      const data = isSame(before, policies) ? null : { policies: command.policies };
      return { streamId: policyStream, version, data, outcome: { policies } };
    }
    const { settings: before, isSet, version } = await this.wishes.current(tenantId);
    const settings = command.settings === null ? standardSettings : { ...before, ...command.settings };
    const maintenance = command.settings === null ? null : settings;
    const data = isSame(before, settings) && isSet === (maintenance !== null) ? null : { policies: {}, maintenance };
    return { streamId: maintenancePolicyStream, version, data, outcome: { settings, isSet: maintenance !== null } };
  }
}

function isSame(before: object, after: object): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

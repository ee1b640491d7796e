import { Injectable } from '@nestjs/common';
import { Policies, policyStream } from '#libs/beliefs/policies.js';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter, noReservations } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal } from '../appending.js';

type Set = Extract<Command, { type: 'SetBeliefPolicies' }>;

/** Carries out `SetBeliefPolicies`. */
@Injectable()
export class PolicySetting {
  constructor(
    private readonly log: LogWriter,
    private readonly identities: Identities,
    private readonly policies: Policies,
  ) {}

  async set(envelope: CommandEnvelope, { policies: wanted }: Set): Promise<CommandOutcome> {
    const { tenantId } = envelope.caller;
    const base = await appendBase(envelope, this.identities);
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const { policies: before, version } = await this.policies.current(tenantId);
      const policies = { ...before, ...wanted };
      const data = { policies: wanted };
      const isSame = JSON.stringify(before) === JSON.stringify(policies);
      const event = {
        ...{ streamId: policyStream, event: { type: 'PolicySet' as const, data }, time: envelope.receivedAt },
        ...{ dataSubject: null, reason: 'user' as const, decision: null },
      };
      const result = await this.log.append({
        ...base,
        expectedVersions: { [policyStream]: version },
        reservations: noReservations,
        events: isSame ? [] : [event],
        outcome: { policies },
        destroyStreamKeys: [],
      });
      this.policies.forget(tenantId);
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }
}

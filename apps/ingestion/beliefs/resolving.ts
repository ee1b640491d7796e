import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome, CommandRefused } from '#libs/contracts/commands.js';
import { support } from '#libs/domain/belief/confidence.js';
import type { Contradiction, Settlement } from '#libs/domain/belief/contradiction.js';
import { sourceRank } from '#libs/domain/belief/policy.js';
import { limits } from '#libs/domain/limits.js';
import { isBelieved, type Memory } from '#libs/domain/memory/memory.evolve.js';
import { Identities } from '#libs/ports/identities.js';
import { LogWriter } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, finalRefusal, unlessRepeated } from '../appending.js';
import { KnownMemories } from '../known-memories.js';
import { sourceOf } from './comparing.js';
import { byCaller, Draft, KnownOwners } from './draft.js';
import { Reserving } from './reserving.js';
import { Settling } from './settling.js';

type Resolve = Extract<Command, { type: 'ResolveContradiction' }>;

/** The two beliefs of a contradiction as the log has them. */
interface Parties {
  contradiction: Contradiction;
  told: Memory;
  held: Memory;
}

/** Carries out `ResolveContradiction`: a person decides. */
@Injectable()
export class Resolving {
  constructor(
    private readonly log: LogWriter,
    private readonly known: KnownMemories,
    private readonly identities: Identities,
    private readonly settling: Settling,
    private readonly reserving: Reserving,
  ) {}

  async resolve(envelope: CommandEnvelope, command: Resolve): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const owners = new KnownOwners();
    const streamId = `contradiction-${command.contradictionId}`;
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const parties = await this.parties(envelope, command.contradictionId);
      if ('kind' in parties) return unlessRepeated(this.log, base, streamId, parties);
      const draft = new Draft(envelope, owners, limits.eventsPerCommit);
      const settlement = await this.settle(envelope, draft, parties, command);
      const { id, memoryId, otherId } = parties.contradiction;
      const result = await this.log.append({
        ...base,
        ...draft.request(),
        outcome: { contradictionId: id, memoryId, otherId, settlement, reason: command.reason },
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
      if (result.kind === 'reservation_held') owners.learn(result);
    }
    return contention;
  }

  private async parties(envelope: CommandEnvelope, id: string): Promise<Parties | CommandRefused> {
    const contradiction = await this.settling.contradiction(envelope.caller.tenantId, id);
    if (!contradiction) return noContradiction;
    const [told, held] = await Promise.all(
      [contradiction.memoryId, contradiction.otherId].map((memoryId) => this.known.state(envelope.caller, memoryId)),
    );
    if (told!.kind !== 'known' || held!.kind !== 'known') return noContradiction;
    if (contradiction.settlement !== null) return alreadySettled(contradiction.settlement);
    if (!isBelieved(told!.memory) || !isBelieved(held!.memory)) return alreadySettled('forgotten');
    return { contradiction, told: told!.memory, held: held!.memory };
  }

  private async settle(
    envelope: CommandEnvelope,
    draft: Draft,
    parties: Parties,
    { strategy, reason }: Resolve,
  ): Promise<Settlement> {
    const { contradiction } = parties;
    const told = draft.know(parties.told);
    const held = draft.know(parties.held);
    const winner = winnerOf(strategy, told, held);
    if (winner === null) {
      await this.settling.release(envelope, draft, contradiction, told.id, 0);
      await this.settling.release(envelope, draft, contradiction, held.id, 0);
    } else {
      await this.replace(envelope, draft, parties, winner === told ? held : told, winner);
    }
    const settlement = winner === null ? 'kept_both' : winner === told ? 'superseded' : 'rejected';
    this.settling.record(draft, contradiction, settlement, reason, byCaller);
    return settlement;
  }

  private async replace(
    envelope: CommandEnvelope,
    draft: Draft,
    { contradiction }: Parties,
    loser: Memory,
    winner: Memory,
  ): Promise<void> {
    const { tenantId } = envelope.caller;
    await this.settling.settleDisputesOf(envelope, draft, loser, 'superseded', contradiction.id);
    const beginning = winner.validFrom ?? { instant: winner.observedAt, precision: 'instant' };
    const isUpdate = contradiction.kind === 'update' && winner.id === contradiction.memoryId;
    draft.append(
      {
        type: 'MemorySuperseded',
        data: {
          memoryId: loser.id,
          supersededBy: winner.id,
          contradictionId: contradiction.id,
          validTo: isUpdate ? beginning : null,
        },
      },
      loser.ownership.userId,
      byCaller,
    );
    await this.settling.release(envelope, draft, contradiction, loser.id, support.confirmation);
    await this.reserving.free(tenantId, draft, loser);
    await this.reserving.claimSlots(tenantId, draft, winner);
  }
}

/** The one that stays alone; null when both do. */
function winnerOf(strategy: Resolve['strategy'], told: Memory, held: Memory): Memory | null {
  switch (strategy) {
    case 'supersede':
      return told;
    case 'reject':
      return held;
    case 'keep_both':
      return null;
    case 'highest_confidence':
      return held.confidence > told.confidence ? held : told;
    case 'source_rank':
      return sourceRank(sourceOf(held.evidence[0])) < sourceRank(sourceOf(told.evidence[0])) ? held : told;
  }
}

const noContradiction: CommandRefused = {
  kind: 'refused',
  code: 'not_found',
  detail: 'There is no such contradiction, or this key may not see it.',
};

function alreadySettled(settlement: Settlement): CommandRefused {
  return {
    kind: 'refused',
    code: 'already_settled',
    detail: `The contradiction is settled already (${settlement}); undo that on one of its memories to decide again.`,
    facts: { settlement },
  };
}

import { Injectable } from '@nestjs/common';
import type { CommandEnvelope } from '#libs/contracts/commands.js';
import {
  type Contradiction,
  type ContradictionEvent,
  evolveContradiction,
  type Settlement,
} from '#libs/domain/belief/contradiction.js';
import type { Memory } from '#libs/domain/memory/memory.evolve.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { derivedId } from '../appending.js';
import { KnownMemories } from '../known-memories.js';
import { byCaller, type Draft, type Why } from './draft.js';

/** Ends disputes: what a contradiction took from a belief is given back when the other side is gone. */
@Injectable()
export class Settling {
  constructor(
    private readonly logReader: LogReader,
    private readonly known: KnownMemories,
  ) {}

  /** As the log has it now; null when there is none, or it was erased. */
  async contradiction(tenantId: string, id: string): Promise<Contradiction | null> {
    const events = await this.logReader.stream(tenantId, `contradiction-${id}`);
    return events.reduce<Contradiction | null>(
      (state, { event }) => evolveContradiction(state, event as ContradictionEvent),
      null,
    );
  }

  /** `memory` is about to be believed no more: nothing disputes with it from now on. */
  async settleDisputesOf(
    envelope: CommandEnvelope,
    draft: Draft,
    memory: Memory,
    settlement: Settlement,
    except: string | null = null,
  ): Promise<void> {
    for (const id of memory.disputes) {
      if (id === except) continue;
      const contradiction = await this.contradiction(envelope.caller.tenantId, id);
      if (!contradiction || contradiction.settlement !== null) continue;
      this.record(draft, contradiction, settlement, null, byCaller);
      await this.release(envelope, draft, contradiction, memory.id, 0);
    }
  }

  record(
    draft: Draft,
    contradiction: Contradiction,
    settlement: Settlement | null,
    reason: string | null,
    why: Why,
  ): void {
    const { id: contradictionId, memoryId, otherId, version, ownership } = contradiction;
    const data = { contradictionId, memoryId, otherId, settlement, reason };
    draft.appendContradiction({ type: 'ContradictionResolved', data }, version, ownership.userId, why);
  }

  erase(draft: Draft, { id: contradictionId, version, ownership }: Contradiction): void {
    const event = { type: 'ContradictionErased' as const, data: { contradictionId } };
    draft.appendContradiction(event, version, ownership.userId, byCaller);
  }

  /**
   * Frees the side that is not `leavingId` from the dispute, gives back what it took, and adds `bonus` to its log-odds.
   */
  async release(
    envelope: CommandEnvelope,
    draft: Draft,
    { id, memoryId, otherId, weights }: Contradiction,
    leavingId: string,
    bonus: number,
  ): Promise<void> {
    const stayingId = leavingId === memoryId ? otherId : memoryId;
    const taken = stayingId === memoryId ? weights.told : weights.held;
    const found = draft.memory(stayingId) ?? (await this.known.ofTenant(envelope.caller.tenantId, stayingId));
    if (!found || !found.disputes.includes(id)) return;
    const staying = draft.know(found);
    draft.append(
      {
        type: 'BeliefAdjusted',
        data: {
          memoryId: stayingId,
          evidenceId: derivedId(envelope, 'settled', id, stayingId),
          weight: bonus - taken,
          contradictionId: id,
          dispute: 'settled',
        },
      },
      staying.ownership.userId,
      byCaller,
    );
  }
}

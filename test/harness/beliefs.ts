import { v7 as uuidv7 } from 'uuid';
import type { ContradictionDetected, Settlement } from '#libs/domain/belief/contradiction.js';
import type { DomainEvent } from '#libs/contracts/events.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { type NewEvent, noReservations } from '#libs/ports/log-writer.js';
import type { TestService } from './service.js';

type Written = Pick<TestService, 'writer' | 'log'>;

/** Appends events as they are, for tests of what reads them. @returns their position */
export async function appendEvents(
  { writer }: Written,
  { tenantId, keyId }: Pick<Caller, 'tenantId' | 'keyId'>,
  events: readonly { streamId: string; event: DomainEvent; reason?: NewEvent['reason']; rule?: string }[],
  destroyStreamKeys: string[] = [],
): Promise<number> {
  const commandId = uuidv7();
  const result = await writer.append({
    ...{ tenantId, commandId, correlationId: commandId, actor: { key: keyId, agent: null, session: null } },
    ...{ idempotency: null, expectedVersions: {}, reservations: noReservations, outcome: {}, destroyStreamKeys },
    events: events.map(({ streamId, event, reason = 'rule', rule }) => ({
      ...{ streamId, event, reason, time: '2026-03-01T10:00:00.000Z', dataSubject: null },
      decision: rule === undefined ? null : { rule, version: 'relations-1' },
    })),
  });
  if (result.kind !== 'appended') throw new Error(`the append was refused: ${result.kind}`);
  return result.position;
}

/** `memoryId` contradicts `otherId`; settled as `superseded`, it takes its place in the same commit. */
export async function contradict(
  service: Written,
  caller: Caller,
  { memoryId, otherId }: { memoryId: string; otherId: string },
  settlement: Settlement | null = 'superseded',
): Promise<{ contradictionId: string; position: number }> {
  const contradictionId = uuidv7();
  const [first] = await service.log.stream(caller.tenantId, `memory-${memoryId}`);
  const { ownership } = (first!.event as { data: Pick<ContradictionDetected['data'], 'ownership'> }).data;
  const rule = 'relation.single_slot';
  const data: ContradictionDetected['data'] = {
    ...{ contradictionId, ownership, memoryId, otherId, kind: 'update', probability: 0.93, settlement },
    ...{ ruleId: rule, rulesVersion: 'relations-1', evidence: ['slot=residence', 'cue=moved'], slot: 'residence' },
    weights: { told: 0, held: 0 },
  };
  const detected = {
    ...{ streamId: `contradiction-${contradictionId}`, rule },
    event: { type: 'ContradictionDetected' as const, data },
  };
  const gaveWay = {
    ...{ streamId: `memory-${otherId}`, rule },
    event: {
      type: 'MemorySuperseded' as const,
      data: { memoryId: otherId, supersededBy: memoryId, contradictionId, validTo: null },
    },
  };
  const events = settlement === 'superseded' ? [detected, gaveWay] : [detected];
  return { contradictionId, position: await appendEvents(service, caller, events) };
}

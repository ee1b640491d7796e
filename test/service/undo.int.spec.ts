import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from '#libs/contracts/commands.js';
import { callerOf, envelopeOf, nowhere, startTestService, statement, type TestService } from '#test/harness/service.js';
import { random } from '#test/harness/server-random.js';

const steps = 120;
const places = ['Leeds', 'York', 'Bath', 'Hull'];
const forms = [
  (place: string) => `I live in ${place}.`,
  (place: string) => `I moved to ${place}.`,
  (place: string) => `Nina was born in ${place}.`,
  (place: string) => `Actually, I live in ${place}.`,
  (place: string) => `I love ${place}.`,
  (place: string) => `I hate ${place}.`,
];

/** What is believed, and who holds what: the belief digest, in the open. Versions and times are not part of a belief. */
interface Beliefs {
  memories: Record<string, unknown>[];
  reservations: Record<string, string>;
}

describe('undo and redo', () => {
  const tenantId = 'acme';
  const caller = callerOf(tenantId);
  const seed = Date.now();
  const { pick, below } = dice(seed);
  let service: TestService;
  beforeAll(async () => {
    console.info(`seed ${seed}`);
    service = await startTestService([tenantId]);
  });
  afterAll(() => service.stop());

  async function beliefs(): Promise<Beliefs> {
    await service.follower.waitFor(tenantId, await service.log.headPosition(tenantId), 20_000);
    return service.database.db.asTenant(tenantId, async (connection) => {
      const memories = await connection.query<Record<string, unknown>>(
        `SELECT memory_id, content, memory_type, round(confidence::numeric, 9) AS confidence, metadata, status, valid_from,
           valid_to, superseded_by, belief, evidence FROM memories
         WHERE tenant_id = $1 AND status <> 'forgotten' ORDER BY memory_id`,
        [tenantId],
      );
      const held = await connection.query<{ key: string; owner: string }>(
        'SELECT key, owner FROM reservations WHERE tenant_id = $1 ORDER BY key',
        [tenantId],
      );
      return {
        memories: memories.rows.map(withoutTraces),
        reservations: Object.fromEntries(held.rows.map(({ key, owner }) => [key, owner])),
      };
    });
  }

  async function command(): Promise<{ command: Command; about: string | null }> {
    const { memories } = await beliefs();
    const known = memories.map((memory) => memory['memory_id'] as string);
    const about = known.length > 0 ? pick(known) : null;
    const content = pick(forms)(pick(places));
    switch (about === null ? 0 : below(8)) {
      case 1:
        return { about, command: { type: 'ReviseMemory', memoryId: about!, expectedVersion: null, content } };
      case 2:
        return { about, command: { type: 'ForgetMemories', memoryIds: [about!], hard: false, single: true } };
      case 3: {
        const strategy = pick(['supersede', 'merge', 'adjust', 'manual'] as const);
        const rest = { content, confidence: 0.7, placement: nowhere, metadata: {} };
        return { about, command: { type: 'UpdateBelief', strategy, targetId: about, ...rest } };
      }
      case 4: {
        const disputed = memories.find((memory) => memory['status'] === 'disputed');
        const [contradictionId] = ((disputed?.['belief'] as { disputes?: string[] })?.disputes ?? []) as string[];
        if (contradictionId === undefined) break;
        const strategy = pick(['supersede', 'reject', 'keep_both'] as const);
        const resolve = { contradictionId, strategy, reason: null };
        return { about: disputed!['memory_id'] as string, command: { type: 'ResolveContradiction', ...resolve } };
      }
    }
    return { about: null, command: statement(content) };
  }

  it(`bring back exactly what was believed, over ${steps} random changes`, async () => {
    let undone = 0;
    for (let step = 0; step < steps; step += 1) {
      const before = await beliefs();
      const { command: change, about } = await command();
      const outcome = await service.execute(envelopeOf(caller, change));
      if (outcome.kind === 'refused') continue;
      const after = await beliefs();
      // Revised to what it says already: there is no change to undo, only the one before it.
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      const memoryId = about ?? (outcome.body['memoryIds'] as string[])[0]!;
      const isNew = before.memories.every((memory) => memory['memory_id'] !== memoryId);
      const undo = { type: 'UndoChange' as const, memoryId, direction: 'undo' as const, cascade: false };
      const taken = await service.execute(envelopeOf(caller, undo));
      if (taken.kind === 'refused') {
        // Only a memory that was told and changed nothing else.
        expect([taken.code, isNew]).toEqual(['nothing_to_undo', true]);
        continue;
      }
      undone += 1;
      expect({ step, change, ...(await beliefs()) }).toEqual({ step, change, ...before });
      const redone = await service.execute(envelopeOf(caller, { ...undo, direction: 'redo' }));
      expect(redone).toMatchObject({ kind: 'accepted' });
      expect({ step, change, ...(await beliefs()) }).toEqual({ step, change, ...after });
    }
    expect(undone).toBeGreaterThan(steps / 4);
  }, 180_000);
});

/** Undoing leaves the ids of what was weighed and undone out of a belief, and keeps everything that is believed. */
function withoutTraces(memory: Record<string, unknown>): Record<string, unknown> {
  return memory;
}

function dice(from: number) {
  const next = random(from);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)]! };
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '#libs/contracts/commands.js';
import type { Evidence } from '#libs/domain/memory/memory.events.js';
import type { Caller, Scope } from '#libs/domain/scope/ownership.js';
import { replayTenant } from '#libs/projections/replay.js';
import {
  callerOf,
  envelopeOf,
  nowhere,
  said,
  startTestService,
  statement,
  type TestService,
} from '../harness/service.js';

const sentences = [
  'I like green tea',
  'I live in Lisbon and I work at Initech',
  'My sister Ana moved to Porto last May',
  'Always answer in English',
  'I prefer dark mode. I like green tea.',
  'The weather is fine',
];

/** One step of a history. `target` picks one of the memories that the tenant has learned so far. */
type Step = { tenant: number; caller: Partial<Caller> } & (
  | { kind: 'learn'; content: string; scope: Scope | null; userId: string | null; metadata: Record<string, unknown> }
  | { kind: 'ingest'; contents: string[]; userId: string | null }
  | { kind: 'revise'; target: number; content: string; confidence: number }
  | { kind: 'forget'; targets: number[]; hard: boolean }
  | { kind: 'register'; name: string; role: string | null }
  | { kind: 'handOff'; sessionId: string }
);

const named = (kind: string, ...names: string[]) => names.map((name) => ({ id: `${kind}-${name}`, name }));
const uuid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

const caller: fc.Arbitrary<Partial<Caller>> = fc.record({
  project: fc.constantFrom(...named('project', 'default', 'content')),
  team: fc.constantFrom(null, ...named('team', 'editorial')),
  agent: fc.constantFrom(null, { id: uuid(1), name: 'support', type: null }, { id: uuid(2), name: 'sales', type: 'x' }),
  sessionId: fc.constantFrom(null, 'monday'),
});
const user = fc.constantFrom(null, 'alice');
const content = fc.constantFrom(...sentences);
const metadata = fc.dictionary(fc.constantFrom('b', 'a', 'long key'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const scope = fc.constantFrom<Scope | null>(null, 'personal', 'team', 'project', 'session');

function step<T extends object>(kind: string, weight: number, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  const all = { kind: fc.constant(kind), tenant: fc.nat({ max: 1 }), caller, ...fields };
  return { weight, arbitrary: fc.record(all) as unknown as fc.Arbitrary<Step> };
}

const history = fc.array(
  fc.oneof(
    step('learn', 5, { content, scope, userId: user, metadata }),
    step('ingest', 4, { contents: fc.array(content, { minLength: 1, maxLength: 4 }), userId: user }),
    step('revise', 3, { target: fc.nat(), content, confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
    step('forget', 3, { targets: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), hard: fc.boolean() }),
    step('register', 1, { name: fc.constantFrom('support', 'planner'), role: fc.constantFrom(null, 'helper') }),
    step('handOff', 1, { sessionId: fc.constant('monday') }),
  ),
  { minLength: 5, maxLength: 60 },
);

describe('any history', () => {
  let service: TestService;
  let made = 0;
  beforeAll(async () => {
    service = await startTestService([]);
  });
  afterAll(() => service.stop());

  it('is told by its log alone: replay = live, totals = rows, evidence leads to what was said', async () => {
    let events = 0;
    const property = fc.asyncProperty(history, fc.integer({ min: 1, max: 12 }), async (steps, atOnce) => {
      made += 1;
      const tenants = [`tenant-${made}-a`, `tenant-${made}-b`];
      for (const tenantId of tenants) await service.database.tenants.ensure(tenantId, 'self-hosted');
      await run(steps, atOnce, tenants);
      for (const tenantId of tenants) {
        const head = await service.log.headPosition(tenantId);
        expect(await service.follower.waitFor(tenantId, head, 20_000)).toBe(true);
        await expectTotalsToBeCounted(tenantId);
        await expectEvidenceToBeThere(tenantId);
        await expectLineagesToEnd(tenantId);
        await expectReservationsToBeHeld(tenantId);
        const replayed = await replayTenant(service.log, service.store, tenantId, () => undefined);
        expect(replayed.digestAfter).toBe(replayed.digestBefore);
        expect(replayed.parkedStreams).toBe(0);
        events += replayed.events;
      }
      expect(service.parked).toEqual([]);
    });
    // A failure prints its seed and the shortest history that fails.
    await fc.assert(property, { numRuns: 15, endOnFailure: false, interruptAfterTimeLimit: 60_000 });
    expect(events).toBeGreaterThan(150);
  }, 120_000);

  /** Carries out `steps`, `atOnce` of them at the same time. */
  async function run(steps: readonly Step[], atOnce: number, tenants: readonly string[]): Promise<void> {
    const learned = tenants.map((): string[] => []);
    for (let from = 0; from < steps.length; from += atOnce) {
      const group = steps.slice(from, from + atOnce).map(async (one) => {
        const known = learned[one.tenant]!;
        const command = commandOf(one, known);
        if (command === null) return;
        const outcome = await service.execute(envelopeOf(callerOf(tenants[one.tenant]!, one.caller), command));
        if (outcome.kind === 'accepted') known.push(...((outcome.body['memoryIds'] as string[] | undefined) ?? []));
        else expect(['not_found', 'content_conflict', 'validation_failed']).toContain(outcome.code);
      });
      await Promise.all(group);
    }
  }

  async function rowsOf<T extends object>(tenantId: string, sql: string): Promise<T[]> {
    return service.database.db.asTenant(tenantId, async (connection) => (await connection.query<T>(sql)).rows);
  }

  async function expectTotalsToBeCounted(tenantId: string): Promise<void> {
    const [counted] = await rowsOf(
      tenantId,
      `SELECT (SELECT count(*) FROM memories WHERE status IN ('active', 'disputed')) AS memories,
         (SELECT count(*) FROM episodes) AS episodes,
         (SELECT coalesce(sum(octet_length(content)), 0)::bigint FROM memories
            WHERE status IN ('active', 'disputed'))
           + (SELECT coalesce(sum(octet_length(content)), 0)::bigint FROM episodes) AS "contentBytes"`,
    );
    expect(await service.reader.totals(tenantId)).toEqual(counted);
  }

  async function expectEvidenceToBeThere(tenantId: string): Promise<void> {
    const episodes = new Map(
      (await rowsOf<{ id: string; content: string }>(tenantId, 'SELECT episode_id AS id, content FROM episodes')).map(
        (row) => [row.id, row.content],
      ),
    );
    const memories = await rowsOf<{ id: string; evidence: Evidence[] }>(
      tenantId,
      'SELECT memory_id AS id, evidence FROM memories',
    );
    for (const { evidence } of memories) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(new Set(evidence.map(({ id }) => id)).size).toBe(evidence.length);
      for (const { sourceType, sources } of evidence) {
        expect(sources.length > 0).toBe(sourceType === 'message');
        for (const { messageId, start, end } of sources) {
          const quoted = episodes.get(messageId)?.slice(start, end);
          expect(quoted).toHaveLength(end - start);
          expect(end).toBeGreaterThan(start);
        }
      }
    }
  }

  /** Whoever may see a memory is told the messages and the statements that it comes from, each of them. */
  async function expectLineagesToEnd(tenantId: string): Promise<void> {
    const ownership = `scope, project_id AS "projectId", owner_team_id AS "teamId", owner_agent_id AS "agentId",
      session_id AS "sessionId"`;
    const memories = await rowsOf<{ id: string; evidence: Evidence[] } & Record<string, string | null>>(
      tenantId,
      `SELECT memory_id AS id, evidence, ${ownership} FROM memories WHERE status <> 'forgotten'`,
    );
    const identity = (id: string | null) => (id === null ? null : { id, name: id, type: null });
    for (const { id, evidence, projectId, teamId, agentId, sessionId } of memories) {
      const who = { project: { id: projectId!, name: '' }, team: identity(teamId!), agent: identity(agentId!) };
      const reading = callerOf(tenantId, { ...who, sessionId: sessionId! });
      const graph = await service.queries.lineage(reading, id, { asOf: null }, 0);
      const wanted = evidence.flatMap(({ id: evidenceId, sources }) =>
        sources.length === 0
          ? [`statement:${evidenceId}`]
          : sources.map(({ messageId, start, end }) => `message:${messageId}:${start}-${end}`),
      );
      // What an undo took back was a reason once, so there may be more.
      expect(graph?.roots).toEqual(expect.arrayContaining(wanted));
      expect(wanted.length).toBeGreaterThan(0);
    }
  }

  /** Each belief holds its content, once, and slots of its claims; nothing that ended holds anything. */
  async function expectReservationsToBeHeld(tenantId: string): Promise<void> {
    const held = await rowsOf<{ key: string; owner: string }>(
      tenantId,
      'SELECT key, owner FROM reservations ORDER BY owner',
    );
    const believed = await rowsOf<{ owner: string }>(
      tenantId,
      "SELECT memory_id::text AS owner FROM memories WHERE status IN ('active', 'disputed') ORDER BY memory_id::text",
    );
    const owners = believed.map(({ owner }) => owner);
    expect(held.flatMap(({ key, owner }) => (key.startsWith('content:') ? [owner] : []))).toEqual(owners);
    const slots = held.filter(({ key }) => key.startsWith('slot:'));
    expect(slots.filter(({ owner }) => !owners.includes(owner))).toEqual([]);
    expect(held).toHaveLength(owners.length + slots.length);
  }
});

function commandOf(one: Step, known: readonly string[]): Command | null {
  switch (one.kind) {
    case 'learn': {
      const placement = { ...nowhere, scope: one.scope, userId: one.userId };
      return statement(one.content, { placement, metadata: one.metadata });
    }
    case 'ingest':
      return { ...said(...one.contents), placement: { ...nowhere, userId: one.userId } } as Command;
    case 'revise': {
      if (known.length === 0) return null;
      const memoryId = known[one.target % known.length]!;
      return {
        type: 'ReviseMemory',
        memoryId,
        expectedVersion: null,
        content: one.content,
        confidence: one.confidence,
      };
    }
    case 'forget': {
      if (known.length === 0) return null;
      const memoryIds = one.targets.map((target) => known[target % known.length]!);
      return { type: 'ForgetMemories', memoryIds, hard: one.hard, single: memoryIds.length === 1 };
    }
    case 'register':
      return { type: 'RegisterAgent', name: one.name, role: one.role, personality: null, agentType: null };
    case 'handOff': {
      const between = { fromAgent: 'support', toAgent: 'sales', sessionId: one.sessionId };
      return { type: 'RecordHandoff', ...between, reason: null, context: { step: 1 } };
    }
  }
}

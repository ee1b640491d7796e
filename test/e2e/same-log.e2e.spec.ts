import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestedTables, PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { MemoryQueries, SearchQuery } from '#libs/ports/memory-queries.js';
import type { MemoryRow, PageStart } from '#libs/ports/memory-reader.js';
import { Chance, CommandMaker, CommandSources } from '#test/harness/command-log.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { type DistributedService, startDistributedService } from '#test/harness/distributed-service.js';
import { startTestService, type TestService } from '#test/harness/service.js';
import { serversLimitMs } from '#test/harness/stack.js';

/** A run that failed is repeated with `SAME_LOG_SEED`. */
const seed = Number(process.env['SAME_LOG_SEED'] ?? Date.now() % 2 ** 31);
const tenants = Array.from({ length: 6 }, (_, index) => `tenant-${index}`);
const commandsPerTenant = 340;
const searchesPerTenant = 64;
const callersPerTenant = 8;
const pageSize = 50;
const asksAtOnce = 4;
const catchUpLimitMs = 120_000;

interface Recorded {
  envelope: CommandEnvelope;
  outcome: CommandOutcome;
}

/** What is asked of both profiles. */
type Question = readonly [name: string, ask: (queries: MemoryQueries, position: number) => Promise<unknown>];

/**
 * A log of commands is recorded on the standalone profile and carried out again on the distributed one. Their outcomes,
 * every answer and the digests of the read models must be the same.
 *
 * Both have the same master key and tenant keys (ids of agents and conversations are keyed hashes), and take times and
 * ids of events from the commands. What stays different is not to be seen by anybody: data keys and nonces, and with
 * them the bytes of commits.
 */
describe(`the same log of commands, made from seed ${seed}`, () => {
  const [recording, repeating] = [new CommandSources(), new CommandSources()];
  let standalone: TestService;
  let database: TestDatabase;
  let distributed: DistributedService;
  const logs = new Map<string, Recorded[]>();

  beforeAll(async () => {
    console.info(`seed ${seed}`);
    standalone = await startTestService(tenants, recording);
    database = await startTestDatabase(standalone.database.masterKey);
    await copyTenants(standalone.database, database);
    distributed = await startDistributedService(database, repeating);
  }, serversLimitMs + 180_000);
  afterAll(async () => {
    for (const { message } of distributed?.failures ?? []) console.info(`tried again: ${message}`);
    await distributed?.stop();
    await database?.stop();
    await standalone?.stop();
  }, 60_000);

  it('has the same outcomes', async () => {
    await Promise.all(tenants.map(async (tenantId, index) => logs.set(tenantId, await record(tenantId, seed + index))));
    const recorded = [...logs.values()].flat();
    expect(recorded.length).toBeGreaterThanOrEqual(2_000);
    const different = (await Promise.all([...logs.values()].map(repeat))).flat();
    expect(different).toEqual([]);
    expectVariety(recorded);
  }, 480_000);

  it.each(tenants)(
    'gives the same answers and digest for %s',
    async (tenantId) => {
      const log = logs.get(tenantId)!;
      const position = await standalone.queries.headPosition(tenantId);
      expect(await distributed.queries.headPosition(tenantId)).toBe(position);
      const [{ envelope }] = log as [Recorded];
      const both = [standalone.queries, distributed.queries];
      await Promise.all(both.map((queries) => caughtUp(queries, envelope.caller, position)));
      const different: string[] = [];
      const answers = { rows: 0, found: 0 };
      await atOnce(asksAtOnce, questionsOn(tenantId, log), async ([name, ask]) => {
        const [expected, actual] = await Promise.all([
          ask(standalone.queries, position),
          ask(distributed.queries, position),
        ]);
        answers[name.startsWith('search') ? 'found' : 'rows'] += Array.isArray(expected) ? expected.length : 1;
        if (JSON.stringify(actual) !== JSON.stringify(expected)) {
          different.push(`${name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`.slice(0, 2_000));
        }
      });
      expect(different).toEqual([]);
      // Or it would prove little.
      expect(answers.rows).toBeGreaterThan(400);
      expect(answers.found).toBeGreaterThan(100);
      const digest = (on: TestDatabase) => new PostgresReadModelStore(on.db).digest(tenantId);
      // A decision that had to do without the search index says so, and then the rows are not the same.
      const degraded = await degradedDecisions([database, standalone.database], tenantId);
      if (degraded > 0) console.info(`${tenantId}: ${degraded} decisions without the index; digests are not compared`);
      else if ((await digest(database)) !== (await digest(standalone.database))) {
        expect(await rowsOf(database, tenantId)).toEqual(await rowsOf(standalone.database, tenantId));
        throw new Error('the digests differ, but not the rows');
      }
    },
    120_000,
  );

  async function record(tenantId: string, tenantSeed: number): Promise<Recorded[]> {
    const maker = new CommandMaker(tenantId, tenantSeed);
    const log: Recorded[] = [];
    for (let count = 0; count < commandsPerTenant; count += 1) {
      const envelope = maker.next();
      recording.begin(envelope);
      const outcome = await standalone.execute(envelope);
      await seen(standalone.queries, envelope, outcome);
      maker.hear(envelope, outcome);
      log.push({ envelope, outcome });
    }
    return log;
  }

  /** @returns what came out otherwise */
  async function repeat(log: readonly Recorded[]): Promise<unknown[]> {
    const different: unknown[] = [];
    for (const [index, { envelope, outcome: expected }] of log.entries()) {
      repeating.begin(envelope);
      const actual = await distributed.bus.execute(envelope);
      await seen(distributed.queries, envelope, actual);
      if (JSON.stringify(actual) !== JSON.stringify(expected)) different.push({ index, envelope, expected, actual });
    }
    return different;
  }
});

/** Every kind of outcome must have come about, or the log proves little. */
function expectVariety(recorded: readonly Recorded[]): void {
  const kinds = recorded.map(({ envelope, outcome }) =>
    outcome.kind === 'accepted'
      ? `${envelope.command.type}${outcome.replayed ? ' again' : ''}${outcome.body['deduplicated'] ? ' known' : ''}`
      : outcome.code,
  );
  const wanted = [
    ...['IngestConversation', 'LearnMemory', 'ReviseMemory', 'ForgetMemories', 'RegisterAgent', 'RecordHandoff'],
    ...['LearnMemory known', 'LearnMemory again', 'IngestConversation again', 'not_found', 'idempotency_mismatch'],
    ...['version_conflict', 'validation_failed'],
  ];
  expect(wanted.filter((kind) => !kinds.includes(kind))).toEqual([]);
}

async function copyTenants(from: TestDatabase, to: TestDatabase): Promise<void> {
  for (const table of ['tenants', 'tenant_keys', 'log_heads']) {
    const rows = await from.db.asOwner(async (connection) => (await connection.query(`SELECT * FROM ${table}`)).rows);
    await to.db.asOwner(async (connection) => {
      for (const row of rows as Record<string, unknown>[]) {
        const places = Object.keys(row).map((_, at) => `$${at + 1}`);
        const columns = Object.keys(row).join();
        await connection.query(`INSERT INTO ${table} (${columns}) VALUES (${places.join()})`, Object.values(row));
      }
    });
  }
}

/**
 * The next decision may depend on what the search index has of this one: it is milliseconds behind the log, and how many
 * is not the same on both sides.
 */
async function seen(queries: MemoryQueries, { caller }: CommandEnvelope, outcome: CommandOutcome): Promise<void> {
  if (outcome.kind === 'accepted') await caughtUp(queries, caller, outcome.position);
}

/** Both projections have everything up to `position`. */
async function caughtUp(queries: MemoryQueries, caller: Caller, position: number): Promise<void> {
  const nothing = { ...searchFor('nothing', { and: [] }), limit: 1 };
  for (const endMs = Date.now() + catchUpLimitMs; ; await sleep(100)) {
    try {
      return void (await queries.search(caller, nothing, position));
    } catch (error) {
      if ((error as { code?: string }).code !== 'behind' || Date.now() > endMs) throw error;
    }
  }
}

function questionsOn(tenantId: string, log: readonly Recorded[]): Question[] {
  const chance = new Chance(seed);
  const callers = Array.from({ length: callersPerTenant }, () => chance.caller(tenantId));
  const searches = Array.from({ length: searchesPerTenant }, () => searchBy(chance, chance.of(callers)));
  const projects = [...new Map(callers.map((caller) => [caller.project.id, caller])).values()];
  return [
    ['totals', (queries, position) => queries.totals(tenantId, position)],
    ...callers.map((caller) => listOf(caller, chance.of(['asc', 'desc'] as const), { and: [] })),
    ...callers.map((caller) => listOf(caller, 'desc', anyFilter(chance))),
    ...searches,
    ...historiesIn(log),
    ...projects.flatMap((caller) => [agentsOf(caller), handoffsOf(caller, 'monday'), handoffsOf(caller, 'tuesday')]),
  ];
}

function listOf(caller: Caller, order: 'asc' | 'desc', filter: Filter): Question {
  return [
    `list ${order} ${JSON.stringify([caller, filter])}`,
    async (queries, position) => {
      const rows: MemoryRow[] = [];
      for (let after: PageStart | null = null; ;) {
        const page = await queries.list(caller, { filter, order, after, limit: pageSize }, position);
        rows.push(...page.rows);
        if (page.next === null) return rows;
        after = page.next;
      }
    },
  ];
}

function searchBy(chance: Chance, caller: Caller): Question {
  const filter = chance.is(0.5) ? { and: [] } : anyFilter(chance);
  const query = {
    ...searchFor(chance.question(), filter),
    limit: chance.of([5, 20, 50]),
    includeEpisodes: chance.of([null, true, false]),
  };
  return [
    `search ${JSON.stringify([caller, query])}`,
    async (queries, position) => {
      const { hits, mode } = await queries.search(caller, query, position);
      const rounded = hits.map(({ score, explanation, ...hit }) => ({
        ...hit,
        score: round(score),
        scoredId: explanation?.scoredId,
        features: explanation?.features.map(({ name, contribution }) => [name, round(contribution)]),
        adjustments: explanation?.adjustments.map(({ name, amount }) => [name, round(amount)]),
      }));
      return rounded.map((hit) => ({ mode, ...hit }));
    },
  ];
}

function searchFor(text: string, filter: Filter): SearchQuery {
  return { text, filter, limit: 10, mode: 'hybrid', explain: true, includeEpisodes: null };
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;

function anyFilter(chance: Chance): Filter {
  return chance.of<Filter>([
    { field: 'userId', equals: chance.of(['alice', null]) },
    { not: { field: 'memoryType', anyOf: ['fact', 'event'] } },
    { field: 'metadata.tier', anyOf: ['gold', 3] },
    { field: 'metadata.tags', equals: 'chess' },
    { field: 'metadata.due', atLeast: '2025-02-01' },
    {
      and: [
        { field: 'confidence', atLeast: 0.5 },
        { field: 'kind', equals: 'memory' },
      ],
    },
    {
      or: [
        { field: 'teamId', equals: 'label-t' },
        { field: 'sessionId', equals: 'monday' },
      ],
    },
    { field: 'saidAt', atLeast: '2023-05-10', atMost: '2023-06-10' },
    { field: 'metadata.nested.a', atMost: 0 },
  ]);
}

/** Of every memory, as the one sees it who made it. */
function historiesIn(log: readonly Recorded[]): Question[] {
  const callers = new Map<string, Caller>();
  for (const { envelope, outcome } of log) {
    const ids = outcome.kind === 'accepted' ? ((outcome.body['memoryIds'] as string[] | undefined) ?? []) : [];
    for (const id of ids) if (!callers.has(id)) callers.set(id, envelope.caller);
  }
  return [...callers].map(([id, caller]) => [
    `history of ${id}`,
    (queries, position) => queries.history(caller, id, position),
  ]);
}

function agentsOf(caller: Caller): Question {
  return [
    `agents ${JSON.stringify(caller)}`,
    async (queries, position) => (await queries.agents(caller, { after: null, limit: 100 }, position)).rows,
  ];
}

function handoffsOf(caller: Caller, session: string): Question {
  return [`handoffs ${session}`, (queries, position) => queries.handoffs(caller, session, 100, position)];
}

/** Works on `all`, some at the same time. */
async function atOnce<T>(count: number, all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: count }, worker));
}

/** All that the digest is of: to see what differs. */
async function rowsOf({ db }: TestDatabase, tenantId: string): Promise<Record<string, unknown[]>> {
  return db.asTenant(tenantId, async (connection) => {
    const rows: Record<string, unknown[]> = {};
    for (const { name, key } of digestedTables) {
      rows[name] = (
        await connection.query(`SELECT * FROM ${name} WHERE tenant_id = $1 ORDER BY ${key}`, [tenantId])
      ).rows;
    }
    return rows;
  });
}

/** How many versions were decided without the search index. */
async function degradedDecisions(databases: readonly TestDatabase[], tenantId: string): Promise<number> {
  const counts = await Promise.all(
    databases.map(({ db }) =>
      db.asTenant(tenantId, async (connection) => {
        const { rows } = await connection.query<{ count: number }>(
          "SELECT count(*)::int AS count FROM memory_versions WHERE tenant_id = $1 AND decision ? 'degraded'",
          [tenantId],
        );
        return rows[0]!.count;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

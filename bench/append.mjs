// How fast the ledger acknowledges durable events at its port: 64 concurrent appends of one event each, one tenant.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundledPostgres } from '../dist/libs/adapters/postgres/bundled-server/bundled-postgres.js';
import { Database } from '../dist/libs/adapters/postgres/database.js';
import { KeyRing } from '../dist/libs/adapters/postgres/key-ring.js';
import { LogGrowth } from '../dist/libs/adapters/postgres/ledger/log-growth.js';
import { PostgresLogWriter } from '../dist/libs/adapters/postgres/ledger/log-writer.js';
import { migrate } from '../dist/libs/adapters/postgres/migrations.js';
import { Tenants } from '../dist/libs/adapters/postgres/tenants.js';
import { concurrently, percentile, report } from './measuring.mjs';

const concurrency = 64;
const appends = 20_000;

function learning(tenantId, index) {
  const memoryId = randomUUID();
  const time = new Date().toISOString();
  const ownership = {
    scope: 'personal',
    projectId: 'p',
    ownerTeamId: null,
    ownerAgentId: null,
    teamId: null,
    agentId: null,
    userId: null,
    sessionId: null,
  };
  const evidence = {
    id: memoryId,
    sourceType: 'statement',
    sources: [],
    ruleId: 'statement',
    extractorVersion: null,
    metadata: {},
  };
  const data = {
    memoryId,
    ownership,
    names: { project: 'default', team: null, agent: null },
    memoryType: 'fact',
    confidence: 0.8,
    metadata: {},
    content: `Customer ${index} prefers to be called in the morning and pays by invoice`,
    modality: 'asserted',
    observedAt: time,
    validFrom: null,
    validTo: null,
    evidence,
  };
  const event = {
    streamId: `memory-${memoryId}`,
    event: { type: 'MemoryLearned', data },
    time,
    dataSubject: null,
    reason: 'user',
    decision: null,
  };
  return {
    tenantId,
    commandId: randomUUID(),
    correlationId: 'bench',
    actor: { key: 'bench', agent: null, session: null },
    idempotency: null,
    expectedVersions: {},
    reservations: { take: { [`content:${memoryId}`]: memoryId }, expect: {}, release: [] },
    events: [event],
    outcome: {},
    destroyStreamKeys: [],
  };
}

const dataDir = mkdtempSync(join(tmpdir(), 'memorystack-bench-'));
const postgres = await openBundledPostgres({ dataDir });
try {
  await migrate(postgres.url, new URL('../prisma/migrations', import.meta.url).pathname);
  const db = new Database(postgres.url);
  const keyRing = new KeyRing(db, randomBytes(32));
  const tenants = new Tenants(db, keyRing);
  let made = 0;
  await report(
    'append',
    {
      eventsPerSecond: { unit: 'events/s', bar: 5_000, better: 'higher' },
      p50Ms: { unit: 'ms' },
      p99Ms: { unit: 'ms', bar: 25, better: 'lower' },
    },
    async () => {
      const tenantId = `bench-${(made += 1)}`;
      await tenants.ensure(tenantId, 'self-hosted');
      const writer = new PostgresLogWriter(db, keyRing, new LogGrowth());
      const startedMs = performance.now();
      const times = await concurrently(appends, concurrency, (index) => writer.append(learning(tenantId, index)));
      const seconds = (performance.now() - startedMs) / 1000;
      return {
        eventsPerSecond: Math.round(appends / seconds),
        p50Ms: percentile(times, 0.5),
        p99Ms: percentile(times, 0.99),
      };
    },
  );
  await db.close();
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

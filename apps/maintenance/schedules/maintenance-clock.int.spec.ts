import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import { PostgresJobQueue } from '#libs/adapters/postgres/jobs/job-queue.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { PostgresTimetable } from '#libs/adapters/postgres/timetable.js';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import { emptyChanges } from '#libs/ports/contracts/read-model.fixture.js';
import type { Lanes } from '#libs/ports/lanes.js';
import type { Schedule } from '#libs/ports/schedule.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { MaintenanceClock } from './maintenance-clock.js';

/** Nobody is there to be woken. */
const asleep = { put: async () => undefined, stop: async () => undefined } as unknown as Lanes;
const nothingElse = { ...standardSettings, embeddingGenerationEnabled: false };

let database: TestDatabase;
let jobs: PostgresJobQueue;
let tenants = 0;
let tenantId: string;
beforeAll(async () => {
  database = await startTestDatabase();
  jobs = new PostgresJobQueue(database.db, new KeyedSealer(database.keyRing), asleep, () => undefined);
});
afterAll(() => database.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `tenant-${tenants}`;
  await database.tenants.ensure(tenantId, 'self-hosted');
});

/** As a process has it: what it knows is in the database. */
const clock = (): MaintenanceClock => new MaintenanceClock({} as Schedule, new PostgresTimetable(database.db), jobs);

async function choose(settings: typeof standardSettings, setAt: string): Promise<void> {
  await new PostgresReadModelStore(database.db).apply(tenantId, 0, 1, {
    ...emptyChanges(),
    settings: [{ settings, setAt }],
  });
}

const begun = async (): Promise<string[]> =>
  (await jobs.jobs(tenantId, { before: null, limit: 100 })).map(({ kind }) => kind).reverse();

it('begins what is due, once, whichever process looks and however often', async () => {
  await choose(
    { ...nothingElse, consolidationEnabled: true, consolidationFrequency: '0 * * * *' },
    '2026-03-01T10:30:00Z',
  );
  await clock().beginDue(new Date('2026-03-01T10:59:59Z'));
  expect(await begun()).toEqual([]);
  await Promise.all([clock(), clock(), clock()].map((one) => one.beginDue(new Date('2026-03-01T11:00:05Z'))));
  await clock().beginDue(new Date('2026-03-01T11:59:00Z'));
  expect(await begun()).toEqual(['consolidate']);
  await clock().beginDue(new Date('2026-03-01T12:00:01Z'));
  expect(await begun()).toEqual(['consolidate', 'consolidate']);
});

it('makes up once for what was due while nothing ran', async () => {
  await choose({ ...nothingElse, expiryEnabled: true, expiryFrequency: 'daily' }, '2026-03-01T10:30:00Z');
  await clock().beginDue(new Date('2026-03-20T12:00:00Z'));
  await clock().beginDue(new Date('2026-03-20T13:00:00Z'));
  expect(await begun()).toEqual(['expire']);
  await clock().beginDue(new Date('2026-03-21T12:00:00Z'));
  expect(await begun()).toEqual(['expire', 'expire']);
});

it('begins what the settings say, as they say it, and nothing that is switched off', async () => {
  const all = {
    consolidationEnabled: true,
    reflectionEnabled: true,
    expiryEnabled: true,
    embeddingGenerationEnabled: true,
  };
  await choose(
    { ...standardSettings, ...all, reflectionTimeWindowDays: 30, maxRetiredShare: 0.2 },
    '2026-01-01T00:00:00Z',
  );
  await clock().beginDue(new Date('2026-03-20T12:00:00Z'));
  expect((await begun()).sort()).toEqual(['batch_embeddings', 'consolidate', 'expire', 'reflect']);
});

import { afterAll, beforeAll } from '@jest/globals';
import { readDaysContract } from '#libs/ports/contracts/read-days.contract.js';
import { callerOf, startTestService, statement, type TestService } from '#test/harness/service.js';
import { Database } from './database.js';
import { PostgresReadDays } from './read-days.js';

let service: TestService;
let made = 0;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const reached = async (tenantId: string): Promise<void> => {
  await service.follower.waitFor(tenantId, await service.log.headPosition(tenantId), 10_000);
};

readDaysContract('the days in PostgreSQL', async () => {
  let now = new Date();
  const elsewhere = new Database(service.database.url);
  const failed = (error: Error): void => {
    throw error;
  };
  const [readDays, readDaysElsewhere] = [service.database.db, elsewhere].map(
    (db) => new PostgresReadDays(db, failed, () => now),
  ) as [PostgresReadDays, PostgresReadDays];
  return {
    readDays,
    readDaysElsewhere,
    newTenant: async () => {
      const tenantId = `read-${(made += 1)}`;
      await service.database.tenants.ensure(tenantId, 'self-hosted');
      return tenantId;
    },
    setClock: (instant) => {
      now = new Date(instant);
    },
    newMemory: async (tenantId) => {
      const { body } = await service.send(callerOf(tenantId), statement(`Memory ${(made += 1)}`));
      await reached(tenantId);
      return (body['memoryIds'] as string[])[0]!;
    },
    erase: async (tenantId, memoryId) => {
      const erasure = { memoryIds: [memoryId], hard: true, single: true };
      await service.send(callerOf(tenantId), { type: 'ForgetMemories', ...erasure });
      await reached(tenantId);
    },
    stop: async () => {
      for (const one of [readDays, readDaysElsewhere]) await one.stop();
      await elsewhere.close();
    },
  };
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { replayTenant } from '#libs/projections/replay.js';
import { callerOf, startTestService, statement, type TestService } from '../harness/service.js';

describe('the follower of the log goes on where the rows are', () => {
  let service: TestService;
  let tenantId: string;
  let tenants = 0;
  beforeAll(async () => {
    service = await startTestService([]);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    tenants += 1;
    tenantId = `tenant-${tenants}`;
    await service.database.tenants.ensure(tenantId, 'self-hosted');
    service.failures.length = 0;
  });

  async function learn(content: string): Promise<string> {
    const { body } = await service.send(callerOf(tenantId), statement(content));
    return (body['memoryIds'] as string[])[0]!;
  }

  const revise = (memoryId: string, content: string) =>
    service.send(callerOf(tenantId), { type: 'ReviseMemory', memoryId, expectedVersion: null, content });

  /** Up to the end of the log, also when it grows meanwhile. */
  async function caughtUp(): Promise<void> {
    let head = 0;
    while (head < (await service.log.headPosition(tenantId))) {
      head = await service.log.headPosition(tenantId);
      expect(await service.follower.waitFor(tenantId, head, 5_000)).toBe(true);
    }
  }

  const everything = { and: [] };

  async function indexed(): Promise<string[]> {
    const documents = await service.index.newest(tenantId, everything, 100);
    return documents.map(({ text }) => text).sort();
  }

  async function expectReplayToAgree(): Promise<void> {
    const { digestBefore, digestAfter } = await replayTenant(service.log, service.store, tenantId, () => undefined);
    expect(digestAfter).toBe(digestBefore);
  }

  async function cutConnections(): Promise<void> {
    const client = new pg.Client({ connectionString: service.database.url });
    await client.connect();
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    await client.end();
    // A pool may still hand out connections whose end it has not heard of.
    for (let answered = 0; answered < 5;) {
      answered = await service.log.headPosition(tenantId).then(
        () => answered + 1,
        () => 0,
      );
    }
  }

  /** The next batch is committed, then `afterwards` happens, and its answer is lost. */
  function loseNextAnswer(afterwards: () => Promise<unknown>): void {
    const { store } = service;
    const apply = store.apply.bind(store);
    store.apply = async (...batch) => {
      store.apply = apply;
      await apply(...batch);
      await afterwards();
      throw new Error('The connection was lost.');
    };
  }

  it('when the answer to a committed batch is lost and the log has grown since', async () => {
    const known = await learn('What was known before');
    await caughtUp();
    loseNextAnswer(async () => {
      await revise(known, 'Revised after the lost answer');
      await learn('Learned after the lost answer');
    });
    await revise(known, 'Revised in the batch');
    await learn('Learned in the batch');
    await caughtUp();
    expect(service.failures.map(({ message }) => message)).toEqual(['The connection was lost.']);
    expect(service.parked).toEqual([]);
    expect(await indexed()).toEqual([
      'Learned after the lost answer',
      'Learned in the batch',
      'Revised after the lost answer',
    ]);
    await expectReplayToAgree();
  });

  it('when the index could not be written', async () => {
    const { index } = service;
    const apply = index.apply.bind(index);
    const id = await learn('What was known before');
    await caughtUp();
    let refusals = 0;
    index.apply = async () => {
      refusals += 1;
      if (refusals === 3) index.apply = apply;
      await learn(`Learned while the index was away ${refusals}`);
      throw new Error('The index is away.');
    };
    await revise(id, 'Revised while the index was away');
    await caughtUp();
    expect(refusals).toBe(3);
    expect(await indexed()).toEqual([
      'Learned while the index was away 1',
      'Learned while the index was away 2',
      'Learned while the index was away 3',
      'Revised while the index was away',
    ]);
    await expectReplayToAgree();
  });

  it('when a database that crashed lost its last batches, without any further write', async () => {
    const id = await learn('What was known before');
    await caughtUp();
    await revise(id, 'Lost with the crash');
    await caughtUp();
    // What the crash leaves: rows and checkpoint of an earlier moment.
    await service.store.wipe(tenantId);
    await cutConnections();
    await caughtUp();
    expect(await service.reader.memory(tenantId, id)).toMatchObject({ content: 'Lost with the crash', version: 2 });
    await expectReplayToAgree();
  });
});

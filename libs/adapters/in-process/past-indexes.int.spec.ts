import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresPastMemories } from '#libs/adapters/postgres/past-memories.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import { History } from '#libs/ports/contracts/history.fixture.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { InProcessPastIndexes } from './past-indexes.js';
import { servedBy } from './served.fixture.js';

const tenantId = 'acme';
const conversations = 40;

/** Counts how often a day is made from nothing. */
class CountedPast extends PostgresPastMemories {
  makings = 0;

  override allDocuments(tenant: string, position: number, pageSize: number): AsyncIterable<IndexedDocument[]> {
    this.makings += 1;
    return super.allDocuments(tenant, position, pageSize);
  }
}

describe('the indexes of earlier days that are kept', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
    await database.tenants.ensure(tenantId, 'self-hosted');
    const history = new History(tenantId);
    const store = new PostgresReadModelStore(database.db);
    // One message a day.
    for (let at = 0; at < conversations; at += 1) await history.take([0, 0, 3 * at], store);
  });
  afterAll(() => database.stop());

  const sizeAt = (indexes: InProcessPastIndexes, position: number) =>
    indexes.use(tenantId, position, (index) => index.size(tenantId));

  it('are brought to a day that is near, earlier or later, and made again for one that is not', async () => {
    const past = new CountedPast(database.db);
    const indexes = new InProcessPastIndexes(past, servedBy());
    for (const position of [30, 31, 33, 28, 28]) expect(await sizeAt(indexes, position)).toBe(position);
    expect([past.makings, indexes.size]).toEqual([1, { indexes: 1, documents: 28 }]);
    expect(await sizeAt(indexes, 4)).toBe(4);
    expect([past.makings, indexes.size]).toEqual([2, { indexes: 2, documents: 32 }]);
    // Both are there now.
    for (const position of [28, 4, 28, 4]) expect(await sizeAt(indexes, position)).toBe(position);
    expect(past.makings).toBe(2);
  });

  it('stay where they are while somebody uses them', async () => {
    const past = new CountedPast(database.db);
    const indexes = new InProcessPastIndexes(past, servedBy());
    await indexes.use(tenantId, 30, async (index) => {
      expect(await sizeAt(indexes, 31)).toBe(31);
      expect(await index.size(tenantId)).toBe(30);
    });
    expect(past.makings).toBe(2);
  });

  it('make room for others from the one that was used longest ago, and the last one always has room', async () => {
    const past = new CountedPast(database.db);
    const indexes = new InProcessPastIndexes(past, servedBy(), { mostDocuments: 30, mostIndexes: 3 });
    for (const position of [2, 8, 20]) await sizeAt(indexes, position);
    expect(indexes.size).toEqual({ indexes: 3, documents: 30 });
    await sizeAt(indexes, 2);
    await sizeAt(indexes, 1);
    // The day of position 8 was used longest ago.
    expect(indexes.size).toEqual({ indexes: 3, documents: 23 });
    await sizeAt(indexes, 40);
    expect(indexes.size).toEqual({ indexes: 1, documents: 40 });
  });
});

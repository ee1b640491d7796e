import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absentRow, emptyChanges, episodeRow, projectedMemory } from '#libs/ports/contracts/read-model.fixture.js';
import { anyFilter, anyFilterable } from '#libs/domain/scope/filter.fixture.js';
import { type Filter, type Filterable, matches } from '#libs/domain/scope/filter.js';
import type { Scope } from '#libs/domain/scope/ownership.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { PrismaMemoryReader } from './memory-reader.js';
import { PostgresReadModelStore } from './read-model-store.js';

const tenantId = 'acme';
const query = { order: 'asc', after: null, limit: 1_000 } as const;

describe('a filter means the same in PostgreSQL as in the domain', () => {
  let database: TestDatabase;
  let reader: PrismaMemoryReader;
  const memories = new Map<string, Filterable>();
  const episodes = new Map<string, Filterable>();
  const seed = Date.now();

  beforeAll(async () => {
    database = await startTestDatabase();
    reader = new PrismaMemoryReader(database.db);
    await database.tenants.ensure(tenantId, 'self-hosted');
    const changes = emptyChanges();
    for (const [index, item] of fc.sample(anyFilterable, { numRuns: 150, seed }).entries()) {
      const { kind, memoryType, status, confidence, saidAt, validFrom, validTo, metadata, ...ownership } = item;
      const placed = { ...ownership, scope: ownership.scope as Scope };
      if (kind === 'memory') {
        // Every other one does not say since when it is true: then it is true since it was said.
        const since = index % 2 === 0 ? saidAt : validFrom;
        const times = {
          observedAt: saidAt,
          validFrom: index % 2 === 0 ? null : { instant: validFrom, precision: 'day' },
          validTo: validTo === null ? null : { instant: validTo, precision: 'day' },
        };
        const row = projectedMemory(index, { ownership: placed, memoryType, confidence, metadata, ...times });
        changes.memories.push({ ...row, status: status as 'active' });
        memories.set(row.id, { ...item, validFrom: since });
      } else {
        const row = episodeRow(index, { ownership: placed, metadata, saidAt });
        changes.episodes.push(row);
        const valid = { validFrom: saidAt, validTo: null };
        episodes.set(row.id, { ...item, ...valid, memoryType: 'episode', status: 'active', confidence: 1 });
      }
    }
    expect(await new PostgresReadModelStore(database.db).apply(tenantId, 0, 1, changes)).toBe('applied');
  });
  afterAll(async () => {
    await reader.close();
    await database.stop();
  });

  const expected = (items: ReadonlyMap<string, Filterable>, filter: Filter) =>
    [...items]
      .filter(([, item]) => matches(item, filter))
      .map(([id]) => id)
      .sort();
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();

  it('for any filter, over any memories and episodes', async () => {
    let hits = 0;
    const agreement = fc.asyncProperty(anyFilter, async (filter) => {
      const found = ids(await reader.listMemories(tenantId, { ...query, filter }));
      hits += found.length;
      expect(found).toEqual(expected(memories, filter));
      expect(ids(await reader.listEpisodes(tenantId, { ...query, filter }))).toEqual(expected(episodes, filter));
    });
    // A failure prints the seed of the filters; the rows come from this one.
    await fc.assert(agreement, { numRuns: 150, seed, endOnFailure: false });
    expect(hits).toBeGreaterThan(200);
  });

  it('also where a row has no value to compare, and the comparison is negated', async () => {
    const withoutUser = [...memories].filter(([, item]) => item.userId === null);
    expect(withoutUser.length).toBeGreaterThan(2);
    const filter: Filter = { not: { field: 'userId', equals: 'a' } };
    const found = ids(await reader.listMemories(tenantId, { ...query, filter }));
    for (const [id] of withoutUser) expect(found).toContain(id);
  });

  it('and finds nothing, without an error, for values that no row could have', async () => {
    const impossible: Filter[] = [
      { field: 'userId', equals: 'nul \0' },
      { field: 'metadata.tier', equals: 'half a pair \ud800' },
      { field: 'metadata.nul \0', equals: 'a' },
      { field: 'saidAt', equals: 'yesterday' },
      { field: 'confidence', equals: 'high' },
      { field: 'scope', equals: null },
      { field: "metadata.x'; DROP TABLE memories; --", equals: 'a' },
    ];
    for (const filter of impossible) {
      expect(await reader.listMemories(tenantId, { ...query, filter })).toEqual([]);
      expect(await reader.listMemories(tenantId, { ...query, filter: { not: filter } })).toHaveLength(memories.size);
    }
    expect(await reader.memory(tenantId, absentRow)).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QdrantClient } from '@qdrant/js-client-rest';
import fc from 'fast-check';
import { anyFilter, anyFilterable } from '#libs/domain/scope/filter.fixture.js';
import { type Filter, type Filterable, matches } from '#libs/domain/scope/filter.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { collectionName, ensureCollection } from './collection.js';
import { isExact, qdrantFilter } from './filter.js';
import { conversationPoint, documentPoint, type PointPayload } from './points.js';

const tenants = ['acme', 'other'] as const;
const seed = Date.now();
const items = fc.sample(anyFilterable, { numRuns: 150, seed });

describe('a filter means the same in Qdrant as in the domain', () => {
  let client: QdrantClient;
  const collection = collectionName(freshNamespace(), 1);

  beforeAll(async () => {
    const { qdrantUrl: url, qdrantApiKey } = await sharedServers('qdrant');
    client = new QdrantClient({ url, ...(qdrantApiKey === null ? {} : { apiKey: qdrantApiKey }) });
    await ensureCollection(client, collection, 0);
    for (const tenantId of tenants) {
      const points = items.map((item, at) =>
        documentPoint(tenantId, { ...documentOf(item, at), before: [], after: [] }, 0),
      );
      await client.upsert(collection, { wait: true, points });
    }
  }, serversLimitMs);
  afterAll(() => client.deleteCollection(collection));

  async function found(filter: Filter, of: 'documents' | 'sessions' = 'documents'): Promise<string[]> {
    const wanted = qdrantFilter({ tenantId: 'acme', filter, of });
    if (wanted === null) return [];
    const { points } = await client.scroll(collection, { filter: wanted, limit: 1_000, with_payload: true });
    for (const { payload } of points) expect(payload).toMatchObject({ tenant: 'acme' });
    return points.map(({ payload }) => (payload as unknown as PointPayload).id).sort();
  }
  const passing = (filter: Filter): string[] => items.flatMap((item, at) => (matches(item, filter) ? [idOf(at)] : []));

  it('for any filter over any documents, and lets too much through only where it says so', async () => {
    let hits = 0;
    let exact = 0;
    const agreement = fc.asyncProperty(anyFilter, async (filter) => {
      const ids = await found(filter);
      hits += ids.length;
      expect(ids).toEqual(expect.arrayContaining(passing(filter)));
      if (!isExact(filter)) return;
      exact += 1;
      expect(ids).toEqual(passing(filter));
    });
    await fc.assert(agreement, { numRuns: 300, seed, endOnFailure: true });
    expect(hits).toBeGreaterThan(200);
    expect(exact).toBeGreaterThan(100);
  }, 60_000);

  it('at the very edges of time, and for bounds that are days or no times at all', async () => {
    const [first] = items.map(({ saidAt }) => saidAt).sort();
    const bounds = [first!, first!.slice(0, 10), '2026-03-02', '2026-03-02T10:00:00.000', '2026-03-02T10:00:00.000Z~'];
    for (const bound of [...bounds, '', '0', 'z', '2026-03-02T09:59:59.999Z', '10000-01-01']) {
      for (const filter of [{ atLeast: bound }, { atMost: bound }].map(
        (range) => ({ field: 'saidAt', ...range }) as Filter,
      )) {
        expect([filter, await found(filter)]).toEqual([filter, passing(filter)]);
        expect([filter, await found({ not: filter })]).toEqual([filter, passing({ not: filter })]);
      }
    }
  });

  it('never leaves out a conversation of which an episode passes', async () => {
    const groups = Array.from({ length: 30 }, (_, group) => items.slice(5 * group, 5 * group + 5));
    const episodes = groups.map((group) => group.map((item): Filterable => ({ ...item, kind: 'episode' })));
    const points = episodes.map((belongings, group) =>
      conversationPoint('acme', { id: `session ${group}`, length: 0, counts: new Map(), belongings }),
    );
    await client.upsert(collection, { wait: true, points });
    let left = 0;
    const agreement = fc.asyncProperty(anyFilter, async (filter) => {
      const ids = new Set(await found(filter, 'sessions'));
      for (const [group, members] of episodes.entries()) {
        if (members.some((member) => matches(member, filter))) expect(ids).toContain(`session ${group}`);
        else if (!ids.has(`session ${group}`)) left += 1;
      }
    });
    await fc.assert(agreement, { numRuns: 150, seed, endOnFailure: true });
    await client.delete(collection, { wait: true, points: points.map(({ id }) => id) });
    expect(left).toBeGreaterThan(100);
  }, 60_000);
});

function idOf(at: number): string {
  return `d${String(at).padStart(3, '0')}`;
}

function documentOf(item: Filterable, at: number) {
  const document = { ...episode(idOf(at), {}), ...item, conversationId: null };
  return { document, vector: null, reading: { tokens: ['tea'] } as never };
}

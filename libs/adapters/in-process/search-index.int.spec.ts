import { beforeAll, describe, expect, it } from '@jest/globals';
import { episode, memory } from '#libs/ports/contracts/search-documents.fixture.js';
import { SearchIndexOracle } from '#libs/ports/contracts/search-index-oracle.fixture.js';
import type { CandidateQuery, IndexedDocument } from '#libs/ports/search-index.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { InProcessSearchIndex } from './search-index.js';
import { Turns } from './search-index/turns.js';

const words = ['tea', 'boat', 'rain', 'lyon', 'cake', 'harbour', 'violin', 'ladder', 'pepper', 'window'];
const views = ['turn', 'window', 'windowBack', 'session'] as const;
const query: Omit<CandidateQuery, 'tenantId' | 'filter'> = {
  terms: words.slice(0, 5).map((term, at) => ({ term, weight: 1 + at / 7 })),
  views,
  limitPerView: 20,
};

/** Texts in which the words differ in how often they come. */
function textOf(number: number): string {
  return words.filter((_, at) => (number * (at + 3)) % (at + 2) === 0).join(' ');
}

function documentOf(number: number): IndexedDocument {
  const parts = {
    text: textOf(number),
    userId: number % 97 === 0 ? 'rare' : 'usual',
    speaker: ['Ann', 'Bob', null][number % 3]!,
    confidence: (number % 10) / 10,
    metadata: { label: number % 89 === 0 ? 'rare' : 'usual', tags: ['all', number % 2 === 0 ? 'even' : 'odd'] },
  };
  const id = `d${String(number).padStart(6, '0')}`;
  if (number % 11 === 0) return memory(id, parts);
  return episode(id, { ...parts, conversationId: `c${Math.floor(number / 8)}`, ordinal: number % 8 });
}

const filled = async (tenants: Record<string, number>): Promise<InProcessSearchIndex> => {
  const index = new InProcessSearchIndex(undefined, new Turns(0));
  for (const [tenantId, count] of Object.entries(tenants)) {
    const upsert = Array.from({ length: count }, (_, number) => documentOf(number));
    await index.apply(tenantId, { upsert, remove: [] });
  }
  return index;
};

describe('answers of a tenant with many documents', () => {
  const oracle = new SearchIndexOracle();
  let index: InProcessSearchIndex;

  beforeAll(async () => {
    index = await filled({ tenant: 1_500 });
    oracle.apply({ upsert: Array.from({ length: 1_500 }, (_, number) => documentOf(number)), remove: [] });
    const again = [3, 97, 178, 300].map(documentOf);
    const change = { upsert: again, remove: [194, 267, 500].map((number) => documentOf(number).id) };
    await index.apply('tenant', change);
    oracle.apply(change);
  });

  it.each<[string, Filter]>([
    ['all', { and: [] }],
    ['few by user', { field: 'userId', equals: 'rare' }],
    ['few by metadata', { field: 'metadata.label', equals: 'rare' }],
    [
      'few that are of two kinds',
      {
        and: [
          { field: 'userId', equals: 'rare' },
          { field: 'metadata.tags', equals: 'odd' },
        ],
      },
    ],
    ['half by a list in the metadata', { field: 'metadata.tags', equals: 'even' }],
    ['a tenth by a number', { field: 'confidence', atLeast: 0.9 }],
    ['none', { field: 'metadata.label', equals: 'unheard of' }],
  ])('are those of the documents where the filter keeps %s', async (_, filter) => {
    const found = await index.candidates({ ...query, tenantId: 'tenant', filter });
    const expected = oracle.candidates({ ...query, tenantId: 'tenant', filter });
    expect(found.map(({ id, view }) => [view, id])).toEqual(expected.map(({ id, view }) => [view, id]));
    found.forEach(({ score }, at) => expect(score).toBeCloseTo(expected[at]!.score, 9));
    expect(await index.speakers('tenant', filter)).toEqual(oracle.speakers(filter));
    expect(await index.newest('tenant', filter, 5)).toEqual(
      oracle.newest(filter, 5).map((id) => documentOf(Number(id.slice(1)))),
    );
  });
});

describe('tenants of different size in one process', () => {
  const everything: Filter = { and: [] };

  it('a search of a small one that comes later is answered before that of a large one, which lets the loop turn', async () => {
    const index = await filled({ large: 40_000, small: 20 });
    const answered: string[] = [];
    const search = (tenantId: string): Promise<unknown> =>
      index.candidates({ ...query, tenantId, filter: everything }).then(() => answered.push(tenantId));
    const large = search('large');
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    count();
    const small = search('small');
    await Promise.all([large, small]);
    isOver = true;
    expect(answered).toEqual(['small', 'large']);
    // Four views of 40,000 texts, at most 8,192 of them without a pause.
    expect(turns).toBeGreaterThan(15);
  });

  it('a change goes on while searches of the same tenant never cease, and they while it does', async () => {
    const index = await filled({ tenant: 2_000 });
    let isWritten = false;
    let searches = 0;
    const searching = Array.from({ length: 3 }, async () => {
      while (!isWritten) {
        const found = await index.candidates({ ...query, tenantId: 'tenant', filter: everything });
        expect(found).toHaveLength(views.length * query.limitPerView);
        searches += 1;
      }
    });
    const upsert = Array.from({ length: 60 }, (_, number) => documentOf(2_000 + number));
    await index.apply('tenant', { upsert, remove: [] });
    isWritten = true;
    await Promise.all(searching);
    expect(await index.size('tenant')).toBe(2_060);
    expect(searches).toBeGreaterThan(20);
  });
});

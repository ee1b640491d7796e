import { describe, expect, it } from '@jest/globals';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import type { EmbeddedIndex } from '#libs/ports/served-index.js';
import { compareIndexes, isGoodEnough } from './index-comparison.js';

const animals = ['otter', 'heron', 'lynx', 'badger', 'swift', 'stoat', 'newt', 'hare', 'wren', 'seal'];
const tenants = ['acme', 'other'];

/** An index of a sentence for each animal, for each tenant. */
async function indexed(sentence: (animal: string) => string, ids = animals.length): Promise<EmbeddedIndex> {
  const { now } = servedBy(new TinyEmbedder());
  for (const tenantId of tenants) {
    const upsert = animals.slice(0, ids).map((animal, at) => {
      return episode(`${tenantId}-${animal}`, { text: sentence(animal), conversationId: animal, ordinal: at });
    });
    await now.index.apply(tenantId, { upsert, remove: [] });
  }
  return now;
}

describe('the comparison of a new index with the one that answers', () => {
  it('lets one answer that finds what the other finds', async () => {
    const [before, after] = [await indexed((animal) => `the ${animal}`), await indexed((animal) => `the ${animal}`)];
    const comparison = await compareIndexes(before, after, tenants);
    expect(comparison).toEqual({
      ...{ questions: 20, foundBefore: 20, foundAfter: 20, shared: 1, documentsBefore: 20, documentsAfter: 20 },
    });
    expect(isGoodEnough(comparison)).toBe(true);
  });

  it('lets none answer that holds other texts, though as many', async () => {
    const before = await indexed((animal) => `the ${animal}`);
    const comparison = await compareIndexes(before, await indexed(() => 'broken'), tenants);
    // Some stand among the newest, which are the answer to a question that no text has a word of.
    expect(comparison).toMatchObject({ foundBefore: 20, documentsAfter: 20 });
    expect(comparison.foundAfter).toBeLessThan(5);
    expect(isGoodEnough(comparison)).toBe(false);
  });

  it('lets none answer that holds less, but for what came while they were counted', async () => {
    const counted = { questions: 40, foundBefore: 40, foundAfter: 40, shared: 1, documentsBefore: 5_000 };
    expect(isGoodEnough({ ...counted, documentsAfter: 4_900 })).toBe(false);
    expect(isGoodEnough({ ...counted, documentsAfter: 4_990 })).toBe(true);
    expect(isGoodEnough({ ...counted, foundAfter: 38, documentsAfter: 5_000 })).toBe(true);
    expect(isGoodEnough({ ...counted, foundAfter: 37, documentsAfter: 5_000 })).toBe(false);
  });

  it('has nothing against an index of nothing', async () => {
    const { now } = servedBy();
    const comparison = await compareIndexes(now, now, []);
    expect(comparison).toMatchObject({ questions: 0, shared: 1 });
    expect(isGoodEnough(comparison)).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { SearchIndex } from '../search-index.js';
import type { TextVectors } from '../text-vectors.js';
import { readByTiny, RememberedVectors } from './remembered-vectors.fixture.js';
import { episode, memory } from './search-documents.fixture.js';
import { tinyVector } from './tiny-embedder.fixture.js';

const everything: Filter = { and: [] };

/**
 * What `SearchIndex` promises of vectors that follow their texts, one test each.
 * @param create an index of nothing
 */
export function searchIndexLearningContract(
  name: string,
  create: (vectors: TextVectors) => Promise<SearchIndex>,
): void {
  describe(`${name} learns what texts mean after it holds them`, () => {
    const texts = ['green tea', 'a boat', 'rain in Porto'];
    const episodes = texts.map((text, ordinal) => episode(`e${ordinal}`, { text, ordinal }));
    const nearTo = (index: SearchIndex, text: string) =>
      index.nearest({ tenantId: 'acme', direction: unitVector(tinyVector(text))!, filter: everything, limit: 1 });
    const unreadIds = async (index: SearchIndex, limit = 10): Promise<string[]> =>
      (await index.unread('acme', limit)).map(({ id }) => id).sort();

    it('finds them by their words at once, and tells which wait for the embedder', async () => {
      const index = await create(new RememberedVectors());
      await index.apply('acme', { upsert: episodes, remove: [] });
      const terms = [{ term: 'tea', weight: 1 }];
      const asked = { tenantId: 'acme', terms, views: ['turn' as const], filter: everything, limitPerView: 5 };
      expect((await index.candidates(asked)).map(({ id }) => id)).toEqual(['e0']);
      expect(await nearTo(index, 'green tea')).toEqual([]);
      expect([await unreadIds(index), await index.unreadCount('acme')]).toEqual([['e0', 'e1', 'e2'], 3]);
      expect(await index.unread('acme', 2)).toHaveLength(2);
      expect((await index.unread('acme', 2, ['e0', 'e2'])).map(({ id }) => id)).toEqual(['e1']);
      expect([await index.unread('other', 2), await index.unreadCount('other')]).toEqual([[], 0]);
    });

    it('finds by meaning what it was told of, and a text that the embedder makes nothing of waits no longer', async () => {
      const index = await create(new RememberedVectors());
      const captioned = episode('e3', { text: 'look', caption: 'a red kite', ordinal: 3 });
      await index.apply('acme', { upsert: [...episodes, captioned, episode('e4', { text: '' })], remove: [] });
      const unread = await index.unread('acme', 10);
      expect(unread.find(({ id }) => id === 'e3')!.text).toBe('look [shares a red kite]');
      await index.learn('acme', readByTiny(unread));
      expect(await index.unreadCount('acme')).toBe(0);
      expect(await nearTo(index, 'a boat')).toMatchObject([{ id: 'e1' }]);
    });

    it('passes over what is gone, and what says something else by now', async () => {
      const index = await create(new RememberedVectors());
      await index.apply('acme', { upsert: episodes, remove: [] });
      const learned = readByTiny(await index.unread('acme', 10));
      await index.apply('acme', { upsert: [episode('e1', { text: 'a train', ordinal: 1 })], remove: ['e2'] });
      await index.learn('acme', learned);
      expect(await unreadIds(index)).toEqual(['e1']);
      expect(await index.size('acme')).toBe(2);
    });

    it('asks for no vector that is known, and for none again of a document that is written as it was', async () => {
      const vectors = new RememberedVectors();
      await vectors.keep('acme', readByTiny([{ id: 'elsewhere', text: 'green tea' }]));
      const index = await create(vectors);
      await index.apply('acme', { upsert: episodes, remove: [] });
      expect(await unreadIds(index)).toEqual(['e1', 'e2']);
      const learned = readByTiny(await index.unread('acme', 10));
      await vectors.keep('acme', learned);
      await index.learn('acme', learned);
      await index.apply('acme', { upsert: [...episodes, memory('m1', { text: 'a boat' })], remove: [] });
      expect(await unreadIds(index)).toEqual([]);
    });

    it('leaves nothing behind when it is dropped', async () => {
      const index = await create(new RememberedVectors());
      await index.apply('acme', { upsert: episodes, remove: [] });
      await index.drop();
      const again = await create(new RememberedVectors());
      expect([await again.size('acme'), await again.unreadCount('acme')]).toEqual([0, 0]);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import { TinyEmbedder, tinyVector } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import { questionVector } from './question-vectors.js';
import { searchDocuments } from './ranked-search.js';

/** One that takes its time, and can be switched off. */
class FarEmbedder extends TinyEmbedder {
  override readonly isInstant: boolean = false;
  isAway = false;
  asked = 0;

  override async embed(texts: readonly string[]): Promise<TextVector[]> {
    this.asked += 1;
    if (this.isAway) throw new EmbedderUnreachable(60);
    return texts.map(tinyVector);
  }
}

const request = {
  ...{ tenantId: 'acme', query: 'green tea', filter: { and: [] }, limit: 5, explain: false },
  ...{ includeEpisodes: true, keepSuperseded: false },
};

describe('the vector of a question', () => {
  it('is asked for once for the same question', async () => {
    const embedder = new FarEmbedder();
    const first = await questionVector(embedder, 'green tea');
    expect(await questionVector(embedder, 'green tea')).toEqual(first);
    expect(embedder.asked).toBe(1);
  });

  it('is not asked for again for a while when the embedder could not be reached', async () => {
    const embedder = new FarEmbedder();
    embedder.isAway = true;
    await expect(questionVector(embedder, 'green tea')).rejects.toMatchObject({ retryAfterSeconds: 60 });
    await expect(questionVector(embedder, 'black tea')).rejects.toBeInstanceOf(EmbedderUnreachable);
    expect(embedder.asked).toBe(1);
  });

  it('may be missing: the search goes by words and says so, unless vectors alone were asked for', async () => {
    const embedder = new FarEmbedder();
    const { index } = servedBy(new TinyEmbedder()).now;
    await index.apply('acme', { upsert: [episode('e1', { text: 'green tea' })], remove: [] });
    embedder.isAway = true;
    const found = await searchDocuments(index, embedder, { ...request, mode: 'hybrid' });
    expect(found).toMatchObject({ isDegraded: true, hits: [{ document: { id: 'e1' } }] });
    const byWords = await searchDocuments(index, embedder, { ...request, mode: 'text' });
    expect(found.hits).toEqual(byWords.hits);
    expect(byWords.isDegraded).toBeUndefined();
    const asked = searchDocuments(index, embedder, { ...request, mode: 'vector' });
    await expect(asked).rejects.toBeInstanceOf(EmbedderUnreachable);
  });
});

import { describe, expect, it } from '@jest/globals';
import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { IndexedDocument, SearchAnswer, SearchHit, SearchRequest } from '#libs/ports/search-index.js';
import { searchDocuments } from './ranked-search.js';

function said(id: string, text: string, parts: Partial<IndexedDocument> = {}): IndexedDocument {
  return {
    ...{ id, text, kind: 'episode', caption: null, speaker: null, role: 'user', conversationId: id, ordinal: 0 },
    ...{ saidAt: '2024-05-15T10:00:00.000Z', createdAt: '2024-05-15T10:00:00.000Z', sourceEpisodeIds: [] },
    ...{ scope: 'personal', projectId: 'project', teamId: null, agentId: null, ownerTeamId: null, ownerAgentId: null },
    ...{ userId: null, sessionId: null, memoryType: 'episode', status: 'active', confidence: 1, metadata: {} },
    validFrom: '2024-05-15T10:00:00.000Z',
    validTo: null,
    ...parts,
  };
}

async function search(
  query: string,
  documents: readonly IndexedDocument[],
  parts: Partial<SearchRequest> = {},
  embedder: Embedder = new NoEmbedder(),
): Promise<SearchAnswer> {
  const { index } = servedBy(embedder).now;
  await index.apply('tenant', { upsert: documents, remove: [] });
  const request = {
    tenantId: 'tenant',
    query,
    filter: { and: [] },
    limit: 10,
    explain: false,
    mode: 'hybrid' as const,
  };
  return searchDocuments(index, embedder, { ...request, includeEpisodes: true, keepSuperseded: false, ...parts });
}

const valuesOf = ({ explanation }: SearchHit): Record<string, number> =>
  Object.fromEntries(explanation!.features.map(({ name, value }) => [name, value]));
const idsOf = ({ hits }: SearchAnswer): string[] => hits.map(({ document }) => document.id);

describe('searchDocuments', () => {
  const tea = said('tea', 'I drink green tea every day');
  const rain = said('rain', 'It rained a lot');

  it('returns what shares a word with the question, and nothing else', async () => {
    expect(idsOf(await search('Which tea is it?', [tea, rain]))).toEqual(['tea']);
    expect(idsOf(await search('Which coffee is it?', [tea, rain]))).toEqual([]);
  });

  it('returns the newest documents, and says so, when the question has no word to look for', async () => {
    const newer = { ...rain, saidAt: '2024-06-01T00:00:00.000Z' };
    const learned = said('learned', 'Drinks tea', { kind: 'memory', conversationId: null, sourceEpisodeIds: ['tea'] });
    const answer = await search('🎉 what is it?', [tea, newer, learned]);
    expect(answer).toMatchObject({ isRanked: false });
    expect(idsOf(answer)).toEqual(['rain', 'learned', 'tea']);
    expect(answer.hits.map(({ episodeIds }) => episodeIds)).toEqual([['rain'], ['tea'], ['tea']]);
    expect(idsOf(await search('?', [tea, newer, learned], { includeEpisodes: false }))).toEqual(['learned']);
  });

  it('finds what was said on the days that the question names, whatever it was', async () => {
    const there = said('there', 'Wonderful!', { saidAt: '2023-08-15T10:00:00.000Z' });
    expect(idsOf(await search('What happened on 15 August 2023?', [tea, there]))).toEqual(['there']);
  });

  it('takes a misspelled name for the speaker, unless conversations use the word', async () => {
    const ruben = said('by-ruben', 'The garden is green', { speaker: 'Ruben' });
    const other = said('by-other', 'The garden is green', { speaker: 'Ann' });
    const speakerFeature = async (documents: IndexedDocument[]): Promise<unknown> => {
      const { hits } = await search('How is the garden of Rubin?', documents, { explain: true });
      return valuesOf(hits.find(({ document }) => document.id === 'by-ruben')!)['speaker'];
    };
    expect(await speakerFeature([ruben, other])).toBe(1);
    expect(await speakerFeature([ruben, other, said('word', 'a rubin is a red stone')])).toBe(0);
  });

  describe('by meaning', () => {
    const dentist = said('dentist', 'The dentist looked at my tooth');
    const train = said('train', 'The train to the coast was late again');
    const documents = [dentist, train, said('doctor', 'Which doctor?')];
    const asked = 'teeth';
    const embedder = new StaticEmbedder();

    it('finds what shares no word with the question', async () => {
      expect(idsOf(await search(asked, documents))).toEqual([]);
      expect(idsOf(await search(asked, documents, { mode: 'text' }, embedder))).toEqual([]);
      expect(idsOf(await search(asked, documents, { mode: 'vector', limit: 1 }, embedder))).toEqual(['dentist']);
      expect(idsOf(await search(asked, documents, {}, embedder))).toContain('dentist');
    });

    it('orders by meaning alone when vectors are asked', async () => {
      const { hits } = await search(asked, documents, { mode: 'vector', explain: true }, embedder);
      expect(hits.map((hit) => Object.keys(valuesOf(hit)))).toEqual(hits.map(() => ['meaning']));
      expect(hits[0]!.score).toBeCloseTo(1, 6);
    });

    it('explains three more features, and none of them where the question means nothing to the model', async () => {
      const featureCount = async (query: string): Promise<number> =>
        Object.keys(valuesOf((await search(query, documents, { explain: true }, embedder)).hits[0]!)).length;
      expect(await featureCount('late train')).toBe(24);
      const unknown = said('unknown', 'qzxv vwkj');
      const { hits } = await search('qzxv', [unknown], { explain: true }, embedder);
      expect(Object.keys(valuesOf(hits[0]!))).toHaveLength(21);
    });
  });

  it('explains only when it is asked to', async () => {
    expect((await search('tea', [tea])).hits[0]).not.toHaveProperty('explanation');
    expect(Object.keys(valuesOf((await search('tea', [tea], { explain: true })).hits[0]!))).toHaveLength(21);
  });

  it('returns memories alone when episodes are not wanted, found through the turns that they come from', async () => {
    const learned = said('learned', 'Likes it green', {
      kind: 'memory',
      conversationId: null,
      sourceEpisodeIds: ['tea'],
    });
    expect(idsOf(await search('Which tea?', [tea, learned], { includeEpisodes: false }))).toEqual(['learned']);
  });

  it('shows nobody what the filter hides, neither as a hit nor as a related document', async () => {
    const secret = said('secret', 'Tea is a cover', { kind: 'memory', scope: 'team', sourceEpisodeIds: ['tea'] });
    const filter = { field: 'scope' as const, equals: 'personal' };
    const answer = await search('Which tea?', [tea, secret], { filter });
    expect(idsOf(answer)).toEqual(['tea']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { searchDocuments } from '#apps/search/queries/ranked-search.js';
import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import { InProcessSearchIndex } from '#libs/adapters/in-process/search-index.js';
import { inverseDocumentFrequency, saturate } from '#libs/domain/ranking/bm25.js';
import { fold, tokenize } from '#libs/domain/ranking/tokenizer.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';
import { type ScriptTexts, textsOf, unspacedTexts } from './unspaced-texts.js';

type Ranking = (question: string) => Promise<number[]> | number[];

const words = new Intl.Segmenter('en', { granularity: 'word' });

/** What the runtime's dictionaries take for words: what the product could index instead of pairs of characters. */
function dictionaryWords(text: string): string[] {
  return [...words.segment(fold(text))].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** The texts in the order of their BM25 scores, without those that share nothing with the question. */
function byBm25(texts: readonly string[], tokens: (text: string) => string[]): Ranking {
  const indexed = texts.map(tokens);
  const meanLength = indexed.reduce((sum, { length }) => sum + length, 0) / indexed.length;
  const worth = (term: string): number =>
    inverseDocumentFrequency(indexed.length, indexed.filter((text) => text.includes(term)).length);
  return (question) => {
    const asked = [...new Set(tokens(question))].map((term) => ({ term, idf: worth(term) }));
    const scores = indexed.map((text) =>
      asked.reduce((sum, { term, idf }) => {
        const count = text.filter((token) => token === term).length;
        return sum + idf * saturate(count, text.length, meanLength);
      }, 0),
    );
    const found = [...scores.keys()].filter((text) => scores[text]! > 0);
    return found.sort((left, right) => scores[right]! - scores[left]! || left - right);
  };
}

/** The texts in the order of the product's search. */
async function bySearch(texts: readonly string[]): Promise<Ranking> {
  const index = new InProcessSearchIndex();
  await index.apply('tenant', { upsert: texts.map((text, at) => memory(String(at), text)), remove: [] });
  const request = { tenantId: 'tenant', filter: { and: [] }, limit: 50, explain: false, mode: 'text' as const };
  return async (query) => {
    const options = { includeEpisodes: true, keepSuperseded: false };
    const { hits } = await searchDocuments(index, new NoEmbedder(), { ...request, ...options, query });
    return hits.map(({ document }) => Number(document.id));
  };
}

function memory(id: string, text: string): IndexedDocument {
  const now = '2024-05-15T10:00:00.000Z';
  return {
    ...{ id, text, kind: 'memory', caption: null, speaker: null, role: null, conversationId: null, ordinal: 0 },
    ...{ saidAt: now, createdAt: now, validFrom: now, validTo: null, sourceEpisodeIds: [] },
    ...{ scope: 'personal', projectId: 'project', teamId: null, agentId: null, ownerTeamId: null, ownerAgentId: null },
    ...{ userId: null, sessionId: null, memoryType: 'fact', status: 'active', confidence: 1, metadata: {} },
  };
}

/** Of how many of the questions, in per cent, the text is the first one, or among the first five. */
async function recall(scripts: readonly ScriptTexts[], rankingOf: (texts: readonly string[]) => Promise<Ranking>) {
  const places: number[] = [];
  for (const script of scripts) {
    const ranking = await rankingOf(textsOf(script));
    for (const [at, [, ...questions]] of script.told.entries()) {
      for (const question of questions) places.push((await ranking(question)).indexOf(at));
    }
  }
  const within = (depth: number): number =>
    Math.round((1000 * places.filter((place) => place >= 0 && place < depth).length) / places.length) / 10;
  return { questions: places.length, at1: within(1), at5: within(5) };
}

describe('scripts without spaces', () => {
  it.each(unspacedTexts.map((script) => [script.script, script] as const))(
    'a question in %s finds its text among the first five',
    async (_, script) => {
      const { questions, at1, at5 } = await recall([script], bySearch);
      expect(questions).toBe(32);
      expect(at1).toBeGreaterThanOrEqual(85);
      expect(at5).toBeGreaterThanOrEqual(95);
    },
  );

  it('pairs of characters find as much as the words of a dictionary: decision 22 stands on it', async () => {
    const pairs = await recall(unspacedTexts, async (texts) => byBm25(texts, tokenize));
    const dictionary = await recall(unspacedTexts, async (texts) => byBm25(texts, dictionaryWords));
    expect(pairs).toEqual({ questions: 96, at1: expect.any(Number), at5: expect.any(Number) });
    expect(pairs.at1).toBeGreaterThanOrEqual(dictionary.at1 - 2);
    expect(pairs.at5).toBeGreaterThanOrEqual(dictionary.at5 - 2);
  });
});

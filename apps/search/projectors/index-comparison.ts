import type { Filter } from '#libs/domain/scope/filter.js';
import type { IndexComparison } from '#libs/ports/index-generations.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';
import type { EmbeddedIndex } from '#libs/ports/served-index.js';
import { searchDocuments } from '../queries/ranked-search.js';

const mostTenants = 20;
const questionsInAll = 40;
const wordsOfQuestion = 12;
const resultsCompared = 10;

const everything: Filter = { and: [] };

/** Asks both indexes for documents by the beginnings of their own texts: the newest ones of some tenants. */
export async function compareIndexes(
  before: EmbeddedIndex,
  after: EmbeddedIndex,
  tenantIds: readonly string[],
): Promise<IndexComparison> {
  const asked = tenantIds.slice(0, mostTenants);
  const each = Math.ceil(questionsInAll / Math.max(1, asked.length));
  const compared = { questions: 0, foundBefore: 0, foundAfter: 0, shared: 0, documentsBefore: 0, documentsAfter: 0 };
  for (const tenantId of asked) {
    for (const document of await before.index.newest(tenantId, everything, each)) {
      const [old, made] = [await found(before, tenantId, document), await found(after, tenantId, document)];
      compared.questions += 1;
      compared.foundBefore += Number(old.hasItself);
      compared.foundAfter += Number(made.hasItself);
      compared.shared += shareOf(old.ids, made.ids);
    }
  }
  for (const tenantId of tenantIds) {
    compared.documentsBefore += await before.index.size(tenantId);
    compared.documentsAfter += await after.index.size(tenantId);
  }
  return { ...compared, shared: compared.questions === 0 ? 1 : compared.shared / compared.questions };
}

/** Whether the new index may answer: it holds as much, and finds nearly as much of what it holds. */
export function isGoodEnough({ questions, ...compared }: IndexComparison): boolean {
  const { foundBefore, foundAfter, documentsBefore, documentsAfter } = compared;
  // Both are written while they are counted.
  const holdsAsMuch = documentsAfter >= documentsBefore * 0.99 - 10;
  return holdsAsMuch && foundAfter >= foundBefore - Math.max(1, questions * 0.05);
}

async function found(
  { index, embedder }: EmbeddedIndex,
  tenantId: string,
  document: IndexedDocument,
): Promise<{ ids: string[]; hasItself: boolean }> {
  const { hits } = await searchDocuments(index, embedder, {
    ...{ tenantId, filter: everything, limit: resultsCompared, explain: false, mode: 'hybrid' },
    ...{ includeEpisodes: true, keepSuperseded: true },
    query: document.text.split(/\s+/).slice(0, wordsOfQuestion).join(' '),
  });
  const ids = hits.map((hit) => hit.document.id);
  const standsFor = hits.flatMap((hit) => [hit.document.id, ...hit.episodeIds]);
  return { ids, hasItself: [document.id, ...document.sourceEpisodeIds].some((id) => standsFor.includes(id)) };
}

function shareOf(old: readonly string[], made: readonly string[]): number {
  if (old.length === 0) return made.length === 0 ? 1 : 0;
  return old.filter((id) => made.includes(id)).length / old.length;
}

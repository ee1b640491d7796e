import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import type { SearchIndex } from '#libs/ports/search-index.js';

/** Makes the index hold the documents `ids` as the rows have them now: those without a row are removed from it. */
export async function transferDocuments(
  store: ReadModelStore,
  index: SearchIndex,
  tenantId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const documents = await store.documents(tenantId, ids);
  const found = new Set(documents.map((document) => document.id));
  await index.apply(tenantId, { upsert: documents, remove: ids.filter((id) => !found.has(id)) });
}

import type { QdrantClient } from '@qdrant/js-client-rest';
import { cosineOf } from '#libs/domain/ranking/text-vector.js';
import type { IndexedDocuments } from '#libs/ports/indexed-documents.js';
import type { Nearest, NearestQuery } from '#libs/ports/search-index.js';
import { byRank, idOf, rounded, SLACK } from './candidate-search.js';
import { MEANING } from './collection.js';
import { isExact, qdrantFilter } from './filter.js';
import { reaching } from './reaching.js';

const GROWTH = 4;
/** Of a cosine in single precision, for each dimension: the product, its sum and the two lengths. */
const ERROR_PER_DIMENSION = 4 * 2 ** -24;

/**
 * The documents nearest to a direction. As candidates are: what Qdrant finds is scored again, in double precision from
 * the vectors of the rows, and more is asked for until nothing that was not found could be among the best.
 */
export async function nearestDocuments(
  client: QdrantClient,
  collection: string,
  documents: IndexedDocuments,
  { tenantId, direction, filter, limit }: NearestQuery,
): Promise<Nearest[]> {
  const wanted = qdrantFilter({ tenantId, filter, of: 'documents' });
  if (wanted === null) return [];
  for (let asked = limit + SLACK; ; asked *= GROWTH) {
    const { points } = await reaching(() =>
      client.query(collection, {
        ...{ query: [...direction], using: MEANING, filter: wanted, limit: asked },
        // Every vector is looked at, as in the index of one process; a graph would find others.
        ...{ params: { exact: true }, with_payload: ['id'] },
      }),
    );
    const ids = points.map(idOf);
    const passing = isExact(filter) ? ids : [...(await documents.passing(tenantId, ids, filter))];
    const vectors = await documents.vectors(tenantId, passing);
    const scored = Array.from(vectors, ([id, { values }]) => ({ id, score: cosineOf(direction, values) }));
    const best = scored
      .filter(({ score }) => score > 0)
      .sort(byRank)
      .slice(0, limit);
    const last = best[limit - 1];
    const above = points.length < asked ? 0 : points.at(-1)!.score + ERROR_PER_DIMENSION * direction.length;
    if (above <= 0 || (last !== undefined && rounded(last.score) > rounded(above))) return best;
  }
}

import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import { reaching } from './reaching.js';

/** Of a text in each of the views: what stands for its words. */
const SPARSE_VECTORS = ['turn', 'window', 'windowBack', 'session'] as const;

/** The dense vector of what a text means. */
export const MEANING = 'meaning';

/** What filters look at, and how it is indexed. */
const PAYLOAD_INDEXES = {
  tenant: { type: 'keyword', is_tenant: true },
  facts: { type: 'keyword' },
  present: { type: 'keyword' },
  speaker: { type: 'keyword' },
  confidence: { type: 'float' },
  saidAt: { type: 'float' },
  validFrom: { type: 'float' },
  validTo: { type: 'float' },
} as const;

/** The collection of a generation of an installation's index. */
export function collectionName(namespace: string, generation: number): string {
  return `${namespace}search-${generation}`;
}

/**
 * Creates the collection where it is missing, with its payload indexes. Several processes may do so at the same time.
 * @throws SearchIndexUnreachable
 * @throws Error when there is one of this name that was made for something else
 */
export async function ensureCollection(client: QdrantClient, name: string, dimensions: number): Promise<void> {
  await reaching(async () => {
    const { exists } = await client.collectionExists(name);
    if (!exists) await create(client, name, dimensions);
    const { config, payload_schema: indexes } = await client.getCollection(name);
    assertVectors(name, config.params, dimensions);
    for (const [field, schema] of Object.entries(PAYLOAD_INDEXES)) {
      const found = indexes[field]?.data_type;
      if (found === undefined)
        await client.createPayloadIndex(name, { field_name: field, field_schema: schema, wait: true });
      else if (found !== schema.type)
        throw new Error(`${misshapen(name)}: ${field} is indexed as ${found}, not as ${schema.type}.`);
    }
  });
}

async function create(client: QdrantClient, name: string, size: number): Promise<void> {
  const sparse_vectors = Object.fromEntries(SPARSE_VECTORS.map((vector) => [vector, {}]));
  try {
    const vectors = size > 0 ? { [MEANING]: { size, distance: 'Cosine' as const } } : {};
    await client.createCollection(name, { vectors, sparse_vectors });
  } catch (error) {
    // Another process was quicker.
    if (!(await client.collectionExists(name)).exists) throw error;
  }
}

function assertVectors(name: string, params: Schemas['CollectionParams'], dimensions: number): void {
  const sparse = params.sparse_vectors ?? {};
  for (const vector of SPARSE_VECTORS) {
    const found = sparse[vector];
    if (found === undefined) throw new Error(`${misshapen(name)}: it has no sparse vector "${vector}".`);
    if (found?.modifier) throw new Error(`${misshapen(name)}: "${vector}" is weighed by Qdrant (${found.modifier}).`);
  }
  const dense = params.vectors as Record<string, Schemas['VectorParams']> | undefined;
  const found = dense?.[MEANING]?.size ?? 0;
  if (found !== dimensions) throw new Error(`${misshapen(name)}: its vectors have ${found} dimensions.`);
}

function misshapen(name: string): string {
  return `The Qdrant collection "${name}" was not made by this version; set another MEMORYSTACK_NAMESPACE or remove it`;
}

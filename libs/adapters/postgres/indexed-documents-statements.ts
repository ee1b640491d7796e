import { documentFields } from './indexed-documents-rows.js';
import { SearchTables } from './search-tables.js';

/** Neighbours that lend a text their words stand at most two places away. */
const nearest = 2;
/** What lies around a place that changed is rewritten, and needs its own neighbours for it. */
const nearestOfNearest = 4;

/** Ids around places of conversations: of each place the rows within `reach` of it, and its own. */
function idsAround({ documents }: SearchTables, places: string, reach: number): string {
  const row = `
    SELECT beside.document_id FROM ${documents} AS beside
    WHERE beside.tenant_id = $1 AND beside.kind = 'episode' AND beside.conversation_id = place.conversation_id
      AND (beside.ordinal, beside.document_id)`;
  return `
    SELECT beside.document_id FROM (${places}) AS place CROSS JOIN LATERAL (
      (${row} <= (place.ordinal, place.document_id) ORDER BY beside.ordinal DESC, beside.document_id DESC LIMIT ${reach + 1})
      UNION ALL
      (${row} > (place.ordinal, place.document_id) ORDER BY beside.ordinal, beside.document_id LIMIT ${reach})
    ) AS beside`;
}

/** The documents whose ids the query answers with. As an array, or the planner may read the whole tenant to join it. */
function documentsOf({ documents }: SearchTables, fields: string, ids: string): string {
  return `SELECT ${fields} FROM ${documents} WHERE tenant_id = $1 AND document_id = ANY(ARRAY(${ids}))`;
}

/** How the search documents of a generation are read; $1 is the tenant. */
export class SearchStatements extends SearchTables {
  private readonly places = `
    SELECT conversation_id, ordinal, document_id FROM ${this.documents}
    WHERE tenant_id = $1 AND kind = 'episode' AND conversation_id IS NOT NULL AND document_id`;

  /** $2: ids. */
  readonly documentsById = `
    SELECT ${documentFields} FROM ${this.documents} WHERE tenant_id = $1 AND document_id = ANY($2::text[])`;

  /** $2: ids. */
  readonly vectorsById = `
    SELECT document_id AS id, vector FROM ${this.documents}
    WHERE tenant_id = $1 AND document_id = ANY($2::text[]) AND vector IS NOT NULL`;

  /** $2: how many at most, $3: ids of those that are not wanted. */
  readonly unreadDocuments = `
    SELECT document_id AS id, content AS text, caption FROM ${this.documents}
    WHERE tenant_id = $1 AND vector IS NULL AND document_id <> ALL($3::text[])
    ORDER BY document_id LIMIT $2`;

  readonly unreadCount = `
    SELECT count(*) AS count FROM ${this.documents} WHERE tenant_id = $1 AND vector IS NULL`;

  /** $2, $3, $4: conversation, ordinal and id of each place; $5: ids of documents that stand in none. */
  readonly documentsAround = documentsOf(
    this,
    documentFields,
    `${idsAround(
      this,
      'SELECT * FROM unnest($2::text[], $3::bigint[], $4::text[]) AS given (conversation_id, ordinal, document_id)',
      nearestOfNearest,
    )} UNION SELECT unnest($5::text[])`,
  );

  /** $2: ids. With their neighbours. */
  readonly tokensById = documentsOf(
    this,
    `document_id AS id, kind, conversation_id AS "conversationId", ordinal, tokens`,
    `${idsAround(this, `${this.places} = ANY($2::text[])`, nearest)} UNION SELECT unnest($2::text[])`,
  );

  /** $2: ids. The ids, the memories extracted from them, and the sources of all these. */
  private readonly relatedIds = `
    WITH near AS (
      SELECT unnest($2::text[]) AS id
      UNION SELECT document_id FROM ${this.sources} WHERE tenant_id = $1 AND source_id = ANY($2::text[])
    )
    SELECT id FROM near
    UNION SELECT source_id FROM ${this.sources} WHERE tenant_id = $1 AND document_id = ANY(ARRAY(SELECT id FROM near))`;

  /** $2: ids. With the neighbours of all. */
  readonly relatedDocuments = documentsOf(
    this,
    documentFields,
    `WITH related AS (${this.relatedIds})
     ${idsAround(this, `${this.places} = ANY(ARRAY(SELECT id FROM related))`, nearest)} UNION SELECT id FROM related`,
  );

  /** $2: ids. */
  readonly conversationsById = `
    SELECT conversation_id AS id, episodes, length, counts, belongings FROM ${this.conversations}
    WHERE tenant_id = $1 AND conversation_id = ANY($2::text[])`;

  /** $2: ids, $3: terms. */
  readonly conversationTermCounts = `
    SELECT conversation_id AS id, length,
      ARRAY(SELECT coalesce((counts ->> term)::int, 0) FROM unnest($3::text[]) WITH ORDINALITY AS asked (term, place)
            ORDER BY place) AS "termCounts"
    FROM ${this.conversations} WHERE tenant_id = $1 AND conversation_id = ANY($2::text[])`;

  /** $2: words. */
  readonly frequenciesOfWords = `
    SELECT word, documents FROM ${this.frequencies} WHERE tenant_id = $1 AND word = ANY($2::text[])`;

  readonly totalsOfTenant = `SELECT documents, originals FROM ${this.totals} WHERE tenant_id = $1`;
}

/** Held to the end of the transaction: whoever changes a tenant's documents, in whatever process, waits for it. */
export const lockTenant = `SELECT pg_advisory_xact_lock(hashtextextended('search documents ' || $1, 0))`;

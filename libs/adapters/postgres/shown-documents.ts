import type { IndexedDocument } from '#libs/ports/search-index.js';
import type { Database } from './database.js';
import type { RowTables } from './past-tables.js';
import { isoText, validFromOfMemory, validToOfMemory } from './prisma-filter.js';

const lowestId = '00000000-0000-0000-0000-000000000000';

/** The documents that a search may find, from the tables of today or of an earlier day. */
export class ShownDocuments {
  constructor(
    private readonly db: Database,
    private readonly tables: RowTables,
  ) {}

  async some(tenantId: string, ids: readonly string[]): Promise<IndexedDocument[]> {
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<DocumentRow>(documentsById(this.tables), [tenantId, ids]);
      return rows.map(indexedDocument);
    });
  }

  async *all(tenantId: string, pageSize: number): AsyncIterable<IndexedDocument[]> {
    for (const statement of documentPages(this.tables)) {
      const pageAfter = ({
        createdPosition,
        id,
      }: Pick<DocumentRow, 'createdPosition' | 'id'>): Promise<DocumentRow[]> =>
        this.db.asTenant(tenantId, async (connection) => {
          // In the order of its index; before the table is analysed, the planner would sort the whole tenant for each page.
          await connection.query('SET LOCAL enable_sort = off');
          const page = await connection.query<DocumentRow>(statement, [tenantId, createdPosition, id, pageSize]);
          return page.rows;
        });
      let next: Promise<DocumentRow[]> | null = pageAfter({ createdPosition: 0, id: lowestId });
      while (next) {
        const rows: DocumentRow[] = await next;
        // The next page is read while the caller is busy with this one; its failure is told when its turn comes.
        next = rows.length < pageSize ? null : pageAfter(rows.at(-1)!);
        next?.catch(() => undefined);
        if (rows.length > 0) yield rows.map(indexedDocument);
      }
    }
  }
}

/** The statements; $1 is the tenant. */
const documentColumns = `
  scope, project_id AS "projectId", team_id AS "teamId", agent_id AS "agentId", owner_team_id AS "ownerTeamId",
  owner_agent_id AS "ownerAgentId", user_id AS "userId", session_id AS "sessionId", metadata,
  created_at AS "createdAt", created_position AS "createdPosition"`;

const memoryDocuments = ({ memories }: RowTables): string => `
  SELECT memory_id AS id, 'memory' AS kind, content AS text, NULL AS speaker, NULL AS role, NULL::uuid AS "conversationId",
    0::bigint AS ordinal, memory_type AS "memoryType", status, confidence, observed_at AS "saidAt",
    ${validFromOfMemory} AS "validFrom", ${validToOfMemory} AS "validTo",
    (SELECT coalesce(jsonb_agg(DISTINCT source->>'messageId'), '[]') FROM jsonb_array_elements(evidence) AS piece,
       jsonb_array_elements(piece->'sources') AS source) AS "sourceEpisodeIds", ${documentColumns}
  FROM ${memories} WHERE tenant_id = $1 AND status <> 'forgotten'`;

const episodeDocuments = ({ episodes }: RowTables): string => `
  SELECT episode_id AS id, 'episode' AS kind, content AS text, speaker, role, conversation_id AS "conversationId",
    ordinal, 'episode' AS "memoryType", 'active' AS status, 1::float8 AS confidence, said_at AS "saidAt",
    ${isoText('said_at')} AS "validFrom", NULL::text AS "validTo",
    '[]'::jsonb AS "sourceEpisodeIds", ${documentColumns}
  FROM ${episodes} WHERE tenant_id = $1`;

/** $2: ids. */
const documentsById = (tables: RowTables): string => `
  ${memoryDocuments(tables)} AND memory_id = ANY($2::uuid[])
  UNION ALL ${episodeDocuments(tables)} AND episode_id = ANY($2::uuid[])`;

/** One page of a table in the order of the log: $2, $3 the position and id to start after, $4 the page size. */
const documentPages = (tables: RowTables): string[] => [
  `${episodeDocuments(tables)} AND (created_position, episode_id) > ($2, $3::uuid) ORDER BY created_position, episode_id LIMIT $4`,
  `${memoryDocuments(tables)} AND (created_position, memory_id) > ($2, $3::uuid) ORDER BY created_position, memory_id LIMIT $4`,
];

type DocumentRow = Omit<IndexedDocument, 'saidAt' | 'createdAt'> & {
  saidAt: Date;
  createdAt: Date;
  createdPosition: number;
};

function indexedDocument({
  createdPosition: _createdPosition,
  saidAt,
  createdAt,
  ...document
}: DocumentRow): IndexedDocument {
  return { ...document, saidAt: saidAt.toISOString(), createdAt: createdAt.toISOString() };
}

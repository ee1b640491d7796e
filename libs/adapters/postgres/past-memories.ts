import type { Filter } from '#libs/domain/scope/filter.js';
import type { MemoryTotals, PageStart } from '#libs/ports/memory-reader.js';
import {
  type ChangedQuery,
  type ExportQuery,
  type ExportStart,
  type MemoryChange,
  type MemoryRows,
  PastMemories,
  type Span,
  type WholeMemory,
} from '#libs/ports/past-memories.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';
import { Prisma } from '#prisma/generated/client.js';
import type { Database } from './database.js';
import { tablesAsOf } from './past-tables.js';
import { episodeTable, memoryTable, toCondition } from './prisma-filter.js';
import { ShownDocuments } from './shown-documents.js';
import { pageOf, ShownRows } from './shown-rows.js';
import { wholeMemories } from './whole-memories.js';

/** Earlier days of the read model, from the versions that it keeps. */
export class PostgresPastMemories extends PastMemories {
  constructor(private readonly db: Database) {
    super();
  }

  override asOf(position: number): MemoryRows {
    return new ShownRows(this.db, tablesAsOf(position));
  }

  override async totals(tenantId: string, position: number, filter: Filter): Promise<MemoryTotals> {
    const tables = tablesAsOf(position);
    const known: Filter = { and: [{ not: { field: 'status', equals: 'forgotten' } }, filter] };
    const counted = Prisma.sql`count(*) AS number, coalesce(sum(octet_length(content)), 0)::bigint AS bytes`;
    const [totals] = await this.rows<MemoryTotals>(
      tenantId,
      Prisma.sql`SELECT memories.number AS memories, episodes.number AS episodes,
          memories.bytes + episodes.bytes AS "contentBytes"
        FROM (SELECT ${counted} FROM ${Prisma.raw(tables.memories)}
              WHERE tenant_id = ${tenantId} AND ${toCondition(known, memoryTable)}) AS memories,
          (SELECT ${counted} FROM ${Prisma.raw(tables.episodes)}
           WHERE tenant_id = ${tenantId} AND ${toCondition(filter, episodeTable)}) AS episodes`,
    );
    return totals!;
  }

  override allDocuments(tenantId: string, position: number, pageSize: number): AsyncIterable<IndexedDocument[]> {
    return new ShownDocuments(this.db, tablesAsOf(position)).all(tenantId, pageSize);
  }

  override documents(tenantId: string, position: number, ids: readonly string[]): Promise<IndexedDocument[]> {
    return new ShownDocuments(this.db, tablesAsOf(position)).some(tenantId, ids);
  }

  override async changedDocuments(tenantId: string, { from, to }: Span): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(
      tenantId,
      Prisma.sql`SELECT DISTINCT memory_id AS id FROM memory_versions
          WHERE tenant_id = ${tenantId} AND position > ${from} AND position <= ${to}
        UNION ALL SELECT episode_id FROM episodes
          WHERE tenant_id = ${tenantId} AND created_position > ${from} AND created_position <= ${to}`,
    );
    return rows.map(({ id }) => id);
  }

  override wholeMemories(
    tenantId: string,
    query: ExportQuery,
  ): Promise<{ rows: WholeMemory[]; next: ExportStart | null }> {
    return wholeMemories(this.db, tenantId, query);
  }

  override async remaining(tenantId: string, position: number): Promise<number> {
    const [row] = await this.rows<{ remaining: number }>(
      tenantId,
      Prisma.sql`SELECT
          (SELECT count(*) FROM memories WHERE tenant_id = ${tenantId} AND created_position <= ${position})
          + (SELECT count(*) FROM episodes WHERE tenant_id = ${tenantId} AND created_position <= ${position})
        AS remaining`,
    );
    return row!.remaining;
  }

  override changedMemories(tenantId: string, { from, to, filter, after, limit }: ChangedQuery): Promise<PageStart[]> {
    const page = pageOf(tenantId, { filter, order: 'asc', after, limit }, memoryTable, 'memory_id');
    return this.rows(
      tenantId,
      Prisma.sql`SELECT memory_id AS id, created_position AS "createdPosition" FROM (
          SELECT * FROM memories WHERE memory_id IN (
            SELECT memory_id FROM memory_versions
            WHERE tenant_id = ${tenantId} AND position > ${from} AND position <= ${to})
        ) AS changed ${page}`,
    );
  }

  override async changes(
    tenantId: string,
    ids: readonly string[],
    { from, to }: Span,
    limitEach: number,
  ): Promise<MemoryChange[]> {
    type Row = Omit<MemoryChange, 'recordedAt'> & { recordedAt: Date };
    const rows = await this.rows<Row>(
      tenantId,
      Prisma.sql`SELECT happened.* FROM unnest(${ids}::uuid[]) AS asked (id) CROSS JOIN LATERAL (
          SELECT memory_id AS "memoryId", version, position, recorded_at AS "recordedAt", event_type AS "eventType",
            event_id AS "eventId", actor, reason, decision
          FROM memory_versions
          WHERE tenant_id = ${tenantId} AND memory_id = asked.id AND position > ${from} AND position <= ${to}
          ORDER BY version DESC LIMIT ${limitEach}
        ) AS happened ORDER BY happened.position, happened."memoryId", happened.version`,
    );
    return rows.map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }));
  }

  private rows<Row extends object>(tenantId: string, { text, values }: Prisma.Sql): Promise<Row[]> {
    return this.db.asTenant(tenantId, async (connection) => (await connection.query<Row>({ text, values })).rows);
  }
}

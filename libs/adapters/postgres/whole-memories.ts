import type { EarlierVersion, Evidence } from '#libs/domain/memory/memory.events.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { limits } from '#libs/domain/limits.js';
import type { MemoryVersionRow } from '#libs/ports/memory-reader.js';
import type { ExportQuery, ExportStart, WholeMemory } from '#libs/ports/past-memories.js';
import { Prisma } from '#prisma/generated/client.js';
import type { MemoryRecord } from '#prisma/generated/client.js';
import type { Database, TenantConnection } from './database.js';
import { tablesAsOf } from './past-tables.js';
import { memoryTable, toCondition } from './prisma-filter.js';
import { columnsOf, memoryRow } from './shown-rows.js';

/** Claims are read anew wherever a memory goes, so what is known of them stays. */
const { belief: _belief, ...wholeFields } = Prisma.MemoryRecordScalarFieldEnum;
const wholeColumns = columnsOf(wholeFields);
type PageRecord = MemoryRecord & { hasChanged: boolean; isLast: boolean };
type VersionRecord = Omit<MemoryVersionRow, 'recordedAt'> & {
  memoryId: string;
  recordedAt: Date;
  earlier: EarlierVersion[] | null;
};

/**
 * Pages of memories as they were at a position. Most have not changed since, and their rows of today are those of that
 * day; only the others are put together from their versions, which costs ten times as much.
 */
export async function wholeMemories(
  db: Database,
  tenantId: string,
  query: ExportQuery,
): Promise<{ rows: WholeMemory[]; next: ExportStart | null }> {
  return db.asTenant(tenantId, async (connection) => {
    const page = await pageOfToday(connection, tenantId, query);
    const changed = page.filter(({ hasChanged }) => hasChanged).map(({ memoryId }) => memoryId);
    const earlier = await asTheyWere(connection, tenantId, query, changed);
    const records = page.flatMap((record) => (record.hasChanged ? (earlier.get(record.memoryId) ?? []) : [record]));
    const versions = query.withVersions
      ? await versionsOf(connection, tenantId, query.position, records)
      : new Map<string, WholeMemory['versions']>();
    const rows = records.map((record) => ({
      memory: memoryRow(record),
      evidence: record.evidence as unknown as Evidence[],
      versions: versions.get(record.memoryId) ?? [],
    }));
    const last = page.at(-1);
    const isEnd = last === undefined || last.isLast;
    return { rows, next: isEnd ? null : { createdAt: last.createdAt.toISOString(), id: last.memoryId } };
  });
}

function known(filter: Filter): Prisma.Sql {
  return toCondition({ and: [{ not: { field: 'status', equals: 'forgotten' } }, filter] }, memoryTable);
}

/** Whether a row that has changed since belongs to the page can only be told by what it was. */
async function pageOfToday(
  connection: TenantConnection,
  tenantId: string,
  { position, filter, after, limit }: ExportQuery,
): Promise<PageRecord[]> {
  const starts = after
    ? Prisma.sql`(created_at, memory_id) > (${after.createdAt}::timestamptz, ${after.id}::uuid)`
    : Prisma.sql`true`;
  const { text, values } = Prisma.sql`
    SELECT ${wholeColumns}, "hasChanged", count(*) OVER () <= ${limit} AND "isWhole" AS "isLast" FROM (
      SELECT *, bool_and(bytes_before < ${limits.exportPageBytes}) OVER () AS "isWhole" FROM (
        SELECT *, updated_position > ${position} AS "hasChanged",
          coalesce(sum(octet_length(content) + pg_column_size(metadata) + pg_column_size(evidence))
            OVER (ORDER BY created_at, memory_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
        FROM (
          SELECT * FROM memories WHERE tenant_id = ${tenantId} AND ${starts} AND created_position <= ${position}
            AND (updated_position > ${position} OR ${known(filter)})
          ORDER BY created_at, memory_id LIMIT ${limit + 1}
        ) AS found
      ) AS measured
    ) AS page
    WHERE bytes_before < ${limits.exportPageBytes}
    ORDER BY created_at, memory_id LIMIT ${limit}`;
  // As for lists: the planner cannot tell how many rows pass, and would rather sort all of them.
  await connection.query('SET LOCAL enable_sort = off');
  return (await connection.query<PageRecord>({ text, values })).rows;
}

async function asTheyWere(
  connection: TenantConnection,
  tenantId: string,
  { position, filter }: ExportQuery,
  ids: readonly string[],
): Promise<Map<string, MemoryRecord>> {
  if (ids.length === 0) return new Map();
  const { text, values } = Prisma.sql`
    SELECT ${wholeColumns} FROM ${Prisma.raw(tablesAsOf(position).memories)}
    WHERE tenant_id = ${tenantId} AND memory_id = ANY(${ids}::uuid[]) AND ${known(filter)}`;
  const { rows } = await connection.query<MemoryRecord>({ text, values });
  return new Map(rows.map((record) => [record.memoryId, record]));
}

async function versionsOf(
  connection: TenantConnection,
  tenantId: string,
  position: number,
  records: readonly MemoryRecord[],
): Promise<Map<string, WholeMemory['versions']>> {
  const ids = records.map(({ memoryId }) => memoryId);
  const { text, values } = Prisma.sql`
    SELECT ${versionColumns} FROM memory_versions
    WHERE tenant_id = ${tenantId} AND memory_id = ANY(${ids}::uuid[]) AND position <= ${position}
    ORDER BY memory_id, version`;
  const versions = new Map<string, WholeMemory['versions']>(ids.map((id) => [id, []]));
  for (const { memoryId, earlier, ...row } of (await connection.query<VersionRecord>({ text, values })).rows) {
    versions.get(memoryId)!.push(...(earlier ?? [{ ...row, recordedAt: row.recordedAt.toISOString() }]));
  }
  return versions;
}

const { tenantId: _tenantId, updatedAt: _updatedAt, ...versionFields } = Prisma.MemoryVersionRecordScalarFieldEnum;
const versionColumns = columnsOf(versionFields);

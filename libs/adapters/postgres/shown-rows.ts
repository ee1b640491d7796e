import type { Evidence, WorldTime } from '#libs/domain/memory/memory.events.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Ownership, Scope } from '#libs/domain/scope/ownership.js';
import type { EpisodeRow, ListQuery, MemoryRow, MemoryVersionKey } from '#libs/ports/memory-reader.js';
import type { MemoryRows } from '#libs/ports/past-memories.js';
import { Prisma } from '#prisma/generated/client.js';
import type { ContradictionRecord, EpisodeRecord, MemoryRecord } from '#prisma/generated/client.js';
import type { Database } from './database.js';
import { currentTables, type RowTables, versionsTable } from './past-tables.js';
import { episodeTable, type FilteredTable, memoryTable, toCondition } from './prisma-filter.js';

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** $1: the tenant, $2: ids. A name keeps the plan of a statement that comes again and again. */
interface StatementById {
  name: string | undefined;
  text: string;
}

/** The rows that lists and searches show, from the tables of today or of an earlier day. */
export class ShownRows implements MemoryRows {
  private readonly memoriesById: StatementById;
  private readonly episodesById: StatementById;

  constructor(
    private readonly db: Database,
    private readonly tables: RowTables,
  ) {
    const { memories, episodes } = tables;
    this.memoriesById = statement(
      tables,
      'memories by id',
      `SELECT ${memoryColumns.text} FROM ${memories}
       WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[]) AND status <> 'forgotten'`,
    );
    this.episodesById = statement(
      tables,
      'episodes by id',
      `SELECT ${episodeColumns.text} FROM ${episodes} WHERE tenant_id = $1 AND episode_id = ANY($2::uuid[])`,
    );
  }

  async memory(tenantId: string, id: string): Promise<MemoryRow | null> {
    return (await this.memories(tenantId, [id]))[0] ?? null;
  }

  async memories(tenantId: string, ids: readonly string[]): Promise<MemoryRow[]> {
    const found = await this.byId<MemoryRecord>(tenantId, this.memoriesById, ids);
    return found.map(memoryRow);
  }

  /** Whatever the tables are of, versions are those of the whole log. */
  async memoriesAt(tenantId: string, versions: readonly MemoryVersionKey[]): Promise<MemoryRow[]> {
    const wanted = versions.filter(({ memoryId }) => uuidPattern.test(memoryId));
    if (wanted.length === 0) return [];
    const found = await this.db.readAsTenant<MemoryRecord>(tenantId, {
      name: 'memories at versions',
      text: `SELECT ${memoryColumns.text} FROM unnest($2::uuid[], $3::integer[]) AS wanted (wanted_id, wanted_version)
        JOIN ${versionsTable} ON memory_id = wanted_id AND version = wanted_version WHERE tenant_id = $1`,
      values: [tenantId, wanted.map(({ memoryId }) => memoryId), wanted.map(({ version }) => version)],
    });
    return found.map(memoryRow);
  }

  async listMemories(tenantId: string, query: ListQuery): Promise<MemoryRow[]> {
    const filter: Filter = { and: [{ not: { field: 'status', equals: 'forgotten' } }, query.filter] };
    const select = Prisma.sql`SELECT ${memoryColumns} FROM ${Prisma.raw(this.tables.memories)}`;
    const page = pageOf(tenantId, { ...query, filter }, memoryTable, 'memory_id');
    const found = await this.page<MemoryRecord>(tenantId, Prisma.sql`${select} ${page}`);
    return found.map(memoryRow);
  }

  async listEpisodes(tenantId: string, query: ListQuery): Promise<EpisodeRow[]> {
    const select = Prisma.sql`SELECT ${episodeColumns} FROM ${Prisma.raw(this.tables.episodes)}`;
    const page = pageOf(tenantId, query, episodeTable, 'episode_id');
    const found = await this.page<EpisodeRecord>(tenantId, Prisma.sql`${select} ${page}`);
    return found.map(episodeRow);
  }

  async episodes(tenantId: string, ids: readonly string[]): Promise<EpisodeRow[]> {
    const found = await this.byId<EpisodeRecord>(tenantId, this.episodesById, ids);
    return found.map(episodeRow);
  }

  private async byId<Row extends object>(
    tenantId: string,
    query: StatementById,
    ids: readonly string[],
  ): Promise<Row[]> {
    const wellFormed = ids.filter((id) => uuidPattern.test(id));
    if (wellFormed.length === 0) return [];
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<Row>({ ...query, values: [tenantId, wellFormed] });
      return rows;
    });
  }

  /** Pages come in the order of an index. The planner cannot tell how many rows pass a filter, and would rather sort. */
  private page<Row extends object>(tenantId: string, { text, values }: Prisma.Sql): Promise<Row[]> {
    return this.db.asTenant(tenantId, async (connection) => {
      await connection.query('SET LOCAL enable_sort = off');
      const { rows } = await connection.query<Row>({ text, values });
      return rows;
    });
  }
}

function statement(tables: RowTables, name: string, text: string): StatementById {
  return { name: tables === currentTables ? name : undefined, text };
}

export const memoryColumns = columnsOf(Prisma.MemoryRecordScalarFieldEnum);
const episodeColumns = columnsOf(Prisma.EpisodeRecordScalarFieldEnum);

/** The columns of a model under the names of its fields, so that a raw row is what Prisma itself would give. */
export function columnsOf(fields: Readonly<Record<string, string>>): Prisma.Sql {
  const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Prisma.raw(
    Object.values(fields)
      .map((field) => `"${snakeCase(field)}" AS "${field}"`)
      .join(', '),
  );
}

/** Conditions, order and size of one page of a table. */
export function pageOf(
  tenantId: string,
  { filter, order, after, limit }: ListQuery,
  table: FilteredTable,
  idColumn: 'memory_id' | 'episode_id' | 'contradiction_id',
  also = Prisma.sql`true`,
): Prisma.Sql {
  const id = Prisma.raw(idColumn);
  const direction = Prisma.raw(order);
  const beyond = Prisma.raw(order === 'asc' ? '>' : '<');
  const starts = after
    ? Prisma.sql`(created_position, ${id}) ${beyond} (${after.createdPosition}::bigint, ${after.id}::uuid)`
    : Prisma.sql`true`;
  return Prisma.sql`WHERE tenant_id = ${tenantId} AND ${starts} AND ${also} AND ${toCondition(filter, table)}
    ORDER BY created_position ${direction}, ${id} ${direction} LIMIT ${limit}`;
}

export function ownershipOf(record: MemoryRecord | EpisodeRecord | ContradictionRecord): Ownership {
  const { projectId, ownerTeamId, ownerAgentId, teamId, agentId, userId, sessionId } = record;
  return { scope: record.scope as Scope, projectId, ownerTeamId, ownerAgentId, teamId, agentId, userId, sessionId };
}

export function memoryRow(record: MemoryRecord): MemoryRow {
  const evidence = record.evidence as unknown as Evidence[];
  return {
    id: record.memoryId,
    ownership: ownershipOf(record),
    content: record.content,
    memoryType: record.memoryType,
    confidence: record.confidence,
    metadata: record.metadata as Record<string, unknown>,
    status: record.status,
    sourceType: evidence[0]?.sourceType ?? 'statement',
    source: evidence[0]?.origin?.source ?? 'user',
    sources: evidence.flatMap((piece) => piece.sources),
    validFrom: record.validFrom as unknown as WorldTime | null,
    validTo: record.validTo as unknown as WorldTime | null,
    modality: record.modality,
    observedAt: record.observedAt.toISOString(),
    supersededBy: record.supersededBy,
    version: record.version,
    evidenceCount: evidence.length,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    createdPosition: Number(record.createdPosition),
  };
}

function episodeRow(record: EpisodeRecord): EpisodeRow {
  const { conversationId, role, speaker, content, externalId } = record;
  return {
    id: record.episodeId,
    ownership: ownershipOf(record),
    ...{ conversationId, role, speaker, content, externalId },
    ordinal: Number(record.ordinal),
    metadata: record.metadata as Record<string, unknown>,
    saidAt: record.saidAt.toISOString(),
    createdAt: record.createdAt.toISOString(),
    createdPosition: Number(record.createdPosition),
  };
}

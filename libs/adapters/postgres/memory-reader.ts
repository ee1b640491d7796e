import { PrismaPg } from '@prisma/adapter-pg';
import type { Evidence, WorldTime } from '#libs/domain/memory/memory.events.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Ownership, Scope } from '#libs/domain/scope/ownership.js';
import {
  type AgentRow,
  type EpisodeRow,
  type EvidenceChange,
  type Handoff,
  type ListQuery,
  MemoryReader,
  type MemoryRow,
  type MemoryTotals,
  type MemoryVersionRow,
  type PageStart,
} from '#libs/ports/memory-reader.js';
import { Prisma, PrismaClient } from '#prisma/generated/client.js';
import type { EpisodeRecord, MemoryRecord } from '#prisma/generated/client.js';
import { projection, version } from './read-model-rows.js';
import { assertTenantId, type Database } from './database.js';
import { episodeTable, type FilteredTable, isStorable, memoryTable, toCondition } from './prisma-filter.js';

type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads the read model, one tenant per transaction. What every search and list asks goes straight to the driver: through
 * Prisma the same rows cost five times the processor time and twice the round trips.
 */
export class PrismaMemoryReader extends MemoryReader {
  private readonly prisma: PrismaClient;

  constructor(private readonly db: Database) {
    super();
    const adapter = new PrismaPg({ connectionString: db.url, options: '-c role=memorystack_app', max: 6 });
    this.prisma = new PrismaClient({ adapter });
  }

  close(): Promise<void> {
    return this.prisma.$disconnect();
  }

  override async memory(tenantId: string, id: string): Promise<MemoryRow | null> {
    return (await this.memories(tenantId, [id]))[0] ?? null;
  }

  override async memories(tenantId: string, ids: readonly string[]): Promise<MemoryRow[]> {
    const found = await this.byId<MemoryRecord>(tenantId, memoriesById, ids);
    return found.map(memoryRow);
  }

  override async memoriesBySlot(
    tenantId: string,
    believer: string,
    slots: readonly { subject: string; slot: string }[],
    limit: number,
  ): Promise<{ rows: MemoryRow[]; position: number }> {
    const storable = slots.filter(({ subject, slot }) => isStorable(subject) && isStorable(slot));
    const [subjects, names] = [storable.map(({ subject }) => subject), storable.map(({ slot }) => slot)];
    return this.db.asTenant(tenantId, async (connection) => {
      const values = [tenantId, isStorable(believer) ? believer : '', subjects, names, limit, projection, version];
      const { rows } = await connection.query<MemoryRecord & { position: number | null }>({
        ...memoriesOfSlots,
        values,
      });
      const found = rows.filter(({ memoryId }) => memoryId !== null);
      return { rows: found.map(memoryRow), position: rows[0]?.position ?? 0 };
    });
  }

  override async listMemories(tenantId: string, query: ListQuery): Promise<MemoryRow[]> {
    const filter: Filter = { and: [{ not: { field: 'status', equals: 'forgotten' } }, query.filter] };
    const select = Prisma.sql`SELECT ${memoryColumns} FROM memories`;
    const page = pageOf(tenantId, { ...query, filter }, memoryTable, 'memory_id');
    const found = await this.page<MemoryRecord>(tenantId, Prisma.sql`${select} ${page}`);
    return found.map(memoryRow);
  }

  override async listEpisodes(tenantId: string, query: ListQuery): Promise<EpisodeRow[]> {
    const select = Prisma.sql`SELECT ${episodeColumns} FROM episodes`;
    const page = pageOf(tenantId, query, episodeTable, 'episode_id');
    const found = await this.page<EpisodeRecord>(tenantId, Prisma.sql`${select} ${page}`);
    return found.map(episodeRow);
  }

  override async episodes(tenantId: string, ids: readonly string[]): Promise<EpisodeRow[]> {
    const found = await this.byId<EpisodeRecord>(tenantId, episodesById, ids);
    return found.map(episodeRow);
  }

  override async history(tenantId: string, memoryId: string): Promise<MemoryVersionRow[]> {
    if (!uuidPattern.test(memoryId)) return [];
    const records = await this.asTenant(tenantId, (tx) =>
      tx.memoryVersionRecord.findMany({ where: { tenantId, memoryId }, orderBy: { version: 'asc' } }),
    );
    return records.map(({ tenantId: _tenant, memoryId: _memory, position, recordedAt, ...row }) => ({
      ...row,
      position: Number(position),
      recordedAt: recordedAt.toISOString(),
      actor: row.actor as Record<string, unknown>,
      decision: row.decision as Record<string, unknown> | null,
      metadata: row.metadata as Record<string, unknown>,
      validFrom: row.validFrom as unknown as WorldTime | null,
      validTo: row.validTo as unknown as WorldTime | null,
      evidence: row.evidence as unknown as EvidenceChange | null,
    }));
  }

  override async listAgents(
    tenantId: string,
    { projectId, after, limit }: { projectId: string | null; after: PageStart | null; limit: number },
  ): Promise<AgentRow[]> {
    return this.asTenant(tenantId, async (tx) => {
      const where = {
        AND: [{ tenantId, ...(projectId !== null && { projectId }) }, agentsAfter(after)],
      };
      const orderBy = [{ createdPosition: 'asc' as const }, { agentId: 'asc' as const }];
      const agents = await tx.agent.findMany({ where, orderBy, take: limit });
      const projects = await tx.project.findMany({
        where: { tenantId, projectId: { in: agents.map((agent) => agent.projectId) } },
      });
      const teamIds = agents.flatMap((agent) => agent.teamId ?? []);
      const teams = await tx.team.findMany({ where: { tenantId, teamId: { in: teamIds } } });
      const projectNames = new Map(projects.map((project) => [project.projectId, project.name]));
      const teamNames = new Map(teams.map((team) => [team.teamId, team.name]));
      return agents.map(({ agentId: id, createdAt, createdPosition, tenantId: _tenant, ...agent }) => ({
        ...agent,
        id,
        projectName: projectNames.get(agent.projectId) ?? agent.projectId,
        teamName: agent.teamId === null ? null : (teamNames.get(agent.teamId) ?? null),
        createdAt: createdAt.toISOString(),
        createdPosition: Number(createdPosition),
      }));
    });
  }

  override async handoffs(tenantId: string, projectId: string, sessionId: string, limit: number): Promise<Handoff[]> {
    const records = await this.asTenant(tenantId, (tx) =>
      tx.handoffRecord.findMany({
        where: { tenantId, projectId, sessionId },
        orderBy: [{ createdPosition: 'desc' }, { handoffId: 'desc' }],
        take: limit,
      }),
    );
    return records.map(({ handoffId: id, fromAgent, toAgent, sessionId: session, reason, context, recordedAt }) => ({
      ...{ id, fromAgent, toAgent, sessionId: session, reason },
      context: context as Record<string, unknown>,
      recordedAt: recordedAt.toISOString(),
    }));
  }

  override async totals(tenantId: string): Promise<MemoryTotals> {
    const totals = await this.asTenant(tenantId, (tx) => tx.memoryTotals.findUnique({ where: { tenantId } }));
    return {
      memories: Number(totals?.memories ?? 0),
      episodes: Number(totals?.episodes ?? 0),
      contentBytes: Number(totals?.contentBytes ?? 0),
    };
  }

  private async byId<Row extends object>(
    tenantId: string,
    query: { name: string; text: string },
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

  private asTenant<T>(tenantId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    assertTenantId(tenantId);
    return this.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
      return work(tx);
    });
  }
}

const memoryColumns = columnsOf(Prisma.MemoryRecordScalarFieldEnum);
const episodeColumns = columnsOf(Prisma.EpisodeRecordScalarFieldEnum);

/** $1: the tenant, $2: ids. */
const memoriesById = {
  name: 'memories by id',
  text: `SELECT ${memoryColumns.text} FROM memories
    WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[]) AND status <> 'forgotten'`,
};
/** $2: the believer, $3 and $4: subjects and their slots, $5: how many. One row without a memory when there is none. */
const memoriesOfSlots = {
  name: 'memories by slot',
  text: `SELECT log.position, found.* FROM (SELECT
      (SELECT position FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $6 AND version = $7) AS position
    ) log LEFT JOIN LATERAL (
      SELECT ${memoryColumns.text} FROM memories
      WHERE tenant_id = $1 AND status IN ('active', 'disputed') AND memory_id IN (
        SELECT memory_id FROM claim_slots
        WHERE tenant_id = $1 AND believer = $2 AND (subject, slot) IN (SELECT * FROM unnest($3::text[], $4::text[])))
      ORDER BY updated_position DESC, memory_id LIMIT $5
    ) found ON true`,
};
const episodesById = {
  name: 'episodes by id',
  text: `SELECT ${episodeColumns.text} FROM episodes WHERE tenant_id = $1 AND episode_id = ANY($2::uuid[])`,
};

/** The columns of a model under the names of its fields, so that a raw row is what Prisma itself would give. */
function columnsOf(fields: Readonly<Record<string, string>>): Prisma.Sql {
  const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Prisma.raw(
    Object.values(fields)
      .map((field) => `"${snakeCase(field)}" AS "${field}"`)
      .join(', '),
  );
}

/** Conditions, order and size of one page of a table. */
function pageOf(
  tenantId: string,
  { filter, order, after, limit }: ListQuery,
  table: FilteredTable,
  idColumn: 'memory_id' | 'episode_id',
): Prisma.Sql {
  const id = Prisma.raw(idColumn);
  const direction = Prisma.raw(order);
  const beyond = Prisma.raw(order === 'asc' ? '>' : '<');
  const starts = after
    ? Prisma.sql`(created_position, ${id}) ${beyond} (${after.createdPosition}::bigint, ${after.id}::uuid)`
    : Prisma.sql`true`;
  return Prisma.sql`WHERE tenant_id = ${tenantId} AND ${starts} AND ${toCondition(filter, table)}
    ORDER BY created_position ${direction}, ${id} ${direction} LIMIT ${limit}`;
}

function agentsAfter(after: PageStart | null): Prisma.AgentWhereInput {
  if (after === null) return {};
  const { createdPosition, id } = after;
  return { OR: [{ createdPosition: { gt: createdPosition } }, { createdPosition, agentId: { gt: id } }] };
}

function ownershipOf(record: MemoryRecord | EpisodeRecord): Ownership {
  const { projectId, ownerTeamId, ownerAgentId, teamId, agentId, userId, sessionId } = record;
  return { scope: record.scope as Scope, projectId, ownerTeamId, ownerAgentId, teamId, agentId, userId, sessionId };
}

function memoryRow(record: MemoryRecord): MemoryRow {
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

import { PrismaPg } from '@prisma/adapter-pg';
import type { WorldTime } from '#libs/domain/memory/memory.events.js';
import {
  type AgentRow,
  type ContradictionQuery,
  type ContradictionRow,
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
import { type Prisma, PrismaClient } from '#prisma/generated/client.js';
import type { MemoryRecord } from '#prisma/generated/client.js';
import { ContradictionRows } from './contradiction-rows.js';
import { assertTenantId, type Database } from './database.js';
import { currentTables } from './past-tables.js';
import { isStorable } from './prisma-filter.js';
import { projection, version } from './read-model-rows.js';
import { memoryColumns, memoryRow, ShownRows, uuidPattern } from './shown-rows.js';

type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/**
 * Reads the read model, one tenant per transaction. What every search and list asks goes straight to the driver: through
 * Prisma the same rows cost five times the processor time and twice the round trips.
 */
export class PrismaMemoryReader extends MemoryReader {
  private readonly prisma: PrismaClient;
  private readonly rows: ShownRows;
  private readonly contradicting: ContradictionRows;

  constructor(private readonly db: Database) {
    super();
    const adapter = new PrismaPg({ connectionString: db.url, options: '-c role=memorystack_app', max: 6 });
    this.prisma = new PrismaClient({ adapter });
    this.rows = new ShownRows(db, currentTables);
    this.contradicting = new ContradictionRows(db);
  }

  close(): Promise<void> {
    return this.prisma.$disconnect();
  }

  override memory(tenantId: string, id: string): Promise<MemoryRow | null> {
    return this.rows.memory(tenantId, id);
  }

  override memories(tenantId: string, ids: readonly string[]): Promise<MemoryRow[]> {
    return this.rows.memories(tenantId, ids);
  }

  override async believedNear(
    tenantId: string,
    believer: string,
    { slots, ids, limit }: Parameters<MemoryReader['believedNear']>[2],
  ): Promise<{ rows: MemoryRow[]; position: number }> {
    const storable = slots.filter(({ subject, slot }) => isStorable(subject) && isStorable(slot));
    const named = [storable.map(({ subject }) => subject), storable.map(({ slot }) => slot)];
    const wellFormed = ids.filter((id) => uuidPattern.test(id));
    const values = [tenantId, isStorable(believer) ? believer : '', ...named, limit, wellFormed, projection, version];
    type Row = MemoryRecord & { position: number | null };
    const rows = await this.db.readAsTenant<Row>(tenantId, { ...memoriesNear, values });
    const found = new Map(rows.flatMap((row) => (row.memoryId === null ? [] : [[row.memoryId, row] as const])));
    return { rows: [...found.values()].map(memoryRow), position: rows[0]?.position ?? 0 };
  }

  override listMemories(tenantId: string, query: ListQuery): Promise<MemoryRow[]> {
    return this.rows.listMemories(tenantId, query);
  }

  override listEpisodes(tenantId: string, query: ListQuery): Promise<EpisodeRow[]> {
    return this.rows.listEpisodes(tenantId, query);
  }

  override episodes(tenantId: string, ids: readonly string[]): Promise<EpisodeRow[]> {
    return this.rows.episodes(tenantId, ids);
  }

  override contradiction(tenantId: string, id: string): Promise<ContradictionRow | null> {
    return this.contradicting.one(tenantId, id);
  }

  override listContradictions(tenantId: string, query: ContradictionQuery): Promise<ContradictionRow[]> {
    return this.contradicting.list(tenantId, query);
  }

  override contradictionsOf(
    tenantId: string,
    memoryIds: readonly string[],
    limit: number,
  ): Promise<ContradictionRow[]> {
    return this.contradicting.ofMemories(tenantId, memoryIds, limit);
  }

  override supersededBy(tenantId: string, memoryIds: readonly string[], limit: number): Promise<string[]> {
    return this.contradicting.supersededBy(tenantId, memoryIds, limit);
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

  private asTenant<T>(tenantId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    assertTenantId(tenantId);
    return this.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
      return work(tx);
    });
  }
}

/**
 * $2: the believer, $3 and $4: subjects and their slots, $5: how many of these, $6: ids. One row without a memory when
 * there is none.
 */
const memoriesNear = {
  name: 'memories near a statement',
  text: `SELECT log.position, found.* FROM (SELECT
      (SELECT position FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $7 AND version = $8) AS position
    ) log LEFT JOIN LATERAL (
      (SELECT ${memoryColumns.text} FROM memories
       WHERE tenant_id = $1 AND status IN ('active', 'disputed') AND memory_id IN (
         SELECT memory_id FROM claim_slots
         WHERE tenant_id = $1 AND believer = $2 AND (subject, slot) IN (SELECT * FROM unnest($3::text[], $4::text[])))
       ORDER BY updated_position DESC, memory_id LIMIT $5)
      UNION ALL
      SELECT ${memoryColumns.text} FROM memories
      WHERE tenant_id = $1 AND status IN ('active', 'disputed') AND memory_id = ANY($6::uuid[])
    ) found ON true`,
};

function agentsAfter(after: PageStart | null): Prisma.AgentWhereInput {
  if (after === null) return {};
  const { createdPosition, id } = after;
  return { OR: [{ createdPosition: { gt: createdPosition } }, { createdPosition, agentId: { gt: id } }] };
}

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
  type MaintenanceRunRow,
  MemoryReader,
  type MemoryRow,
  type MemorySubject,
  type MemoryVersionKey,
  type MemoryTotals,
  type MemoryVersionRow,
  type PageStart,
} from '#libs/ports/memory-reader.js';
import { type Prisma, PrismaClient } from '#prisma/generated/client.js';
import { BelievedNear } from './believed-near.js';
import { ContradictionRows } from './contradiction-rows.js';
import { assertTenantId, type Database } from './database.js';
import { currentTables } from './past-tables.js';
import { ShownRows, uuidPattern } from './shown-rows.js';

type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/**
 * Reads the read model, one tenant per transaction. What every search and list asks goes straight to the driver: through
 * Prisma the same rows cost five times the processor time and twice the round trips.
 */
export class PrismaMemoryReader extends MemoryReader {
  private readonly prisma: PrismaClient;
  private readonly rows: ShownRows;
  private readonly contradicting: ContradictionRows;
  private readonly near: BelievedNear;

  constructor(private readonly db: Database) {
    super();
    const adapter = new PrismaPg({ connectionString: db.url, options: '-c role=memorystack_app', max: 6 });
    this.prisma = new PrismaClient({ adapter });
    this.rows = new ShownRows(db, currentTables);
    this.contradicting = new ContradictionRows(db);
    this.near = new BelievedNear(db);
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

  override believedNear(
    ...[tenantId, believer, near]: Parameters<MemoryReader['believedNear']>
  ): ReturnType<MemoryReader['believedNear']> {
    return this.near.of(tenantId, believer, near);
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

  override async concludedFrom(tenantId: string, memoryIds: readonly string[]): Promise<string[]> {
    const text = `SELECT memory_id AS id FROM memories WHERE tenant_id = $1 AND modality = 'derived' AND EXISTS (
        SELECT FROM jsonb_array_elements(evidence) AS piece, jsonb_array_elements(piece -> 'derivedFrom') AS premise
        WHERE premise ->> 'memoryId' = ANY($2::text[]))
      ORDER BY memory_id`;
    const rows = await this.db.readAsTenant<{ id: string }>(tenantId, { text, values: [tenantId, memoryIds] });
    return rows.map(({ id }) => id);
  }

  override maintenanceRuns(
    tenantId: string,
    { kind, after, limit }: Parameters<MemoryReader['maintenanceRuns']>[1],
  ): Promise<MaintenanceRunRow[]> {
    const isAfter = after !== null && uuidPattern.test(after.id);
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<Omit<MaintenanceRunRow, 'createdAt'> & { createdAt: Date }>(
        `SELECT run_id AS id, kind, created_at AS "createdAt", created_position AS "createdPosition" FROM maintenance_runs
         WHERE tenant_id = $1 AND ($2::text IS NULL OR kind = $2)
           AND ($3::bigint IS NULL OR (created_position, run_id) < ($3, $4::uuid))
         ORDER BY created_position DESC, run_id DESC LIMIT $5`,
        [tenantId, kind, isAfter ? after.createdPosition : null, isAfter ? after.id : null, limit],
      );
      return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
    });
  }

  override supersededBy(tenantId: string, memoryIds: readonly string[], limit: number): Promise<string[]> {
    return this.contradicting.supersededBy(tenantId, memoryIds, limit);
  }

  override memoriesAt(tenantId: string, versions: readonly MemoryVersionKey[]): Promise<MemoryRow[]> {
    return this.rows.memoriesAt(tenantId, versions);
  }

  override async history(tenantId: string, memoryId: string): Promise<MemoryVersionRow[]> {
    if (!uuidPattern.test(memoryId)) return [];
    const records = await this.asTenant(tenantId, (tx) =>
      tx.memoryVersionRecord.findMany({ where: { tenantId, memoryId }, orderBy: { version: 'asc' } }),
    );
    return records.map(
      ({ tenantId: _tenant, memoryId: _memory, updatedAt: _at, earlier: _earlier, position, recordedAt, ...row }) => ({
        ...row,
        position: Number(position),
        recordedAt: recordedAt.toISOString(),
        actor: row.actor as Record<string, unknown>,
        decision: row.decision as Record<string, unknown> | null,
        metadata: row.metadata as Record<string, unknown>,
        validFrom: row.validFrom as unknown as WorldTime | null,
        validTo: row.validTo as unknown as WorldTime | null,
        evidence: row.evidence as unknown as EvidenceChange | null,
      }),
    );
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

  override subjectsOf(tenantId: string, memoryIds: readonly string[]): Promise<MemorySubject[]> {
    return this.asTenant(tenantId, (tx) =>
      tx.claimSlot.findMany({
        where: { tenantId, memoryId: { in: memoryIds.filter((id) => uuidPattern.test(id)) } },
        select: { memoryId: true, subject: true },
        distinct: ['memoryId', 'subject'],
        orderBy: [{ memoryId: 'asc' }, { subject: 'asc' }],
      }),
    );
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

function agentsAfter(after: PageStart | null): Prisma.AgentWhereInput {
  if (after === null) return {};
  const { createdPosition, id } = after;
  return { OR: [{ createdPosition: { gt: createdPosition } }, { createdPosition, agentId: { gt: id } }] };
}

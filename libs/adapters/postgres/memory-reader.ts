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

  constructor(db: Database) {
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

  override supersededBy(tenantId: string, memoryIds: readonly string[], limit: number): Promise<string[]> {
    return this.contradicting.supersededBy(tenantId, memoryIds, limit);
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

import type { ContradictionQuery, ContradictionRow } from '#libs/ports/memory-reader.js';
import type { ContradictionRecord } from '#prisma/generated/client.js';
import { Prisma } from '#prisma/generated/client.js';
import type { Database } from './database.js';
import { contradictionTable } from './prisma-filter.js';
import { columnsOf, ownershipOf, pageOf, uuidPattern } from './shown-rows.js';

/** Reads contradictions, and what the rows know of who took whose place. */
export class ContradictionRows {
  constructor(private readonly db: Database) {}

  async one(tenantId: string, id: string): Promise<ContradictionRow | null> {
    const [found] = await this.byId<ContradictionRecord>(tenantId, contradictionsById, [id]);
    return found ? contradictionRow(found) : null;
  }

  async list(tenantId: string, { isResolved, memoryIds, ...query }: ContradictionQuery): Promise<ContradictionRow[]> {
    const resolved = isResolved === null ? Prisma.sql`true` : Prisma.sql`(settlement IS NOT NULL) = ${isResolved}`;
    const ids = memoryIds?.filter((id) => uuidPattern.test(id));
    const inThem = Prisma.sql`(memory_id = ANY(${ids}::uuid[]) OR other_id = ANY(${ids}::uuid[]))`;
    const also = ids === undefined ? resolved : Prisma.sql`${resolved} AND ${inThem}`;
    const newest = { ...query, order: 'desc' as const };
    const page = pageOf(tenantId, newest, contradictionTable, 'contradiction_id', also);
    const { text, values } = Prisma.sql`SELECT ${contradictionColumns} FROM contradictions ${page}`;
    return this.db.asTenant(tenantId, async (connection) => {
      // As for memories: in the order of an index, however few rows pass the filter. Those of some memories are few.
      if (ids === undefined) await connection.query('SET LOCAL enable_sort = off');
      const { rows } = await connection.query<ContradictionRecord>({ text, values });
      return rows.map(contradictionRow);
    });
  }

  async ofMemories(tenantId: string, memoryIds: readonly string[], limit: number): Promise<ContradictionRow[]> {
    const found = await this.byId<ContradictionRecord>(tenantId, contradictionsOfMemories, memoryIds, limit);
    return found.map(contradictionRow);
  }

  async supersededBy(tenantId: string, memoryIds: readonly string[], limit: number): Promise<string[]> {
    const found = await this.byId<{ id: string }>(tenantId, supersededByMemories, memoryIds, limit);
    return found.map(({ id }) => id);
  }

  private async byId<Row extends object>(
    tenantId: string,
    query: { name: string; text: string },
    ids: readonly string[],
    ...more: number[]
  ): Promise<Row[]> {
    const wellFormed = ids.filter((id) => uuidPattern.test(id));
    if (wellFormed.length === 0) return [];
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<Row>({ ...query, values: [tenantId, wellFormed, ...more] });
      return rows;
    });
  }
}

const contradictionColumns = columnsOf(Prisma.ContradictionRecordScalarFieldEnum);

/** $1: the tenant, $2: ids. */
const contradictionsById = {
  name: 'contradictions by id',
  text: `SELECT ${contradictionColumns.text} FROM contradictions
    WHERE tenant_id = $1 AND contradiction_id = ANY($2::uuid[])`,
};
/** $3: how many. */
const contradictionsOfMemories = {
  name: 'contradictions of memories',
  text: `SELECT ${contradictionColumns.text} FROM contradictions
    WHERE tenant_id = $1 AND (memory_id = ANY($2::uuid[]) OR other_id = ANY($2::uuid[]))
    ORDER BY created_position DESC, contradiction_id DESC LIMIT $3`,
};
/** $3: how many. */
const supersededByMemories = {
  name: 'memories superseded by memories',
  text: `SELECT DISTINCT memory_id AS id FROM memory_versions
    WHERE tenant_id = $1 AND superseded_by = ANY($2::uuid[]) ORDER BY memory_id LIMIT $3`,
};

function contradictionRow(record: ContradictionRecord): ContradictionRow {
  const { memoryId, otherId, probability, ruleId, rulesVersion, slot, reason } = record;
  return {
    id: record.contradictionId,
    ownership: ownershipOf(record),
    ...{ memoryId, otherId, probability, ruleId, rulesVersion, slot, reason },
    kind: record.kind as ContradictionRow['kind'],
    evidence: record.evidence as string[],
    settlement: record.settlement as ContradictionRow['settlement'],
    detectedAt: record.detectedAt.toISOString(),
    settledAt: record.settledAt?.toISOString() ?? null,
    createdPosition: Number(record.createdPosition),
  };
}

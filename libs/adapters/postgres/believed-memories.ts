import { BelievedMemories } from '#libs/ports/believed-memories.js';
import type { ProjectedMemory } from '#libs/ports/read-model-store.js';
import type { Database } from './database.js';
import { type MemoryTableRow, projectedMemory } from './memory-rows.js';

const believedStatuses = ['active', 'disputed', 'stale'];
/** In the order of the index `memories_by_believer`; who holds a memory is what the domain's `ownerOf` says. */
const order = `scope, project_id, coalesce(CASE scope WHEN 'personal' THEN owner_agent_id WHEN 'team' THEN owner_team_id
  WHEN 'session' THEN session_id END, ''), coalesce(user_id, ''), memory_id`;
const lowestId = '00000000-0000-0000-0000-000000000000';

/** Pages by key, each in a transaction of its own, so that a long reading holds nothing back. */
export class PostgresBelievedMemories extends BelievedMemories {
  constructor(private readonly db: Database) {
    super();
  }

  override async named(tenantId: string, ids: readonly string[]): Promise<Map<string, ProjectedMemory>> {
    const text = 'SELECT * FROM memories WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[])';
    const rows = await this.db.readAsTenant<MemoryTableRow>(tenantId, { text, values: [tenantId, ids] });
    return new Map(rows.map((row) => [row.memory_id, projectedMemory(row)]));
  }

  override async *pages(
    tenantId: string,
    pageSize: number,
    also: readonly 'superseded'[] = [],
  ): AsyncIterable<ProjectedMemory[]> {
    const statuses = [...believedStatuses, ...also];
    let after = ['', '', '', '', lowestId];
    for (;;) {
      const rows = await this.db.asTenant(tenantId, async (connection) => {
        // In the order of the index; before the table is analysed, the planner would sort the whole tenant for each page.
        await connection.query('SET LOCAL enable_sort = off');
        const page = await connection.query<MemoryTableRow>(statement, [tenantId, ...after, pageSize, statuses]);
        return page.rows;
      });
      if (rows.length > 0) yield rows.map(projectedMemory);
      if (rows.length < pageSize) return;
      const last = rows.at(-1)!;
      after = [last.scope, last.project_id, holderOf(last) ?? '', last.user_id ?? '', last.memory_id];
    }
  }
}

const statement = `
  SELECT * FROM memories
  WHERE tenant_id = $1 AND status = ANY($8) AND (${order}) > ($2, $3, $4, $5, $6::uuid)
  ORDER BY ${order} LIMIT $7`;

function holderOf({ scope, owner_agent_id, owner_team_id, session_id }: MemoryTableRow): string | null {
  switch (scope) {
    case 'personal':
      return owner_agent_id;
    case 'team':
      return owner_team_id;
    case 'session':
      return session_id;
    case 'project':
      return null;
  }
}

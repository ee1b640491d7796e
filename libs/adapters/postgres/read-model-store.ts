import { createHash } from 'node:crypto';
import {
  type ProjectedMemory,
  type ReadModelChanges,
  ReadModelStore,
  RowsRefused,
} from '#libs/ports/read-model-store.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';
import type { Database, TenantConnection } from './database.js';
import { type MemoryTableRow, projectedMemory } from './memory-rows.js';
import { currentTables } from './past-tables.js';
import * as rows from './read-model-rows.js';
import { projection, version } from './read-model-rows.js';
import { isRefusal } from './refusal.js';
import type { RowsStatement } from './row-statements.js';
import * as statements from './read-model-statements.js';
import { ShownDocuments } from './shown-documents.js';

/** What the digest of the read model is of, each with the key that its rows are ordered by. */
export const digestedTables = [
  { name: 'memories', key: 'memory_id' },
  { name: 'memory_versions', key: 'memory_id, version' },
  { name: 'claim_slots', key: 'memory_id, subject, slot' },
  { name: 'contradictions', key: 'contradiction_id' },
  { name: 'episodes', key: 'episode_id' },
  { name: 'projects', key: 'project_id' },
  { name: 'teams', key: 'team_id' },
  { name: 'agents', key: 'agent_id' },
  { name: 'handoffs', key: 'handoff_id' },
  { name: 'maintenance_runs', key: 'run_id' },
  { name: 'maintenance_settings', key: 'tenant_id' },
  { name: 'memory_totals', key: 'tenant_id' },
] as const;

/** The read model in PostgreSQL: each batch is a few statements, one for each table that it touches. */
export class PostgresReadModelStore extends ReadModelStore {
  private readonly shown: ShownDocuments;

  constructor(private readonly db: Database) {
    super();
    this.shown = new ShownDocuments(db, currentTables);
  }

  override async checkpoint(tenantId: string): Promise<number> {
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<{ position: number }>(
        'SELECT position FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $2 AND version = $3',
        [tenantId, projection, version],
      );
      return rows[0]?.position ?? 0;
    });
  }

  override async parkedStreams(tenantId: string): Promise<Set<string>> {
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<{ stream_id: string }>(
        'SELECT DISTINCT stream_id FROM parked_commits WHERE tenant_id = $1 AND projection = $2 AND version = $3',
        [tenantId, projection, version],
      );
      return new Set(rows.map((row) => row.stream_id));
    });
  }

  override async memories(tenantId: string, ids: readonly string[]): Promise<Map<string, ProjectedMemory>> {
    if (ids.length === 0) return new Map();
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<MemoryTableRow>(
        'SELECT * FROM memories WHERE tenant_id = $1 AND memory_id = ANY($2::uuid[])',
        [tenantId, ids],
      );
      return new Map(rows.map((row) => [row.memory_id, projectedMemory(row)]));
    });
  }

  override async apply(
    tenantId: string,
    from: number,
    to: number,
    changes: ReadModelChanges,
  ): Promise<'applied' | 'duplicate' | 'gap'> {
    const work = async (connection: TenantConnection): Promise<'applied' | 'duplicate' | 'gap'> => {
      const moved = await moveCheckpoint(connection, tenantId, from, to);
      if (moved !== 'applied') return moved;
      await writeRows(connection, tenantId, from, changes);
      const { memories, episodes, contentBytes } = changes.totals;
      // Also when nothing adds up: a row of zeros and no row at all are different read models.
      const values = [tenantId, memories, episodes, contentBytes];
      await connection.query({ name: 'add totals', text: statements.addTotals, values });
      return 'applied';
    };
    return this.db.asTenant(tenantId, work, 'derived').catch((error: unknown) => {
      throw isRefusal(error) ? new RowsRefused(error.message, { cause: error }) : error;
    });
  }

  override documents(tenantId: string, ids: readonly string[]): Promise<IndexedDocument[]> {
    return this.shown.some(tenantId, ids);
  }

  override allDocuments(tenantId: string, pageSize: number): AsyncIterable<IndexedDocument[]> {
    return this.shown.all(tenantId, pageSize);
  }

  override onLoss(lost: () => void): () => void {
    return this.db.onLoss(lost);
  }

  override async wipe(tenantId: string): Promise<void> {
    await this.db.asTenant(tenantId, async (connection) => {
      for (const { name } of digestedTables)
        await connection.query(`DELETE FROM ${name} WHERE tenant_id = $1`, [tenantId]);
      for (const name of ['projection_checkpoints', 'parked_commits']) {
        await connection.query(`DELETE FROM ${name} WHERE tenant_id = $1 AND projection = $2`, [tenantId, projection]);
      }
    });
  }

  override async digest(tenantId: string): Promise<string> {
    const digest = createHash('sha256');
    await this.db.asTenant(tenantId, async (connection) => {
      // Times as text depend on the session; the same rows must give the same digest everywhere.
      await connection.query("SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)");
      for (const { name, key } of digestedTables) {
        const { rows } = await connection.query<{ digest: string | null }>(
          `SELECT encode(sha256(string_agg(sha256(convert_to(t::text, 'UTF8')), ''::bytea ORDER BY ${key})), 'hex') AS digest
           FROM ${name} t WHERE tenant_id = $1`,
          [tenantId],
        );
        digest.update(`${name} ${rows[0]?.digest ?? 'empty'}\n`);
      }
    });
    return digest.digest('hex');
  }
}

async function moveCheckpoint(
  connection: TenantConnection,
  tenantId: string,
  from: number,
  to: number,
): Promise<'applied' | 'duplicate' | 'gap'> {
  const values = [projection, version, tenantId, from, to];
  const moved = await connection.query({ name: 'move checkpoint', text: statements.moveCheckpoint, values });
  if (moved.rowCount === 1) return 'applied';
  const begun = from === 0 && (await connection.query(statements.beginCheckpoint, [projection, version, tenantId, to]));
  if (begun && begun.rowCount === 1) return 'applied';
  const { rows } = await connection.query<{ position: number }>(
    'SELECT position FROM projection_checkpoints WHERE tenant_id = $3 AND projection = $1 AND version = $2',
    [projection, version, tenantId],
  );
  return (rows[0]?.position ?? 0) >= to ? 'duplicate' : 'gap';
}

async function writeRows(
  connection: TenantConnection,
  tenantId: string,
  from: number,
  changes: ReadModelChanges,
): Promise<void> {
  const write = <Row>(statement: RowsStatement<Row>, ofBatch: readonly Row[]): Promise<number> =>
    statement.run(connection, tenantId, ofBatch);
  const begun = changes.memories.filter(({ createdPosition }) => createdPosition > from);
  const goneOn = changes.memories.filter(({ createdPosition }) => createdPosition <= from);
  await write(rows.insertMemories, begun);
  const updated = await write(rows.updateMemories, goneOn);
  if (updated < goneOn.length) throw new Error(`${goneOn.length - updated} memories of the batch have no row.`);
  await write(rows.insertVersions, changes.versions);
  await write(rows.deleteClaimSlots, [...changes.reread, ...changes.erasedMemories]);
  await write(rows.insertClaimSlots, changes.claimSlots);
  await write(rows.insertContradictions, changes.contradictions);
  await write(rows.settleContradictions, changes.settledContradictions);
  await write(rows.deleteContradictions, changes.erasedContradictions);
  await write(rows.insertEpisodes, changes.episodes);
  await write(rows.deleteMemories, changes.erasedMemories);
  await write(rows.deleteVersions, changes.erasedMemories);
  await write(rows.deleteVectors, changes.erasedMemories);
  await write(rows.deleteReads, changes.erasedMemories);
  await write(rows.insertProjects, firstOfEach(changes.projects));
  await write(rows.insertTeams, firstOfEach(changes.teams));
  await write(rows.upsertAgents, lastOfEach(changes.agents));
  await write(rows.insertHandoffs, changes.handoffs);
  await write(rows.insertRuns, changes.runs);
  await write(rows.upsertSettings, changes.settings);
  await write(rows.insertParked, changes.parked);
}

function firstOfEach<T extends { id: string }>(rows: readonly T[]): T[] {
  const first = new Map<string, T>();
  for (const row of rows) if (!first.has(row.id)) first.set(row.id, row);
  return [...first.values()];
}

/** The latest registration holds; when and where the agent was first seen stays. */
function lastOfEach<T extends { id: string; createdAt: string; createdPosition: number }>(rows: readonly T[]): T[] {
  const last = new Map<string, T>();
  for (const row of rows) {
    const { createdAt, createdPosition } = last.get(row.id) ?? row;
    last.set(row.id, { ...row, createdAt, createdPosition });
  }
  return [...last.values()];
}

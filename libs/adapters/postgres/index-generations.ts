import {
  IndexGenerations,
  type FillingState,
  type IndexComparison,
  type IndexEmbedder,
  type IndexGeneration,
  type KnownGenerations,
  NothingToRollBack,
  type WantedIndex,
} from '#libs/ports/index-generations.js';
import type { Database, TenantConnection } from './database.js';

const channel = 'memorystack_index_generations';

const fields = 'id, embedder, reading, state, comparison, progress, created_at AS "createdAt"';

const retirePrevious = `
  WITH gone AS (UPDATE projection_active AS active SET previous = NULL FROM projection_active AS before
                RETURNING before.previous AS id)
  UPDATE index_generations SET changed_at = now(), state = CASE state WHEN 'complete' THEN 'retired' ELSE state END
  WHERE id IN (SELECT id FROM gone)`;

/** A rejected one is written while it is the previous one, and remembered afterwards. */
const isWritten = `state = 'filling' OR EXISTS (
  SELECT FROM projection_active WHERE id IN (generation, previous))`;

type GenerationRow = Omit<IndexGeneration, 'createdAt'> & { createdAt: Date };

interface ActiveRow {
  generation: number;
  previous: number | null;
  since: Date;
}

/** Generations in two tables of the installation; every change is one transaction that tells the other processes. */
export class PostgresIndexGenerations extends IndexGenerations {
  private readonly listeners = new Set<() => void>();
  private listening: { close: () => Promise<void> } | null = null;

  constructor(private readonly db: Database) {
    super();
  }

  /** Begins to hear of changes of other processes. */
  async start(): Promise<void> {
    const changed = (): void => {
      for (const listener of this.listeners) listener();
    };
    this.listening = await this.db.listen(channel, { changed, connected: changed, lost: () => undefined });
  }

  async stop(): Promise<void> {
    await this.listening?.close();
  }

  override async known(): Promise<KnownGenerations | null> {
    return this.db.asOwner(async (connection) => {
      const active = await activeRow(connection);
      if (!active) return null;
      const { rows } = await connection.query<GenerationRow>(
        `SELECT ${fields} FROM index_generations WHERE ${isWritten} ORDER BY id`,
      );
      const { generation, previous, since } = active;
      return {
        ...{ active: generation, previous, activeSince: since.toISOString() },
        generations: rows.map(generationOf),
      };
    });
  }

  override async want(embedder: IndexEmbedder, reading: number, anew = false): Promise<WantedIndex> {
    return this.change(async (connection) => {
      const active = await activeRow(connection);
      if (!active) {
        const id = await insert(connection, embedder, reading, 'complete');
        await connection.query(`INSERT INTO projection_active VALUES ('search-index', $1, NULL)`, [id]);
        return 'there';
      }
      const same = anew ? null : await latestOf(connection, embedder, reading);
      if (same === null) {
        await retireFilling(connection, active);
        await insert(connection, embedder, reading, 'filling');
        return 'filling';
      }
      if (same.id === active.generation) {
        await retireFilling(connection, active);
        return 'there';
      }
      // It answered once and is still written: it need only be compared again.
      if (same.state === 'complete') await setState(connection, same.id, 'filling');
      return same.state === 'rejected' ? 'rejected' : 'filling';
    });
  }

  override async progressed(id: number, progress: FillingState): Promise<void> {
    await this.db.asOwner((connection) =>
      connection.query('UPDATE index_generations SET progress = $2 WHERE id = $1', [id, JSON.stringify(progress)]),
    );
  }

  override async compared(id: number, comparison: IndexComparison): Promise<void> {
    await this.change((connection) =>
      connection.query('UPDATE index_generations SET comparison = $2 WHERE id = $1', [id, JSON.stringify(comparison)]),
    );
  }

  override async activate(id: number): Promise<void> {
    await this.change(async (connection) => {
      const { generation } = (await activeRow(connection))!;
      if (generation === id) return;
      await setState(connection, id, 'complete');
      await point(connection, id, generation);
      await retireAllBut(connection, [id, generation]);
    });
  }

  override async reject(id: number): Promise<void> {
    await this.change((connection) => setState(connection, id, 'rejected'));
  }

  override async rollBack(): Promise<void> {
    await this.change(async (connection) => {
      const active = await activeRow(connection);
      if (!active || active.previous === null) throw new NothingToRollBack();
      await setState(connection, active.previous, 'complete');
      await setState(connection, active.generation, 'rejected');
      await point(connection, active.previous, active.generation);
    });
  }

  override async retirePrevious(): Promise<void> {
    await this.change((connection) => connection.query(retirePrevious));
  }

  override async retired(sinceSeconds: number): Promise<IndexGeneration[]> {
    return this.db.asOwner(async (connection) => {
      const { rows } = await connection.query<GenerationRow>(
        `SELECT ${fields} FROM index_generations
         WHERE NOT (${isWritten}) AND removed_at IS NULL AND changed_at <= now() - make_interval(secs => $1)
         ORDER BY id`,
        [sinceSeconds],
      );
      return rows.map(generationOf);
    });
  }

  override async removed(id: number): Promise<void> {
    await this.change((connection) =>
      connection.query('UPDATE index_generations SET removed_at = now() WHERE id = $1', [id]),
    );
  }

  override onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  /** One change at a time in the whole installation. */
  private change<Result>(work: (connection: TenantConnection) => Promise<Result>): Promise<Result> {
    return this.db.asOwner(async (connection) => {
      await connection.query('LOCK TABLE projection_active IN SHARE ROW EXCLUSIVE MODE');
      const result = await work(connection);
      await connection.query('SELECT pg_notify($1, $2)', [channel, '']);
      return result;
    });
  }
}

async function activeRow(connection: TenantConnection): Promise<ActiveRow | undefined> {
  const { rows } = await connection.query<ActiveRow>(
    'SELECT generation, previous, changed_at AS since FROM projection_active',
  );
  return rows[0];
}

/** The last one of its kind that is written; the active one before any other. */
async function latestOf(
  connection: TenantConnection,
  embedder: IndexEmbedder,
  reading: number,
): Promise<GenerationRow | null> {
  const { rows } = await connection.query<GenerationRow>(
    `SELECT ${fields} FROM index_generations WHERE embedder = $1 AND reading = $2
       AND state IN ('filling', 'complete', 'rejected')
     ORDER BY id IN (SELECT generation FROM projection_active) DESC, id DESC LIMIT 1`,
    [JSON.stringify(embedder), reading],
  );
  return rows[0] ?? null;
}

async function insert(
  connection: TenantConnection,
  embedder: IndexEmbedder,
  reading: number,
  state: 'filling' | 'complete',
): Promise<number> {
  const { rows } = await connection.query<{ id: number }>(
    `INSERT INTO index_generations (id, embedder, reading, state)
     SELECT coalesce(max(id), 0) + 1, $1, $2, $3 FROM index_generations RETURNING id`,
    [JSON.stringify(embedder), reading, state],
  );
  return rows[0]!.id;
}

async function setState(connection: TenantConnection, id: number, state: string): Promise<void> {
  await connection.query('UPDATE index_generations SET state = $2, changed_at = now() WHERE id = $1', [id, state]);
}

async function point(connection: TenantConnection, generation: number, previous: number | null): Promise<void> {
  await connection.query('UPDATE projection_active SET generation = $1, previous = $2, changed_at = now()', [
    generation,
    previous,
  ]);
}

async function retireFilling(connection: TenantConnection, { generation, previous }: ActiveRow): Promise<void> {
  await retireAllBut(connection, [generation, ...(previous === null ? [] : [previous])]);
}

async function retireAllBut(connection: TenantConnection, ids: readonly number[]): Promise<void> {
  await connection.query(
    `UPDATE index_generations SET state = 'retired', changed_at = now()
     WHERE state IN ('filling', 'complete') AND id <> ALL($1)`,
    [ids],
  );
}

function generationOf({ createdAt, ...row }: GenerationRow): IndexGeneration {
  return { ...row, createdAt: createdAt.toISOString() };
}

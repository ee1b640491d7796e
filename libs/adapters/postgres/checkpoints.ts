import { Checkpoints, type ProjectionName } from '#libs/ports/checkpoints.js';
import type { Database } from './database.js';
import { version } from './read-model-rows.js';

/** Checkpoints beside those that move with the rows of the read model, in the same table. */
export class PostgresCheckpoints extends Checkpoints {
  constructor(private readonly db: Database) {
    super();
  }

  override async position(projection: ProjectionName, tenantId: string): Promise<number> {
    return this.db.asTenant(tenantId, async (connection) => {
      const { rows } = await connection.query<{ position: number }>(
        'SELECT position FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $2 AND version = $3',
        [tenantId, projection, version],
      );
      return rows[0]?.position ?? 0;
    });
  }

  override async advance(projection: ProjectionName, tenantId: string, position: number): Promise<void> {
    const text = `
      INSERT INTO projection_checkpoints (tenant_id, projection, version, position) VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id, projection, version)
      DO UPDATE SET position = greatest(projection_checkpoints.position, excluded.position)`;
    const values = [tenantId, projection, version, position];
    await this.db.asTenant(tenantId, (connection) => connection.query(text, values), 'derived');
  }

  override async reset(projection: ProjectionName, tenantId: string): Promise<void> {
    const text = 'DELETE FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $2 AND version = $3';
    await this.db.asTenant(tenantId, (connection) => connection.query(text, [tenantId, projection, version]));
  }
}

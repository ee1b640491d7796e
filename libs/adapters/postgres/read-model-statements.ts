/** The statements of the read model that move its checkpoint and count; $1 is the tenant unless said otherwise. */

export const moveCheckpoint = `
  UPDATE projection_checkpoints SET position = $5
  WHERE tenant_id = $3 AND projection = $1 AND version = $2 AND position = $4`;

export const beginCheckpoint = `
  INSERT INTO projection_checkpoints (projection, version, tenant_id, position) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;

export const addTotals = `
  INSERT INTO memory_totals (tenant_id, memories, episodes, content_bytes) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id) DO UPDATE SET memories = memory_totals.memories + excluded.memories,
    episodes = memory_totals.episodes + excluded.episodes, content_bytes = memory_totals.content_bytes + excluded.content_bytes`;

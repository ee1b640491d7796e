/** The statements of the read model that move its checkpoint and read its documents; $1 is the tenant unless said otherwise. */
import { isoText, validFromOfMemory, validToOfMemory } from './prisma-filter.js';

export const moveCheckpoint = `
  UPDATE projection_checkpoints SET position = $5
  WHERE tenant_id = $3 AND projection = $1 AND version = $2 AND position = $4`;

export const beginCheckpoint = `
  INSERT INTO projection_checkpoints (projection, version, tenant_id, position) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;

export const addTotals = `
  INSERT INTO memory_totals (tenant_id, memories, episodes, content_bytes) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id) DO UPDATE SET memories = memory_totals.memories + excluded.memories,
    episodes = memory_totals.episodes + excluded.episodes, content_bytes = memory_totals.content_bytes + excluded.content_bytes`;

const documentColumns = `
  scope, project_id AS "projectId", team_id AS "teamId", agent_id AS "agentId", owner_team_id AS "ownerTeamId",
  owner_agent_id AS "ownerAgentId", user_id AS "userId", session_id AS "sessionId", metadata,
  created_at AS "createdAt", created_position AS "createdPosition"`;

const memoryDocuments = `
  SELECT memory_id AS id, 'memory' AS kind, content AS text, NULL AS speaker, NULL AS role, NULL::uuid AS "conversationId",
    0::bigint AS ordinal, memory_type AS "memoryType", status, confidence, observed_at AS "saidAt",
    ${validFromOfMemory} AS "validFrom", ${validToOfMemory} AS "validTo",
    (SELECT coalesce(jsonb_agg(DISTINCT source->>'messageId'), '[]') FROM jsonb_array_elements(evidence) AS piece,
       jsonb_array_elements(piece->'sources') AS source) AS "sourceEpisodeIds", ${documentColumns}
  FROM memories WHERE tenant_id = $1 AND status <> 'forgotten'`;

const episodeDocuments = `
  SELECT episode_id AS id, 'episode' AS kind, content AS text, speaker, role, conversation_id AS "conversationId",
    ordinal, 'episode' AS "memoryType", 'active' AS status, 1::float8 AS confidence, said_at AS "saidAt",
    ${isoText('said_at')} AS "validFrom", NULL::text AS "validTo",
    '[]'::jsonb AS "sourceEpisodeIds", ${documentColumns}
  FROM episodes WHERE tenant_id = $1`;

/** $2: ids. */
export const documentsById = `
  ${memoryDocuments} AND memory_id = ANY($2::uuid[]) UNION ALL ${episodeDocuments} AND episode_id = ANY($2::uuid[])`;

/** One page of a table in the order of the log: $2, $3 the position and id to start after, $4 the page size. */
export const documentPages = [
  `${episodeDocuments} AND (created_position, episode_id) > ($2, $3::uuid) ORDER BY created_position, episode_id LIMIT $4`,
  `${memoryDocuments} AND (created_position, memory_id) > ($2, $3::uuid) ORDER BY created_position, memory_id LIMIT $4`,
];

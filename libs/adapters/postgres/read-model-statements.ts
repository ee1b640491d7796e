/** The statements of the read model. Rows come as one JSON parameter ($2); $1 is the tenant. */

export const moveCheckpoint = `
  UPDATE projection_checkpoints SET position = $5
  WHERE tenant_id = $3 AND projection = $1 AND version = $2 AND position = $4`;

export const beginCheckpoint = `
  INSERT INTO projection_checkpoints (projection, version, tenant_id, position) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;

export const upsertMemories = `
  INSERT INTO memories (tenant_id, memory_id, scope, project_id, owner_team_id, owner_agent_id, team_id, agent_id, user_id,
    session_id, content, memory_type, confidence, metadata, modality, status, observed_at, valid_from, valid_to, evidence,
    version, created_at, updated_at, created_position, updated_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" uuid, "scope" text, "projectId" text, "ownerTeamId" text,
    "ownerAgentId" text, "teamId" text, "agentId" text, "userId" text, "sessionId" text, "content" text, "memoryType" text,
    "confidence" float8, "metadata" jsonb, "modality" text, "status" text, "observedAt" timestamptz, "validFrom" jsonb,
    "validTo" jsonb, "evidence" jsonb, "version" int, "createdAt" timestamptz, "updatedAt" timestamptz,
    "createdPosition" bigint, "updatedPosition" bigint)
  ON CONFLICT (tenant_id, memory_id) DO UPDATE SET
    content = excluded.content, memory_type = excluded.memory_type, confidence = excluded.confidence,
    metadata = excluded.metadata, status = excluded.status, evidence = excluded.evidence, version = excluded.version,
    updated_at = excluded.updated_at, updated_position = excluded.updated_position`;

export const insertVersions = `
  INSERT INTO memory_versions (tenant_id, memory_id, version, position, recorded_at, event_type, event_id, actor, reason,
    decision, content, memory_type, confidence, metadata, status)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("memoryId" uuid, "version" int, "position" bigint,
    "recordedAt" timestamptz, "eventType" text, "eventId" uuid, "actor" jsonb, "reason" text, "decision" jsonb,
    "content" text, "memoryType" text, "confidence" float8, "metadata" jsonb, "status" text)`;

export const insertEpisodes = `
  INSERT INTO episodes (tenant_id, episode_id, conversation_id, ordinal, scope, project_id, owner_team_id, owner_agent_id,
    team_id, agent_id, user_id, session_id, role, speaker, content, external_id, metadata, said_at, created_at, created_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" uuid, "conversationId" uuid, "ordinal" bigint, "scope" text,
    "projectId" text, "ownerTeamId" text, "ownerAgentId" text, "teamId" text, "agentId" text, "userId" text,
    "sessionId" text, "role" text, "speaker" text, "content" text, "externalId" text, "metadata" jsonb,
    "saidAt" timestamptz, "createdAt" timestamptz, "createdPosition" bigint)`;

export const deleteMemories = `
  DELETE FROM memories WHERE tenant_id = $1 AND memory_id IN (SELECT value::uuid FROM jsonb_array_elements_text($2))`;

export const deleteVersions = `
  DELETE FROM memory_versions WHERE tenant_id = $1 AND memory_id IN (SELECT value::uuid FROM jsonb_array_elements_text($2))`;

export const insertProjects = `
  INSERT INTO projects (tenant_id, project_id, name, created_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" text, "name" text, "createdPosition" bigint) ON CONFLICT DO NOTHING`;

export const insertTeams = `
  INSERT INTO teams (tenant_id, team_id, project_id, name, created_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" text, "projectId" text, "name" text, "createdPosition" bigint)
  ON CONFLICT DO NOTHING`;

export const upsertAgents = `
  INSERT INTO agents (tenant_id, agent_id, name, agent_type, role, personality, project_id, team_id, created_at, created_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" uuid, "name" text, "agentType" text, "role" text,
    "personality" text, "projectId" text, "teamId" text, "createdAt" timestamptz, "createdPosition" bigint)
  ON CONFLICT (tenant_id, agent_id) DO UPDATE SET agent_type = excluded.agent_type, role = excluded.role,
    personality = excluded.personality, team_id = excluded.team_id`;

export const insertHandoffs = `
  INSERT INTO handoffs (tenant_id, handoff_id, project_id, from_agent, to_agent, session_id, reason, context, recorded_at, created_position)
  SELECT $1, * FROM jsonb_to_recordset($2) AS row ("id" uuid, "projectId" text, "fromAgent" text, "toAgent" text,
    "sessionId" text, "reason" text, "context" jsonb, "recordedAt" timestamptz, "createdPosition" bigint)`;

export const insertParked = `
  INSERT INTO parked_commits (projection, version, tenant_id, position, stream_id, error)
  SELECT 'read-model', 1, $1, * FROM jsonb_to_recordset($2) AS row ("position" bigint, "streamId" text, "error" text)
  ON CONFLICT DO NOTHING`;

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
    (SELECT coalesce(jsonb_agg(DISTINCT source->>'messageId'), '[]') FROM jsonb_array_elements(evidence) AS piece,
       jsonb_array_elements(piece->'sources') AS source) AS "sourceEpisodeIds", ${documentColumns}
  FROM memories WHERE tenant_id = $1 AND status <> 'forgotten'`;

const episodeDocuments = `
  SELECT episode_id AS id, 'episode' AS kind, content AS text, speaker, role, conversation_id AS "conversationId",
    ordinal, 'episode' AS "memoryType", 'active' AS status, 1::float8 AS confidence, said_at AS "saidAt",
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

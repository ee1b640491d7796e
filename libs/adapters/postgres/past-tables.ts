/**
 * Tables of the read model as they were at a position: subqueries that stand in the place of the table and have its
 * columns. What never changes of a memory comes from its row, everything else from its version of that day.
 */
export interface RowTables {
  memories: string;
  episodes: string;
}

export const currentTables: RowTables = { memories: 'memories', episodes: 'episodes' };

const immutableColumns = [
  ...['tenant_id', 'memory_id', 'scope', 'project_id', 'owner_team_id', 'owner_agent_id', 'team_id', 'agent_id'],
  ...['user_id', 'session_id', 'modality', 'observed_at', 'created_at', 'created_position'],
];
const versionColumns = [
  ...[
    'content',
    'memory_type',
    'confidence',
    'metadata',
    'status',
    'valid_from',
    'valid_to',
    'superseded_by',
    'version',
  ],
  'position AS updated_position',
];

/** An imported memory changed last where it was before. */
const updatedAt = 'coalesce(held.updated_at, held.recorded_at) AS updated_at';

/** Pieces of evidence as the versions brought them, each once; from the last version on that put another list in place. */
const evidence = `
  SELECT coalesce(jsonb_agg(piece ORDER BY version, place), '[]') FROM (
    SELECT DISTINCT ON (piece ->> 'id') piece, brought.version, place
    FROM memory_versions AS brought
    CROSS JOIN jsonb_array_elements(coalesce(brought.evidence -> 'all', brought.evidence -> 'added'))
      WITH ORDINALITY AS pieces (piece, place)
    WHERE brought.tenant_id = learned.tenant_id AND brought.memory_id = learned.memory_id
      AND brought.version <= held.version AND brought.evidence IS NOT NULL
      AND brought.version >= coalesce((
        SELECT max(replaced.version) FROM memory_versions AS replaced
        WHERE replaced.tenant_id = learned.tenant_id AND replaced.memory_id = learned.memory_id
          AND replaced.version <= held.version AND replaced.evidence ? 'all'), 0)
    ORDER BY piece ->> 'id', brought.version, place
  ) AS kept`;

/** Each version of each memory as a row, with the evidence that the memory has now. */
export const versionsTable = `(
  SELECT ${immutableColumns.map((name) => `learned.${name}`).join(', ')},
    ${versionColumns.map((name) => `held.${name}`).join(', ')},
    ${updatedAt}, '{}'::jsonb AS belief, learned.evidence
  FROM memories AS learned JOIN memory_versions AS held
    ON held.tenant_id = learned.tenant_id AND held.memory_id = learned.memory_id
) AS memories`;

/** @throws RangeError when the position is none; it stands in the text of the statements */
export function tablesAsOf(position: number): RowTables {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError(`${position} is no position of a log`);
  // Beliefs are not looked at on an earlier day; the column is there because every reader selects it.
  const memories = `(
    SELECT ${immutableColumns.map((name) => `learned.${name}`).join(', ')},
      ${versionColumns.map((name) => `held.${name}`).join(', ')},
      ${updatedAt}, '{}'::jsonb AS belief, (${evidence}) AS evidence
    FROM memories AS learned CROSS JOIN LATERAL (
      SELECT * FROM memory_versions AS known
      WHERE known.tenant_id = learned.tenant_id AND known.memory_id = learned.memory_id AND known.position <= ${position}
      ORDER BY known.version DESC LIMIT 1
    ) AS held
    WHERE learned.created_position <= ${position}
  ) AS memories`;
  return { memories, episodes: `(SELECT * FROM episodes WHERE created_position <= ${position}) AS episodes` };
}

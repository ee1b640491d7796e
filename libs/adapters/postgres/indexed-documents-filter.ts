import type { Filter } from '#libs/domain/scope/filter.js';
import { Prisma } from '#prisma/generated/client.js';
import { isStorable } from './indexed-documents-rows.js';
import { type FilteredTable, text, toCondition } from './prisma-filter.js';

const documentTable: FilteredTable = {
  constants: {},
  columns: {
    kind: text('kind'),
    scope: text('scope'),
    projectId: text('project_id'),
    teamId: text('team_id'),
    agentId: text('agent_id'),
    ownerTeamId: text('owner_team_id'),
    ownerAgentId: text('owner_agent_id'),
    userId: text('user_id'),
    sessionId: text('session_id'),
    memoryType: text('memory_type'),
    status: text('status'),
    confidence: { sql: 'confidence', type: 'number' },
    saidAt: text('said_at'),
    validFrom: text('valid_from'),
    validTo: text('valid_to'),
  },
};

/** Whether a search document passes. */
export function documentCondition(filter: Filter): Prisma.Sql {
  return toCondition(filter, documentTable);
}

/** The times that every document that passes lies within, in the form that an index is read by. */
export function saidWithin(filter: Filter): Prisma.Sql {
  const bounds = boundsOf(filter);
  return bounds.length === 0 ? Prisma.sql`true` : Prisma.join(bounds, ' AND ');
}

function boundsOf(filter: Filter): Prisma.Sql[] {
  if ('and' in filter) return filter.and.flatMap(boundsOf);
  if (!('field' in filter) || filter.field !== 'saidAt' || 'equals' in filter || 'anyOf' in filter) return [];
  const { atLeast, atMost } = filter;
  return [
    ...(typeof atLeast === 'string' && isStorable(atLeast) ? [Prisma.sql`said_at >= ${atLeast}`] : []),
    ...(typeof atMost === 'string' && isStorable(atMost) ? [Prisma.sql`said_at <= ${atMost}`] : []),
  ];
}

import type {
  AgentMemoriesQuery,
  ListMemoriesQuery,
  SearchMemoriesBody,
} from '#libs/contracts/rest/memory-requests.js';
import { type Filter, trueAt } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { invalid } from '#libs/service-kit/problem.js';
import { filterOf, metadataFilterOf } from './filter-tree.js';
import { requireInstant } from './instant.js';

type Filtered = Pick<
  ListMemoriesQuery,
  'user_id' | 'memory_type' | 'min_confidence' | 'scope' | 'agent_id' | 'team_id' | 'include_superseded' | 'valid_at'
>;

/**
 * What a list asked for, as a filter. Visibility is not in it: that is decided behind the queries.
 * @throws ServiceError validation_failed
 */
export function listFilter(query: Filtered): Filter {
  const conditions: Filter[] = ownerFilter(query);
  if (query.memory_type !== undefined) conditions.push({ field: 'memoryType', equals: query.memory_type });
  if (query.min_confidence !== undefined) conditions.push({ field: 'confidence', atLeast: query.min_confidence });
  return { and: [...conditions, ...timeFilter(query)] };
}

/** Whose a memory is, which never changes. */
export function ownerFilter(query: Pick<ListMemoriesQuery, 'user_id' | 'scope' | 'agent_id' | 'team_id'>): Filter[] {
  const conditions: Filter[] = userFilter(query.user_id);
  if (query.scope !== undefined) conditions.push({ field: 'scope', equals: query.scope });
  if (query.agent_id !== undefined) conditions.push({ field: 'agentId', equals: query.agent_id });
  if (query.team_id !== undefined) conditions.push({ field: 'teamId', equals: query.team_id });
  return conditions;
}

/** What something else took the place of, and what was put away. */
export const retired: Filter = { field: 'status', anyOf: ['superseded', 'archived'] };

/**
 * Only what is believed, unless retired memories are asked for, or what was true at a time: that may be believed no
 * more because it has ended since.
 * @throws ServiceError validation_failed
 */
function timeFilter(query: Pick<ListMemoriesQuery, 'include_superseded' | 'valid_at'>): Filter[] {
  const conditions = validFilter(query.valid_at);
  if (query.include_superseded !== true && conditions.length === 0) conditions.push({ not: retired });
  return conditions;
}

/** @throws ServiceError validation_failed */
export function validFilter(validAt: string | undefined): Filter[] {
  return validAt === undefined ? [] : [trueAt(requireInstant(validAt, 'valid_at'))];
}

/** @throws ServiceError validation_failed */
export function searchFilter(search: SearchMemoriesBody): Filter {
  const conditions: Filter[] = [listFilter(search)];
  const { start_date: startDate, end_date: endDate } = search;
  const atLeast = startDate === undefined ? undefined : requireInstant(startDate, 'start_date');
  const atMost = endDate === undefined ? undefined : requireInstant(endDate, 'end_date', 'end');
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
    throw invalid('start_date', 'must not be later than end_date');
  }
  if (atLeast !== undefined) conditions.push({ field: 'saidAt', atLeast });
  if (atMost !== undefined) conditions.push({ field: 'saidAt', atMost });
  if (search.metadata !== undefined) conditions.push(...metadataFilterOf(search.metadata));
  if (search.filters !== undefined) conditions.push(filterOf(search.filters));
  return { and: conditions };
}

/** `self` is no end user, `all` is every one. */
export function userFilter(userId: string | undefined): Filter[] {
  if (userId === undefined || userId === 'all') return [];
  return [{ field: 'userId', equals: userId === 'self' ? null : userId }];
}

/** An agent's own memories, and where asked for what its team and its project share. */
export function agentMemoriesFilter(query: AgentMemoriesQuery, caller: Caller): Filter {
  const own: Filter =
    query.agent_id === undefined
      ? { field: 'ownerAgentId', equals: caller.agent?.id ?? null }
      : { field: 'agentId', equals: query.agent_id };
  const ways: Filter[] = [own];
  if (query.include_team === true) ways.push({ field: 'scope', equals: 'team' });
  if (query.include_project === true) ways.push({ field: 'scope', equals: 'project' });
  return { and: [{ or: ways }, { not: retired }] };
}

/** A JSON parameter of a URL. @throws ServiceError validation_failed */
export function jsonParameter(text: string, field: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(field, 'is not valid JSON');
  }
}

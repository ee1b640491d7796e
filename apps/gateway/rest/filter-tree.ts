import type { ServiceError } from '#libs/contracts/errors.js';
import { limits } from '#libs/domain/limits.js';
import type { Filter, FilterField, FilterValue } from '#libs/domain/scope/filter.js';
import { invalid } from '#libs/service-kit/problem.js';
import { requireInstant } from './instant.js';

const fields: Readonly<Record<string, FilterField>> = {
  scope: 'scope',
  project_id: 'projectId',
  team_id: 'teamId',
  agent_id: 'agentId',
  user_id: 'userId',
  session_id: 'sessionId',
  memory_type: 'memoryType',
  status: 'status',
  confidence: 'confidence',
  said_at: 'saidAt',
};
const metadataPath = /^metadata\.[^.]+(\.[^.]+)*$/;
const operators = ['eq', 'ne', 'in', 'gte', 'lte'] as const;

/**
 * Translates the filter tree of a search (`AND`, `OR`, `NOT`, `{field: value}`, `{field: {eq, ne, in, gte, lte}}`).
 * Several keys of one object must all hold.
 * @throws ServiceError validation_failed saying where and why
 */
export function filterOf(tree: unknown, path = 'filters', depth = 1): Filter {
  if (depth > limits.filterDepth) throw invalid(path, `is nested deeper than ${limits.filterDepth} levels`);
  const entries = entriesOf(tree, path);
  const parts = entries.map(([key, value]): Filter => {
    const at = `${path}.${key}`;
    if (key === 'AND') return { and: branches(value, at, depth) };
    if (key === 'OR') return { or: branches(value, at, depth) };
    if (key === 'NOT') return { not: filterOf(value, at, depth + 1) };
    return condition(key, value, at);
  });
  return parts.length === 1 ? parts[0]! : { and: parts };
}

/** The `metadata` parameter: every field must have the value. */
export function metadataFilterOf(metadata: unknown): Filter[] {
  if (isObject(metadata) && Object.keys(metadata).length === 0) return [];
  return entriesOf(metadata, 'metadata').map(([key, value]) => ({
    field: `metadata.${key}`,
    equals: scalar(value, `metadata.${key}`),
  }));
}

function branches(value: unknown, path: string, depth: number): Filter[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid(path, 'must be a list of conditions');
  assertWidth(value.length, path);
  return value.map((branch, index) => filterOf(branch, `${path}.${index}`, depth + 1));
}

function condition(key: string, value: unknown, path: string): Filter {
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  const known = field ?? (metadataPath.test(key) ? (key as FilterField) : undefined);
  if (known === undefined) {
    throw invalid(path, `is not a field to filter by: use ${Object.keys(fields).join(', ')} or metadata.<path>`);
  }
  if (!isObject(value)) return { field: known, equals: valueOf(known, value, path) };
  const parts = entriesOf(value, path).map(([operator, operand]) => comparison(known, operator, operand, path));
  return parts.length === 1 ? parts[0]! : { and: parts };
}

function comparison(field: FilterField, operator: string, operand: unknown, path: string): Filter {
  const at = `${path}.${operator}`;
  switch (operator as (typeof operators)[number]) {
    case 'eq':
      return { field, equals: valueOf(field, operand, at) };
    case 'ne':
      return { not: { field, equals: valueOf(field, operand, at) } };
    case 'in':
      if (!Array.isArray(operand) || operand.length === 0) throw invalid(at, 'must be a list of values');
      assertWidth(operand.length, at);
      return { field, anyOf: operand.map((value, index) => valueOf(field, value, `${at}.${index}`)) };
    case 'gte':
      return { field, atLeast: bound(field, operand, at) };
    case 'lte':
      return { field, atMost: bound(field, operand, at) };
    default:
      throw invalid(at, `is not an operator: use ${operators.join(', ')}`);
  }
}

function bound(field: FilterField, value: unknown, path: string): number | string {
  const read = valueOf(field, value, path, path.endsWith('.lte') ? 'end' : 'start');
  if (typeof read === 'number' || typeof read === 'string') return read;
  throw invalid(path, 'must be a number or a text');
}

function valueOf(field: FilterField, value: unknown, path: string, edge: 'start' | 'end' = 'start'): FilterValue {
  const read = scalar(value, path);
  if (field === 'userId' && read === 'self') return null;
  if (field === 'saidAt' && typeof read === 'string') return requireInstant(read, path, edge);
  return read;
}

function scalar(value: unknown, path: string): FilterValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as FilterValue;
  throw invalid(path, 'must be a text, a number, true, false or null');
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (!isObject(value)) throw notAnObject(path);
  const entries = Object.entries(value);
  if (entries.length === 0) throw notAnObject(path);
  assertWidth(entries.length, path);
  return entries;
}

function notAnObject(path: string): ServiceError {
  return invalid(path, 'must be an object with at least one field');
}

function assertWidth(width: number, path: string): void {
  if (width > limits.filterWidth) throw invalid(path, `must not have more than ${limits.filterWidth} entries`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Filter, FilterField } from '#libs/domain/scope/filter.js';

/** The columns that both tables have, and the fields that only one of them has as a constant. */
export interface FilteredTable {
  constants: Partial<Record<FilterField, string | number>>;
  /** Name of the column that holds `saidAt`. */
  saidAt: 'observedAt' | 'saidAt';
}

export const memoryTable: FilteredTable = { constants: { kind: 'memory' }, saidAt: 'observedAt' };
export const episodeTable: FilteredTable = {
  constants: { kind: 'episode', memoryType: 'episode', status: 'active', confidence: 1 },
  saidAt: 'saidAt',
};

type Where = Record<string, unknown>;

/** Prisma reads `{ OR: [] }` as nothing and `{ AND: [] }` as everything. */
const nothing: Where = { OR: [] };
const everything: Where = { AND: [] };

/** The only translation of a filter into SQL conditions (`where` of Prisma). Meaning: `matches` of the domain. */
export function toWhere(filter: Filter, table: FilteredTable): Where {
  if ('and' in filter) return { AND: filter.and.map((part) => toWhere(part, table)) };
  if ('or' in filter) return { OR: filter.or.map((part) => toWhere(part, table)) };
  if ('not' in filter) return { NOT: toWhere(filter.not, table) };
  const constant = table.constants[filter.field];
  if (constant !== undefined) return holdsFor(constant, filter) ? everything : nothing;
  if (filter.field.startsWith('metadata.')) return metadataWhere(filter);
  const column = filter.field === 'saidAt' ? table.saidAt : filter.field;
  if ('equals' in filter) return { [column]: filter.equals };
  if ('anyOf' in filter) return { OR: filter.anyOf.map((value) => ({ [column]: value })) };
  return {
    [column]: {
      ...(filter.atLeast !== undefined && { gte: filter.atLeast }),
      ...(filter.atMost !== undefined && { lte: filter.atMost }),
    },
  };
}

type Leaf = Exclude<Filter, { and: Filter[] } | { or: Filter[] } | { not: Filter }>;

function holdsFor(constant: string | number, filter: Leaf): boolean {
  if ('equals' in filter) return filter.equals === constant;
  if ('anyOf' in filter) return filter.anyOf.includes(constant);
  const { atLeast, atMost } = filter;
  return (atLeast === undefined || constant >= atLeast) && (atMost === undefined || constant <= atMost);
}

function metadataWhere(filter: Leaf): Where {
  const path = filter.field.slice('metadata.'.length).split('.');
  const one = (value: unknown): Where => ({
    OR: [{ metadata: { path, equals: value } }, { metadata: { path, array_contains: [value] } }],
  });
  if ('equals' in filter) return one(filter.equals);
  if ('anyOf' in filter) return { OR: filter.anyOf.map(one) };
  const { atLeast, atMost } = filter;
  return {
    metadata: { path, ...(atLeast !== undefined && { gte: atLeast }), ...(atMost !== undefined && { lte: atMost }) },
  };
}

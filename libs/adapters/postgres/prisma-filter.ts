import type { Filter, FilterField, FilterValue } from '#libs/domain/scope/filter.js';
import { Prisma } from '#prisma/generated/client.js';

type ColumnType = 'text' | 'number' | 'instant';
/** `sql` names the column, or works its value out. */
type Column = { sql: string; type: ColumnType };

/** A table that filters look at: its columns by field, and the fields that are the same for every row. */
export interface FilteredTable {
  constants: Partial<Record<FilterField, string | number>>;
  columns: Partial<Record<FilterField, Column>>;
}

export const text = (name: string): Column => ({ sql: `"${name}"`, type: 'text' });

/** A time as JavaScript writes it, to be compared by code unit as the domain does. */
export const isoText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** From when on a memory counts as true, and when it stopped. */
export const validFromOfMemory = `coalesce(valid_from ->> 'instant', ${isoText('observed_at')})`;
export const validToOfMemory = `(valid_to ->> 'instant')`;

const ownershipColumns = {
  scope: text('scope'),
  projectId: text('project_id'),
  teamId: text('team_id'),
  agentId: text('agent_id'),
  ownerTeamId: text('owner_team_id'),
  ownerAgentId: text('owner_agent_id'),
  userId: text('user_id'),
  sessionId: text('session_id'),
};

export const memoryTable: FilteredTable = {
  constants: { kind: 'memory' },
  columns: {
    ...ownershipColumns,
    memoryType: text('memory_type'),
    status: text('status'),
    confidence: { sql: 'confidence', type: 'number' },
    saidAt: { sql: 'observed_at', type: 'instant' },
    validFrom: { sql: validFromOfMemory, type: 'text' },
    validTo: { sql: validToOfMemory, type: 'text' },
  },
};

export const episodeTable: FilteredTable = {
  constants: { kind: 'episode', memoryType: 'episode', status: 'active', confidence: 1 },
  columns: {
    ...ownershipColumns,
    saidAt: { sql: 'said_at', type: 'instant' },
    validFrom: { sql: 'said_at', type: 'instant' },
    validTo: { sql: 'NULL::text', type: 'text' },
  },
};

export const contradictionTable: FilteredTable = { constants: {}, columns: ownershipColumns };

type Leaf = Exclude<Filter, { and: Filter[] } | { or: Filter[] } | { not: Filter }>;
type Bound = number | string;

const always = Prisma.sql`true`;
const never = Prisma.sql`false`;

/**
 * The only translation of a filter into a condition of SQL. Meaning: `matches` of the domain. SQL knows a third truth
 * value, which NOT leaves as it is; so every comparison is asked whether it IS TRUE before anything is made of it.
 */
export function toCondition(filter: Filter, table: FilteredTable): Prisma.Sql {
  if ('and' in filter) return joined(filter.and, table, ' AND ', always);
  if ('or' in filter) return joined(filter.or, table, ' OR ', never);
  if ('not' in filter) return Prisma.sql`NOT ${toCondition(filter.not, table)}`;
  const constant = table.constants[filter.field];
  if (constant !== undefined) return holdsFor(constant, filter) ? always : never;
  const value = valueOf(filter.field, table);
  if ('equals' in filter) return isTrue(value.equals(filter.equals));
  if ('anyOf' in filter) {
    if (filter.anyOf.length === 0) return never;
    return isTrue(Prisma.join(filter.anyOf.map(value.equals), ' OR '));
  }
  const { atLeast, atMost } = filter;
  const bounds = [
    ...(atLeast === undefined ? [] : [value.bounded('>=', atLeast)]),
    ...(atMost === undefined ? [] : [value.bounded('<=', atMost)]),
  ];
  return bounds.length === 0 ? always : isTrue(Prisma.join(bounds, ' AND '));
}

function joined(parts: readonly Filter[], table: FilteredTable, separator: string, empty: Prisma.Sql): Prisma.Sql {
  if (parts.length === 0) return empty;
  return Prisma.join(
    parts.map((part) => toCondition(part, table)),
    separator,
    '(',
    ')',
  );
}

function isTrue(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`((${condition}) IS TRUE)`;
}

function holdsFor(constant: string | number, filter: Leaf): boolean {
  if ('equals' in filter) return filter.equals === constant;
  if ('anyOf' in filter) return filter.anyOf.includes(constant);
  const { atLeast = constant, atMost = constant } = filter;
  if (typeof atLeast !== typeof constant || typeof atMost !== typeof constant) return false;
  return constant >= atLeast && constant <= atMost;
}

interface ComparedValue {
  equals(wanted: FilterValue): Prisma.Sql;
  bounded(operator: '>=' | '<=', bound: Bound): Prisma.Sql;
}

function valueOf(field: FilterField, table: FilteredTable): ComparedValue {
  if (field.startsWith('metadata.')) return metadataValue(field.slice('metadata.'.length).split('.'));
  const column = table.columns[field];
  if (!column) throw new Error(`no column holds ${field}`);
  return columnValue(column);
}

function columnValue({ sql, type }: Column): ComparedValue {
  const column = Prisma.raw(sql);
  const compared = (operator: string, value: FilterValue): Prisma.Sql => {
    if (!isOfType(value, type)) return never;
    if (type === 'number') return Prisma.sql`${column} ${Prisma.raw(operator)} ${value}::float8`;
    if (type === 'instant') return Prisma.sql`${column} ${Prisma.raw(operator)} ${value}::timestamptz`;
    // By code point, whatever the locale of the database.
    return Prisma.sql`${column} COLLATE "C" ${Prisma.raw(operator)} ${value}`;
  };
  return {
    equals: (wanted) => (wanted === null ? Prisma.sql`${column} IS NULL` : compared('=', wanted)),
    bounded: compared,
  };
}

function metadataValue(path: readonly string[]): ComparedValue {
  if (!path.every(isStorable)) return { equals: (wanted) => (wanted === null ? always : never), bounded: () => never };
  // Arrows with text keys, unlike #>, do not lead into lists.
  const value = Prisma.join([Prisma.raw('metadata'), ...path.map((key) => Prisma.sql`${key}::text`)], ' -> ', '(', ')');
  return {
    equals: (wanted) => {
      if (wanted === null) return Prisma.sql`coalesce(${value}, 'null') = 'null'`;
      if (typeof wanted === 'string' && !isStorable(wanted)) return never;
      const json = JSON.stringify(wanted);
      return Prisma.sql`${value} = ${json}::jsonb OR (jsonb_typeof(${value}) = 'array' AND ${value} @> ${`[${json}]`}::jsonb)`;
    },
    bounded: (operator, bound) => {
      if (!isOfType(bound, typeof bound === 'number' ? 'number' : 'text')) return never;
      const operated = Prisma.raw(operator);
      if (typeof bound === 'number') {
        return Prisma.sql`jsonb_typeof(${value}) = 'number' AND ${value} ${operated} to_jsonb(${bound}::float8)`;
      }
      return Prisma.sql`jsonb_typeof(${value}) = 'string' AND (${value} #>> '{}') COLLATE "C" ${operated} ${bound}`;
    },
  };
}

/** A value that the column could hold; no other needs asking the database. */
function isOfType(value: FilterValue, type: ColumnType): boolean {
  if (type === 'number') return typeof value === 'number';
  if (typeof value !== 'string' || !isStorable(value)) return false;
  return type === 'text' || !Number.isNaN(Date.parse(value));
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export function isStorable(value: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(value);
}

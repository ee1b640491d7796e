/**
 * A filter over memories and episodes as plain data: what a caller may see, and what a caller asked for,
 * are the same kind of tree, so each search index translates filters in exactly one function.
 */
export type FilterValue = string | number | boolean | null;

/** The fields that hold a word, or nothing. */
export const wordFields = [
  'kind',
  'scope',
  'projectId',
  'teamId',
  'agentId',
  'ownerTeamId',
  'ownerAgentId',
  'userId',
  'sessionId',
  'memoryType',
  'status',
] as const;
export type WordField = (typeof wordFields)[number];

export type FilterField =
  | WordField
  | 'confidence'
  | 'saidAt'
  | 'validFrom'
  | 'validTo'
  /** A path into the caller's metadata: `metadata.priority`, `metadata.customer.tier`. */
  | `metadata.${string}`;

export type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | Condition;

/** What a filter asks of one field. */
export type Condition =
  /** `equals: null` means that the field is absent. */
  | { field: FilterField; equals: FilterValue }
  | { field: FilterField; anyOf: FilterValue[] }
  /** Bounds are inclusive; strings compare by code unit (ISO 8601 in UTC sorts by time). */
  | { field: FilterField; atLeast?: number | string; atMost?: number | string };

/**
 * The fields that a filter may look at. `teamId` and `agentId` are what the caller labelled the item with;
 * `ownerTeamId` and `ownerAgentId` are who wrote it, and only these decide who may see it.
 * `metadata` is the caller's own object.
 */
export interface Filterable {
  kind: 'memory' | 'episode';
  scope: string;
  projectId: string;
  teamId: string | null;
  agentId: string | null;
  ownerTeamId: string | null;
  ownerAgentId: string | null;
  userId: string | null;
  sessionId: string | null;
  memoryType: string;
  status: string;
  confidence: number;
  saidAt: string;
  /** From when on it counts as true: as it says itself, otherwise since it was said. */
  validFrom: string;
  /** When it stopped being true; null where nothing says that it did. */
  validTo: string | null;
  metadata: Readonly<Record<string, unknown>>;
}

/** The value that `field` has in `item`; undefined where the path leads nowhere. A path does not lead into lists. */
export function fieldValue(item: Filterable, field: FilterField): unknown {
  return readerOf(field)(item);
}

/** Whether `item` passes `filter`. A list in the metadata equals a value that it contains. */
export function matches(item: Filterable, filter: Filter): boolean {
  if ('and' in filter) return filter.and.every((part) => matches(item, part));
  if ('or' in filter) return filter.or.some((part) => matches(item, part));
  if ('not' in filter) return !matches(item, filter.not);
  return testOf(filter)(item);
}

/** As `matches`, to be asked of many items. */
export function testOf(condition: Condition): (item: Filterable) => boolean {
  const valueOf = readerOf(condition.field);
  if ('equals' in condition) return (item) => equals(valueOf(item), condition.equals);
  if ('anyOf' in condition) return (item) => condition.anyOf.some((wanted) => equals(valueOf(item), wanted));
  const { atLeast, atMost } = condition;
  return (item) => within(valueOf(item), atLeast, atMost);
}

function readerOf(field: FilterField): (item: Filterable) => unknown {
  if (!field.startsWith('metadata.')) return (item) => item[field as Exclude<FilterField, `metadata.${string}`>];
  const keys = field.slice('metadata.'.length).split('.');
  return ({ metadata }) => valueAt(metadata, keys);
}

function valueAt(metadata: Filterable['metadata'], keys: readonly string[]): unknown {
  let value: unknown = metadata;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function equals(value: unknown, wanted: FilterValue): boolean {
  if (wanted === null) return value === null || value === undefined;
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function within(value: unknown, atLeast?: number | string, atMost?: number | string): boolean {
  const comparable = (bound: number | string): boolean => typeof value === typeof bound;
  if (atLeast !== undefined && !(comparable(atLeast) && (value as string) >= (atLeast as string))) return false;
  if (atMost !== undefined && !(comparable(atMost) && (value as string) <= (atMost as string))) return false;
  return true;
}

/**
 * What was true in the world at `instant`: what had begun by then and had not ended. A superseded memory was true until
 * its end; one that has no end was superseded because it was wrong, and was never true. A message counts from when it
 * was said.
 */
export function trueAt(instant: string): Filter {
  const wasWrong: Filter = {
    and: [
      { field: 'status', equals: 'superseded' },
      { field: 'validTo', equals: null },
    ],
  };
  return {
    and: [{ field: 'validFrom', atMost: instant }, { not: { field: 'validTo', atMost: instant } }, { not: wasWrong }],
  };
}

import { createHash } from 'node:crypto';
import type { Schemas } from '@qdrant/js-client-rest';
import {
  type Filter,
  type Filterable,
  type FilterField,
  type FilterValue,
  wordFields,
} from '#libs/domain/scope/filter.js';
import type { Belonging } from '#libs/ports/indexed-documents.js';

export type QdrantFilter = Schemas['Filter'];
type Condition = Schemas['Condition'];

/**
 * What a point tells of a document so that a filter can look at it. Qdrant has no strict equality, reads paths in its
 * own way and cannot compare strings, so every field with its value becomes one fact, an exact keyword.
 */
export interface FilterPayload {
  /** Each field with each value that it equals; `null` for a field that is absent. */
  facts: string[];
  /** Paths in the metadata that lead to something. */
  present: string[];
  confidence: number;
  /** Milliseconds since 1970. */
  saidAt: number;
  validFrom: number;
  /** Absent where nothing ends. */
  validTo?: number;
  numbers: { path: string; value: number }[];
  /** Strings in the metadata by the number of their beginning. */
  strings: { path: string; value: number }[];
}

/** Whether the points that pass hold all that could pass, or are only such as certainly do. */
type Reading = 'possible' | 'certain';

type Leaf = Exclude<Filter, { and: Filter[] } | { or: Filter[] } | { not: Filter }>;

/** A condition, or what it comes to whatever the point. */
type Answer = Condition | boolean;

const TENANT = 'tenant';
const METADATA = 'metadata.';
const BELONGING_FIELDS: readonly string[] = wordFields.slice(1, 9);
const timeFields = ['saidAt', 'validFrom', 'validTo'] as const;
/** Longer facts are told apart by their hash. */
const LONGEST_FACT = 96;

export interface PointsWanted {
  tenantId: string;
  filter: Filter;
  /** `session`: conversations of which an episode could pass, since what is known of one is known of some episode. */
  of: 'documents' | 'sessions';
}

/**
 * The only place where a filter for Qdrant is made; it always names the tenant. Null when nothing can pass. Of the
 * documents it lets through exactly those that pass `matches` of the domain if `isExact` says so, and otherwise those
 * and a few more.
 */
export function qdrantFilter({ tenantId, filter, of }: PointsWanted): QdrantFilter | null {
  const answer = translate(filter, 'possible', of === 'documents' ? documentLeaf : sessionLeaf);
  if (answer === false) return null;
  const tenant: Condition = { key: TENANT, match: { value: tenantId } };
  return { must: answer === true ? [tenant] : [tenant, answer] };
}

/** Everything of one tenant. */
export function wholeTenant(tenantId: string): QdrantFilter {
  return qdrantFilter({ tenantId, filter: { and: [] }, of: 'documents' })!;
}

/** Qdrant cannot compare strings; of all but the time it sees the beginning at best. */
export function isExact(filter: Filter): boolean {
  if ('and' in filter) return filter.and.every(isExact);
  if ('or' in filter) return filter.or.every(isExact);
  if ('not' in filter) return isExact(filter.not);
  if ('equals' in filter || 'anyOf' in filter || isTime(filter.field)) return true;
  return typeof filter.atLeast !== 'string' && typeof filter.atMost !== 'string';
}

/** What a document's point must tell. */
export function filterPayload(document: Filterable): FilterPayload {
  const payload: FilterPayload = {
    facts: wordFields.map((field) => fact(field, document[field] ?? null)),
    present: [],
    confidence: document.confidence,
    saidAt: firstInstantFrom(document.saidAt),
    validFrom: firstInstantFrom(document.validFrom),
    ...(document.validTo !== null && { validTo: firstInstantFrom(document.validTo) }),
    numbers: [],
    strings: [],
  };
  payload.facts.push(fact('confidence', document.confidence));
  for (const field of timeFields) payload.facts.push(fact(field, document[field]));
  describeMetadata(document.metadata, METADATA, payload);
  return payload;
}

/** What is true of some episode of a conversation. */
export function belongingFacts(belongings: readonly Belonging[]): string[] {
  const facts = belongings.flatMap((belonging) =>
    BELONGING_FIELDS.map((field) => fact(field, belonging[field as keyof Belonging] ?? null)),
  );
  return [...new Set([...facts, fact('kind', 'episode')])];
}

function describeMetadata(object: Readonly<Record<string, unknown>>, prefix: string, payload: FilterPayload): void {
  for (const [key, value] of Object.entries(object)) {
    // A path is cut at its dots, so no filter reaches such a key.
    if (key.includes('.') || value === null || value === undefined) continue;
    const path = `${prefix}${key}`;
    payload.present.push(shortened(path));
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isScalar(each)) payload.facts.push(fact(path, each));
    if (typeof value === 'number') payload.numbers.push({ path: shortened(path), value });
    if (typeof value === 'string') payload.strings.push({ path: shortened(path), value: beginningOf(value) });
    if (typeof value === 'object' && !Array.isArray(value))
      describeMetadata(value as Readonly<Record<string, unknown>>, `${path}.`, payload);
  }
}

function isTime(field: FilterField): boolean {
  return (timeFields as readonly string[]).includes(field);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function fact(field: string, value: FilterValue): string {
  return shortened(`${field}=${JSON.stringify(value)}`);
}

function shortened(text: string): string {
  if (text.length <= LONGEST_FACT && text.isWellFormed()) return text;
  return `#${createHash('sha256').update(text, 'utf16le').digest('base64url')}`;
}

function translate(filter: Filter, reading: Reading, leaf: (leaf: Leaf, reading: Reading) => Answer): Answer {
  if ('and' in filter) return all(filter.and.map((part) => translate(part, reading, leaf)));
  if ('or' in filter) return any(filter.or.map((part) => translate(part, reading, leaf)));
  if ('not' in filter) return not(translate(filter.not, reading === 'possible' ? 'certain' : 'possible', leaf));
  return leaf(filter, reading);
}

function all(parts: readonly Answer[]): Answer {
  if (parts.includes(false)) return false;
  const must = parts.filter((part) => typeof part === 'object');
  return must.length === 0 ? true : { must };
}

function any(parts: readonly Answer[]): Answer {
  if (parts.includes(true)) return true;
  const should = parts.filter((part) => typeof part === 'object');
  return should.length === 0 ? false : { should };
}

function not(part: Answer): Answer {
  return typeof part === 'boolean' ? !part : { must_not: [part] };
}

function documentLeaf(leaf: Leaf, reading: Reading): Answer {
  if ('equals' in leaf) return holdsOneOf(leaf.field, [leaf.equals]);
  if ('anyOf' in leaf) return holdsOneOf(leaf.field, leaf.anyOf);
  const { field, atLeast, atMost } = leaf;
  if (atLeast === undefined && atMost === undefined) return true;
  return all([
    atLeast === undefined ? true : bounded(field, 'atLeast', atLeast, reading),
    atMost === undefined ? true : bounded(field, 'atMost', atMost, reading),
  ]);
}

/** Some episode has a fact that the conversation has; that none has another one, nothing tells. */
function sessionLeaf(leaf: Leaf, reading: Reading): Answer {
  if (reading === 'certain') return false;
  const isKnown = leaf.field === 'kind' || BELONGING_FIELDS.includes(leaf.field);
  return isKnown && ('equals' in leaf || 'anyOf' in leaf) ? documentLeaf(leaf, reading) : true;
}

function holdsOneOf(field: FilterField, wanted: readonly FilterValue[]): Answer {
  const isPath = field.startsWith(METADATA);
  const facts = wanted.filter((value) => value !== null || !isPath).map((value) => fact(field, value));
  const isAbsent: Condition = { must_not: [{ key: 'present', match: { value: shortened(field) } }] };
  return any([
    facts.length === 0 ? false : { key: 'facts', match: { any: [...new Set(facts)] } },
    isPath && wanted.includes(null) ? isAbsent : false,
  ]);
}

type Bound = 'atLeast' | 'atMost';

function bounded(field: FilterField, bound: Bound, value: number | string, reading: Reading): Answer {
  if (field === 'confidence') return typeof value === 'number' && ranged(field, bound, value);
  if (isTime(field)) return typeof value === 'string' && ranged(field, bound, instantOf(bound, value));
  // Of the other fields a number is never there, and of the strings nothing but equality is known.
  if (!field.startsWith(METADATA)) return typeof value === 'string' && reading === 'possible';
  const isNumber = typeof value === 'number';
  const range = isNumber
    ? ranged('value', bound, value)
    : ranged('value', bound, beginningOf(value), reading === 'certain');
  const path: Condition = { key: 'path', match: { value: shortened(field) } };
  return { nested: { key: isNumber ? 'numbers' : 'strings', filter: { must: [path, range] } } };
}

function ranged(key: string, bound: Bound, value: number, isStrict = false): Condition {
  if (bound === 'atLeast') return { key, range: isStrict ? { gt: value } : { gte: value } };
  return { key, range: isStrict ? { lt: value } : { lte: value } };
}

const LETTERS = 128;
const BEGINNING = 7;

/**
 * The first seven code units of a string as a number, exact in a double. What is not ASCII counts as the last letter, and
 * ends it: so of two strings the greater one, by code unit, never has the smaller number.
 */
function beginningOf(text: string): number {
  let number = 0;
  let ended = false;
  for (let at = 0; at < BEGINNING; at++) {
    const unit: number = ended || at >= text.length ? 0 : Math.min(text.charCodeAt(at), LETTERS - 1);
    ended ||= unit === LETTERS - 1;
    number = number * LETTERS + unit;
  }
  return number;
}

const FIRST_INSTANT = Date.UTC(-1, 11, 31) + 86_400_000;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The instant to compare with, such that times of 24 letters pass exactly where they would by code unit. */
function instantOf(bound: Bound, text: string): number {
  const instant = firstInstantFrom(text);
  const isReached = instant <= LAST_INSTANT && new Date(instant).toISOString() === text;
  return bound === 'atLeast' || isReached ? instant : instant - 1;
}

/** The first millisecond that is not less than the text when it is written out, by code unit. Years 0 to 9999. */
function firstInstantFrom(text: string): number {
  const parsed = Date.parse(text);
  if (parsed >= FIRST_INSTANT && parsed <= LAST_INSTANT && new Date(parsed).toISOString() === text) return parsed;
  let [low, high] = [FIRST_INSTANT, LAST_INSTANT + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (new Date(middle).toISOString() < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

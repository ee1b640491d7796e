import type { Filter, Filterable } from '#libs/domain/scope/filter.js';
import { testOf, type WordField, wordFields } from '#libs/domain/scope/filter.js';
import type { Column } from './column.js';
import { unsignedColumn } from './column.js';
import { Dictionary } from './dictionary.js';
import { IntegerLists } from './integer-lists.js';
import { MetadataLists } from './metadata-lists.js';

/** A value of these is that of few documents, so their slots are kept by value. */
const selectiveFields = ['userId', 'sessionId'] as const;

const METADATA = 'metadata.';

/** Stands for an absent value; strings count from 1. */
const ABSENT = 0;

export type SlotPredicate = (slot: number) => boolean;

/**
 * The filterable fields of one tenant's documents, by slot: those that nearly every filter asks for are kept as one
 * number per document, so that a test is one comparison.
 */
export class Fields {
  private readonly strings = new Dictionary();
  private readonly columns = new Map<string, Column<Uint32Array>>(
    wordFields.map((field) => [field, unsignedColumn()] as const),
  );

  /** By field, then by the code of its value. */
  private readonly members = new Map<string, IntegerLists>(
    selectiveFields.map((field) => [field, new IntegerLists()] as const),
  );

  private readonly metadata = new MetadataLists();

  constructor(private readonly documentOf: (slot: number) => Filterable) {}

  /** Columns that grow with the slots. */
  growing(): readonly Column<Uint32Array>[] {
    return [...this.columns.values()];
  }

  write(slot: number, document: Filterable): void {
    for (const field of wordFields) {
      const value = document[field] as string | null | undefined;
      this.columns
        .get(field)!
        .set(slot, value === null || value === undefined ? ABSENT : this.strings.codeOf(value) + 1);
    }
    for (const [field, lists] of this.members) {
      const value = this.columns.get(field)!.get(slot);
      if (value !== ABSENT) lists.push(value, slot);
    }
    this.metadata.write(slot, document.metadata);
  }

  remove(slot: number): void {
    for (const [field, lists] of this.members) {
      const value = this.columns.get(field)!.get(slot);
      if (value !== ABSENT) lists.removeValue(value, slot);
    }
    this.metadata.remove(slot, this.documentOf(slot).metadata);
  }

  /** The slots of a superset of what passes, where the filter asks for a value of few documents; else null. */
  fewOf(filter: Filter): Uint32Array | null {
    if ('and' in filter) {
      const found = filter.and.flatMap((part) => this.fewOf(part) ?? []);
      return found.length === 0 ? null : found.reduce((left, right) => (left.length <= right.length ? left : right));
    }
    if (!('field' in filter) || !('equals' in filter) || filter.equals === null) return null;
    if (filter.field.startsWith(METADATA))
      return this.metadata.fewOf(filter.field.slice(METADATA.length), filter.equals);
    if (typeof filter.equals !== 'string') return null;
    const lists = this.members.get(filter.field);
    return lists ? lists.valuesOf(this.codeOfWanted(filter.equals) ?? ABSENT) : null;
  }

  /** The document with one copy of each repeated string, so that a hundred thousand of them share their owner's id. */
  withSharedStrings<Document extends Filterable>(document: Document): Document {
    const shared = { ...document } as Document & Record<WordField, string | null>;
    for (const field of wordFields) {
      const value = document[field] as string | null | undefined;
      if (typeof value === 'string') (shared[field] as string) = this.strings.stringOf(this.strings.codeOf(value));
    }
    return shared;
  }

  /** Compiles a filter; it decides exactly as `matches` does. */
  compile(filter: Filter): SlotPredicate {
    if ('and' in filter) return every(filter.and.map((part) => this.compile(part)));
    if ('or' in filter) return some(filter.or.map((part) => this.compile(part)));
    if ('not' in filter) {
      const part = this.compile(filter.not);
      return (slot) => !part(slot);
    }
    const column = this.columns.get(filter.field);
    if (column && 'equals' in filter) return this.equalsOneOf(column, [filter.equals]);
    if (column && 'anyOf' in filter) return this.equalsOneOf(column, filter.anyOf);
    const test = testOf(filter);
    return (slot) => test(this.documentOf(slot));
  }

  /** Whether it is as quick to ask again as to remember the answer. */
  isQuick(filter: Filter): boolean {
    if ('and' in filter) return filter.and.every((part) => this.isQuick(part));
    if ('or' in filter) return filter.or.every((part) => this.isQuick(part));
    if ('not' in filter) return this.isQuick(filter.not);
    return this.columns.has(filter.field) && ('equals' in filter || 'anyOf' in filter);
  }

  private equalsOneOf(column: Column<Uint32Array>, wanted: readonly unknown[]): SlotPredicate {
    const codes = wanted.map((value) => this.codeOfWanted(value)).filter((code) => code !== undefined);
    if (codes.length === 0) return () => false;
    if (codes.length > 1) {
      const set = new Set(codes);
      return (slot) => set.has(column.values[slot]!);
    }
    const [code] = codes;
    return (slot) => column.values[slot] === code;
  }

  private codeOfWanted(value: unknown): number | undefined {
    if (value === null) return ABSENT;
    const code = typeof value === 'string' ? this.strings.find(value) : undefined;
    return code === undefined ? undefined : code + 1;
  }
}

function every(parts: readonly SlotPredicate[]): SlotPredicate {
  const [first, ...others] = parts;
  if (!first) return () => true;
  if (others.length === 0) return first;
  const rest = every(others);
  return (slot) => first(slot) && rest(slot);
}

function some(parts: readonly SlotPredicate[]): SlotPredicate {
  const [first, ...others] = parts;
  if (!first) return () => false;
  if (others.length === 0) return first;
  const rest = some(others);
  return (slot) => first(slot) || rest(slot);
}

import type { Filter, Filterable } from '#libs/domain/scope/filter.js';
import { matches, type WordField, wordFields } from '#libs/domain/scope/filter.js';
import type { Column } from './column.js';
import { unsignedColumn } from './column.js';
import { Dictionary } from './dictionary.js';
import { IntegerLists } from './integer-lists.js';

/** A value of these is that of few documents, so their slots are kept by value. */
const selectiveFields = ['userId', 'sessionId'] as const;

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

  constructor(private readonly documentOf: (slot: number) => Filterable) {}

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
  }

  remove(slot: number): void {
    for (const [field, lists] of this.members) {
      const value = this.columns.get(field)!.get(slot);
      if (value !== ABSENT) lists.removeValue(value, slot);
    }
  }

  /** The slots of a superset of what passes, where the filter asks for a value of few documents; else null. */
  fewOf(filter: Filter): Uint32Array | null {
    if ('and' in filter) {
      const found = filter.and.flatMap((part) => this.fewOf(part) ?? []);
      return found.length === 0 ? null : found.reduce((left, right) => (left.length <= right.length ? left : right));
    }
    if (!('field' in filter) || !('equals' in filter) || typeof filter.equals !== 'string') return null;
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
    const range = filter.field === 'saidAt' && !('equals' in filter) && !('anyOf' in filter) ? filter : null;
    if (range)
      return this.saidWithin(range.atLeast, range.atMost) ?? ((slot) => matches(this.documentOf(slot), filter));
    return (slot) => matches(this.documentOf(slot), filter);
  }

  /** A range of times as strings, the one filter that is asked of every document at once; null for other bounds. */
  private saidWithin(atLeast?: number | string, atMost?: number | string): SlotPredicate | null {
    if (typeof atLeast !== 'string' || typeof atMost !== 'string') return null;
    return (slot) => {
      const { saidAt } = this.documentOf(slot);
      return saidAt >= atLeast && saidAt <= atMost;
    };
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
  const [first, second] = parts;
  if (parts.length === 1) return first!;
  if (parts.length === 2) return (slot) => first!(slot) && second!(slot);
  return (slot) => parts.every((part) => part(slot));
}

function some(parts: readonly SlotPredicate[]): SlotPredicate {
  const [first, second] = parts;
  if (parts.length === 1) return first!;
  if (parts.length === 2) return (slot) => first!(slot) || second!(slot);
  return (slot) => parts.some((part) => part(slot));
}

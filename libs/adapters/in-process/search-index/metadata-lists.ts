import type { Filterable } from '#libs/domain/scope/filter.js';
import { IntegerLists } from './integer-lists.js';

/** Values share lists; with so many, a value of one document in a thousand shares its list with few. */
const LISTS = 4_096;
/** The list of the documents whose metadata says more than is read here. */
const OTHERS = LISTS;
const MAX_VALUES = 32;
const MAX_DEPTH = 8;

type Metadata = Filterable['metadata'];

/** Which documents have which value at which place of their metadata, as lists that may hold others as well. */
export class MetadataLists {
  private readonly lists = new IntegerLists();

  write(slot: number, metadata: Metadata): void {
    for (const list of listsOf(metadata)) this.lists.push(list, slot);
  }

  remove(slot: number, metadata: Metadata): void {
    for (const list of listsOf(metadata)) this.lists.removeValue(list, slot);
  }

  /** Slots among which are all whose metadata have the value at the path, each once. */
  fewOf(path: string, value: unknown): Uint32Array {
    const found = this.lists.valuesOf(listOf(path, value));
    const others = this.lists.valuesOf(OTHERS);
    if (others.length === 0) return found;
    const both = new Uint32Array(found.length + others.length);
    both.set(found);
    both.set(others, found.length);
    return both;
  }
}

/** Each once: nothing may be twice among few. */
function listsOf(metadata: Metadata): Iterable<number> {
  const lists = new Set<number>();
  return collect(metadata, '', 0, lists) ? lists : [OTHERS];
}

/** @returns false where there is too much */
function collect(values: Metadata, prefix: string, depth: number, lists: Set<number>): boolean {
  if (depth > MAX_DEPTH) return false;
  for (const [key, value] of Object.entries(values)) {
    const path = `${prefix}${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (!collect(value as Metadata, `${path}.`, depth + 1, lists)) return false;
      continue;
    }
    // A list equals each value that it contains.
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      lists.add(listOf(path, each));
      if (lists.size > MAX_VALUES) return false;
    }
  }
  return true;
}

function listOf(path: string, value: unknown): number {
  const text = `${path} ${String(value)}`;
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash >>> 0) % LISTS;
}

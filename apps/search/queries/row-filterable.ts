import type { Filterable } from '#libs/domain/scope/filter.js';
import type { MemoryRow } from '#libs/ports/memory-reader.js';

/** A row as filters see it. */
export function rowFilterable(row: MemoryRow): Filterable {
  const { ownership, memoryType, status, confidence, metadata, observedAt: saidAt } = row;
  const times = { saidAt, validFrom: row.validFrom?.instant ?? saidAt, validTo: row.validTo?.instant ?? null };
  return { ...ownership, ...times, kind: 'memory', memoryType, status, confidence, metadata };
}

import { canonicalJson } from '#libs/contracts/canonical-json.js';
import type { MemoryOnFile } from '#libs/contracts/rest/memory-file.js';
import { safeCell } from './csv-cells.js';

/** Columns of a CSV file: fields of a memory, a time of the world in two of them. What has parts is a cell of JSON. */
export const csvColumns = [
  ...['id', 'content', 'memory_type', 'confidence', 'status', 'scope', 'user_id', 'session_id'],
  ...['project_name', 'team_name', 'agent_name', 'team_id', 'agent_id', 'modality', 'observed_at'],
  ...['valid_from', 'valid_from_precision', 'valid_to', 'valid_to_precision', 'superseded_by'],
  ...['created_at', 'updated_at', 'metadata', 'evidence'],
] as const;
export const historyColumn = 'history';

export const jsonColumns: readonly string[] = ['metadata', 'evidence', historyColumn];
export const numberColumns: readonly string[] = ['confidence'];
export const timeColumns = ['valid_from', 'valid_to'] as const;

/** An empty cell is null: no field of a memory is an empty text. */
export function csvRow(memory: MemoryOnFile, columns: readonly string[]): (string | number | null)[] {
  const { valid_from, valid_to, ...rest } = memory;
  const fields: Record<string, unknown> = {
    ...rest,
    valid_from: valid_from?.instant ?? null,
    valid_from_precision: valid_from?.precision ?? null,
    valid_to: valid_to?.instant ?? null,
    valid_to_precision: valid_to?.precision ?? null,
  };
  return columns.map((name) => {
    const value = fields[name] ?? null;
    if (value === null || typeof value === 'number') return value;
    return typeof value === 'string' ? safeCell(value) : canonicalJson(value);
  });
}

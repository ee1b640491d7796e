import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { FileFormat } from '#libs/contracts/rest/memory-file.js';
import { plainCell } from './csv-cells.js';
import { jsonColumns, numberColumns, timeColumns } from './csv-columns.js';

type Fields = Record<string, unknown>;

/** A memory of a file, or why it is none; `row` is its line, or its place in the list, from 1. */
export type FileRow = { row: number; fields: Fields } | { row: number; problem: string };

/** The file as a whole cannot be read; the message is for the caller. */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableFile';
  }
}

/** @throws UnreadableFile */
export function textOfFile(bytes: Buffer): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnreadableFile('The file is UTF-16: save it as UTF-8.');
  }
  if (!isUtf8(bytes)) throw new UnreadableFile('The file is not valid UTF-8: save it as UTF-8.');
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** @throws UnreadableFile when nothing of it can be told apart */
export function rowsOfFile(format: Exclude<FileFormat, 'json'>, text: string): FileRow[] {
  return format === 'csv' ? csvRows(text) : lineRows(text);
}

/** One memory a line; the trailer of an export is none. */
function lineRows(text: string): FileRow[] {
  return text.split('\n').flatMap((line, index): FileRow[] => {
    if (line.trim() === '') return [];
    try {
      const fields = JSON.parse(line) as unknown;
      if (!isObject(fields)) return [{ row: index + 1, problem: 'The line is no JSON object.' }];
      return 'trailer' in fields ? [] : [{ row: index + 1, fields }];
    } catch {
      return [{ row: index + 1, problem: 'The line is not valid JSON.' }];
    }
  });
}

function csvRows(text: string): FileRow[] {
  const problems: FileRow[] = [];
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      ...{ bom: true, columns: true, info: true, skip_empty_lines: true, skip_records_with_error: true },
      on_skip: (error) => {
        if (error)
          problems.push({ row: Number(error['lines'] ?? 0), problem: `The record is not well-formed: ${error.code}.` });
      },
    }) as unknown as typeof records;
  } catch (error) {
    throw new UnreadableFile(`The CSV cannot be read: ${(error as Error).message}`);
  }
  const rows = records.map(({ record, info }): FileRow => {
    try {
      return { row: info.lines, fields: fieldsOf(record) };
    } catch (error) {
      return { row: info.lines, problem: (error as Error).message };
    }
  });
  return [...rows, ...problems].sort((left, right) => left.row - right.row);
}

/** @throws Error naming the column that cannot be read */
function fieldsOf(record: Readonly<Record<string, string>>): Fields {
  const fields: Fields = {};
  for (const [name, cell] of Object.entries(record)) {
    if (cell === '' || name === '__proto__') continue;
    if (jsonColumns.includes(name)) fields[name] = jsonCell(name, cell);
    else fields[name] = numberColumns.includes(name) ? Number(cell) : plainCell(cell);
  }
  for (const name of timeColumns) {
    const precision = fields[`${name}_precision`];
    delete fields[`${name}_precision`];
    if (precision !== undefined) fields[name] = { instant: fields[name], precision };
  }
  return fields;
}

function jsonCell(name: string, cell: string): unknown {
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    throw new Error(`${name} is not valid JSON.`);
  }
}

/** The list of memories in a JSON document: of an export's envelope, of a request, or the document itself. */
export function rowsOfJson(document: unknown): FileRow[] | null {
  const list = Array.isArray(document) ? document : listIn(document);
  return (
    list?.map((fields, index) =>
      isObject(fields) ? { row: index + 1, fields } : { row: index + 1, problem: 'It is no JSON object.' },
    ) ?? null
  );
}

function listIn(document: unknown): unknown[] | null {
  if (!isObject(document)) return null;
  const found = ['memories', 'data', 'results'].map((name) => document[name]).find((value) => Array.isArray(value));
  return (found as unknown[] | undefined) ?? null;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

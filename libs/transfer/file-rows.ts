import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
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
  assertNotUtf16(bytes);
  if (!isUtf8(bytes)) throw new UnreadableFile('The file is not valid UTF-8: save it as UTF-8.');
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** @param bytes the first of the file @throws UnreadableFile */
export function assertNotUtf16([first, second]: Uint8Array): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnreadableFile('The file is UTF-16: save it as UTF-8.');
  }
}

/** @throws UnreadableFile when nothing of it can be told apart */
export function rowsOfFile(format: Exclude<FileFormat, 'json'>, text: string): FileRow[] {
  return format === 'csv' ? csvRows(text) : lineRows(text);
}

/** One memory a line; the trailer of an export is none. */
function lineRows(text: string): FileRow[] {
  return text.split('\n').flatMap((line, index) => rowOfLine(line, index + 1) ?? []);
}

/** Null for a line that holds no memory: a blank one, and the trailer of an export. */
export function rowOfLine(line: string, row: number): FileRow | null {
  if (line.trim() === '') return null;
  try {
    const fields = JSON.parse(line) as unknown;
    if (!isObject(fields)) return { row, problem: 'The line is no JSON object.' };
    return 'trailer' in fields ? null : { row, fields };
  } catch {
    return { row, problem: 'The line is not valid JSON.' };
  }
}

/** The names of the columns. @throws UnreadableFile */
export function columnsOf(header: string): string[] {
  try {
    const [columns = []] = parse(header, { bom: true }) as string[][];
    return columns;
  } catch (error) {
    throw new UnreadableFile(`The CSV cannot be read: ${(error as Error).message}`);
  }
}

/** Null for an empty one. */
export function rowOfRecord(record: string, columns: readonly string[], row: number): FileRow | null {
  try {
    const [cells] = parse(record, { columns: [...columns], skip_empty_lines: true }) as unknown as Cells[];
    return cells === undefined ? null : { row, fields: fieldsOf(cells) };
  } catch (error) {
    return { row, problem: error instanceof CsvError ? malformed(error) : (error as Error).message };
  }
}

type Cells = Record<string, string>;

function malformed({ code }: { code?: string }): string {
  return `The record is not well-formed: ${code}.`;
}

function csvRows(text: string): FileRow[] {
  const problems: FileRow[] = [];
  let records: { record: Cells; info: { lines: number } }[];
  try {
    records = parse(text, {
      ...{ bom: true, columns: true, info: true, skip_empty_lines: true, skip_records_with_error: true },
      on_skip: (error) => {
        if (error) problems.push({ row: Number(error['lines'] ?? 0), problem: malformed(error) });
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
function fieldsOf(record: Readonly<Cells>): Fields {
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

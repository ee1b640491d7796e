import { isUtf8 } from 'node:buffer';
import type { ImportJobInput } from '#libs/contracts/jobs.js';
import { limits } from '#libs/domain/limits.js';
import type { ImportFiles } from '#libs/ports/import-files.js';
import { JobFailed } from '#libs/ports/job-queue.js';
import { type FileRecord, recordsOf } from '#libs/transfer/file-records.js';
import { columnsOf, type FileRow, rowOfLine, rowOfRecord, UnreadableFile } from '#libs/transfer/file-rows.js';
import { foreignRows, foreignSystems } from '#libs/transfer/foreign-rows.js';

export interface FilePlace {
  byte: number;
  line: number;
  /** How many rows came before. */
  item: number;
  /** Of a CSV file, when its first line was read. */
  columns: string[] | null;
}

export const theBeginning: FilePlace = { byte: 0, line: 1, item: 0, columns: null };

export interface ReadRows {
  rows: FileRow[];
  /** The place of each in the file, counted from 0, by its line. */
  itemOf: Map<number, number>;
  first: number;
  next: FilePlace;
  isEnd: boolean;
}

const byteOrderMark = Buffer.from('\uFEFF');

/** Reads the rows of a file that waits in parts, from any of its records on. */
export class ImportReading {
  constructor(private readonly files: ImportFiles) {}

  /** As many rows as one slice takes. @throws JobFailed for a file that cannot be read, or is not kept any more */
  async rows(tenantId: string, jobId: string, input: ImportJobInput, at: FilePlace): Promise<ReadRows> {
    const read: ReadRows = { rows: [], itemOf: new Map(), first: at.item, next: { ...at }, isEnd: false };
    const chunks = this.chunks(tenantId, jobId, input.fileBytes, at.byte);
    for await (const record of recordsOf(chunks, at, { isCsv: input.isCsv, mostBytes: limits.importLineBytes })) {
      const row = rowOf(record, input, read.next);
      Object.assign(read.next, record.next);
      if (row !== null) {
        read.itemOf.set(row.row, read.next.item++);
        read.rows.push(row);
      }
      if (read.rows.length >= limits.importRowsPerSlice || read.next.byte - at.byte >= limits.importBytesPerSlice)
        break;
    }
    return { ...read, isEnd: read.next.byte >= input.fileBytes };
  }

  private async *chunks(tenantId: string, jobId: string, bytes: number, from: number): AsyncGenerator<Buffer> {
    let byte = from;
    while (byte < bytes) {
      const part = Math.floor(byte / limits.importPartBytes);
      const chunk = await this.files.read(tenantId, jobId, part);
      if (chunk === null) throw new JobFailed('The file is not kept any more: send it again.');
      const rest = chunk.subarray(byte - part * limits.importPartBytes);
      byte += rest.length;
      yield rest;
    }
  }
}

/** The memory of a record, or what is wrong with it; null where it holds none. */
function rowOf({ line, bytes }: FileRecord, { isCsv, system }: ImportJobInput, place: FilePlace): FileRow | null {
  const isHeader = isCsv && place.columns === null;
  if (bytes === null || !isUtf8(bytes)) {
    const is = bytes === null ? `longer than ${limits.importLineBytes} bytes` : 'not valid UTF-8';
    if (isHeader) throw new JobFailed(`The first line, with the names of the columns, is ${is}.`);
    return { row: line, problem: `It is ${is}.` };
  }
  const isMarked = line === 1 && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const text = bytes.toString('utf8', isMarked ? byteOrderMark.length : 0);
  if (isHeader) {
    place.columns = columnsIn(text);
    return null;
  }
  const row = isCsv ? rowOfRecord(text, place.columns!, line) : rowOfLine(text, line);
  const foreign = foreignSystems.find((name) => name === system);
  if (row === null || 'problem' in row || foreign === undefined) return row;
  const [mapped] = foreignRows(foreign, [row.fields]) ?? [];
  return mapped === undefined ? null : { ...mapped, row: line };
}

function columnsIn(header: string): string[] {
  try {
    return columnsOf(header);
  } catch (error) {
    if (error instanceof UnreadableFile) throw new JobFailed(error.message);
    throw error;
  }
}

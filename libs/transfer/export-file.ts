import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { canonicalJson } from '#libs/contracts/canonical-json.js';
import type { ExportTrailer, FileFormat, MemoryOnFile } from '#libs/contracts/rest/memory-file.js';
import { csvColumns, csvRow, historyColumn } from './csv-columns.js';

/** Counts what is written, and hashes it: a line of canonical JSON for each memory, whatever the format of the file. */
export class ExportTally {
  private readonly hash = createHash('sha256');
  private count = 0;
  private result: ExportTrailer | null = null;

  constructor(
    readonly position: number,
    readonly withHistory: boolean,
  ) {}

  lines(memories: readonly MemoryOnFile[]): string[] {
    const lines = memories.map((memory) => canonicalJson(memory));
    this.count += lines.length;
    for (const line of lines) this.hash.update(line).update('\n');
    return lines;
  }

  /** To be asked when all is written. */
  trailer(): ExportTrailer {
    this.result ??= { count: this.count, digest: `sha256:${this.hash.digest('hex')}`, position: this.position };
    return this.result;
  }
}

type Pages = AsyncIterable<readonly MemoryOnFile[]>;

/**
 * A file in pieces, one for each page. NDJSON ends in a line of its own with the trailer; CSV has no place for one.
 */
export async function* bareFile(
  format: Exclude<FileFormat, 'json'>,
  pages: Pages,
  tally: ExportTally,
): AsyncGenerator<string> {
  if (format === 'csv') return yield* csvFile(pages, tally);
  for await (const page of pages) {
    const lines = tally.lines(page);
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
  yield `${canonicalJson({ trailer: tally.trailer() })}\n`;
}

async function* csvFile(pages: Pages, tally: ExportTally): AsyncGenerator<string> {
  const columns = [...csvColumns, ...(tally.withHistory ? [historyColumn] : [])];
  yield csvText([columns]);
  for await (const page of pages) {
    tally.lines(page);
    if (page.length > 0) yield csvText(page.map((memory) => csvRow(memory, columns)));
  }
}

/** RFC 4180. By itself the library quotes a line break only where it is the one that ends records. */
function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(rows as unknown[][], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}

/** The file inside one JSON object, which is written piece by piece too. */
export async function* envelope(format: FileFormat, pages: Pages, tally: ExportTally): AsyncGenerator<string> {
  yield `{"success":true,"format":"${format}","position":${tally.position},"data":`;
  if (format === 'json') yield* jsonList(pages, tally);
  else {
    yield '"';
    for await (const piece of bareFile(format, pages, tally)) yield JSON.stringify(piece).slice(1, -1);
    yield '"';
  }
  const { count, digest } = tally.trailer();
  yield `,"count":${count},"digest":"${digest}"}`;
}

async function* jsonList(pages: Pages, tally: ExportTally): AsyncGenerator<string> {
  let separator = '[';
  for await (const page of pages) {
    const lines = tally.lines(page);
    if (lines.length === 0) continue;
    yield separator + lines.join(',');
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

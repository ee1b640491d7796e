/** A line of a file, or a record of CSV, whose quoted cells may hold line breaks. */
export interface FileRecord {
  /** The line that it begins on, from 1. */
  line: number;
  /** Null: it is longer than a record may be. */
  bytes: Buffer | null;
  /** Where the next one begins: its byte and its line. */
  next: { byte: number; line: number };
}

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;

/**
 * Cuts a file into its records as its bytes come, holding no more of it than one chunk and one record.
 * @param at where the first chunk begins; a record must begin there
 * @param mostBytes of a longer record nothing is kept, and a quote that was not closed in it is none
 */
export async function* recordsOf(
  chunks: AsyncIterable<Buffer>,
  at: FileRecord['next'],
  { isCsv, mostBytes }: { isCsv: boolean; mostBytes: number },
): AsyncGenerator<FileRecord> {
  const newSearch = isCsv ? quotedEnd : lineEnd;
  let findEnd = newSearch();
  let { byte, line } = at;
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let startLine = line;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const end = begunBytes > mostBytes ? chunk.indexOf(newline, from) : findEnd(chunk, from);
      const piece = chunk.subarray(from, end < 0 ? chunk.length : end + 1);
      from += piece.length;
      byte += piece.length;
      begunBytes += piece.length;
      line += newlinesOf(piece);
      if (begunBytes <= mostBytes) begun.push(piece);
      else begun = [];
      if (end < 0) continue;
      const isTooLong = begunBytes > mostBytes;
      yield { line: startLine, bytes: isTooLong ? null : Buffer.concat(begun), next: { byte, line } };
      [begun, begunBytes, startLine] = [[], 0, line];
      if (isTooLong) findEnd = newSearch();
    }
  }
  if (begunBytes === 0) return;
  yield { line: startLine, bytes: begunBytes > mostBytes ? null : Buffer.concat(begun), next: { byte, line } };
}

/** Where in a chunk the record ends, or -1; the next call goes on where this one ended. */
type EndSearch = (chunk: Buffer, from: number) => number;

const lineEnd = (): EndSearch => (chunk, from) => chunk.indexOf(newline, from);

/** A record of CSV ends at a line break that is in no quoted cell. */
function quotedEnd(): EndSearch {
  let isQuoted = false;
  let mayOpen = true;
  return (chunk, from) => {
    for (let index = from; index < chunk.length; index += 1) {
      if (isQuoted) {
        const close = chunk.indexOf(quote, index);
        if (close < 0) return -1;
        index = close;
        // Two of them are one in the cell: the second opens it again.
        [isQuoted, mayOpen] = [false, true];
        continue;
      }
      const byte = chunk[index]!;
      if (byte === newline) {
        mayOpen = true;
        return index;
      }
      if (byte === quote && mayOpen) isQuoted = true;
      else mayOpen = byte === comma;
    }
    return -1;
  };
}

function newlinesOf(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

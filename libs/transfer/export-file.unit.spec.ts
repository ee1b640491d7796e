import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { MemoryOnFile } from '#libs/contracts/rest/memory-file.js';
import { plainCell, safeCell } from './csv-cells.js';
import { bareFile, envelope, ExportTally } from './export-file.js';
import { memoryInFile } from './transfer.fixture.js';

async function* pages(...all: MemoryOnFile[][]) {
  yield* all;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const two = [[memoryInFile({ content: 'ä\r\n"b"' })], [], [memoryInFile({ metadata: { z: 1, a: ['=1'] } })]];

describe('a cell of a CSV file', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\n=1', "'=1", "''-1", '＝1'])(
    'is no formula in a spreadsheet: %j',
    (text) => {
      expect(safeCell(text)).toBe(`'${text}`);
    },
  );

  it('comes back as it was, whatever it says', () => {
    const text = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '"', ',') });
    fc.assert(fc.property(text, (said) => expect(plainCell(safeCell(said))).toBe(said)));
    expect(safeCell("'tis fine - really")).toBe("'tis fine - really");
  });
});

describe('a file of memories', () => {
  it('as NDJSON is a line of canonical JSON for each, and a trailer with their digest', async () => {
    const text = await textOf(bareFile('ndjson', pages(...two), new ExportTally(7, false)));
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    const { trailer } = JSON.parse(lines.pop()!) as { trailer: unknown };
    const digest = createHash('sha256')
      .update(lines.map((line) => `${line}\n`).join(''))
      .digest('hex');
    expect(trailer).toEqual({ count: 2, digest: `sha256:${digest}`, position: 7 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(two.flat());
    expect(lines[1]).toMatch(/"metadata":\{"a":\["=1"\],"z":1\}/);
  });

  it('as CSV is what RFC 4180 says, with a header and every line break and quote in its cell', async () => {
    const text = await textOf(bareFile('csv', pages(...two), new ExportTally(7, true)));
    expect(text.startsWith('id,content,memory_type,')).toBe(true);
    const records = parse(text, { columns: true, record_delimiter: '\r\n' });
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ content: 'ä\r\n"b"', confidence: '0.8', user_id: '', history: '' });
    expect(records[1]).toMatchObject({ metadata: '{"a":["=1"],"z":1}' });
  });

  it.each(['csv', 'ndjson'] as const)('of %s is inside the envelope as a text', async (format) => {
    const bare = await textOf(bareFile(format, pages(...two), new ExportTally(7, false)));
    const told = JSON.parse(await textOf(envelope(format, pages(...two), new ExportTally(7, false)))) as unknown;
    expect(told).toMatchObject({ success: true, format, data: bare, count: 2, position: 7 });
  });

  it.each([
    ['some', two],
    ['no', [[]]],
  ])('as JSON is the envelope: %s memories', async (_, memories) => {
    const told = JSON.parse(await textOf(envelope('json', pages(...memories), new ExportTally(7, false)))) as object;
    expect(told).toMatchObject({ success: true, format: 'json', data: memories.flat(), count: memories.flat().length });
  });

  it('has the same digest in every format', async () => {
    const digests: string[] = [];
    for (const format of ['csv', 'ndjson', 'json'] as const) {
      const tally = new ExportTally(7, false);
      await textOf(envelope(format, pages(...two), tally));
      digests.push(tally.trailer().digest);
    }
    expect(new Set(digests).size).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { type FileRecord, recordsOf } from './file-records.js';

async function* inChunks(bytes: Buffer, chunkBytes: number) {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function recordsIn(text: string | Buffer, isCsv: boolean, { chunkBytes = 7, mostBytes = 1_000 } = {}) {
  const records: FileRecord[] = [];
  const bytes = Buffer.from(text);
  for await (const one of recordsOf(inChunks(bytes, chunkBytes), { byte: 0, line: 1 }, { isCsv, mostBytes })) {
    records.push(one);
  }
  return records;
}

const told = (records: readonly FileRecord[]) => records.map(({ line, bytes }) => [line, bytes?.toString() ?? null]);

describe('a file that comes in chunks', () => {
  it('is cut into the same lines, however it is chunked', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 30 }), async (lines, chunkBytes) => {
        const whole = lines.map((one) => `${one}\n`);
        const records = await recordsIn(whole.join(''), false, { chunkBytes });
        expect(told(records)).toEqual(whole.map((one, index) => [index + 1, Buffer.from(one).toString()]));
      }),
    );
  });

  it('of CSV is cut where records end, whatever their cells say', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'ä'), maxLength: 8 });
    const record = fc.array(cell, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(record), fc.integer({ min: 1, max: 30 }), async (all, chunkBytes) => {
        const texts = all.map((one) => stringify([one]));
        const records = await recordsIn(texts.join(''), true, { chunkBytes });
        expect(records.map(({ bytes }) => bytes?.toString())).toEqual(texts);
      }),
    );
  });

  it('can be read on from the end of any of its records', async () => {
    const text = Buffer.from('a,"1\n2"\r\nb,3\r\n"c""\n",4\r\nlast');
    const all = await recordsIn(text, true);
    expect(told(all)).toEqual([
      [1, 'a,"1\n2"\r\n'],
      [3, 'b,3\r\n'],
      [4, '"c""\n",4\r\n'],
      [6, 'last'],
    ]);
    for (const [index, { next }] of all.entries()) {
      const rest: FileRecord[] = [];
      const chunks = inChunks(text.subarray(next.byte), 5);
      for await (const one of recordsOf(chunks, next, { isCsv: true, mostBytes: 100 })) rest.push(one);
      expect(rest).toEqual(all.slice(index + 1));
    }
  });

  it('loses a record that is too long, and no other', async () => {
    const long = 'x'.repeat(50);
    const sizes = { mostBytes: 20 };
    expect(told(await recordsIn(`a\n${long}\nb\n${long}`, false, sizes))).toEqual([
      [1, 'a\n'],
      [2, null],
      [3, 'b\n'],
      [4, null],
    ]);
    // A quote that is never closed takes the lines with it until the record is too long.
    expect(told(await recordsIn(`a\n"open\n${long}\nb,"c"\n`, true, sizes))).toEqual([
      [1, 'a\n'],
      [2, null],
      [4, 'b,"c"\n'],
    ]);
  });
});

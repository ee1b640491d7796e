import { beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WrittenPositions } from '../written-positions.js';

/** Two processes of an installation, whose store has been there for longer than a minute; in one process, one object. */
export interface PositionsUnderTest {
  writer: WrittenPositions;
  reader: WrittenPositions;
}

const minuteMs = 60_000;
let made = 0;

/** The promises of `WrittenPositions`, one test each. @param make with the time for which positions are kept */
export function writtenPositionsContract(name: string, make: (keptMs: number) => Promise<PositionsUnderTest>): void {
  describe(`${name} keeps the promises of WrittenPositions`, () => {
    let positions: PositionsUnderTest;
    let key: string;
    beforeEach(async () => {
      positions = await make(minuteMs);
      made += 1;
      key = `key-${made}`;
    });

    it('answers what was remembered, also in another process', async () => {
      await positions.writer.remember(key, 12);
      expect(await positions.writer.last(key)).toBe(12);
      expect(await positions.reader.last(key)).toBe(12);
    });

    it('answers 0 for a key that has written nothing, whatever others have written', async () => {
      await positions.writer.remember(`${key}-other`, 12);
      expect(await positions.reader.last(key)).toBe(0);
    });

    it('answers the highest, in whatever order they come, and also when they come at once', async () => {
      for (const position of [7, 9, 8, 1]) await positions.writer.remember(key, position);
      expect(await positions.reader.last(key)).toBe(9);
      const many = Array.from({ length: 200 }, (_, index) => ((index * 37) % 200) + 1);
      await Promise.all(
        many.map((position, index) => (index % 2 ? positions.writer : positions.reader).remember(key, position)),
      );
      expect(await positions.reader.last(key)).toBe(200);
      expect(await positions.writer.last(key)).toBe(200);
    });

    it('holds every position that a log can have', async () => {
      await positions.writer.remember(key, Number.MAX_SAFE_INTEGER - 1);
      await positions.writer.remember(key, Number.MAX_SAFE_INTEGER);
      expect(await positions.reader.last(key)).toBe(Number.MAX_SAFE_INTEGER);
    });

    it('forgets after its time, and not before', async () => {
      const brief = await make(300);
      await Promise.all([brief.writer.remember(key, 5), positions.writer.remember(`${key}-long`, 6)]);
      while ((await brief.reader.last(key)) !== 0) await sleep(20);
      expect(await positions.reader.last(`${key}-long`)).toBe(6);
    });

    it('keeps the highest for the time of the last', async () => {
      const brief = await make(2_000);
      await brief.writer.remember(key, 5);
      for (let renewed = 0; renewed < 12; renewed += 1) {
        await sleep(200);
        await brief.writer.remember(key, 4);
      }
      expect(await brief.reader.last(key)).toBe(5);
    });
  });
}

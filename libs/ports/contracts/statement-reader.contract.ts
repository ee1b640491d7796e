import { describe, expect, it } from '@jest/globals';
import type { StatementReader } from '../statement-reader.js';

const OBSERVED_AT = '2026-05-16T10:00:00.000Z';
/** Wide enough for a loaded machine; a quadratic reader needs minutes. */
const HUGE_TEXT_MAX_MS = 20_000;
const HUGE_CHARS = 200_000;

const HOSTILE_SEEDS: readonly string[] = [
  'a',
  '(',
  ',',
  'my, ',
  'I live in ',
  'from 2015 to 2018 ',
  'not ',
  'no longer ',
  '"I said \'she said "',
  "n't's",
  'switched from ',
  'at 5 on 3 May ',
  'A B ',
  '\ud83d ',
  '😀',
  '1,000 ',
  '$5 ',
  'and ',
  'X is Y. ',
  'when if because ',
  "Kate's ",
  'half past ',
];

const FOREIGN_TEXTS: readonly string[] = [
  '',
  ' \n\t ',
  '😀😀🎉',
  '🍕 🍣 🍔',
  '我住在北京。我喜欢喝茶。',
  'أعيش في القاهرة وأحب القهوة.',
  '?!?!',
  '12345',
  '```\n```',
  '\u0000\u0001',
];

/** Promises of the port, one test each; every adapter runs them. */
export function statementReaderContract(name: string, create: () => StatementReader): void {
  describe(`StatementReader contract: ${name}`, () => {
    it('reads plain statements into claims, and says which version it is', () => {
      const reader = create();
      expect(reader.version).not.toBe('');
      for (const text of ['I live in Leeds.', 'Kate works at Acme.', 'Bug 77 is open.', 'I like tea.']) {
        const { claims, observedAt, text: kept } = reader.read(text, { observedAt: OBSERVED_AT });
        expect({ text, claims: claims.length > 0, observedAt, kept }).toEqual({
          text,
          claims: true,
          observedAt: OBSERVED_AT,
          kept: text,
        });
      }
    });

    it('reads the same when the caller can wait', async () => {
      const reader = create();
      const texts = ['I live in Leeds.', 'Kate has two cats, and she moved to Bristol last month.', ''];
      const read = await Promise.all(texts.map((text) => reader.readSoon(text, { observedAt: OBSERVED_AT })));
      expect(read).toEqual(texts.map((text) => reader.read(text, { observedAt: OBSERVED_AT })));
    });

    it('gives the same statement for the same text and context', () => {
      const text = 'I moved from Leeds to Bristol last month, and I no longer work at Acme.';
      const first = create().read(text, { observedAt: OBSERVED_AT });
      const reader = create();
      reader.read('Kate has two cats.', { observedAt: OBSERVED_AT });
      expect(reader.read(text, { observedAt: OBSERVED_AT })).toEqual(first);
    });

    it('counts relative times from the moment of saying', () => {
      const startOf = (observedAt: string): string | undefined =>
        create().read('I moved to Bristol last month.', { observedAt }).claims[0]?.validFrom?.instant.slice(0, 7);
      expect([startOf('2026-05-16T10:00:00.000Z'), startOf('2020-01-05T10:00:00.000Z')]).toEqual([
        '2026-04',
        '2019-12',
      ]);
    });

    it('takes over the modality that the context gives', () => {
      expect(create().read('I live in Leeds.', { observedAt: OBSERVED_AT, modality: 'reported' }).modality).toBe(
        'reported',
      );
    });

    it('is linear in the length of the text, and claims nothing from one that it does not read', () => {
      const reader = create();
      const startedAt = performance.now();
      for (const seed of HOSTILE_SEEDS) {
        const { claims } = reader.read(seed.repeat(Math.ceil(HUGE_CHARS / seed.length)), { observedAt: OBSERVED_AT });
        expect(claims).toEqual([]);
      }
      expect(performance.now() - startedAt).toBeLessThan(HUGE_TEXT_MAX_MS);
    });

    it('gives no claims for empty, emoji-only and foreign text, and never an error', () => {
      for (const text of FOREIGN_TEXTS) {
        expect({ text, claims: create().read(text, { observedAt: OBSERVED_AT }).claims }).toEqual({ text, claims: [] });
      }
      expect(Array.isArray(create().read('I moved to Rome yesterday.', { observedAt: 'not a date' }).claims)).toBe(
        true,
      );
    });
  });
}

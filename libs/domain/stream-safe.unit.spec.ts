import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tokenize } from './ranking/tokenizer.js';
import { streamSafe } from './stream-safe.js';

const above = '\u0301';
const below = '\u0323';

describe('stream-safe text', () => {
  it('is the text itself as long as nothing has more than 30 marks', () => {
    for (const text of ['', 'Ångström', `a${above.repeat(30)}b${below.repeat(30)}`, 'क्षत्रिय']) {
      expect(streamSafe(text)).toBe(text);
    }
  });

  it('never has more than 30 marks in a row, and keeps all of them', () => {
    const marks = fc.array(fc.constantFrom(above, below, '\u0308'), { minLength: 25, maxLength: 130 });
    fc.assert(
      fc.property(fc.array(marks.map((run) => `a${run.join('')}`)), (runs) => {
        const safe = streamSafe(runs.join(''));
        expect(safe).not.toMatch(/[\u0301\u0308\u0323]{31}/u);
        expect(safe.replaceAll('\u034F', '')).toBe(runs.join(''));
        expect(streamSafe(safe)).toBe(safe);
      }),
    );
  });

  it('keeps the tokenizer linear on marks that have to be sorted', () => {
    const startedMs = performance.now();
    tokenize((above + below).repeat(100_000));
    tokenize(`é${(above + below).repeat(100_000)}`);
    // Quadratic sorting would take about twenty seconds for each.
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});

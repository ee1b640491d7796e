import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RulesStatementReader } from '#libs/adapters/rules/statements/rules-statement-reader.js';
import type { LabelledPair } from './labelled-pair.js';
import { scorePairs } from './scoring.js';

const DEVELOPMENT_SET = '../shared/data/contradictions_dev.jsonl';

const missing = existsSync(DEVELOPMENT_SET) ? '' : `${DEVELOPMENT_SET} is not there`;
if (missing) console.warn(`skipped: the development set of contradictions, because ${missing}`);

(missing ? describe.skip : describe)('reading and relating the development set', () => {
  it('meets the bars', () => {
    const lines = readFileSync(DEVELOPMENT_SET, 'utf8').trim().split('\n');
    const pairs = lines.map((line) => JSON.parse(line) as LabelledPair);
    const { accuracy, contradictionF1, wronglyRetired, misses } = scorePairs(new RulesStatementReader(), pairs);
    if (misses.length > 0) console.info(misses.join('\n'));
    expect(accuracy).toBeGreaterThanOrEqual(0.85);
    expect(contradictionF1).toBeGreaterThanOrEqual(0.9);
    expect(wronglyRetired).toBeLessThanOrEqual(0.03);
  });
});

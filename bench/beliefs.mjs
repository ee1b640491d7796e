// How well rules alone read and relate labelled statement pairs, and what that costs: the confusion table of each set,
// milliseconds per pair for reading and relating, and for relating alone.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { report } from './measuring.mjs';

const { RulesStatementReader } = await import('../dist/libs/adapters/rules/statements/rules-statement-reader.js');
const { relate } = await import('../dist/libs/domain/belief/relate.js');
const { BLIND_PAIRS, FURTHER_PAIRS, OWN_PAIRS } = await import('../dist/test/beliefs/labelled-pairs.js');
const { readPair, scorePairs } = await import('../dist/test/beliefs/scoring.js');

const relations = ['contradicts', 'refines', 'duplicate', 'extends', 'unrelated'];
const repetitions = 20;
const developmentSet = fileURLToPath(new URL('../../shared/data/contradictions_dev.jsonl', import.meta.url));

const sets = { own: OWN_PAIRS, further: FURTHER_PAIRS, blind: BLIND_PAIRS };
if (existsSync(developmentSet)) {
  const lines = readFileSync(developmentSet, 'utf8').trim().split('\n');
  sets.development = lines.map((line) => JSON.parse(line));
} else console.warn('skipped: the development set, because it is not beside the checkout');

const reader = new RulesStatementReader();
const quality = {};
const bars = {};
for (const [name, pairs] of Object.entries(sets)) {
  const { accuracy, contradictionF1, wronglyRetired, confusion, misses } = scorePairs(reader, pairs);
  console.log(`\n${name}: ${pairs.length} pairs; rows are what is expected, columns what was answered`);
  const rows = relations.map((row) => [
    row,
    Object.fromEntries(relations.map((to) => [to, confusion[row]?.[to] ?? 0])),
  ]);
  console.table(Object.fromEntries(rows));
  for (const miss of misses) console.log(`  ${miss}`);
  Object.assign(quality, {
    [`${name}Accuracy`]: Number(accuracy.toFixed(3)),
    [`${name}ContradictionF1`]: Number(contradictionF1.toFixed(3)),
    [`${name}WronglyRetired`]: Number(wronglyRetired.toFixed(3)),
  });
  Object.assign(bars, {
    [`${name}Accuracy`]: { unit: 'share', bar: 0.85, better: 'higher' },
    [`${name}ContradictionF1`]: { unit: 'F1', bar: 0.9, better: 'higher' },
    [`${name}WronglyRetired`]: { unit: 'share', bar: 0.03, better: 'lower' },
  });
}

const pairs = Object.values(sets).flat();
const statements = pairs.map((pair) => readPair(reader, pair));

const perPair = (work) => {
  const startedMs = performance.now();
  for (let round = 0; round < repetitions; round += 1) work();
  return Number(((performance.now() - startedMs) / (repetitions * pairs.length)).toFixed(4));
};

const figures = {
  relateMs: { unit: 'ms/pair', bar: 0.1, better: 'lower' },
  readAndRelateMs: { unit: 'ms/pair' },
  ...bars,
};
await report('beliefs', figures, () => {
  const relateMs = perPair(() => {
    for (const { older, newer } of statements) relate(newer, older, { sameSession: false });
  });
  const readAndRelateMs = perPair(() => {
    for (const pair of pairs) {
      const { older, newer } = readPair(reader, pair);
      relate(newer, older, { sameSession: false });
    }
  });
  return { relateMs, readAndRelateMs, ...quality };
});

// How well maintenance merges what was said twice and finds what was said again and again, on people that a generator
// makes with a printed seed, read by the real rules; and how long 10,000 memories take. The second set is in other words.
import { report } from './measuring.mjs';
import { toldTwice } from './maintenance/generator.mjs';
import { memoryOf, readOnce, scoreMerges, scorePatterns } from './maintenance/scoring.mjs';

const { RulesStatementReader } = await import('../dist/libs/adapters/rules/statements/rules-statement-reader.js');
const { consolidate } = await import('../dist/libs/domain/maintenance/consolidate.js');
const { reflect } = await import('../dist/libs/domain/maintenance/reflect.js');

const seed = Number(process.argv[2] ?? 20_261_123);
const believers = 40;
const timedMemories = 10_000;
const similarityThreshold = 0.8;
console.log(`Seed ${seed}; ${believers} people a set.`);

const reader = new RulesStatementReader();
const sets = {
  tests: [await import('./maintenance/merge-topics.mjs'), await import('./maintenance/pattern-topics.mjs')],
  kept: [await import('./maintenance/kept-merge-topics.mjs'), await import('./maintenance/kept-pattern-topics.mjs')],
};
const figures = {
  consolidateMs: { unit: 'ms/10,000', bar: 20_000, better: 'lower' },
  longestStepMs: { unit: 'ms' },
  reflectMs: { unit: 'ms/10,000' },
};
const quality = {};
for (const [name, [{ mergeTopics }, patterns]] of Object.entries(sets)) {
  const merges = scoreMerges({ reader, consolidate }, mergeTopics, { seed, believers });
  const found = scorePatterns({ reader, reflect }, patterns, { seed, believers });
  console.log(`\n${name}: merges ${merges.right} of ${merges.merged} right, ${merges.wanted} wanted;`);
  console.log(`  patterns ${found.right} of ${found.found} right, ${found.met} of ${found.planted} planted ones met`);
  for (const mistake of new Set([...merges.mistakes, ...found.mistakes])) console.log(`  wrong: ${mistake}`);
  Object.assign(quality, {
    [`${name}MergePrecision`]: merges.precision,
    [`${name}MergeRecall`]: merges.recall,
    [`${name}PatternPrecision`]: found.precision,
    [`${name}PatternRecall`]: found.recall,
  });
  Object.assign(figures, {
    [`${name}MergePrecision`]: { unit: 'share', bar: 0.98, better: 'higher' },
    [`${name}MergeRecall`]: { unit: 'share', bar: 0.8, better: 'higher' },
    [`${name}PatternPrecision`]: { unit: 'share', bar: 0.95, better: 'higher' },
    [`${name}PatternRecall`]: { unit: 'share' },
  });
}

const { consolidateInSteps } = await import('../dist/libs/domain/maintenance/consolidate.js');
const told = toldTwice(sets.tests[0].mergeTopics, seed, Math.ceil(timedMemories / 100))
  .flat()
  .slice(0, timedMemories);
const memories = told.map((statement, at) => memoryOf(reader, statement, `memory-${at}`));
const window = { windowFrom: '2026-03-01T00:00:00.000Z', windowTo: '2026-05-31T00:00:00.000Z' };

await report('maintenance', figures, async () => {
  const startedMs = performance.now();
  let longestStepMs = 0;
  const steps = consolidateInSteps(memories, { similarityThreshold, statementOf: readOnce(reader) });
  for (let stepMs = startedMs, step = steps.next(); step.done !== true; step = steps.next()) {
    longestStepMs = Math.max(longestStepMs, performance.now() - stepMs);
    stepMs = performance.now();
  }
  const consolidateMs = performance.now() - startedMs;
  const reflectedMs = performance.now();
  reflect(memories, { ...window, minPatternStrength: 0.7, depth: 'deep' });
  const reflectMs = performance.now() - reflectedMs;
  const rounded = (value) => Number(value.toFixed(1));
  const times = { consolidateMs, longestStepMs, reflectMs };
  return { ...Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, rounded(ms)])), ...quality };
});

// How well maintenance merges what was said twice and finds what was said again and again, on people that a generator
// makes with a printed seed, read by the real rules; and how long 10,000 memories take. The other sets are in other words;
// the last two were written by somebody who had read no rule.
import { report } from './measuring.mjs';
import { toldTwice } from './maintenance/generator.mjs';
import { mergeTopicsOf, patternTopicsOf } from './maintenance/written-topics.mjs';
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
  third: [{ mergeTopics: mergeTopicsOf('third-merges.txt') }, patternTopicsOf('third-patterns.txt')],
  fourth: [{ mergeTopics: mergeTopicsOf('fourth-merges.txt') }, patternTopicsOf('fourth-patterns.txt')],
  fifth: [{ mergeTopics: mergeTopicsOf('fifth-merges.txt') }, null],
};
const figures = {
  consolidateMs: { unit: 'ms/10,000', bar: 20_000, better: 'lower' },
  longestStepMs: { unit: 'ms' },
  reflectMs: { unit: 'ms/10,000' },
};
const quality = {};
for (const [name, [{ mergeTopics }, patterns]] of Object.entries(sets)) {
  const merges = scoreMerges({ reader, consolidate }, mergeTopics, { seed, believers });
  console.log(`\n${name}: merges ${merges.right} of ${merges.merged} right, ${merges.wanted} wanted`);
  for (const mistake of new Set(merges.mistakes)) console.log(`  wrong: ${mistake}`);
  tell(`${name}Merge`, merges, { precision: 0.98, recall: 0.8 });
  if (patterns === null) continue;
  const found = scorePatterns({ reader, reflect }, patterns, { seed, believers });
  console.log(`  patterns ${found.right} of ${found.found} right, ${found.met} of ${found.planted} planted ones met`);
  for (const mistake of new Set(found.mistakes)) console.log(`  wrong: ${mistake}`);
  tell(`${name}Pattern`, found, { precision: 0.95 });
}

function tell(name, score, bars) {
  for (const figure of ['precision', 'recall']) {
    const key = `${name}${figure[0].toUpperCase()}${figure.slice(1)}`;
    quality[key] = Number(score[figure].toFixed(3));
    figures[key] = { unit: 'share', ...(bars[figure] === undefined ? {} : { bar: bars[figure], better: 'higher' }) };
  }
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

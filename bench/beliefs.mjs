// How well rules alone read and relate labelled statement pairs, and what that costs: the confusion table of each set,
// milliseconds per pair for reading and relating, and for relating alone; and how fast a started server that knows
// 10,000 memories takes statements over HTTP, most of which say something of a slot that it knows already.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from './loading.mjs';
import { report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence, word } from './spoken-words.mjs';

const { RulesStatementReader } = await import('../dist/libs/adapters/rules/statements/rules-statement-reader.js');
const { relate } = await import('../dist/libs/domain/belief/relate.js');
const labelled = await import('../dist/test/beliefs/labelled-pairs.js');
const { readPair, scorePairs } = await import('../dist/test/beliefs/scoring.js');

const relations = ['contradicts', 'refines', 'duplicate', 'extends', 'unrelated'];
const repetitions = 20;
const developmentSet = fileURLToPath(new URL('../../shared/data/contradictions_dev.jsonl', import.meta.url));

const ofTests = Object.entries(labelled).filter(([name]) => name.endsWith('_PAIRS'));
const sets = { tests: ofTests.flatMap(([, pairs]) => pairs) };
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

const storedMemories = 10_000;
const statementsPerRun = 2_000;
const endUsers = 500;
const random = seededRandom(1);
const name = () => {
  const made = word(between(random, 1_000, 30_000));
  return made[0].toUpperCase() + made.slice(1);
};

/** What people say of themselves and their work: slots that change, slots that hold much, and what is no claim. */
const sayings = [
  () => `I live in ${name()}`,
  () => `I moved to ${name()} last month`,
  () => `I work at ${name()}`,
  () => `My manager is ${name()}`,
  () => `My favourite colour is ${word(between(random, 1_000, 2_000))}`,
  () => `I am allergic to ${word(between(random, 1_000, 2_000))}`,
  () => `The deadline for the ${name()} report is ${between(random, 1, 28)} May`,
  () => `Ticket ${between(random, 1, 2_000)} is ${['open', 'in progress', 'resolved'][between(random, 0, 2)]}`,
  () => `We decided that ${sentence(random, between(random, 6, 14))}`,
  () => `${name()} says ${sentence(random, between(random, 8, 16))}`,
];
const stated = () => ({
  content: sayings[between(random, 0, sayings.length - 1)](),
  user_id: `user-${between(random, 1, endUsers)}`,
});

const figures = {
  relateMs: { unit: 'ms/pair', bar: 0.1, better: 'lower' },
  readAndRelateMs: { unit: 'ms/pair' },
  statementsPerSecond: { unit: 'requests/s', bar: 400, better: 'higher' },
  statementP50Ms: { unit: 'ms' },
  statementP99Ms: { unit: 'ms' },
  statementLagMs: { unit: 'ms' },
  ...bars,
};
await withDataFolder((dataDir) =>
  withServer(dataDir, async (server) => {
    await ask(server, 'POST', '/memories', stated());
    console.log(`\nStoring ${storedMemories} memories first ...`);
    await load(server, storedMemories, stated);
    await report('beliefs', figures, async () => {
      const relateMs = perPair(() => {
        for (const { older, newer } of statements) relate(newer, older, { sameSession: false });
      });
      const readAndRelateMs = perPair(() => {
        for (const pair of pairs) {
          const { older, newer } = readPair(reader, pair);
          relate(newer, older, { sameSession: false });
        }
      });
      const { perSecond, p50Ms, p99Ms, lagMs } = await load(server, statementsPerRun, stated);
      const writing = { statementsPerSecond: perSecond, statementP50Ms: p50Ms, statementP99Ms: p99Ms };
      return { relateMs, readAndRelateMs, ...writing, statementLagMs: lagMs, ...quality };
    });
  }),
);

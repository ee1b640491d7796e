// Writes the figures of bench/results into docs/benchmarks.md, each table between its two marks, and draws its picture;
// with --check it only says whether they are there. So the page cannot say anything else than what was measured.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tableOf } from '../tools/markdown-table.mjs';
import { growthTable, resultsOf } from './search-index/growth.mjs';
import { growthPicture } from './search-index/picture.mjs';

const pageFile = new URL('../docs/benchmarks.md', import.meta.url);
const pictureFile = new URL('../docs/pictures/search-growth.svg', import.meta.url);
const blocks = /<!-- (figures|growth): ([\w-]+) -->\n[\s\S]*?<!-- end -->/g;
const panels = [
  { title: 'without vectors', subject: 'in-process-none' },
  { title: 'with the embedder static', subject: 'in-process-static' },
];

/** The page with the tables of the results that there are. */
function withFigures(page) {
  return page.replace(blocks, (_, kind, name) => {
    const figures = kind === 'growth' ? growthTable(name, written, conditionsOf) : figuresOf(name);
    return `<!-- ${kind}: ${name} -->\n\n${figures}\n\n<!-- end -->`;
  });
}

function figuresOf(name) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  if (!existsSync(file)) return 'Not measured yet.';
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const { rows, embedder, groups } = result;
  const head = ['figure', 'unit', 'min', 'median', 'max', 'bar', 'met'];
  const cells = rows.map(({ figure, unit, min, median, max, bar, better, met }) => [
    ...[figure, unit, min, median, max].map(written),
    bar === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${written(bar)}`,
    met === null ? '' : met ? 'yes' : 'no',
  ]);
  const tables = [tableOf(head, cells), ...(groups ? [groupTable(groups)] : [])].join('\n\n');
  const how = embedder === undefined ? '' : ` Embedder: \`${embedder}\`.`;
  return `${tables}\n\n${conditionsOf(result)}${how}`;
}

/** How a result was measured, as a sentence. */
function conditionsOf({ machine, measuredAt, raw }) {
  const runs = raw.length === 1 ? '1 run' : `${raw.length} runs`;
  const where = `${machine.cores} cores, Node ${machine.node.slice(1)}, load before ${machine.loadBefore.toFixed(1)}`;
  return `${runs} on ${measuredAt.slice(0, 10)}: ${where}.`;
}

/** A row for each group of questions: the means, and the intervals in which they lie with 95 % confidence. */
function groupTable(groups) {
  const names = Object.keys(groups[0].figures);
  const rows = groups.map(({ group, questions, figures }) => [
    ...[group, written(questions)],
    ...names.map((name) => {
      const { mean, low, high } = figures[name];
      return `${mean.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
    }),
  ]);
  return tableOf(['questions of', 'number', ...names], rows);
}

/** Three significant digits; whole numbers from 100 on. */
function written(value) {
  if (typeof value === 'string') return value;
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)));
}

const wanted = new Map([
  [pageFile, withFigures(readFileSync(pageFile, 'utf8'))],
  [pictureFile, growthPicture(panels.map(({ title, subject }) => ({ title, results: resultsOf(subject) })))],
]);
for (const [file, text] of wanted) {
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(
      `docs/${file.pathname.split('/docs/').at(-1)} does not say what bench/results says: npm run bench -- page`,
    );
    process.exitCode = 1;
  }
}

// The results of bench/search.mjs by number of documents, as a table.
import { readdirSync, readFileSync } from 'node:fs';
import { tableOf } from '../../tools/markdown-table.mjs';
import { labels } from './figures.mjs';

const resultsFolder = new URL('../results/', import.meta.url);

/** The results of one index with one embedder, such as `in-process-none`, the fewest documents first. */
export function resultsOf(subject) {
  const pattern = new RegExp(`^search-${subject}-\\d+\\.json$`);
  return readdirSync(resultsFolder)
    .filter((file) => pattern.test(file))
    .map((file) => JSON.parse(readFileSync(new URL(file, resultsFolder), 'utf8')))
    .sort((left, right) => left.documents - right.documents);
}

/** A row for each figure, a column for each number of documents, and how they were measured. */
export function growthTable(subject, written, conditionsOf) {
  const results = resultsOf(subject);
  if (results.length === 0) return 'Not measured yet.';
  const cellOf = ({ rows }, figure) => {
    const row = rows.find((candidate) => candidate.figure === figure);
    return row ? cell(row, written) : '';
  };
  const figures = results[0].rows.map(({ figure, unit }) => [
    labels[figure] ?? figure,
    unit,
    ...results.map((result) => cellOf(result, figure)),
  ]);
  const head = ['figure', 'unit', ...results.map(({ documents }) => `${written(documents)} documents`)];
  const conditions = results.map((result) => `${written(result.documents)} documents: ${conditionsOf(result)}`);
  return `${tableOf(head, figures)}\n\n${conditions.join(' ')}`;
}

function cell({ min, median, max, bar, met }, written) {
  const range = min === max ? '' : ` (${written(min)} to ${written(max)})`;
  return `${written(median)}${range}${bar === null ? '' : `; ≤ ${written(bar)}: ${met ? 'yes' : 'no'}`}`;
}

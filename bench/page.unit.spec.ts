import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

it('docs/benchmarks.md says what was measured', () => {
  const check = spawnSync(process.execPath, [here('page.mjs'), '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

it('docs/benchmarks.md shows every result', () => {
  const page = readFileSync(here('../docs/benchmarks.md'), 'utf8');
  const results = readdirSync(here('results')).map((name) => name.replace(/\.json$/, ''));
  // Results by number of documents share a table.
  const growth = (name: string) => name.replace(/^search-(.+)-\d+$/, '$1');
  const isShown = (name: string) =>
    page.includes(`<!-- figures: ${name} -->`) || page.includes(`<!-- growth: ${growth(name)} -->`);
  expect(results.filter((name) => !isShown(name))).toEqual([]);
});

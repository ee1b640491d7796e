import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

it.each([
  ['docs/beliefs.md says what the rules are', 'belief-tables.mjs'],
  ['docs/search.md says what the search explains', 'search-example.mjs'],
  ['scan.wasm is what scan.wat says', 'scan-wasm.mjs'],
])('%s', (_, tool) => {
  const program = fileURLToPath(new URL(tool, import.meta.url));
  const check = spawnSync(process.execPath, [program, '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

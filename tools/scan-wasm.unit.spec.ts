import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

it('scan.wasm is what scan.wat says', () => {
  const program = fileURLToPath(new URL('scan-wasm.mjs', import.meta.url));
  const check = spawnSync(process.execPath, [program, '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

// Runs jest for one scope: `node tools/jest.mjs unit libs/domain` runs every *.unit.spec.ts below libs/domain; without
// a scope, every spec. Further arguments go to jest. ESM in jest 30 still needs --experimental-vm-modules.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCOPES = ['unit', 'int', 'contract', 'e2e'];
const [first, ...others] = process.argv.slice(2);
const isScope = SCOPES.includes(first);
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
// Last, because --testRegex swallows every plain argument that follows it.
const files = `--testRegex=${isScope ? `\\.${first}` : ''}\\.spec\\.ts$`;
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, ...(isScope ? others : process.argv.slice(2)), files],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);

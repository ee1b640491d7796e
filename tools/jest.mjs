// Runs jest for one scope: `node tools/jest.mjs unit` runs every *.unit.spec.ts; without a scope, every spec.
// Further arguments go to jest. ESM in jest 30 still needs --experimental-vm-modules.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [scope, ...rest] = process.argv.slice(2);
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const pattern = scope && !scope.startsWith('-') ? [`--testRegex=\\.${scope}\\.spec\\.ts$`] : [`--testRegex=\\.spec\\.ts$`];
const passed = scope && scope.startsWith('-') ? [scope, ...rest] : rest;
const run = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...pattern, ...passed], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);

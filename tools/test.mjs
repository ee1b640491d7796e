// npm test: installs what is missing and runs everything there is to check, on a bare checkout too. A failing step does
// not keep the others from running. The last line is `N passed, N failed`, perhaps with `, N skipped`.
//   npm test -- --only static|jest|python
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployTools } from './deploy-tools.mjs';
import { explain, prepare, ROOT, run } from './preparation.mjs';
import { testPython, withoutServerVariables } from './test-python.mjs';
import { TestReport } from './test-report.mjs';

const STATIC_CHECKS = [
  { title: 'format (npm run format puts it right)', program: 'prettier/bin/prettier.cjs', args: ['--check', '.'] },
  { title: 'lint', program: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { title: 'types', program: 'typescript/bin/tsc', args: ['--noEmit'] },
  { title: 'form of the gRPC API', program: '@bufbuild/buf/bin/buf', args: ['lint'] },
  {
    title: 'nothing released of the gRPC API is broken (tools/release-proto.mjs)',
    program: '@bufbuild/buf/bin/buf',
    args: ['breaking', '--against', 'libs/contracts/proto/released.binpb'],
  },
];

/** Each counts as one test. */
async function testStatics(report) {
  for (const { title, program, args } of STATIC_CHECKS) {
    report.heading(title);
    const path = join(ROOT, 'node_modules', program);
    const { status, output } = await run(process.execPath, [path, ...args], { tell: (line) => report.say(line) });
    if (status === 0) report.pass();
    else report.fail(title, output.trim() || `it ended with ${status}`);
  }
}

/** What the tests need besides npm's packages, once; npm start needs none of it. */
async function installTestServers(report) {
  report.heading('servers for the tests: Kafka, Redis, the stand-in for Qdrant');
  try {
    const { installServers } = await import('./stack/servers.mjs');
    await installServers((line) => report.say(line));
  } catch (err) {
    report.fail('servers for the tests', err.message);
  }
}

/** A Qdrant of the tester's own is tested against; the other variables belong to a server. */
function jestEnvironment() {
  const { QDRANT_URL, QDRANT_API_KEY } = process.env;
  const own = Object.entries({ QDRANT_URL, QDRANT_API_KEY }).filter(([, value]) => value);
  return { ...withoutServerVariables(process.env), ...Object.fromEntries(own) };
}

/** Every *.spec.ts. Failures are printed where they happen and named again at the end. */
async function testJest(report) {
  await installTestServers(report);
  report.heading('jest: unit, contract, int, e2e');
  const folder = mkdtempSync(join(tmpdir(), 'memorystack-jest-'));
  const resultFile = join(folder, 'results.json');
  try {
    const args = ['--maxWorkers=2', '--json', `--outputFile=${resultFile}`];
    const child = spawn(process.execPath, [join(ROOT, 'tools', 'jest.mjs'), ...args], {
      cwd: ROOT,
      env: jestEnvironment(),
      // --json repeats the results on stdout, which are in the file already; people read stderr.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    const results = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : null;
    const failed = results ? countJest(report, results) : 0;
    if (results === null || (status !== 0 && failed === 0)) report.fail('jest', `it ended with ${status}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countJest(report, { testResults }) {
  let failed = 0;
  for (const file of testResults) {
    const path = file.name.slice(ROOT.length);
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') report.pass();
      else if (status === 'failed') report.fail(`${path}: ${fullName}`);
      else report.skip(`${path}: ${fullName}`);
      if (status === 'failed') failed += 1;
    }
    const didNotRun = file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');
    if (didNotRun) report.fail(path, file.message);
    if (didNotRun) failed += 1;
  }
  return failed;
}

/** Done here rather than by the specs, because it takes a while and two of them would do it twice. */
async function installDeployTools(report) {
  report.heading('tools that read the Dockerfile, docker-compose.yml and k8s');
  await deployTools((line) => report.say(line)).catch((err) => report.fail('tools for deployments', err.message));
}

const STEPS = { static: testStatics, jest: testJest, python: testPython };

const report = new TestReport();
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
try {
  if (only !== null && !STEPS[only]) throw new Error(`--only takes one of ${Object.keys(STEPS).join(', ')}`);
  report.heading('prepare: packages, database client, build');
  await prepare((line) => report.say(line));
  if (only === null || only === 'jest') await installDeployTools(report);
  for (const [name, step] of Object.entries(STEPS)) if (only === null || only === name) await step(report);
} catch (err) {
  explain(err);
  report.fail(err.name === 'PreparationError' ? 'prepare' : 'the test runner', err.message);
}
process.exitCode = report.finish();

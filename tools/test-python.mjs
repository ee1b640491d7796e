// The Python SDK's tests, in a virtual environment of their own and against a real server.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, run } from './preparation.mjs';

const SDK = join(ROOT, 'sdks', 'python');
const ENVIRONMENT = join(SDK, '.venv');
const PYTHON = join(ENVIRONMENT, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const STOP_LIMIT_SECONDS = 60;

/** @param {import('./test-report.mjs').TestReport} report */
export async function testPython(report) {
  if (!existsSync(join(SDK, 'pyproject.toml'))) return;
  report.heading('Python SDK: environment');
  try {
    await installEnvironment((line) => report.say(line));
  } catch (err) {
    report.fail('Python SDK: environment', err.message);
    return;
  }
  for (const profile of PROFILES) await testAgainst(report, profile);
}

/** The page's snippets are what everybody tries first, so they run on both; the other tests would learn nothing new. */
const PROFILES = [
  { name: 'a server', words: () => ['start.mjs'], variables: () => ({}), tests: [], startLimitSeconds: 90 },
  {
    name: 'the distributed profile',
    words: (folder) => ['distributed.mjs', '--folder', join(folder, 'stack')],
    variables: async () => ({ MEMORYSTACK_GRPC_PORT: String(await freePort()) }),
    tests: ['tests/test_page.py'],
    // The first start on a computer may have to install the servers.
    startLimitSeconds: 300,
  },
];

async function testAgainst(report, profile) {
  const { name, tests } = profile;
  report.heading(`Python SDK: tests against ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'memorystack-test-'));
  // A PostgreSQL that does not run as root has to get to its data.
  chmodSync(folder, 0o711);
  const server = await startServer(folder, profile);
  try {
    if (server.failure) report.fail(`Python SDK: ${name} starts`, server.failure);
    await runPytest(report, folder, server, { name, tests });
  } finally {
    const failure = await server.stop();
    if (failure && !server.failure) report.fail(`Python SDK: ${name} stops in order`, failure);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Only when pyproject.toml or Python has changed since the last time. */
async function installEnvironment(tell) {
  const found = await run('python3', ['--version']).catch(() => ({ status: 1, output: '' }));
  if (found.status !== 0) throw new Error('python3 is not installed; the tests need Python 3.10 or newer');
  const project = readFileSync(join(SDK, 'pyproject.toml'));
  const stamp = createHash('sha256').update(found.output).update(project).digest('hex');
  const stampFile = join(ENVIRONMENT, '.memorystack-installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  tell('Installing (once, some minutes: CrewAI has many dependencies)');
  const steps = [
    ['python3', ['-m', 'venv', '--clear', ENVIRONMENT]],
    [PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-input', '-e', `${SDK}[test,crewai]`]],
  ];
  for (const [program, args] of steps) {
    const { status, output } = await run(program, args, { tell });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${output.slice(-3000)}`);
  }
  writeFileSync(stampFile, stamp);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The caller's own settings of a server must not reach this one. */
export function withoutServerVariables(environment) {
  const isOurs = (name) => /^(?:(?:MEMORYSTACK|KAFKA|QDRANT)_\w+|DATABASE_URL|REDIS_URL|PORT)$/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOurs(name)));
}

async function startServer(folder, { words, variables, startLimitSeconds }) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const apiKey = `test_${randomBytes(24).toString('hex')}`;
  const env = {
    ...withoutServerVariables(process.env),
    PORT: new URL(url).port,
    MEMORYSTACK_DATA_DIR: join(folder, 'data'),
    MEMORYSTACK_API_KEY: apiKey,
    ...(await variables()),
  };
  const [program, ...others] = words(folder);
  const child = spawn(process.execPath, [join(ROOT, 'tools', program), ...others], { cwd: ROOT, env });
  let output = '';
  child.stdout.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  child.stderr.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;

  const stop = async () => {
    const wasRunning = !hasEnded();
    child.kill('SIGTERM');
    const outcome = await Promise.race([ended, sleep(STOP_LIMIT_SECONDS * 1000, 'too late', { ref: false })]);
    if (outcome === 'too late') child.kill('SIGKILL');
    if (wasRunning && outcome === 0) return null;
    return `it ended ${wasRunning ? '' : 'before it was asked to '}with ${outcome}:\n${output.slice(-2000)}`;
  };
  for (const endMs = Date.now() + startLimitSeconds * 1000; Date.now() < endMs && !hasEnded(); await sleep(50)) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return { url, apiKey, stop, failure: null };
  }
  return { url, apiKey, stop, failure: `it was not ready; it said:\n${output.slice(-3000)}` };
}

async function runPytest(report, folder, server, { name: profile, tests }) {
  const resultFile = join(folder, 'pytest.xml');
  const env = { ...withoutServerVariables(process.env) };
  if (!server.failure) Object.assign(env, { MEMORYSTACK_TEST_URL: server.url, MEMORYSTACK_TEST_KEY: server.apiKey });
  const child = spawn(PYTHON, ['-m', 'pytest', '-q', `--junit-xml=${resultFile}`, ...tests], {
    cwd: SDK,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  const cases = existsSync(resultFile) ? parseJUnit(readFileSync(resultFile, 'utf8')) : [];
  for (const { name, outcome, message } of cases) {
    if (outcome === 'passed') report.pass();
    else if (outcome === 'skipped') report.skip(`${name} (${profile})`, message);
    else report.fail(`${name} (${profile})`, message);
  }
  const explained = cases.some(({ outcome }) => outcome === 'failed');
  if (cases.length === 0 || (status !== 0 && !explained))
    report.fail(`Python SDK: pytest against ${profile}`, `it ended with ${status}`);
}

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#10;': '\n', '&amp;': '&' };
const unescape = (text) => text.replace(/&(?:lt|gt|quot|apos|#10|amp);/g, (entity) => ENTITIES[entity]);
const attribute = (text, name) => unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '');

/** pytest's result file: one element for each test, with a child element if it did not pass. */
export function parseJUnit(xml) {
  return xml
    .split('<testcase ')
    .slice(1)
    .map((text) => {
      const problem = /<(failure|error|skipped)\b[^>]*>/.exec(text);
      const outcome = problem === null ? 'passed' : problem[1] === 'skipped' ? 'skipped' : 'failed';
      const name = `${attribute(text, 'classname')} ${attribute(text.replace(/classname="[^"]*"/, ''), 'name')}`;
      return { name, outcome, message: problem ? attribute(problem[0], 'message') : '' };
    });
}

// The Python SDK's tests, and those of the published client, which has the same import name: each in a virtual
// environment of its own, and against a real server.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, run } from './preparation.mjs';

const SDK = join(ROOT, 'sdks', 'python');
const PUBLISHED_TESTS = join(SDK, 'tests_published');
const ENVIRONMENTS = {
  sdk: { folder: join(SDK, '.venv'), madeFrom: join(SDK, 'pyproject.toml'), packages: ['-e', `${SDK}[test,crewai]`] },
  published: {
    folder: join(SDK, '.venv-published'),
    madeFrom: join(PUBLISHED_TESTS, 'requirements.txt'),
    packages: ['-r', join(PUBLISHED_TESTS, 'requirements.txt')],
  },
};
const SUITES = {
  sdk: { environment: ENVIRONMENTS.sdk, folder: SDK, tests: [] },
  // The page first: it says what is created, where nothing was before.
  widely: {
    environment: ENVIRONMENTS.sdk,
    folder: SDK,
    tests: ['tests/test_page.py', 'tests/test_server_operations.py'],
  },
  published: { title: 'the published client', environment: ENVIRONMENTS.published, folder: PUBLISHED_TESTS, tests: [] },
  inItsPlace: { title: 'in its place', environment: ENVIRONMENTS.sdk, folder: PUBLISHED_TESTS, tests: [] },
};
const STOP_LIMIT_SECONDS = 60;

/** @param {import('./test-report.mjs').TestReport} report */
export async function testPython(report) {
  if (!existsSync(join(SDK, 'pyproject.toml'))) return;
  report.heading('Python SDK: environment');
  try {
    for (const environment of Object.values(ENVIRONMENTS)) {
      await installEnvironment(environment, (line) => report.say(line));
    }
  } catch (err) {
    report.fail('Python SDK: environment', err.message);
    return;
  }
  for (const profile of PROFILES) await testAgainst(report, profile);
}

/** What everybody tries first runs on both; the other tests would learn nothing new. */
const PROFILES = [
  {
    name: 'a server',
    words: () => ['start.mjs'],
    variables: () => ({}),
    suites: async (server, folder) => {
      const keys = await tenantsOfTheirOwn(folder);
      return [SUITES.sdk, { ...SUITES.published, keys }, { ...SUITES.inItsPlace, keys }];
    },
    startLimitSeconds: 90,
  },
  {
    name: 'the distributed profile',
    words: (folder) => ['distributed.mjs', '--folder', join(folder, 'stack')],
    variables: async () => ({ MEMORYSTACK_GRPC_PORT: String(await freePort()) }),
    suites: () => [SUITES.widely, SUITES.published, SUITES.inItsPlace],
    // The first start on a computer may have to install the servers.
    startLimitSeconds: 300,
  },
];

async function testAgainst(report, profile) {
  const { name } = profile;
  report.heading(`Python SDK: tests against ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'memorystack-test-'));
  // A PostgreSQL that does not run as root has to get to its data.
  chmodSync(folder, 0o711);
  const server = await startServer(folder, profile);
  try {
    if (server.failure) report.fail(`Python SDK: ${name} starts`, server.failure);
    for (const suite of await suitesOf(report, profile, server, folder)) {
      await runPytest(report, folder, server, { ...suite, name: suite.title ? `${suite.title}, ${name}` : name });
    }
  } finally {
    const failure = await server.stop();
    if (failure && !server.failure) report.fail(`Python SDK: ${name} stops in order`, failure);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Without a server, those tests of the SDK that need none. */
async function suitesOf(report, { name, suites }, server, folder) {
  if (server.failure) return [SUITES.sdk];
  try {
    return await suites(server, folder);
  } catch (err) {
    report.fail(`Python SDK: keys of ${name}`, err.message);
    return [SUITES.sdk];
  }
}

/** A run of maintenance is of a whole tenant, and a plan limits one: neither is for the tests beside them. */
async function tenantsOfTheirOwn(folder) {
  const command = async (...words) => {
    const env = { ...withoutServerVariables(process.env), MEMORYSTACK_DATA_DIR: join(folder, 'data') };
    const { status, output } = await run(process.execPath, [join(ROOT, 'tools', 'command.mjs'), ...words], { env });
    if (status !== 0) throw new Error(`${words.join(' ')}\n${output.slice(-2000)}`);
    return output;
  };
  const keyOf = async (tenant) => /^Key +(\S+)$/m.exec(await command('keys', 'create', '--tenant', tenant))[1];
  const keys = { MEMORYSTACK_TEST_KEY: await keyOf('published'), MEMORYSTACK_TEST_LIMITED_KEY: await keyOf('limited') };
  await command('tenants', 'set-plan', 'limited', 'free');
  return keys;
}

const pythonOf = ({ folder }) =>
  join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** Only when what it is made from, or Python, has changed since the last time. */
async function installEnvironment(environment, tell) {
  const { folder, madeFrom, packages } = environment;
  const found = await run('python3', ['--version']).catch(() => ({ status: 1, output: '' }));
  if (found.status !== 0) throw new Error('python3 is not installed; the tests need Python 3.10 or newer');
  const project = readFileSync(madeFrom);
  const stamp = createHash('sha256').update(found.output).update(project).digest('hex');
  const stampFile = join(folder, '.memorystack-installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  tell(`Installing ${folder} (once; for the SDK some minutes: CrewAI has many dependencies)`);
  const steps = [
    ['python3', ['-m', 'venv', '--clear', folder]],
    [pythonOf(environment), ['-m', 'pip', 'install', '--quiet', '--no-input', ...packages]],
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

async function runPytest(report, folder, server, { name: profile, environment, folder: cwd, tests, keys = {} }) {
  const resultFile = join(folder, 'pytest.xml');
  rmSync(resultFile, { force: true });
  const env = { ...withoutServerVariables(process.env) };
  if (!server.failure)
    Object.assign(env, { MEMORYSTACK_TEST_URL: server.url, MEMORYSTACK_TEST_KEY: server.apiKey, ...keys });
  const child = spawn(pythonOf(environment), ['-m', 'pytest', '-q', `--junit-xml=${resultFile}`, ...tests], {
    cwd,
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

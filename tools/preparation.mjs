// What has to be true before anything of ours can run: Node, the packages, the Prisma client, the build. Each step does
// nothing, in milliseconds, when it has nothing to do. Uses only what Node brings along: nothing is installed yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OLDEST_NODE = [20, 19];
const PROGRESS_SECONDS = 5;
const NETWORK_ERROR = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/;

/** A step that cannot succeed; the message says what to do, and a stack would not help. */
export class PreparationError extends Error {
  name = 'PreparationError';
}

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new PreparationError(`Memorystack needs Node ${OLDEST_NODE.join('.')} or newer; this is ${version}`);
}

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/**
 * Whether node_modules holds what package-lock.json asks for. npm itself notes what it has installed, also when a
 * person ran it by hand; an optional package may be missing because it is for another system.
 */
function isInstalled() {
  const note = 'node_modules/.package-lock.json';
  if (!existsSync(join(ROOT, note))) return false;
  const installed = readJson(note).packages;
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const found = installed[path];
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true;
  });
}

/**
 * Runs a program and returns what it printed, telling every few seconds that it still works.
 * @returns {Promise<{status: number | null, output: string}>}
 */
export async function run(program, args, { tell = () => {}, env = process.env, cwd = ROOT } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  let seconds = 0;
  const ticker = setInterval(() => tell(`  ... ${(seconds += PROGRESS_SECONDS)} s`), PROGRESS_SECONDS * 1000);
  try {
    const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { status, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    clearInterval(ticker);
  }
}

async function install(tell) {
  if (isInstalled()) return;
  tell('Installing packages (once, about a minute)');
  // Started by npm, we use that npm; npm's own file is JavaScript, so that this works without a shell on Windows.
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const options = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--prefer-offline',
    '--loglevel=error',
  ];
  const { status, output } = await run(program, [...first, 'ci', ...options], { tell });
  if (status === 0) return;
  const reason = NETWORK_ERROR.test(output)
    ? 'The packages cannot be installed: there seems to be no network (npm could not reach its registry).'
    : 'The packages cannot be installed.';
  throw new PreparationError(`${reason} npm says:\n${output.slice(-3000).trim()}`);
}

async function generateClient(tell) {
  const { generate, isGenerated } = await import('./generate.mjs');
  if (isGenerated()) return;
  tell('Generating the database client');
  generate();
}

/** In a process of its own: the compiler would keep its memory in the server that we are about to become. */
export async function compile(tell) {
  const { isBuilt } = await import('./build.mjs');
  if (await isBuilt()) return;
  const { status, output } = await run(process.execPath, [join(ROOT, 'tools', 'build.mjs')], { tell });
  if (output.trim()) tell(output.trim());
  if (status !== 0) throw new PreparationError('The build failed');
}

/**
 * Makes a checkout ready to run.
 * @param tell gets a line for every step that has something to do
 * @throws PreparationError
 */
export async function prepare(tell) {
  checkNode();
  await install(tell);
  await generateClient(tell);
  await compile(tell);
}

/** Prints an error for a person: only the sentence if it is one of ours that explains itself, else all there is. */
export function explain(err) {
  const explainsItself = /^(Preparation|Configuration|DataFolder|MasterKey|ModelFolder)Error$/.test(err?.name);
  console.error(explainsItself ? err.message : err);
}

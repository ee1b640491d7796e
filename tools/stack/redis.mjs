// redis-server: the one on the PATH, else Debian's packages, unpacked into the cache: nothing of the machine changes, no
// service is started, and nobody has to be root.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PreparationError, run } from '../preparation.mjs';
import { installOnce, runStep } from './install-once.mjs';
import { HOST, portAnswers, ServerProcess, startOn } from './server-process.mjs';

const OLDEST_REDIS = 6.2;
const MISSING =
  'Redis is not installed, and this system has no apt-get to get it from. Install it (for example: brew install redis) ' +
  `so that redis-server ${OLDEST_REDIS} or newer is on the PATH`;

/** @returns {Promise<{program: string, env: NodeJS.ProcessEnv}>} */
export async function installRedis(tell) {
  if (await isUsable('redis-server', process.env)) return { program: 'redis-server', env: process.env };
  return installRedisPackages(tell);
}

/** The packages of Debian or Ubuntu, whatever is installed otherwise. */
export async function installRedisPackages(tell) {
  const folder = await installOnce('redis', (unfinished) => unpackPackages(unfinished, tell), tell);
  const libraries = await libraryFolders(folder);
  const program = join(folder, 'usr', 'bin', 'redis-server');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
  if (await isUsable(program, env)) return { program, env };
  throw new PreparationError(`Redis was unpacked to ${folder} and does not run there. Install redis-server yourself`);
}

async function isUsable(program, env) {
  const { status, output } = await run(program, ['--version'], { env }).catch(() => ({ status: 1, output: '' }));
  return status === 0 && Number(/v=(\d+\.\d+)/.exec(output)?.[1] ?? 0) >= OLDEST_REDIS;
}

async function unpackPackages(folder, tell) {
  tell('Installing Redis (once, some seconds)');
  const packages = join(folder, 'packages');
  const [lists, cache] = [join(packages, 'lists'), join(packages, 'cache')];
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  // Lists and locks of our own: the system's belong to root, and in a new container there are none.
  const own = [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`, 'Debug::NoLocking=true', 'APT::Sandbox::User='];
  const options = ['-qq', ...own.flatMap((option) => ['-o', option])];
  const apt = (...words) => runStep('apt-get', [...options, ...words], { tell, cwd: packages, missing: MISSING });
  await apt('update');
  // What installing it would bring, as `'address' file size hash`: with the libraries that this system lacks.
  const planned = await apt('install', '--print-uris', '--no-install-recommends', 'redis-server', 'redis-tools');
  const names = [...planned.matchAll(/^'[^']+' ([a-z\d][a-z\d+.-]*)_\S+\.deb /gm)].map(([, name]) => name);
  await apt('download', ...new Set(['redis-server', 'redis-tools', ...names]));
  const archives = (await readdir(packages)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) {
    await runStep('dpkg', ['-x', join(packages, archive), folder], { tell, missing: MISSING });
  }
  await rm(packages, { recursive: true });
}

/** `usr/lib/<triplet>` and the like. */
async function libraryFolders(folder) {
  const roots = ['lib', join('usr', 'lib')].map((path) => join(folder, path)).filter((path) => existsSync(path));
  const inside = await Promise.all(
    roots.map(async (path) => {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
    }),
  );
  return [...inside.flat(), ...roots];
}

/**
 * Keeps nothing over a restart: what Memorystack keeps in Redis may be lost.
 * @param {object} options
 * @param {string} options.folder
 * @param {number[]} [options.ports] one
 */
export async function startRedis({ ports, tell = () => undefined, onEnd, ...options }) {
  const { program, env } = await installRedis(tell);
  const folder = resolve(options.folder);
  const make = ([port]) =>
    new ServerProcess({
      ...{ name: 'Redis', variable: 'REDIS_URL', url: `redis://${HOST}:${port}/0`, folder, tell, onEnd, program, env },
      args: [
        ...['--bind', HOST, '--port', String(port), '--dir', folder, '--daemonize', 'no'],
        // BullMQ insists on noeviction: a full Redis must say so, not forget.
        ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
      ],
      readyLine: /Ready to accept connections/,
      answers: () => portAnswers(port, 'PING\r\n', /^\+PONG/),
    });
  return startOn({ count: 1, ports }, make);
}

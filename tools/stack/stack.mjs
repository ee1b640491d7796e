// All servers of the distributed profile on the loopback address, as one thing that starts and stops. Needs the build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreparationError } from '../preparation.mjs';
import { freePorts, HOST } from './server-process.mjs';
import { SERVERS } from './servers.mjs';

const PORT_WAIT_MS = 5_000;
const POLL_MS = 100;
const PORTS_FILE = 'ports.json';

/**
 * @typedef {object} Stack
 * @property {{name: string, variable: string, url: string, pid: number | null}[]} servers
 * @property {Record<string, string>} variables what Memorystack wants in its environment to use these servers
 * @property {() => Promise<void>} stop ends all servers in order; may be called again
 */

/**
 * Starts the servers with their data in `folder`, on the ports they had there before. What a killed stack left behind
 * is stopped first.
 * @param {object} options
 * @param {string} options.folder
 * @param {(line: string) => void} options.tell
 * @param {(sentence: string) => void} options.onEnd told when a server ends without being asked to
 * @returns {Promise<Stack>}
 * @throws PreparationError if a stack runs on this folder already, or something that is needed is missing
 */
export async function startStack({ folder: wanted, tell, onEnd }) {
  const folder = resolve(wanted);
  const lock = await lockStack(folder);
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    await lock.release();
  };
  try {
    const ending = Object.entries(SERVERS).map(([name, { endOrphan }]) => endOrphan(join(folder, name), tell));
    await Promise.all(ending);
    const ports = await choosePorts(folder);
    const starting = Object.keys(SERVERS).map(async (name) => {
      const server = await startOne(name, { folder: join(folder, name), ports: ports[name], tell, onEnd });
      started.push(server);
      tell(`${server.name} is ready at ${server.url.replace(/:[^:@]+@/, ':***@')}`);
    });
    const failed = (await Promise.allSettled(starting)).find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  } catch (err) {
    await stop();
    throw err;
  }
  const servers = started.toSorted((one, other) => one.variable.localeCompare(other.variable));
  return { servers, variables: Object.fromEntries(servers.map(({ variable, url }) => [variable, url])), stop };
}

/** The lock of the data folders: it cannot outlive its holder. */
async function lockStack(folder) {
  const { lockFolder, lockHolder } = await import('../../dist/libs/adapters/postgres/bundled-server/folder-lock.js');
  const holder = await lockHolder(folder);
  if (holder === null) return lockFolder(folder);
  throw new PreparationError(
    `A stack already runs on ${folder} (process ${holder.pid}). Stop that one first, or use another folder (--folder DIR).`,
  );
}

async function startOne(name, { folder, ports, tell, onEnd }) {
  const url = process.env.QDRANT_URL;
  if (name === 'qdrant' && url) return serverOfTheirs(url);
  return SERVERS[name].start({ folder, ports, tell, onEnd });
}

/** The Qdrant that QDRANT_URL names: used, and left alone. */
async function serverOfTheirs(url) {
  const headers = process.env.QDRANT_API_KEY ? { 'api-key': process.env.QDRANT_API_KEY } : {};
  const answer = await fetch(new URL('readyz', url.replace(/\/*$/, '/')), { headers }).catch((err) => err);
  if (!answer.ok) {
    const reason = answer.status ?? answer.cause?.message ?? answer.message;
    throw new PreparationError(`QDRANT_URL is ${url}, and there is no Qdrant that is ready (${reason})`);
  }
  return { name: 'Qdrant', variable: 'QDRANT_URL', url, pid: null, stop: () => Promise.resolve() };
}

/** Those that the folder had before, so that clients find their servers again; others where somebody has taken them. */
async function choosePorts(folder) {
  const file = join(folder, PORTS_FILE);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const chosen = await Promise.all(
    Object.entries(SERVERS).map(async ([name, { ports: count }]) => {
      const old = before[name] ?? [];
      const areFree = old.length === count && (await Promise.all(old.map(becomesFree))).every(Boolean);
      return [name, areFree ? old : await freePorts(count)];
    }),
  );
  const ports = Object.fromEntries(chosen);
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

/** A server whose stack was killed may need a moment to let go. */
async function becomesFree(port) {
  for (const endMs = Date.now() + PORT_WAIT_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    const server = createServer();
    const isFree = await new Promise((done) => {
      server.once('error', () => done(false)).listen(port, HOST, () => server.close(() => done(true)));
    });
    if (isFree) return true;
  }
  return false;
}

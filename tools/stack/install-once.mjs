// Where the servers' programs are kept, and how they get there once, though several processes may want them at a time.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreparationError, ROOT, run } from '../preparation.mjs';

const CACHE = join(ROOT, '.cache', 'stack');
const POLL_MS = 300;
const NO_NETWORK = /Unknown host|UnknownHost|Could not resolve|Name or service not known|Connection refused|ENOTFOUND/;

/**
 * The folder `name` of the cache, filled by `fill` if it is not there yet. It is filled under another name and renamed
 * when it is whole, so an installation that was cut short leaves nothing that looks finished.
 * @param {string} name holds the version: another version is another folder
 * @param {(folder: string) => Promise<void>} fill
 * @param {(line: string) => void} tell
 */
export async function installOnce(name, fill, tell) {
  const target = join(CACHE, name);
  if (existsSync(target)) return target;
  const lock = await waitForLock(join(CACHE, `${name}.lock`), () => tell(`Waiting for another process: ${name}`));
  try {
    if (existsSync(target)) return target;
    const unfinished = `${target}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await fill(unfinished);
    await rename(unfinished, target);
    return target;
  } finally {
    await lock.release();
  }
}

/** The lock of the data folders: it cannot outlive its holder. Needs the build. */
async function waitForLock(folder, sayWaiting) {
  const { lockFolder, lockHolder } = await import('../../dist/libs/adapters/postgres/bundled-server/folder-lock.js');
  for (let isFirst = true; ; isFirst = false) {
    if ((await lockHolder(folder)) === null) {
      const lock = await lockFolder(folder).catch((err) => err);
      if (!(lock instanceof Error)) return lock;
      // Somebody else was faster.
      if (!lock.message.includes('is in use by another')) throw lock;
    }
    if (isFirst) sayWaiting();
    await sleep(POLL_MS);
  }
}

/**
 * Runs a step of an installation.
 * @param {string} missing what to do where the program does not exist
 * @throws PreparationError with the program's last words
 */
export async function runStep(program, args, { tell, env = process.env, cwd = ROOT, missing }) {
  const { status, output } = await run(program, args, { tell, env, cwd }).catch((err) => {
    if (err.code === 'ENOENT') throw new PreparationError(missing);
    throw err;
  });
  if (status === 0) return output;
  const network = NO_NETWORK.test(output) ? ' There seems to be no network.' : '';
  throw new PreparationError(`${program} failed (${status}).${network} It says:\n${output.slice(-3000).trim()}`);
}

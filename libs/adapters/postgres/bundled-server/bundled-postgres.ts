import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries } from './binaries.js';
import {
  clusterFolder,
  ensureCluster,
  existingHome,
  prepareHome,
  superuserPassword,
  superuserUrl,
} from './cluster-home.js';
import { naming } from './data-folder-error.js';
import { lockFolder, lockHolder } from './folder-lock.js';
import { readStatus, startPostmaster, stopOrphan } from './postmaster.js';

const ATTACH_LIMIT_MS = 15_000;

/** Access to the PostgreSQL of a data folder. */
export interface BundledPostgres {
  /** Connection string of the superuser; the server listens on the loopback address only. */
  url: string;
  /** True if another process runs it: `stop` then leaves it alone. */
  shared: boolean;
  stop(): Promise<void>;
}

export interface BundledPostgresOptions {
  dataDir: string;
  /** A loopback port; without it any free one, another at every start. */
  port?: number | undefined;
  /** Told what takes time, in sentences for the person who waits. */
  onProgress?: (sentence: string) => void;
  /** Told when PostgreSQL ends without being asked to. */
  onUnexpectedExit?: (sentence: string) => void;
}

/** Whether a data folder already holds a database (see readOrCreateMasterKey). */
export async function bundledDatabaseExists(dataDir: string): Promise<boolean> {
  return (await existingHome(resolve(dataDir))) !== null;
}

/**
 * Takes the data folder and starts the PostgreSQL that npm brought along, as a child process with its data in
 * `<dataDir>/postgres` (made at the first start). It ends when `stop` is called, and also when this process dies.
 *
 * @throws DataFolderError if another server uses the folder, or the folder or the programs are unusable
 */
export async function openBundledPostgres(options: BundledPostgresOptions): Promise<BundledPostgres> {
  const { onProgress = () => undefined, onUnexpectedExit = () => undefined } = options;
  const folder = resolve(options.dataDir);
  const lock = await lockFolder(folder, onProgress);
  try {
    return await naming(folder, async () => {
      const dataDir = await realpath(folder);
      const home = await prepareHome(dataDir, onProgress);
      const binaries = await findBinaries(home.path, home.user, onProgress);
      const cluster = await ensureCluster(home, binaries, onProgress);
      const password = await superuserPassword(home.path);
      await stopOrphan(cluster, onProgress);
      const postmaster = await startPostmaster(binaries, home, cluster, {
        port: options.port,
        onExit: onUnexpectedExit,
      });
      const stop = () => postmaster.stop().then(() => lock.release());
      return { url: superuserUrl(password, postmaster.port), shared: false, stop };
    });
  } catch (err) {
    await lock.release().catch(() => undefined);
    throw err;
  }
}

/**
 * For tools beside a running server: its superuser's connection string, or null if no server holds the data folder.
 * A server that is just starting is waited for.
 */
export async function attachBundledPostgres(options: { dataDir: string }): Promise<string | null> {
  const dataDir = resolve(options.dataDir);
  for (const endMs = Date.now() + ATTACH_LIMIT_MS; (await lockHolder(dataDir)) !== null; await sleep(50)) {
    const home = await existingHome(dataDir);
    const status = home === null ? null : await readStatus(clusterFolder(home));
    if (home !== null && status?.isReady) return superuserUrl(await superuserPassword(home), status.port);
    if (Date.now() > endMs) throw new Error(`The server on ${dataDir} has not started its database within 15 s`);
  }
  return null;
}

/** The running server's PostgreSQL if there is one, else our own for as long as we need it. */
export async function attachOrOpenBundledPostgres(options: BundledPostgresOptions): Promise<BundledPostgres> {
  const url = await attachBundledPostgres(options);
  if (url === null) return openBundledPostgres(options);
  return { url, shared: true, stop: () => Promise.resolve() };
}

// PostgreSQL: the one that npm brings along, opened as the standalone server opens it. Needs the build.
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';

const bundled = (name) => import(`../../dist/libs/adapters/postgres/bundled-server/${name}.js`);

class PostgresProcess {
  name = 'PostgreSQL';
  variable = 'DATABASE_URL';
  #options;
  #opened = null;
  #isOpen = false;
  #pid = 0;

  constructor(options) {
    this.#options = options;
  }

  /** Of the postmaster; that of the last one when it does not run. */
  get pid() {
    return this.#pid;
  }

  get url() {
    return this.#opened.url;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  async start(port = this.#options.ports?.[0]) {
    const { folder, tell, onEnd } = this.#options;
    const { openBundledPostgres } = await bundled('bundled-postgres');
    const options = { dataDir: folder, port, onProgress: tell, onUnexpectedExit: onEnd };
    this.#opened = await openBundledPostgres(options);
    this.#isOpen = true;
    const [{ existingHome, clusterFolder }, { readStatus }] = await Promise.all(
      ['cluster-home', 'postmaster'].map((name) => bundled(name)),
    );
    this.#pid = (await readStatus(clusterFolder(await existingHome(folder)))).pid;
  }

  async stop() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#opened.stop();
  }

  /** As a crash; resolves when it has ended. */
  async kill(signal = 'SIGKILL') {
    if (!this.#isOpen) return;
    process.kill(this.#pid, signal);
    await this.stop();
  }

  /** On the same port, so that those who are connected find it again. */
  async restart() {
    const { port } = this;
    await this.stop();
    await this.start(port);
  }
}

/** Ends the PostgreSQL of a killed owner. Opening it does the same, but its port is wanted before. */
export async function stopOrphanedPostgres(folder, tell) {
  const [{ existingHome, clusterFolder }, { stopOrphan }] = await Promise.all(
    ['cluster-home', 'postmaster'].map((name) => bundled(name)),
  );
  const home = await existingHome(folder);
  const cluster = home === null ? null : await realpath(clusterFolder(home)).catch(() => null);
  if (cluster !== null) await stopOrphan(cluster, tell);
}

/**
 * @param {object} options
 * @param {string} options.folder
 * @param {number[]} [options.ports] one
 */
export async function startPostgres({ ports, tell = () => undefined, onEnd = () => undefined, ...options }) {
  const postgres = new PostgresProcess({ folder: resolve(options.folder), ports, tell, onEnd });
  await postgres.start();
  return postgres;
}

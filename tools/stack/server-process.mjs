// A server that runs as our child, on the loopback address, with its data, its log and a note of its process in one
// folder. It can be killed and started again on the same folder and port, and it does not outlive us: a shell of 1 MB
// waits on a pipe that the kernel closes with us, also after a kill -9. Where that fails, the next start on the folder
// finds the note and stops the orphan. Needs the build.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreparationError } from '../preparation.mjs';

export const HOST = '127.0.0.1';
const POLL_MS = 50;
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 30_000;
const START_ATTEMPTS = 5;
const PORT_TAKEN = /address already in use|address in use|could not bind/i;

const processIdentity = () => import('../../dist/libs/adapters/postgres/bundled-server/process-identity.js');

export class ServerProcess {
  #child = null;
  #watchdog = null;
  #ended = null;
  #isServing = false;

  /**
   * @param {object} settings
   * @param {string} settings.name
   * @param {string} settings.variable the environment variable by which Memorystack is told the url
   * @param {string} settings.url
   * @param {string} settings.folder
   * @param {string} settings.program
   * @param {string[]} settings.args
   * @param {NodeJS.ProcessEnv} [settings.env]
   * @param {RegExp} settings.readyLine what it logs when it is ready
   * @param {() => Promise<boolean>} settings.answers whether it answers
   * @param {(sentence: string) => void} [settings.tell] for what takes time
   * @param {(sentence: string) => void} [settings.onEnd] told when it served and ends without being asked to
   */
  constructor(settings) {
    this.settings = { tell: () => undefined, onEnd: () => undefined, env: process.env, ...settings };
  }

  get name() {
    return this.settings.name;
  }

  get variable() {
    return this.settings.variable;
  }

  get url() {
    return this.settings.url;
  }

  /** Of the running process, or of the last one. */
  get pid() {
    return this.#child.pid;
  }

  get isRunning() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Of this run; that of the run before is beside it, with `.1` at its end. */
  get logFile() {
    return join(this.settings.folder, `${this.name.toLowerCase()}.log`);
  }

  /** Resolves when it really answers. @throws PreparationError with the end of its log if it does not */
  async start() {
    const { folder, tell } = this.settings;
    mkdirSync(folder, { recursive: true });
    await stopOrphan(this.name, folder, tell);
    if (existsSync(this.logFile)) renameSync(this.logFile, `${this.logFile}.1`);
    await this.#spawn();
    const endMs = Date.now() + START_LIMIT_MS;
    while (!(await this.#isReady())) {
      if (this.isRunning && Date.now() < endMs) {
        await sleep(POLL_MS);
        continue;
      }
      const failure = this.isRunning ? `was not ready within ${START_LIMIT_MS / 1000} s` : 'did not start';
      await this.kill();
      const complaint = this.#log().slice(-3000).trim();
      throw new PreparationError(`${this.name} ${failure}; its log (${this.logFile}) says:\n${complaint}`);
    }
    this.#isServing = true;
  }

  async #spawn() {
    const { folder, program, args, env } = this.settings;
    const log = openSync(this.logFile, 'a', 0o600);
    try {
      // Detached: Ctrl-C in a terminal must reach only us, so that we can stop everything in order.
      const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', log, log] });
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      this.#child = child;
    } finally {
      closeSync(log);
    }
    const child = this.#child;
    const watchdog = startWatchdog(child.pid);
    this.#watchdog = watchdog;
    this.#isServing = false;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        watchdog.kill('SIGKILL'); // before its pipe closes, or it would signal whoever gets this process id next
        rmSync(noteFile(folder), { force: true });
        resolve();
        if (this.#isServing) {
          this.settings.onEnd(`${this.name} ended by itself (${signal ?? code}); its log is ${this.logFile}`);
        }
      });
    });
    const { processSpace, processStart } = await processIdentity();
    const note = { pid: child.pid, start: await processStart(child.pid), space: await processSpace() };
    if (this.isRunning) writeFileSync(noteFile(folder), JSON.stringify(note));
  }

  #log() {
    return readFileSync(this.logFile, 'utf8');
  }

  /** The log line as well as an answer: the port alone may be a stranger's. */
  async #isReady() {
    return this.isRunning && this.settings.readyLine.test(this.#log()) && this.settings.answers();
  }

  /** Ends it in order, and by force when that takes too long. */
  async stop() {
    if (!this.isRunning) return;
    this.#isServing = false;
    this.#child.kill('SIGTERM');
    const isSlow = await Promise.race([this.#ended.then(() => false), sleep(STOP_LIMIT_MS, true, { ref: false })]);
    if (isSlow) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Sends a signal that ends it, and waits until it has ended. */
  async kill(signal = 'SIGKILL') {
    if (!this.isRunning) return;
    this.#isServing = false;
    this.#child.kill(signal);
    await this.#ended;
  }

  /** The same server, on its folder and port, again; stopped first if it runs. */
  async restart() {
    await this.stop();
    await this.start();
  }
}

const noteFile = (folder) => join(folder, 'process.json');

function startWatchdog(pid) {
  const script = 'read -r _; kill -KILL "$1"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.once('error', () => undefined);
  watchdog.unref();
  watchdog.stdin.unref();
  return watchdog;
}

/** Ends the server that a killed owner left behind in this folder, if the process of the note is still that one. */
export async function stopOrphan(name, folder, tell) {
  const note = readNote(folder);
  if (note === null) return;
  const { processSpace, processStart } = await processIdentity();
  const isThere = async () => note.space === (await processSpace()) && (await processStart(note.pid)) === note.start;
  const endsWithin = async (limitMs) => {
    for (const endMs = Date.now() + limitMs; Date.now() < endMs; await sleep(POLL_MS)) {
      if (!(await isThere())) return true;
    }
    return false;
  };
  if (await isThere()) {
    tell(`Stopping the ${name} that a killed stack left behind (process ${note.pid})`);
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (await isThere()) process.kill(note.pid, signal);
      if (await endsWithin(STOP_LIMIT_MS)) break;
    }
    if (await isThere()) {
      throw new PreparationError(`A former ${name} (process ${note.pid}) works in ${folder} and does not end`);
    }
  }
  rmSync(noteFile(folder), { force: true });
}

/** A note that a power cut left torn names nobody who is still alive. */
function readNote(folder) {
  try {
    return JSON.parse(readFileSync(noteFile(folder), 'utf8'));
  } catch {
    return null;
  }
}

/** The operating system picks them; between this and the start somebody else may take one. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const listening = servers.map(
    (server) => new Promise((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve)),
  );
  await Promise.all(listening);
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Starts what `make` makes for these ports; without ports, on free ones, and again on others when somebody was faster.
 * @param {{count: number, ports?: number[]}} wanted
 * @param {(ports: number[]) => ServerProcess} make
 */
export async function startOn({ count, ports }, make) {
  for (let attempt = 1; ; attempt += 1) {
    const server = make(ports ?? (await freePorts(count)));
    try {
      await server.start();
      return server;
    } catch (err) {
      if (ports !== undefined || attempt === START_ATTEMPTS || !PORT_TAKEN.test(err.message)) throw err;
    }
  }
}

/** Sends a request as plain text and resolves to whether the beginning of the answer fits. */
export function portAnswers(port, request = '', expected = null) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(5_000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => (expected === null ? finish(true) : socket.write(request)));
    socket.once('data', (data) => finish(expected?.test(data.toString('latin1')) ?? true));
  });
}

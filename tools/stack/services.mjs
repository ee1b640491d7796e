// The services of the distributed profile as child processes of this one, for `npm run distributed` and for the tests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreparationError, ROOT } from '../preparation.mjs';
import { freePorts } from './server-process.mjs';

const READY_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 60_000;
const POLL_MS = 50;
const READY_LINE = /^The \w+ service is ready: (.*)$/m;

/** In the order in which they start; they stop in the other one. */
export const SERVICES = ['ingestion', 'search', 'maintenance', 'gateway'];

/** One service: it can be ended in any way and started again, on the same ports. */
export class Service {
  /** Everything that it printed since its last start. */
  output = '';
  #child = null;
  #exited = null;

  /**
   * @param {string} name
   * @param {Record<string, string>} variables
   * @param {{tell?: (line: string) => void, onEnd?: (sentence: string) => void}} hear
   */
  constructor(name, variables, { tell = () => {}, onEnd = () => {} } = {}) {
    this.name = name;
    this.variables = variables;
    this.tell = tell;
    this.onEnd = onEnd;
  }

  get pid() {
    return this.#child?.pid ?? null;
  }

  get isRunning() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it offers, from the line that says it is ready. */
  get offers() {
    return READY_LINE.exec(this.output)?.[1] ?? null;
  }

  get adminUrl() {
    return `http://127.0.0.1:${this.variables.MEMORYSTACK_ADMIN_PORT}`;
  }

  /** Starts the process. Resolves when it says that it is ready and its probe agrees. @throws PreparationError */
  async start() {
    this.output = '';
    const child = spawn(process.execPath, [join(ROOT, 'dist/apps', this.name, 'main.js')], {
      env: { ...withoutOwnVariables(process.env), ...this.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
        this.tell(text.trimEnd());
      });
    }
    this.#child = child;
    this.#exited = once(child, 'close').then(([code, signal]) => {
      this.onEnd(`The ${this.name} service ended (${signal ?? code})`);
      return { code, signal };
    });
    for (const endMs = Date.now() + READY_LIMIT_MS; Date.now() < endMs; await sleep(POLL_MS)) {
      if (!this.isRunning) break;
      if (this.offers !== null && (await this.#isReady())) return;
    }
    throw new PreparationError(`The ${this.name} service is not ready, and said:\n${this.output}`);
  }

  /** Sends a signal and waits until the process has ended. */
  async end(signal) {
    if (!this.isRunning) return this.#exited;
    this.#child.kill(signal);
    const late = sleep(STOP_LIMIT_MS, null, { ref: false });
    const exit = await Promise.race([this.#exited, late]);
    if (exit !== null) return exit;
    this.#child.kill('SIGKILL');
    throw new PreparationError(
      `The ${this.name} service did not end within ${STOP_LIMIT_MS / 1000} s:\n${this.output}`,
    );
  }

  async #isReady() {
    return fetch(`${this.adminUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/**
 * The environment of each service, on ports of the loopback address.
 * @param {Record<string, string>} shared what all of them need
 * @param {{port?: string, grpcPort?: string}} gateway where its callers expect it; any free port when absent
 * @returns {Promise<Record<string, Record<string, string>>>}
 */
export async function serviceVariables(shared, gateway = {}) {
  const ports = (await freePorts(SERVICES.length + 3)).map(String);
  const searchPort = ports.pop();
  const restPort = ports.pop();
  const grpcPort = ports.pop();
  const common = {
    ...shared,
    MEMORYSTACK_PROFILE: 'distributed',
    MEMORYSTACK_SEARCH_ADDRESS: `127.0.0.1:${searchPort}`,
  };
  const own = {
    gateway: { PORT: gateway.port ?? restPort, MEMORYSTACK_GRPC_PORT: gateway.grpcPort ?? grpcPort },
    search: { MEMORYSTACK_GRPC_PORT: searchPort },
  };
  return Object.fromEntries(
    SERVICES.map((name, at) => [name, { ...common, ...own[name], MEMORYSTACK_ADMIN_PORT: ports[at] }]),
  );
}

/** Runs the command that comes before the services. @returns what it printed @throws PreparationError */
export async function prepareServices(variables) {
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/maintenance/prepare.js')], {
    env: { ...withoutOwnVariables(process.env), ...variables, MEMORYSTACK_PROFILE: 'distributed' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new PreparationError(output.trim());
  return output;
}

/** A shell that is set up for one server must not decide for another. */
function withoutOwnVariables(environment) {
  const isOwn = (name) => /^(?:MEMORYSTACK_\w+|DATABASE_URL|PORT|KAFKA_\w+|REDIS_URL|QDRANT_\w+)$/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name)));
}

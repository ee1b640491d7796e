import { resolve } from 'node:path';
import { MASTER_KEY_BYTES, parseMasterKey } from './master-key.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const PROFILES = ['standalone', 'distributed'] as const;
const FIRST_API_KEY_MIN_CHARACTERS = 16;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** All that can be set from outside, read once at start. */
export interface Configuration {
  /** 0 lets the operating system choose. */
  port: number;
  host: string;
  /** Absolute path. */
  dataDir: string;
  profile: (typeof PROFILES)[number];
  /** Your own PostgreSQL; null starts the bundled one. */
  databaseUrl: string | null;
  /** Becomes an API key at the first start. */
  firstApiKey: string | null;
  /** 32 bytes in base64 or hex; null keeps the key in a file in the data folder. */
  masterKey: string | null;
  /** How long the same add without an idempotency key counts as a retry; 0 switches this off. */
  retryWindowSeconds: number;
  commandTimeoutMs: number;
  /** Per tenant. */
  rateLimitPerSecond: number;
  rateLimitBurst: number;
  logLevel: LogLevel;
}

/** Names every problem of the environment at once, one a line. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Every variable the server reads, in the order that the help shows them. */
export const VARIABLES = [
  'PORT',
  'MEMORYSTACK_HOST',
  'MEMORYSTACK_DATA_DIR',
  'MEMORYSTACK_PROFILE',
  'DATABASE_URL',
  'MEMORYSTACK_API_KEY',
  'MEMORYSTACK_MASTER_KEY',
  'MEMORYSTACK_RETRY_WINDOW_SECONDS',
  'MEMORYSTACK_COMMAND_TIMEOUT_MS',
  'MEMORYSTACK_RATE_LIMIT_PER_SECOND',
  'MEMORYSTACK_RATE_LIMIT_BURST',
  'MEMORYSTACK_LOG_LEVEL',
] as const;
type Variable = (typeof VARIABLES)[number];

/** Read by the SDKs and the tests, which may share a shell with the server. */
const FOREIGN_VARIABLE = /^MEMORYSTACK_(?:BASE_URL|TEST_\w+)$/;

/**
 * Reads the environment; an empty variable counts as unset.
 * @throws ConfigurationError listing all problems; secrets are never quoted in it
 */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const reader = new EnvironmentReader(environment);
  const configuration: Configuration = {
    port: reader.integer('PORT', { standard: 3000, min: 0, max: 65_535 }),
    host: reader.text('MEMORYSTACK_HOST') ?? '127.0.0.1',
    dataDir: resolve(reader.text('MEMORYSTACK_DATA_DIR') ?? './data'),
    profile: reader.choice('MEMORYSTACK_PROFILE', PROFILES, 'standalone'),
    databaseUrl: readDatabaseUrl(reader),
    firstApiKey: readFirstApiKey(reader),
    masterKey: readMasterKeyVariable(reader),
    retryWindowSeconds: reader.integer('MEMORYSTACK_RETRY_WINDOW_SECONDS', { standard: 60, min: 0, max: 86_400 }),
    commandTimeoutMs: reader.integer('MEMORYSTACK_COMMAND_TIMEOUT_MS', { standard: 25_000, min: 100, max: 600_000 }),
    rateLimitPerSecond: reader.integer('MEMORYSTACK_RATE_LIMIT_PER_SECOND', { standard: 500, min: 1, max: 1_000_000 }),
    rateLimitBurst: reader.integer('MEMORYSTACK_RATE_LIMIT_BURST', { standard: 1000, min: 1, max: 1_000_000 }),
    logLevel: reader.choice('MEMORYSTACK_LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (configuration.profile === 'distributed') {
    reader.problem('MEMORYSTACK_PROFILE=distributed is not available yet: unset it, or set it to standalone');
  }
  reader.reportUnknownVariables();
  if (reader.problems.length > 0) throw new ConfigurationError(reader.problems);
  return configuration;
}

function readDatabaseUrl(reader: EnvironmentReader): string | null {
  const url = reader.text('DATABASE_URL');
  if (url === null) return null;
  const isPostgres = URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol);
  if (!isPostgres) reader.problem('DATABASE_URL must look like postgresql://user:password@host:5432/database');
  return url;
}

function readFirstApiKey(reader: EnvironmentReader): string | null {
  const key = reader.text('MEMORYSTACK_API_KEY');
  if (key === null) return null;
  if (key.length < FIRST_API_KEY_MIN_CHARACTERS || /[^\x21-\x7e]/.test(key)) {
    reader.problem(
      `MEMORYSTACK_API_KEY must have at least ${FIRST_API_KEY_MIN_CHARACTERS} characters, ` +
        'all of them printable ASCII without spaces',
    );
  }
  return key;
}

function readMasterKeyVariable(reader: EnvironmentReader): string | null {
  const key = reader.text('MEMORYSTACK_MASTER_KEY');
  if (key !== null && parseMasterKey(key) === null) {
    reader.problem(`MEMORYSTACK_MASTER_KEY must be ${MASTER_KEY_BYTES} bytes in base64 or hex`);
  }
  return key;
}

/** Reads variables by name and collects what is wrong with them, instead of stopping at the first. */
class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  problem(sentence: string): void {
    this.problems.push(sentence);
  }

  text(name: Variable): string | null {
    const value = this.environment[name]?.trim();
    return value ? value : null;
  }

  integer(name: Variable, { standard, min, max }: { standard: number; min: number; max: number }): number {
    const value = this.text(name);
    if (value === null) return standard;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    this.problem(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
    return standard;
  }

  choice<Choice extends string>(name: Variable, choices: readonly Choice[], standard: Choice): Choice {
    const value = this.text(name);
    if (value === null) return standard;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.problem(`${name} must be one of ${choices.join(', ')}, not "${value}"`);
    return found ?? standard;
  }

  /** A misspelt name would otherwise be ignored in silence, and the server would run with the standard value. */
  reportUnknownVariables(): void {
    const known: readonly string[] = VARIABLES;
    for (const name of Object.keys(this.environment).sort()) {
      if (!name.startsWith('MEMORYSTACK_') || known.includes(name) || FOREIGN_VARIABLE.test(name)) continue;
      this.problem(`${name} is not a variable of this server; did you mean ${nearest(name, known)}?`);
    }
  }
}

function nearest(name: string, candidates: readonly string[]): string {
  const byDistance = candidates.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  return byDistance.reduce((best, next) => (next.distance < best.distance ? next : best)).candidate;
}

/** Levenshtein distance: the fewest insertions, deletions and replacements of one character. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}

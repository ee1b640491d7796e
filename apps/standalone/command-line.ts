import { type Configuration, readConfiguration } from '#libs/service-kit/configuration.js';

/** The command was called in a way that it does not take; the message says what is wrong. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Speaks to the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs an operator's command: `--help` prints its usage, a failure prints one sentence and ends with code 1, wrong
 * usage with code 2.
 */
export async function runCommand(
  usage: string,
  work: (words: string[], configuration: Configuration) => Promise<void>,
): Promise<void> {
  const words = process.argv.slice(2);
  if (words.length === 0 || words.includes('--help') || words.includes('-h')) return say(usage.trimEnd());
  await attempt(usage, () => work(words, readConfiguration()));
}

export async function attempt(usage: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    const misused = name === 'UsageError' || code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(misused ? `${message}\n\n${usage}` : `${message}\n`);
    process.exitCode = misused ? 2 : 1;
  }
}

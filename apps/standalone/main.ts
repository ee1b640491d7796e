import 'reflect-metadata';
import { readConfiguration } from '#libs/service-kit/configuration.js';
import { banner } from './banner.js';
import { say } from './command-line.js';
import { type RunningServer, startServer } from './server.js';

const complain = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
let server: RunningServer | null = null;
let isEnding = false;

/** Ends in order, once. Before the server runs there is nothing to end: its start fails by itself. */
function end(code: number, tell: () => void): void {
  if (isEnding) return;
  tell();
  isEnding = server !== null;
  server?.stop().then(
    () => process.exit(code),
    (error: Error) => process.exit((complain(error.message), 1)),
  );
}

try {
  const lost = (sentence: string): void => end(1, () => complain(`${sentence}. The server ends; start it again.`));
  server = await startServer(readConfiguration(), { progress: say, failed: complain, lost });
  say(banner(server));
  const stop = (): void => end(0, () => say('Stopping: finishing what was accepted, then the database.'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
} catch (error) {
  complain((error as Error).message);
  process.exit(1);
}

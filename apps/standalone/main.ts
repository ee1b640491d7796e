import 'reflect-metadata';
import { readConfiguration } from '#libs/service-kit/configuration.js';
import { banner } from './banner.js';
import { say } from './command-line.js';
import { startServer } from './server.js';

try {
  const complain = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const server = await startServer(readConfiguration(), { progress: say, failed: complain });
  say(banner(server));
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('Stopping: finishing what was accepted, then the database.');
      server.stop().then(
        () => process.exit(0),
        (error: Error) => process.exit((complain(error.message), 1)),
      );
    });
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

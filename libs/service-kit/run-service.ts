import { setTimeout as sleep } from 'node:timers/promises';
import { type Configuration, readConfiguration, type Servers } from './configuration.js';
import type { ReadyState } from './health.js';
import { createLogger, loggableError } from './logging.js';
import { startObservation } from './observation.js';

/** One of the services of the distributed profile, while it runs. */
export interface RunningService {
  /** What it offers and where, for the line that says it is ready. */
  offers: string;
  ready(): Promise<ReadyState>;
  /** From now on it says that it is not ready, and still answers. */
  startDraining(): void;
  /** Finishes what was accepted, then stops everything in the order of the dependencies. */
  stop(): Promise<void>;
}

export interface ServiceStart {
  configuration: Configuration;
  servers: Servers;
  note: (sentence: string) => void;
  failed: (error: Error) => void;
  lost: (error: Error) => void;
}

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
const complain = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const starting: ReadyState = { ready: false, detail: 'The service is starting.' };
const stopping: ReadyState = { ready: false, detail: 'The service is stopping.' };

/**
 * The life of a service: configuration, admin port, start, and the way out. On SIGTERM it says that it is not ready,
 * answers for `drainMs` more, so that load balancers notice, and stops; on SIGINT it stops at once.
 */
export async function runService(name: string, start: (given: ServiceStart) => Promise<RunningService>): Promise<void> {
  let service: RunningService | null = null;
  let isEnding = false;
  try {
    const configuration = readConfiguration();
    const { servers } = configuration;
    if (servers === null) throw new Error(aloneSentence(name));
    const ready = async () => (isEnding ? stopping : ((await service?.ready()) ?? starting));
    const observation = await startObservation(configuration, name, ready);
    const end = async (code: number, drainMs: number): Promise<void> => {
      if (isEnding) return;
      isEnding = true;
      service?.startDraining();
      await sleep(drainMs);
      await service?.stop();
      await observation.stop();
      process.exit(code);
    };
    const endAnyway = (code: number, drainMs: number): void => {
      end(code, drainMs).catch((error: Error) => process.exit((complain(error.message), 1)));
    };
    const logger = createLogger(configuration.logLevel).child({ service: name });
    const note = (sentence: string): void => logger.warn(sentence);
    const failed = (error: Error): void => logger.error({ error: loggableError(error) }, 'failed, and tried again');
    const lost = (error: Error): void => {
      complain(`${name} cannot go on and ends: ${error.message}`);
      endAnyway(1, 0);
    };
    process.on('SIGTERM', () => endAnyway(0, configuration.drainMs));
    process.on('SIGINT', () => endAnyway(0, 0));
    service = await start({ configuration, servers, note, failed, lost });
    say(
      `The ${name} service is ready: ${service.offers}${observation.adminUrl ? `, admin ${observation.adminUrl}` : ''}`,
    );
  } catch (error) {
    complain(`The ${name} service cannot start. ${(error as Error).message}`);
    process.exit(1);
  }
}

function aloneSentence(name: string): string {
  return (
    `The ${name} alone is one of the services of MEMORYSTACK_PROFILE=distributed: set it, with the servers that ` +
    'it needs, or run `npm start`, which has everything in one process.'
  );
}

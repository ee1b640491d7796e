import type { Provider } from '@nestjs/common';
import { LogReader } from '#libs/ports/log-reader.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { ServedIndex } from '#libs/ports/served-index.js';
import { StatementReader } from '#libs/ports/statement-reader.js';
import { BeliefNeighbours } from './neighbours.js';
import { MaintenanceWishes } from './maintenance-wishes.js';
import { Policies } from './policies.js';
import { StatementCache } from './statement-cache.js';

/** What both sides that compare beliefs need: ingestion, which decides, and search, which shows. */
export const beliefProviders: Provider[] = [
  {
    provide: BeliefNeighbours,
    inject: [MemoryReader, ServedIndex],
    useFactory: (reader: MemoryReader, served: ServedIndex) => new BeliefNeighbours(reader, served),
  },
  { provide: Policies, inject: [LogReader], useFactory: (logReader: LogReader) => new Policies(logReader) },
  {
    provide: MaintenanceWishes,
    inject: [LogReader],
    useFactory: (logReader: LogReader) => new MaintenanceWishes(logReader),
  },
  {
    provide: StatementCache,
    inject: [StatementReader],
    useFactory: (reader: StatementReader) => new StatementCache(reader),
  },
];

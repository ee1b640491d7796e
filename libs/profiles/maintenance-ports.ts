import type { Provider } from '@nestjs/common';
import { PostgresBelievedMemories } from '#libs/adapters/postgres/believed-memories.js';
import type { Database } from '#libs/adapters/postgres/database.js';
import { PostgresTimetable } from '#libs/adapters/postgres/timetable.js';
import { ThreadedMining } from '#libs/adapters/rules/mining/threaded-mining.js';
import { BelievedMemories } from '#libs/ports/believed-memories.js';
import { MemoryMining } from '#libs/ports/memory-mining.js';
import { Timetable } from '#libs/ports/timetable.js';

/** What maintenance of memories stands on, the same in both profiles. */
export function maintenancePorts(db: Database): { providers: Provider[]; close(): Promise<void> } {
  const mining = new ThreadedMining();
  return {
    providers: [
      { provide: BelievedMemories, useValue: new PostgresBelievedMemories(db) },
      { provide: Timetable, useValue: new PostgresTimetable(db) },
      { provide: MemoryMining, useValue: mining },
    ],
    close: () => mining.close(),
  };
}

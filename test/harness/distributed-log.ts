import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresCheckpoints } from '#libs/adapters/postgres/checkpoints.js';
import { Database } from '#libs/adapters/postgres/database.js';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { LogGrowth } from '#libs/adapters/postgres/ledger/log-growth.js';
import { PostgresLogReader } from '#libs/adapters/postgres/ledger/log-reader.js';
import { PostgresReadModelStore } from '#libs/adapters/postgres/read-model-store.js';
import type { ProjectionName } from '#libs/ports/checkpoints.js';
import { replayTenant } from '#libs/projections/replay.js';
import { parseMasterKey } from '#libs/service-kit/master-key.js';
import type { DistributedServer } from './distributed.js';

const catchUpLimitMs = 90_000;
const pollMs = 100;
const projections: readonly ProjectionName[] = ['read-model', 'search-index-1'];

interface OpenLog {
  db: Database;
  log: PostgresLogReader;
}

/** Runs `work` on the ledger of the installation, beside its services. */
async function withLog<T>({ variables }: DistributedServer, work: (open: OpenLog) => Promise<T>): Promise<T> {
  const { DATABASE_URL: url = '', MEMORYSTACK_MASTER_KEY: masterKey = '' } = variables;
  const db = new Database(url);
  try {
    const log = new PostgresLogReader(db, new KeyRing(db, parseMasterKey(masterKey)!), new LogGrowth());
    return await work({ db, log });
  } finally {
    await db.close();
  }
}

/** How far the log of each tenant reaches. */
export function logHeads(server: DistributedServer): Promise<{ tenantId: string; position: number }[]> {
  return withLog(server, ({ log }) => log.heads());
}

/**
 * Waits until both projections have followed the log to its end, stops the services, and makes the read model of every
 * tenant again from the ledger.
 * @returns what is wrong: nothing, when live and replayed are the same
 */
export function replayFaults(server: DistributedServer): Promise<string[]> {
  return withLog(server, async ({ db, log }) => {
    const store = new PostgresReadModelStore(db);
    const checkpoints = new PostgresCheckpoints(db);
    const heads = await log.heads();
    const faults = heads.length > 0 ? [] : ['the log is empty'];
    for (const { tenantId, position } of heads) {
      for (const projection of projections) {
        const reached = await reachedWithin(() => checkpoints.position(projection, tenantId), position);
        if (reached !== position) faults.push(`${projection} of ${tenantId} stays at ${reached} of ${position}`);
      }
    }
    await server.stopServices();
    for (const { tenantId } of heads) {
      const { digestBefore, digestAfter, parkedStreams } = await replayTenant(log, store, tenantId, () => undefined);
      if (digestBefore !== digestAfter) faults.push(`the read model of ${tenantId} is not what its log says`);
      if (parkedStreams > 0) faults.push(`${parkedStreams} streams of ${tenantId} are parked`);
    }
    return faults;
  });
}

async function reachedWithin(position: () => Promise<number>, wanted: number): Promise<number> {
  for (const endMs = Date.now() + catchUpLimitMs; ; await sleep(pollMs)) {
    const reached = await position();
    if (reached >= wanted || Date.now() > endMs) return reached;
  }
}

import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { replayPorts } from '#libs/profiles/distributed.profile.js';
import { replayFeed } from '#libs/projections/feed-replay.js';
import type { Servers } from '#libs/service-kit/configuration.js';
import { say, UsageError } from './command-line.js';

const progressEvery = 20_000;

/** Replays the log in Kafka into PostgreSQL and Qdrant, and says whether they were what it says. */
export async function replayDistributed(servers: Servers, tenant: string | null): Promise<void> {
  const database = await openSharedDatabase(servers);
  try {
    const lost = (error: Error): void => {
      throw error;
    };
    const ports = await replayPorts(servers, database, { failed: ({ message }) => say(message), note: say, lost });
    const heads = (await ports.log.heads()).filter(({ tenantId }) => tenant === null || tenantId === tenant);
    if (heads.length === 0) throw new UsageError('There is no such tenant.');
    say(
      `Replaying ${heads.reduce((sum, { position }) => sum + position, 0)} commits of ${heads.length} tenants from Kafka`,
    );
    const { tenants, events, seconds, indexSeconds } = await replayFeed(ports, heads, {
      events: every(progressEvery, (count) => say(`  ${count} events`)),
      documents: every(progressEvery, (count) => say(`  ${count} documents in the search index`)),
      gap: (tenantId, from, to) =>
        say(`  Kafka lacks commits ${from} to ${to} of ${tenantId}: they came from the ledger`),
    });
    for (const { tenantId, digestBefore, digestAfter, parkedStreams } of tenants) {
      say(`Tenant ${tenantId}`);
      say(`  digest before  ${digestBefore}`);
      say(`  digest after   ${digestAfter}  ${digestBefore === digestAfter ? 'equal' : 'DIFFERENT'}`);
      if (parkedStreams > 0) say(`  parked streams ${parkedStreams}`);
    }
    say(
      `Replayed ${events} events in ${seconds.toFixed(2)} s: ${Math.round(events / Math.max(seconds, 1e-9))} events/s`,
    );
    say(`Filled the search index in ${indexSeconds.toFixed(2)} s`);
    await ports.close();
    const different = tenants.filter(({ digestBefore, digestAfter }) => digestBefore !== digestAfter).length;
    if (different > 0)
      throw new Error(`${different} of ${tenants.length} read models were not what their log says. They are now.`);
  } finally {
    await database.close();
  }
}

/** Tells a count that grows each time it has grown by `step`. */
function every(step: number, tell: (count: number) => void): (...last: [number] | [string, number]) => void {
  let announced = 0;
  return (...last) => {
    const count = last.at(-1) as number;
    if (count < announced) announced = 0;
    if (count - announced < step) return;
    announced = count;
    tell(count);
  };
}

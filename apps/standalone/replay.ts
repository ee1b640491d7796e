import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openStandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { keptIndexFolder, standaloneLog } from '#libs/profiles/standalone.profile.js';
import { replayTenant } from '#libs/projections/replay.js';
import { type Configuration, readConfiguration } from '#libs/service-kit/configuration.js';
import { attempt, say, UsageError } from './command-line.js';

const usage = `Wipes every read model, makes it again from the log, and compares the two by their digests.

  npm run replay [-- --tenant NAME]              the read models of a single process; the server must be stopped
  npm run replay -- --profile distributed        read models and search index of the services, from the log in Kafka;
                                                 the search services must be stopped, and the variables be theirs
`;

const progressEveryEvents = 20_000;

if (process.argv.includes('--help') || process.argv.includes('-h')) say(usage.trimEnd());
else await attempt(usage, replay);

async function replay(): Promise<void> {
  const { values } = parseArgs({ options: { tenant: { type: 'string' }, profile: { type: 'string' } } });
  const configuration = readConfiguration();
  const { profile = configuration.profile } = values;
  if (profile !== configuration.profile) {
    throw new UsageError(
      `--profile ${profile} needs MEMORYSTACK_PROFILE=${profile}, and the variables of its servers.`,
    );
  }
  if (configuration.servers !== null) {
    const { replayDistributed } = await import('./replay-distributed.js');
    return replayDistributed(configuration.servers, values.tenant ?? null);
  }
  return replayStandalone(configuration, values.tenant);
}

async function replayStandalone(configuration: Configuration, tenant: string | undefined): Promise<void> {
  const database = await openStandaloneDatabase(configuration, {
    holdFolder: 'take',
    onProgress: say,
    onUnexpectedExit: say,
  });
  try {
    const { reader, store } = standaloneLog(database);
    const heads = (await reader.heads()).filter(({ tenantId }) => tenant === undefined || tenantId === tenant);
    if (heads.length === 0) throw new UsageError('There is no such tenant.');
    // It was made from the rows that are made again.
    await rm(keptIndexFolder(configuration.dataDir), { recursive: true, force: true });
    let total = 0;
    let seconds = 0;
    let different = 0;
    for (const { tenantId, position } of heads) {
      say(`Tenant ${tenantId}: ${position} commits`);
      let announced = 0;
      const result = await replayTenant(reader, store, tenantId, (events) => {
        if (events - announced < progressEveryEvents) return;
        announced = events;
        say(`  ${events} events`);
      });
      const same = result.digestBefore === result.digestAfter;
      say(`  digest before  ${result.digestBefore}`);
      say(`  digest after   ${result.digestAfter}  ${same ? 'equal' : 'DIFFERENT'}`);
      if (result.parkedStreams > 0) say(`  parked streams ${result.parkedStreams}`);
      total += result.events;
      seconds += result.seconds;
      if (!same) different += 1;
    }
    say(`Replayed ${total} events in ${seconds.toFixed(2)} s: ${Math.round(total / Math.max(seconds, 1e-9))} events/s`);
    if (different > 0)
      throw new Error(`${different} of ${heads.length} read models were not what their log says. They are now.`);
  } finally {
    await database.close();
  }
}

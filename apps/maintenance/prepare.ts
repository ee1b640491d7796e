import { prepareServers } from '#libs/profiles/distributed.profile.js';
import { ensureFirstKey, firstKeyLines } from '#libs/profiles/first-key.js';
import { prepareSharedDatabase } from '#libs/profiles/shared-database.js';
import { readConfiguration } from '#libs/service-kit/configuration.js';

/**
 * Once before the services, and before each upgrade of them: tables, topics, collection and the first API key. What is
 * there already stays as it is.
 */
const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

try {
  const configuration = readConfiguration();
  const { servers, firstApiKey } = configuration;
  if (servers === null) throw new Error('Set MEMORYSTACK_PROFILE=distributed: `npm start` prepares itself.');
  const database = await prepareSharedDatabase(servers, say);
  try {
    say('PostgreSQL: the tables are up to date');
    await prepareServers(servers, database, configuration, say);
    for (const line of firstKeyLines(await ensureFirstKey(database.tenants, firstApiKey))) say(line);
  } finally {
    await database.close();
  }
} catch (error) {
  process.stderr.write(`Nothing could be prepared. ${(error as Error).message}\n`);
  process.exitCode = 1;
}

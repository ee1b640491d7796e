// The servers that the distributed profile needs, by name.
import { installKafka, startKafka } from './kafka.mjs';
import { startPostgres, stopOrphanedPostgres } from './postgres.mjs';
import { installQdrant, startQdrant } from './qdrant.mjs';
import { installRedis, startRedis } from './redis.mjs';
import { stopOrphan } from './server-process.mjs';

const endOrphan = (name) => (folder, tell) => stopOrphan(name, folder, tell);

export const SERVERS = {
  kafka: { start: startKafka, ports: 2, endOrphan: endOrphan('Kafka') },
  redis: { start: startRedis, ports: 1, endOrphan: endOrphan('Redis') },
  qdrant: { start: startQdrant, ports: 1, endOrphan: endOrphan('Qdrant') },
  postgres: { start: startPostgres, ports: 1, endOrphan: stopOrphanedPostgres },
};

/** Installs what npm does not bring along. Does nothing when everything is there. */
export async function installServers(tell) {
  await installKafka(tell);
  await installRedis(tell);
  if (!process.env.QDRANT_URL) await installQdrant(tell);
}

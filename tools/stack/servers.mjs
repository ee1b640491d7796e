// The servers that the distributed profile needs, by name.
import { installKafka, startKafka } from './kafka.mjs';
import { startPostgres } from './postgres.mjs';
import { installQdrant, startQdrant } from './qdrant.mjs';
import { installRedis, startRedis } from './redis.mjs';

export const SERVERS = {
  kafka: { start: startKafka, ports: 2 },
  redis: { start: startRedis, ports: 1 },
  qdrant: { start: startQdrant, ports: 1 },
  postgres: { start: startPostgres, ports: 1 },
};

/** Installs what npm does not bring along. Does nothing when everything is there. */
export async function installServers(tell) {
  await installKafka(tell);
  await installRedis(tell);
  if (!process.env.QDRANT_URL) await installQdrant(tell);
}

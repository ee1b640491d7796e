// How fast memories come in from a file through the started server, with beliefs compared where slots are held.
// usage: npm run bench -- import [MEMORIES]
import { randomUUID } from 'node:crypto';
import { report } from './measuring.mjs';
import { withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const memories = Number(process.argv[2] ?? 10_000);
const rowsPerRequest = 1_000;
const requestsAtOnce = 2;
const users = 2_000;
const random = seededRandom(6);

/** Every fourth says what one has one of at a time, half of the users twice. */
function row(number) {
  const user_id = `user-${number % users}`;
  const content =
    number % 4 === 0 ? `I live in Town ${number}.` : `Note ${number}: ${sentence(random, between(random, 8, 16))}`;
  return JSON.stringify({ id: randomUUID(), content, user_id, created_at: '2025-01-01T00:00:00Z' });
}

async function send({ url, headers }, lines) {
  const answer = await fetch(`${url}/api/v1/memories/import`, {
    ...{ method: 'POST', headers: { ...headers, 'content-type': 'application/x-ndjson' }, body: lines.join('\n') },
  });
  const told = await answer.json();
  if (answer.status !== 200 || told.created !== lines.length) throw new Error(JSON.stringify(told).slice(0, 500));
}

await withDataFolder((dataDir) =>
  withServer(dataDir, (server) =>
    report('import', { memoriesPerSecond: { unit: 'memories/s', bar: 1_000, better: 'higher' } }, async () => {
      const files = Array.from({ length: memories / rowsPerRequest }, (_, file) =>
        Array.from({ length: rowsPerRequest }, (__, line) => row(file * rowsPerRequest + line)),
      );
      const startedMs = performance.now();
      const worker = async () => {
        for (let lines = files.pop(); lines; lines = files.pop()) await send(server, lines);
      };
      await Promise.all(Array.from({ length: requestsAtOnce }, worker));
      return { memoriesPerSecond: Math.round((1_000 * memories) / (performance.now() - startedMs)) };
    }),
  ),
);

// How fast batches of a thousand memories become memories, from the first request to the last job that is over, with
// beliefs revised as for any other write. One tenant, so that one job runs at a time.
import { report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const batches = 8;
const items = 1_000;
const lookEveryMs = 50;

const random = seededRandom(1);
let made = 0;

const batch = () => ({
  memories: Array.from({ length: items }, () => ({
    content: `Customer ${(made += 1)} says ${sentence(random, between(random, 8, 16))}`,
  })),
});

async function over(server, id) {
  for (;;) {
    const job = await ask(server, 'GET', `/batch-jobs/${id}`);
    if (job.status === 'completed') return job;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

await withDataFolder((dataDir) =>
  withServer(dataDir, async (server) => {
    await report(
      'batch',
      {
        memoriesPerSecond: { unit: 'memories/s', bar: 1_000, better: 'higher' },
        acceptedMs: { unit: 'ms' },
      },
      async () => {
        const startMs = performance.now();
        const jobs = [];
        for (let sent = 0; sent < batches; sent += 1)
          jobs.push(await ask(server, 'POST', '/memories/batch/create', batch()));
        const acceptedMs = (performance.now() - startMs) / batches;
        for (const { job_id: id } of jobs) {
          const { succeeded } = await over(server, id);
          if (succeeded !== items) throw new Error(`${succeeded} of ${items} succeeded`);
        }
        return { memoriesPerSecond: (batches * items * 1000) / (performance.now() - startMs), acceptedMs };
      },
    );
  }),
);

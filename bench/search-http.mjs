// How long a search takes over HTTP, in a tenant of 10,000 and of 100,000 documents, without any filter: one client that
// asks one question after another, then four at once.
import { availableParallelism } from 'node:os';
import { appendCorpus, questionsOf } from './corpus.mjs';
import { withLedger } from './ledger-writing.mjs';
import { concurrently, percentile, report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const p95BarsMs = { 10_000: 15, 100_000: 40 };
const questionsPerRun = 320;
const clientsAtOnce = 4;

/** Every other question by GET, the rest by POST. */
async function search(server, question, number) {
  const answer =
    number % 2 === 0
      ? await ask(server, 'GET', `/memories/search?limit=10&query=${encodeURIComponent(question)}`)
      : await ask(server, 'POST', '/memories/search', { query: question, limit: 10 });
  return answer.count;
}

async function measure(server, run) {
  const timesOf = async (clients, seed) => {
    const questions = questionsOf(questionsPerRun, seed);
    let found = 0;
    const times = await concurrently(questions.length, clients, async (number) => {
      found += await search(server, questions[number], number);
    });
    if (found < questions.length) throw new Error(`${questions.length} questions found ${found} results in all.`);
    return times;
  };
  const alone = await timesOf(1, 1_000 + run);
  const together = await timesOf(clientsAtOnce, 2_000 + run);
  return {
    p50Ms: percentile(alone, 0.5),
    p95Ms: percentile(alone, 0.95),
    fourClientsP50Ms: percentile(together, 0.5),
    fourClientsP95Ms: percentile(together, 0.95),
  };
}

for (const documents of sizes) {
  await withDataFolder(async (dataDir) => {
    await withLedger(dataDir, ({ send }) => appendCorpus(send, documents));
    await withServer(dataDir, async (server) => {
      const health = await (await fetch(`${server.url}/health`)).json();
      console.log(`${health.indexed_documents} documents, ${availableParallelism()} cores`);
      await report(
        `search-http-${documents}`,
        {
          p50Ms: { unit: 'ms' },
          p95Ms: { unit: 'ms', bar: p95BarsMs[documents], better: 'lower' },
          fourClientsP50Ms: { unit: 'ms' },
          fourClientsP95Ms: { unit: 'ms' },
        },
        (run) => measure(server, run),
      );
    });
  });
}

// npm run bench -- NAME: builds what is stale and runs one benchmark; without a name it lists them.
import { PreparationError, explain, prepare } from '../tools/preparation.mjs';

const benchmarks = {
  append: 'events that the ledger acknowledges as durable, at its port, 64 at once',
  ingest: 'POST /memories through the started server, 32 at once, verbatim and as conversations',
  export: 'memories that the started server writes to a file, and its memory while it does (argument: how many)',
  import: 'memories that the started server takes in from files (argument: how many)',
  batch: 'batches of a thousand memories, from the first request to the last job that is over',
  replay: 'events that a replay turns into the read model again',
  search: 'a whole search in one process, by documents (arguments: how many), filters and embedder; memory, event loop',
  'search-http': 'GET and POST /memories/search at 10,000 and 100,000 documents',
  start: 'from the start of the process to ready, and its memory when idle, with 10,000 memories',
  locomo: 'how well search finds the evidence in two long conversations, through the HTTP API',
  beliefs: 'how well rules read and relate labelled statement pairs, and the milliseconds it takes',
  maintenance: 'how well what was said twice is merged and patterns are found (argument: seed), and the time it takes',
  distributed: 'the services on one machine beside the standalone server: writes, relay, replay from Kafka, memory',
  consolidate: 'a run of maintenance over 10,000 memories of one believer while searches go on, and taking it back',
  page: 'writes the figures of bench/results into docs/benchmarks.md (--check: says whether they are there)',
};
const files = { locomo: './locomo/http.mjs' };

const [name, ...rest] = process.argv.slice(2);
try {
  if (name === undefined || name === '--help' || name === '-h') {
    console.log('npm run bench -- NAME\n');
    for (const [known, what] of Object.entries(benchmarks)) console.log(`  ${known.padEnd(11)} ${what}`);
    console.log('\nBENCH_RUNS=n          runs after the warm-up (5)');
    console.log(
      'BENCH_SERVER_FLAGS=…  flags of Node for the started server, such as --cpu-prof --cpu-prof-dir=profiles',
    );
  } else {
    if (!Object.hasOwn(benchmarks, name)) throw new PreparationError(`There is no benchmark "${name}".`);
    await prepare((line) => console.error(line));
    process.argv.splice(2, Infinity, ...rest);
    await import(files[name] ?? `./${name}.mjs`);
  }
} catch (err) {
  explain(err);
  process.exitCode = 1;
}

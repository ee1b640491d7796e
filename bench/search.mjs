// How long a whole search takes in one process by the number of documents, with and without vectors, under filters that
// keep all, a tenth and a thousandth of them, and in a small tenant beside; what a document costs in memory, and how
// long the event loop stands still. Qdrant is measured in the same way where QDRANT_URL names one.
// arguments: numbers of documents (10000 100000; 1000000 takes many minutes); MEMORYSTACK_EMBEDDER: only that one
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { report } from './measuring.mjs';
import { figuresOf } from './search-index/figures.mjs';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
if (sizes.some((size) => !Number.isInteger(size) || size < 1_000)) {
  throw new Error('The arguments are numbers of documents, at least 1000.');
}
const { MEMORYSTACK_EMBEDDER: onlyEmbedder, QDRANT_URL: qdrantUrl } = process.env;
const embedders = onlyEmbedder ? [onlyEmbedder] : ['none', 'static'];
const flags = process.env.BENCH_SERVER_FLAGS?.split(' ').filter(Boolean) ?? [];
const measuredProcess = fileURLToPath(new URL('search-index/measured-process.mjs', import.meta.url));

const kinds = qdrantUrl ? ['in-process', 'qdrant'] : ['in-process'];
if (!qdrantUrl) console.log('QDRANT_URL is not set: Qdrant is not measured.');
for (const documents of sizes) {
  for (const kind of kinds) for (const embedderName of embedders) await measure({ kind, embedderName, documents });
}

async function measure(subject) {
  const { kind, embedderName, documents } = subject;
  const child = fork(measuredProcess, [JSON.stringify(subject)], { execArgv: ['--expose-gc', ...flags] });
  const exited = once(child, 'exit');
  const answer = async () => {
    const [message] = await Promise.race([once(child, 'message'), exited]);
    if (typeof message !== 'object' || message === null) throw new Error('The measured process ended too early.');
    return message;
  };
  try {
    const { built } = await answer();
    console.log(`${documents} documents, ${kind}, embedder ${embedderName}: ${JSON.stringify(built)}`);
    const name = `search-${kind}-${embedderName}-${documents}`;
    const run = async (number) => {
      child.send({ run: number });
      return (await answer()).figures;
    };
    await report(name, figuresOf(kind, embedderName, documents), run, { more: () => subject });
    child.send({});
    await exited;
  } finally {
    child.kill();
  }
}

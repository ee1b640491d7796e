// npm run stack: Kafka, Redis, Qdrant and PostgreSQL on the loopback address, until Ctrl-C.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { explain, prepare, PreparationError } from '../preparation.mjs';
import { startStack } from './stack.mjs';

/** @returns null for --help */
function readArguments() {
  const options = { folder: { type: 'string', default: 'data/stack' }, help: { type: 'boolean', short: 'h' } };
  try {
    const { values } = parseArgs({ options });
    return values.help ? null : values;
  } catch (err) {
    throw new PreparationError(`${err.message}. See npm run stack -- --help`);
  }
}

/** Resolves to why the stack is to stop. */
function untilTold(ended) {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve({ signal }));
    ended.then((sentence) => resolve({ sentence }));
  });
}

async function main({ folder }) {
  await prepare((line) => console.log(line));
  let tellEnd;
  const told = untilTold(new Promise((resolve) => (tellEnd = resolve)));
  console.log('Starting Kafka, PostgreSQL, Qdrant and Redis');
  const stack = await startStack({ folder, tell: (line) => console.log(line), onEnd: tellEnd });
  const variables = Object.entries(stack.variables).map(([name, value]) => `export ${name}='${value}'`);
  console.log(`\n${variables.join('\n')}\n\nThe stack is ready. Ctrl-C stops it.`);
  const { sentence } = await told;
  console.log(sentence ?? 'Stopping');
  await stack.stop();
  console.log('Stopped');
  return sentence === undefined ? 0 : 1;
}

try {
  const values = readArguments();
  if (values === null) console.log(readFileSync(new URL('help.txt', import.meta.url), 'utf8').trimEnd());
  else process.exitCode = await main(values);
} catch (err) {
  explain(err);
  process.exitCode = 1;
}

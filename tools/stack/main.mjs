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

async function main({ folder }) {
  await prepare((line) => console.log(line));
  let exitCode = null;
  let wake;
  const told = new Promise((resolve) => (wake = resolve));
  const endWith = (code, sentence) => {
    if (exitCode !== null) return;
    exitCode = code;
    console.log(sentence);
    wake();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endWith(0, 'Stopping'));
  console.log('Starting Kafka, PostgreSQL, Qdrant and Redis');
  const onEnd = (sentence) => endWith(1, `${sentence}. Stopping the others`);
  const stack = await startStack({ folder, tell: (line) => console.log(line), onEnd });
  if (exitCode === null) {
    const variables = Object.entries(stack.variables).map(([name, value]) => `export ${name}='${value}'`);
    console.log(`\n${variables.join('\n')}\n\nThe stack is ready. Ctrl-C stops it.`);
  }
  await told;
  await stack.stop();
  console.log('Stopped');
  return exitCode;
}

try {
  const values = readArguments();
  if (values === null) console.log(readFileSync(new URL('help.txt', import.meta.url), 'utf8').trimEnd());
  else process.exitCode = await main(values);
} catch (err) {
  explain(err);
  process.exitCode = 1;
}

// npm run distributed: the stack and the services on the loopback address, as somebody would run them on a cluster.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain, prepare, PreparationError } from './preparation.mjs';
import { prepareServices, Service, SERVICES, serviceVariables } from './stack/services.mjs';
import { startStack } from './stack/stack.mjs';

const HELP = `Runs Memorystack as services that talk over Kafka, with the servers that they need, until Ctrl-C.

  npm run distributed [-- --folder DIR] [--verbose]

  --folder DIR   where the servers and the master key are kept (data/stack)
  --verbose      show what the services print

The gateway listens on PORT (3000) and MEMORYSTACK_GRPC_PORT (50051). MEMORYSTACK_API_KEY, MEMORYSTACK_MASTER_KEY,
MEMORYSTACK_LOG_LEVEL and the limits are passed on; see npm start -- --help.`;

const PASSED_ON = /^MEMORYSTACK_(?:API_KEY|LOG_LEVEL|RATE_LIMIT_\w+|COMMAND_TIMEOUT_MS|RETRY_WINDOW_SECONDS)$/;

/** Of the first run on the folder: what was encrypted with it can only be read with it. */
function masterKey(folder) {
  if (process.env.MEMORYSTACK_MASTER_KEY) return process.env.MEMORYSTACK_MASTER_KEY;
  const file = join(folder, 'master.key');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

async function main({ folder, verbose }) {
  const say = (line) => console.log(line);
  await prepare(say);
  let exitCode = null;
  let wake;
  const told = new Promise((resolve) => (wake = resolve));
  const endWith = (code, sentence) => {
    if (exitCode !== null) return;
    exitCode = code;
    say(sentence);
    wake();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endWith(0, 'Stopping'));
  const onEnd = (sentence) => endWith(1, `${sentence}. Stopping the others`);
  say('Starting Kafka, PostgreSQL, Qdrant and Redis');
  const stack = await startStack({ folder, tell: say, onEnd });
  const services = [];
  try {
    const passedOn = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
    const shared = { ...stack.variables, ...Object.fromEntries(passedOn), MEMORYSTACK_MASTER_KEY: masterKey(folder) };
    const prepared = await prepareServices(shared);
    const { PORT: port = '3000', MEMORYSTACK_GRPC_PORT: grpcPort = '50051' } = process.env;
    const variables = await serviceVariables(shared, { port, grpcPort });
    for (const name of SERVICES) {
      services.push(new Service(name, variables[name], { tell: verbose ? say : undefined, onEnd }));
    }
    // Those that wait for nobody together; the gateway is ready when search answers it.
    if (exitCode === null) await Promise.all(services.slice(0, -1).map((service) => service.start()));
    if (exitCode === null) await services.at(-1).start();
    if (exitCode === null) banner(services, prepared, port);
    await told;
  } catch (err) {
    exitCode ??= 1;
    explain(err);
  }
  for (const service of services.toReversed()) await service.end('SIGINT');
  await stack.stop();
  say('Stopped');
  return exitCode;
}

function banner(services, prepared, port) {
  for (const { name, offers } of services) console.log(`${name}: ${offers}`);
  const keyLines = prepared.split('\n').filter((line) => /^(?:API key|It is shown)/.test(line));
  const key = /^API key: (\S+)$/m.exec(prepared)?.[1] ?? '$MEMORYSTACK_API_KEY';
  const url = `http://127.0.0.1:${port}`;
  console.log(`
Memorystack is ready at ${url}   (browse the API: ${url}/docs)
${keyLines.join('\n')}

Try it:
  curl -s ${url}/api/v1/memories -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\
    -d '{"messages": [{"role": "user", "content": "I love Python and prefer dark mode"}]}'

Ctrl-C stops it.
`);
}

function readArguments() {
  const options = {
    folder: { type: 'string', default: 'data/stack' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  };
  try {
    const { values } = parseArgs({ options });
    return values.help ? null : values;
  } catch (err) {
    throw new PreparationError(`${err.message}. See npm run distributed -- --help`);
  }
}

try {
  const values = readArguments();
  if (values === null) console.log(HELP);
  else process.exitCode = await main(values);
} catch (err) {
  explain(err);
  process.exitCode = 1;
}

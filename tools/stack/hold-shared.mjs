// Holds one server that all tests of a jest run share. It outlives the worker that asked for it first, and ends with the
// run: told so by the run, or when the run's process is gone.
//   node hold-shared.mjs NAME FOLDER OWNER_PID
import { renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compile } from '../preparation.mjs';
import { SERVERS } from './servers.mjs';

const WATCH_MS = 500;
const [name, folder, owner] = process.argv.slice(2);
const ownerPid = Number(owner);

/** Seen whole or not at all. */
function place(file, content) {
  writeFileSync(join(folder, `${file}.unfinished`), content);
  renameSync(join(folder, `${file}.unfinished`), join(folder, file));
}

function fail(sentence) {
  console.error(sentence);
  place(`${name}.failed`, sentence);
  process.exit(1);
}

place(`${name}.holder`, String(process.pid));
let isAskedToEnd = false;
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => (isAskedToEnd = true));
try {
  await compile(console.log);
  const { processStart } = await import('../../dist/libs/adapters/postgres/bundled-server/process-identity.js');
  const ownerStart = await processStart(ownerPid);
  const server = await SERVERS[name].start({ folder: join(folder, name), tell: console.log, onEnd: fail });
  place(`${name}.ready`, JSON.stringify({ url: server.url, serverPid: server.pid }));
  while (!isAskedToEnd && ownerStart !== null && (await processStart(ownerPid)) === ownerStart) await sleep(WATCH_MS);
  // Nobody wants its data any more.
  await server.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
} catch (err) {
  fail(err.message);
}

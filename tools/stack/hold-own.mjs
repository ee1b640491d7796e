// Holds one server for one test, which tells it what to do over the channel between the processes. When the test's
// process is gone, the channel closes, and the server ends.
//   node hold-own.mjs NAME FOLDER SETTINGS, by fork
import { mkdirSync } from 'node:fs';
import { compile } from '../preparation.mjs';
import { SERVERS } from './servers.mjs';

const [name, folder, settings] = process.argv.slice(2);
let server = null;

process.once('disconnect', async () => {
  await server?.kill().catch(() => undefined);
  process.exit(0);
});

const calls = {
  start: async () => {
    await compile(() => undefined);
    mkdirSync(folder, { recursive: true });
    server = await SERVERS[name].start({ folder, ...JSON.parse(settings) });
  },
  kill: (signal) => server.kill(signal),
  restart: () => server.restart(),
  stop: () => server?.stop(),
};

process.on('message', async ({ id, call, argument }) => {
  try {
    await calls[call](argument);
    process.send({ id, url: server?.url, pid: server?.pid });
  } catch (err) {
    process.send({ id, error: err.message });
  }
});

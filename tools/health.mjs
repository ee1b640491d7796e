// Asks a service of this machine whether it can serve: exit code 0 if it can, else 1 and why. Health checks of
// containers run it, because a slim image has no other HTTP client.
//   node tools/health.mjs [--live]
const LIMIT_MS = 4000;
const STANDARD_PORT = 9464;

const port = process.env.MEMORYSTACK_ADMIN_PORT || STANDARD_PORT;
const path = process.argv.includes('--live') ? 'livez' : 'readyz';
// A server that listens on every address is asked by way of the loopback.
const host = (process.env.MEMORYSTACK_HOST || '127.0.0.1').replace(/^0\.0\.0\.0$|^::$/, '127.0.0.1');
const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/${path}`;

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  const text = (await answer.text()).slice(0, 500);
  if (!answer.ok) throw new Error(`it answered ${answer.status} ${text}`);
  console.log(text);
} catch (err) {
  console.error(`${url}: ${err.cause?.message || err.message}`);
  process.exitCode = 1;
}

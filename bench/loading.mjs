// Writes over HTTP: 32 connections of one other process, each sending its next request when its last one is answered.
import autocannon from 'autocannon';

const connections = 32;
const path = '/api/v1/memories';

/** Sends `amount` bodies, made before the clock starts. @returns requests a second, and latencies in milliseconds */
export async function load(server, amount, makeBody) {
  const bodies = Array.from({ length: amount }, () => JSON.stringify(makeBody()));
  let next = 0;
  const setupRequest = (request) => ({ ...request, body: bodies[next++] });
  const startedMs = performance.now();
  const loading = autocannon({
    ...{ url: server.url, connections, amount },
    requests: [{ method: 'POST', path, headers: server.headers, setupRequest }],
  });
  // It looks once a second whether it is done; the clock must stop at the last answer.
  let answers = 0;
  let answeredMs;
  let lagMs;
  loading.on('response', () => {
    answers += 1;
    if (answers < amount) return;
    answeredMs = performance.now();
    lagMs = caughtUp(server).then(() => Math.round(performance.now() - answeredMs));
  });
  const result = await loading;
  if (result['2xx'] !== amount || result.errors > 0)
    throw new Error(`${amount - result['2xx']} of ${amount} writes failed, ${result.errors} without an answer.`);
  return {
    perSecond: Math.round((1000 * amount) / (answeredMs - startedMs)),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    lagMs: await lagMs,
  };
}

/** A read of the same key waits for its own writes, at most 5 seconds at a time. */
async function caughtUp(server) {
  for (;;) {
    const answer = await fetch(`${server.url}${path}?limit=1`, { headers: server.headers });
    await answer.arrayBuffer();
    if (answer.ok) return;
    if (answer.status !== 503) throw new Error(`A read answered ${answer.status}.`);
  }
}

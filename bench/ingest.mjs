// How fast the started server takes writes over HTTP: 32 connections of one other process, every content a new one.
// A write is answered when it is durable; how long reads lag behind the last answer is measured too.
import autocannon from 'autocannon';
import { report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const connections = 32;
const statements = 8_000;
const conversations = 4_000;
const path = '/api/v1/memories';

const random = seededRandom(1);
let made = 0;
const serial = () => (made += 1);

/** A memory word for word. */
const statementBody = () => ({ content: `Customer ${serial()} says ${sentence(random, between(random, 8, 16))}` });

/** Two messages that rules find something in. */
function conversationBody() {
  const number = serial();
  const user = `I live in Town ${number} and I love ${sentence(random, 2)}. I prefer calls in the morning.`;
  const assistant = `Thanks, I will remember that about ${sentence(random, between(random, 5, 10))}.`;
  return {
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ],
    user_id: `user-${number % 500}`,
  };
}

/** Sends `amount` bodies, made before the clock starts. @returns requests a second, and latencies in milliseconds */
async function load(server, amount, makeBody) {
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

await withDataFolder((dataDir) =>
  withServer(dataDir, async (server) => {
    // Before anything else, so that a wrong key or route is told by the server itself.
    await ask(server, 'POST', '/memories', statementBody());
    await report(
      'ingest',
      {
        statementsPerSecond: { unit: 'requests/s', bar: 800, better: 'higher' },
        statementP50Ms: { unit: 'ms' },
        statementP99Ms: { unit: 'ms' },
        statementLagMs: { unit: 'ms' },
        conversationsPerSecond: { unit: 'requests/s' },
        conversationP99Ms: { unit: 'ms' },
        conversationLagMs: { unit: 'ms' },
      },
      async () => {
        const stated = await load(server, statements, statementBody);
        const said = await load(server, conversations, conversationBody);
        return {
          statementsPerSecond: stated.perSecond,
          statementP50Ms: stated.p50Ms,
          statementP99Ms: stated.p99Ms,
          statementLagMs: stated.lagMs,
          conversationsPerSecond: said.perSecond,
          conversationP99Ms: said.p99Ms,
          conversationLagMs: said.lagMs,
        };
      },
    );
  }),
);

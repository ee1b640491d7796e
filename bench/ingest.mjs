// How fast the started server takes writes over HTTP: 32 connections of one other process, every content a new one.
// A write is answered when it is durable; how long reads lag behind the last answer is measured too.
import { load } from './loading.mjs';
import { report } from './measuring.mjs';
import { ask, withDataFolder, withServer } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const statements = 8_000;
const conversations = 4_000;

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

// How fast a log becomes the read model again: every kind of event there is, wiped and replayed as `npm run replay` does.
import { concurrently, report } from './measuring.mjs';
import { conversation, noPlace, statement, tenantId, withLedger } from './ledger-writing.mjs';
import { withDataFolder } from './server-process.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const { replayTenant } = await import('../dist/libs/projections/replay.js');

const statements = 14_000;
const repetitions = 2_500;
const revisions = 2_000;
const deletions = 1_000;
const conversations = 2_500;
const agents = 100;
const handoffs = 200;
const atOnce = 60;
const users = 200;

const random = seededRandom(2);
const place = (number) => ({ ...noPlace, userId: number % 4 === 0 ? null : `user-${number % users}` });
const said = (number) => statement(`Customer ${number} says ${sentences[number]}`, place(number));
const sentences = Array.from({ length: statements }, () => sentence(random, between(random, 8, 16)));

function exchange(number) {
  const saidAt = new Date(1.75e12 + number * 60_000).toISOString();
  const content = `I live in Town ${number} and I love ${sentence(random, 2)}. I prefer calls in the morning.`;
  const answer = { name: null, role: 'assistant', content: `Noted: ${sentence(random, 8)}.`, saidAt };
  return conversation([{ name: null, role: 'user', content, saidAt }, answer], place(number));
}

async function fill(send) {
  const memoryIds = [];
  const inParallel = (count, commandOf) =>
    concurrently(count, atOnce, async (number) => {
      const outcome = await send(commandOf(number));
      if (outcome.memoryIds) memoryIds[number] = outcome.memoryIds[0];
    });
  await inParallel(statements, said);
  const ids = [...memoryIds];
  await inParallel(repetitions, (number) => said(number * 5));
  await inParallel(revisions, (number) => {
    const content = `Customer ${number} says instead ${sentence(random, 10)}`;
    return { type: 'ReviseMemory', memoryId: ids[number * 5 + 1], expectedVersion: null, content };
  });
  await inParallel(deletions, (number) => {
    const isHard = number % 2 === 0;
    return { type: 'ForgetMemories', memoryIds: [ids[number * 5 + 2]], hard: isHard, single: true };
  });
  await inParallel(conversations, exchange);
  await inParallel(agents, (number) => {
    return { type: 'RegisterAgent', name: `agent ${number}`, role: 'support', personality: null, agentType: 'helper' };
  });
  await inParallel(handoffs, (number) => {
    const [fromAgent, toAgent] = [`agent ${number % agents}`, `agent ${(number + 1) % agents}`];
    return { type: 'RecordHandoff', fromAgent, toAgent, sessionId: `s${number}`, reason: 'shift', context: {} };
  });
}

await withDataFolder((dataDir) =>
  withLedger(dataDir, async ({ send, reader, store }) => {
    await fill(send);
    console.log(`${(await reader.heads())[0].position} commits`);
    await report('replay', { eventsPerSecond: { unit: 'events/s', bar: 10_000, better: 'higher' } }, async () => {
      const replayed = await replayTenant(reader, store, tenantId, () => undefined);
      const { events, seconds, digestBefore, digestAfter, parkedStreams } = replayed;
      if (digestBefore !== digestAfter || parkedStreams > 0) throw new Error('The replay made something else.');
      return { eventsPerSecond: Math.round(events / seconds), events };
    });
  }),
);

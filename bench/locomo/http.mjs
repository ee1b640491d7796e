// How well search finds the evidence of questions about two long conversations: told message by message to the started
// server and asked back through its HTTP API, as a user would. Compare offline.mjs, which has no server.
import { report } from '../measuring.mjs';
import { ask, withDataFolder, withServer } from '../server-process.mjs';
import { ANSWERABLE, loadDataset } from './dataset.mjs';
import { summarise, turnsOf } from './metrics.mjs';

const messagesPerRequest = 100;
const resultsPerQuestion = 50;
const bars = { 'recall@5': 74, 'recall@10': 81, 'nDCG@10': 66 };

const dataset = loadDataset();
if (dataset) await withDataFolder((dataDir) => withServer(dataDir, measure));
else console.log('skipped: ../shared/data/locomo-dev is absent');

async function measure(server) {
  const created = await tell(server);
  console.log(`${dataset.turns.length} turns told, ${created} memories made of them`);
  let rows;
  const figures = Object.fromEntries(
    ['recall@1', 'recall@5', 'recall@10', 'recall@20', 'nDCG@10', 'MRR'].map((name) => [
      name,
      { unit: '%', bar: bars[name], better: 'higher' },
    ]),
  );
  await report(
    'locomo',
    figures,
    async () => {
      rows = judge(await answers(server));
      return rows['categories 1-4'];
    },
    { runs: 1 },
  );
  console.table(rows);
}

/** Tells every session in order. @returns how many memories the extraction made */
async function tell(server) {
  const sessions = new Map();
  for (const turn of dataset.turns) {
    const session = `${turn.conv} ${turn.session}`;
    sessions.set(session, [...(sessions.get(session) ?? []), turn]);
  }
  let created = 0;
  for (const [session, turns] of sessions) {
    for (let first = 0; first < turns.length; first += messagesPerRequest) {
      const answer = await ask(server, 'POST', '/memories', {
        messages: turns.slice(first, first + messagesPerRequest).map(messageOf),
        user_id: turns[0].conv,
        session_id: session,
        // A session's messages are its own by default; these questions come from outside it.
        scope: 'personal',
      });
      created += answer.memories_created;
    }
  }
  return created;
}

function messageOf({ _id: id, speaker: name, text, caption, date }) {
  const content = caption ? `${text} [shares ${caption}]` : text;
  return { role: 'user', name, content, id, timestamp: `${date}Z` };
}

async function answers(server) {
  const judged = [];
  for (const question of dataset.questions) {
    const { results } = await ask(server, 'POST', '/memories/search', {
      query: question.text,
      user_id: question.conv,
      limit: resultsPerQuestion,
    });
    judged.push({ ...question, ranked: turnsOf(results.map(turnIdsOf)) });
  }
  return judged;
}

/** A message is one turn; a memory stands for the turns it was taken from. */
function turnIdsOf({ external_id: externalId, sources }) {
  return externalId ? [externalId] : sources.map((source) => source.external_id).filter(Boolean);
}

function judge(judged) {
  const withEvidence = judged.filter(({ evidence }) => evidence.size > 0);
  const rows = { 'categories 1-4': summarise(withEvidence.filter(({ category }) => ANSWERABLE.has(category))) };
  for (const category of [1, 2, 3, 4, 5]) {
    const members = withEvidence.filter((question) => question.category === category);
    if (members.length > 0) rows[`category ${category}`] = summarise(members);
  }
  const shorten = ([name, value]) => [name, Math.round(value * 10) / 10];
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, Object.fromEntries(Object.entries(row).map(shorten))]),
  );
}

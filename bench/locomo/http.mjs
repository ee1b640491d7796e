// How well search finds the evidence of questions about two long conversations: told message by message to the started
// server and asked back through its HTTP API, as a user would. Compare offline.mjs, which has no server.
import { setTimeout as sleep } from 'node:timers/promises';
import { report } from '../measuring.mjs';
import { ask, withDataFolder, withServer } from '../server-process.mjs';
import { ANSWERABLE, loadDataset } from './dataset.mjs';
import { summarise, turnsOf, withIntervals } from './metrics.mjs';

const messagesPerRequest = 100;
const resultsPerQuestion = 50;
const pollMs = 500;
const bars = { 'recall@5': 77, 'recall@10': 84, 'nDCG@10': 69 };
/** With a model that reads sentences more is to be found. */
const contextualBars = { 'recall@5': 79, 'recall@10': 85.5, 'nDCG@10': 71 };
const categories = { 1: 'several turns', 2: 'time', 3: 'inference', 4: 'one turn', 5: 'no answer' };

const dataset = loadDataset();
if (dataset) await withDataFolder((dataDir) => withServer(dataDir, measure));
else console.log('skipped: ../shared/data/locomo-dev is absent');

async function measure(server) {
  const embedder = await embedderOf(server);
  const created = await tell(server);
  console.log(`${dataset.turns.length} turns told, ${created} memories made of them`);
  await allEmbedded(server);
  let judged;
  const figures = Object.fromEntries(
    ['recall@1', 'recall@5', 'recall@10', 'recall@20', 'nDCG@10', 'MRR'].map((name) => [
      name,
      { unit: '%', bar: barsOf(embedder)[name], better: 'higher' },
    ]),
  );
  await report(
    embedder === 'none' ? 'locomo' : `locomo-${embedder}`,
    figures,
    async () => {
      judged = (await answers(server)).filter(({ evidence }) => evidence.size > 0);
      return rounded(summarise(judged.filter(({ category }) => ANSWERABLE.has(category))));
    },
    { runs: 1, more: () => ({ embedder, groups: groupsOf(judged) }) },
  );
}

function barsOf(embedder) {
  return ['onnx', 'openai'].includes(embedder) ? contextualBars : bars;
}

/** The embedder that was asked for, once the server has proved it: only with one it searches by vectors alone. */
async function embedderOf({ url, headers }) {
  const { status } = await fetch(`${url}/api/v1/memories/search?query=x&mode=vector`, { headers });
  const standard = status === 400 ? 'none' : 'static';
  const asked = process.env.MEMORYSTACK_EMBEDDER ?? standard;
  if (![200, 400].includes(status) || (asked === 'none') !== (standard === 'none')) {
    throw new Error(`With the embedder "${asked}" a search with mode=vector answered ${status}.`);
  }
  return asked;
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

/** An embedder that takes its time is followed by the index; what is measured is what it finds then. */
async function allEmbedded(server) {
  const startedMs = performance.now();
  for (;;) {
    const { search } = await ask(server, 'GET', '/stats');
    if (search.pending_embeddings === 0) break;
    await sleep(pollMs);
  }
  console.log(`all have their vectors after ${((performance.now() - startedMs) / 1000).toFixed(0)} s more`);
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

/** The figures of all that can be answered, and of each category, with their intervals. */
function groupsOf(judged) {
  const inCategory = (wanted) => judged.filter(({ category }) => wanted.includes(category));
  const groups = { 'categories 1-4': inCategory([...ANSWERABLE]) };
  for (const [category, what] of Object.entries(categories)) {
    groups[`${category}: ${what}`] = inCategory([Number(category)]);
  }
  return Object.entries(groups)
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => ({ group, ...withIntervals(members) }));
}

function rounded(figures) {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 10) / 10]));
}

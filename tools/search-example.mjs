// Asks the search about a small talk and writes what it explains into docs/search.md, with the weights of all features,
// each table between its two marks; with --check it only says whether they are there. So the page cannot say anything
// else than what the product says.
import { readFileSync, writeFileSync } from 'node:fs';
import { tableOf } from './markdown-table.mjs';

const { searchDocuments } = await import('../dist/apps/search/queries/ranked-search.js');
const { InProcessSearchIndex } = await import('../dist/libs/adapters/in-process/search-index.js');
const { InstantVectors } = await import('../dist/libs/adapters/in-process/instant-vectors.js');
const { embedderOf } = await import('../dist/libs/profiles/embedder.js');
const { WEIGHTS } = await import('../dist/libs/domain/ranking/weights.js');

const pageFile = new URL('../docs/search.md', import.meta.url);
const blocks = /<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g;
const tenantId = 'example';
const embedder = await embedderOf({ name: 'static' });

const talk = [
  ['2024-05-06', 'Ann', 'Happy birthday, Ben! Did you celebrate?'],
  ['2024-05-06', 'Ben', 'I went sailing with my sister last Saturday. We rented a boat in Lisbon.'],
  ['2024-05-06', 'Ann', 'Sailing! Was it windy?'],
  ['2024-05-06', 'Ben', 'Very, I was sick the whole day.'],
  ['2024-05-06', 'Ann', 'I would rather go hiking.'],
];
/** Id, status, what it says, and the message that it was extracted from. */
const memories = [
  ['memory 1', 'active', 'Ben went sailing in Lisbon', 2],
  ['memory 2', 'superseded', 'Ben lives in Porto', null],
  ['memory 3', 'active', 'Ben lives in Faro', null],
];
const meanings = {
  'new idf': 'how much the text says that is not in the question',
  length: 'how long it is: what counts is information for its length',
  'date resolved near': 'a neighbour speaks of the days that the question means',
  'window back': 'words of the question in it and the two messages before',
  speaker: 'the question names who said it (or says "I" or "you" of that role, in a chat without names)',
  date: 'it was said in the days that the question names with their year, or soon after',
  'at where:entity': 'the question asks where, and it has a name that the question has not',
  'bm25 -1': 'words of the question in the message before: it often only repeats that',
  'bm25 -1 if question': 'the same, where that message asked: then it is the answer',
  window: 'words of the question in it, the message before and the one after',
  bigram: 'neighbouring words of the question that are neighbours in it',
  session: 'words of the question in the whole conversation',
  when: 'the question asks when, and it has an expression of time',
  'at title:entity': 'the question asks for a title or a name, and it has a name that the question has not',
  'cover window5': 'the share of the question that five messages around it have',
  'at plan:plan': 'the question asks for a plan, and it speaks of one',
  'bigram near': 'as `bigram`, in a neighbour',
  'speaker x first': 'the speaker who is named says I, my, we',
  opening: 'it is one of the first two messages',
  question: 'it is a question itself',
  'time expr': 'it has an expression of time',
  meaning: 'its words mean much the same as those of the question (cosine of their vectors)',
  'meaning window': 'the same of it, the message before and the one after',
  'meaning session': 'the nearest meaning in its conversation',
};

function documentOf(id, text, more) {
  return {
    ...{ id, text, caption: null, speaker: null, role: null, conversationId: null, ordinal: 0, sourceEpisodeIds: [] },
    ...{ saidAt: '2024-05-07T00:00:00.000Z', createdAt: '2024-05-07T00:00:00.000Z', validTo: null },
    ...{ validFrom: '2024-05-07T00:00:00.000Z', scope: 'personal', projectId: 'p', teamId: null, agentId: null },
    ...{ ownerTeamId: null, ownerAgentId: null, userId: null, sessionId: null, status: 'active', confidence: 0.8 },
    ...{ memoryType: 'fact', metadata: {}, ...more },
  };
}

async function exampleIndex() {
  const messages = talk.map(([day, speaker, text], ordinal) => {
    const saidAt = `${day}T10:0${ordinal}:00.000Z`;
    const said = { kind: 'episode', memoryType: 'episode', speaker, role: 'user', conversationId: 'talk', ordinal };
    return documentOf(`message ${ordinal + 1}`, text, { ...said, saidAt, createdAt: saidAt, validFrom: saidAt });
  });
  const learned = memories.map(([id, status, text, source]) =>
    documentOf(id, text, { kind: 'memory', status, sourceEpisodeIds: source ? [`message ${source}`] : [] }),
  );
  const index = new InProcessSearchIndex(new InstantVectors(embedder));
  await index.apply(tenantId, { upsert: [...messages, ...learned], remove: [] });
  return index;
}

const index = await exampleIndex();
const asked = (query) =>
  searchDocuments(index, embedder, {
    ...{ tenantId, query, filter: { and: [] }, limit: 10, explain: true, mode: 'hybrid' },
    ...{ includeEpisodes: true, keepSuperseded: false },
  });
const sum = (values) => values.reduce((total, value) => total + value, 0);
const written = (value) => (Math.round(value * 1e3) / 1e3 + 0).toFixed(3).replace('-', '−');

function resultTable({ hits }) {
  return tableOf(
    ['result', 'features of', 'contributions', 'adjustments', 'score'],
    hits.map(({ document, score, explanation: { scoredId, features, adjustments } }) => [
      ...[document.id, scoredId, written(sum(features.map(({ contribution }) => contribution)))],
      adjustments.map(({ name, share, amount }) => `${written(amount)} (${name}, ${share})`).join(', '),
      written(score),
    ]),
  );
}

function featureTable({ hits: [{ explanation, score }] }) {
  const present = explanation.features.filter(({ value }) => value !== 0);
  const rows = present.map(({ name, value, weight, contribution }) => [
    ...[`\`${name}\``, written(value), written(weight), written(contribution)],
  ]);
  const adjusted = explanation.adjustments.map(({ name, amount }) => [name, '', '', written(amount)]);
  return tableOf(
    ['feature', 'value', 'weight', 'contribution'],
    [...rows, ...adjusted, ['sum', '', '', written(score)]],
  );
}

function meaningOf(name) {
  if (!Object.hasOwn(meanings, name)) throw new Error(`tools/search-example.mjs does not say what "${name}" means.`);
  return meanings[name];
}

const sailing = await asked('Where did Ben go sailing?');
const living = await asked('Where does Ben live?');
const tables = {
  talk: () =>
    tableOf(
      ['id', 'said', 'by', 'text'],
      [
        ...talk.map(([day, speaker, text], at) => [`message ${at + 1}`, day, speaker, text]),
        ...memories.map(([id, status, text, source]) => [
          ...[id, '', source ? `from message ${source}` : status, text],
        ]),
      ],
    ),
  question: () => `\`\`\`json\n${jsonLines(questionOnTheWire(sailing.question))}\n\`\`\``,
  results: () => resultTable(sailing),
  best: () => featureTable(sailing),
  living: () => resultTable(living),
  weights: () =>
    tableOf(
      ['feature', 'without', 'with `static`', 'what it measures'],
      Object.keys(WEIGHTS.static).map((name) => [
        ...[`\`${name}\``, weightIn('none', name), weightIn('static', name), meaningOf(name)],
      ]),
    ),
};

function weightIn(table, name) {
  return Object.hasOwn(WEIGHTS[table], name) ? written(WEIGHTS[table][name]) : '';
}

/** As the gateway words it. */
function questionOnTheWire({ text, terms, speakers, addressedRole, asks, isHistorical, days }) {
  return { text, terms, speakers, addressed_role: addressedRole, asks, historical: isHistorical, days };
}

/** A line for each field, as prettier makes them. */
function jsonLines(fields) {
  const listed = (list) => `[${list.map((item) => JSON.stringify(item)).join(', ')}]`;
  const lines = Object.entries(fields).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${Array.isArray(value) ? listed(value) : JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

const page = readFileSync(pageFile, 'utf8');
const wanted = page.replace(blocks, (_, name) => `<!-- table: ${name} -->\n\n${tables[name]()}\n\n<!-- end -->`);
if (!process.argv.includes('--check')) writeFileSync(pageFile, wanted);
else if (page !== wanted) {
  console.error('docs/search.md does not say what the search says: node tools/search-example.mjs');
  process.exitCode = 1;
}

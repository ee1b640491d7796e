import { type TSchema, Type } from 'typebox';
import * as agents from './agent-requests.js';
import * as account from './account-requests.js';
import * as accountAnswers from './account-answers.js';
import * as answers from './answers.js';
import * as found from './search-answers.js';
import { identityQuery, readQuery } from './fields.js';
import * as jobAnswers from './job-answers.js';
import * as jobs from './job-requests.js';
import * as beliefs from './belief-requests.js';
import * as lineageAnswers from './lineage-answers.js';
import * as lineage from './lineage-requests.js';
import * as maintained from './maintenance-answers.js';
import * as maintenance from './maintenance-requests.js';
import * as memories from './memory-requests.js';
import { exportedAnswer, importedAnswer } from './transfer-answers.js';
import { exportMemoriesBody, importMemoriesBody, importMemoriesQuery } from './transfer-requests.js';

/** One route as Fastify validates it and OpenAPI shows it. */
interface RouteContract {
  tags: string[];
  summary: string;
  params?: TSchema;
  querystring?: TSchema;
  body?: TSchema;
  response: Record<string, unknown>;
  /** The body may be a file of CSV or NDJSON instead; the route gets its bytes as `file`. */
  takesFiles?: true;
}

const problems = {
  description: 'Every failure has this form.',
  content: { 'application/problem+json': { schema: answers.problem } },
};

function read(tag: string, summary: string, querystring: TSchema, answer: TSchema, params?: TSchema): RouteContract {
  return {
    tags: [tag],
    summary,
    ...(params && { params }),
    querystring,
    response: { 200: answer, '4xx': problems, '5xx': problems },
  };
}

function write(
  tag: string,
  summary: string,
  request: { body: TSchema; querystring?: TSchema; params?: TSchema },
  answersByStatus: Record<number, TSchema>,
): RouteContract {
  return {
    tags: [tag],
    summary,
    querystring: identityQuery,
    ...request,
    response: { 202: answers.acceptedAnswer, ...answersByStatus, '4xx': problems, '5xx': problems },
  };
}

/** A run of maintenance: quick ones are answered at once, long ones by their job. */
function run(summary: string, body: TSchema): RouteContract {
  return write('Maintenance', summary, { body }, { 200: maintained.runReport, 202: maintained.runReport });
}

/** A request for work that outlives it: what is answered is the job. */
function longWork(tag: string, summary: string, request: { body: TSchema; params?: TSchema }): RouteContract {
  const answered = { 202: jobAnswers.jobAnswer, '4xx': problems, '5xx': problems };
  return { tags: [tag], summary, querystring: identityQuery, ...request, response: answered };
}

function exporting(summary: string): RouteContract {
  return { ...read('Transfer', summary, identityQuery, exportedAnswer), body: exportMemoriesBody };
}

function probe(summary: string): RouteContract & { security: [] } {
  return { tags: ['Health'], summary, security: [], response: { 200: answers.healthAnswer, '5xx': problems } };
}

export const probes = {
  live: probe('The process runs'),
  ready: probe('The server takes requests; 503 otherwise'),
  health: probe('How the server is'),
};

/** Every route below `/api/v1`: the one source of validation, types and OpenAPI. */
export const routes = {
  createMemory: write(
    'Memories',
    'Remember a conversation, or one memory word for word',
    { body: memories.createMemoryBody },
    { 201: answers.createdAnswer },
  ),
  listMemories: read('Memories', 'List memories', memories.listMemoriesQuery, answers.listedMemoriesAnswer),
  getMemory: read(
    'Memories',
    'Read one memory',
    memories.getMemoryQuery,
    answers.foundMemoryAnswer,
    memories.memoryPath,
  ),
  diffMemories: read('Memories', 'What changed between two moments, and why', memories.diffQuery, answers.diffAnswer),
  reviseMemory: write(
    'Memories',
    'Change a memory; If-Match makes it conditional',
    { body: memories.reviseMemoryBody, params: memories.memoryPath },
    { 200: answers.memoryAnswer },
  ),
  forgetMemory: write(
    'Memories',
    'Forget or erase a memory',
    { body: memories.forgetMemoryBody, querystring: memories.forgetMemoryQuery, params: memories.memoryPath },
    { 200: answers.forgottenAnswer },
  ),
  forgetMemories: write(
    'Memories',
    'Forget or erase several memories',
    { body: memories.forgetMemoriesBody },
    { 200: answers.forgottenAnswer },
  ),
  memoryHistory: read('Memories', 'Every version of a memory', readQuery, answers.historyAnswer, memories.memoryPath),
  detectContradictions: {
    ...read(
      'Beliefs',
      'How a statement stands to what is believed; changes nothing',
      identityQuery,
      answers.relationsAnswer,
    ),
    body: beliefs.detectContradictionsBody,
  },
  updateBelief: write(
    'Beliefs',
    'Tell a statement, and what is to become of the belief that it is about',
    { body: beliefs.updateBeliefBody },
    { 200: answers.updatedBeliefAnswer },
  ),
  resolveContradiction: write(
    'Beliefs',
    'Decide a contradiction',
    { body: beliefs.resolveContradictionBody, params: beliefs.contradictionPath },
    { 200: answers.resolvedAnswer },
  ),
  undoChange: write(
    'Beliefs',
    'Take the last change of a memory back',
    { body: beliefs.undoBody, params: memories.memoryPath },
    { 200: answers.undoneAnswer },
  ),
  redoChange: write(
    'Beliefs',
    'Do again what was undone last',
    { body: beliefs.undoBody, params: memories.memoryPath },
    { 200: answers.undoneAnswer },
  ),
  beliefPolicies: read('Beliefs', 'What happens when beliefs contradict', readQuery, answers.policiesAnswer),
  setBeliefPolicies: write(
    'Beliefs',
    'Choose what happens when beliefs contradict',
    { body: beliefs.beliefPoliciesBody },
    { 200: answers.policiesAnswer },
  ),
  memoryLineage: read(
    'Memories',
    'Why a memory is believed; format=svg draws it',
    lineage.lineageQuery,
    lineageAnswers.lineageAnswer,
    memories.memoryPath,
  ),
  listContradictions: read(
    'Beliefs',
    'Beliefs that cannot both be so',
    lineage.listContradictionsQuery,
    lineageAnswers.contradictionsAnswer,
  ),
  getContradiction: read(
    'Beliefs',
    'Read one contradiction',
    readQuery,
    lineageAnswers.contradictionAnswer,
    beliefs.contradictionPath,
  ),
  exportMemories: exporting('Write what the caller may see to a file: JSON, CSV or NDJSON'),
  exportMemoriesInBatch: exporting('The same as POST /memories/export'),
  importMemories: {
    ...write(
      'Transfer',
      'Take memories in from a list or a file; dry_run tells what that would do. A large file becomes a job',
      { body: importMemoriesBody, querystring: importMemoriesQuery },
      { 200: importedAnswer, 202: Type.Union([jobAnswers.jobAnswer, answers.acceptedAnswer]) },
    ),
    takesFiles: true,
  },
  searchMemories: read('Search', 'Search', memories.searchMemoriesQuery, found.searchAnswer),
  searchMemoriesByPost: {
    ...read('Search', 'Search, with the filters in the body', identityQuery, found.searchAnswer),
    body: memories.searchMemoriesBody,
  },
  context: read('Search', 'A prompt text made of memories', memories.contextQuery, found.contextAnswer),
  createAgentMemory: write(
    'Agents',
    'As POST /memories; registers the agent',
    { body: memories.createMemoryBody },
    { 201: answers.createdAnswer },
  ),
  listAgentMemories: read('Agents', "An agent's memories", memories.agentMemoriesQuery, answers.agentMemoriesAnswer),
  createAgent: write(
    'Agents',
    'Register an agent',
    { body: agents.createAgentBody },
    { 200: answers.agentAnswer, 201: answers.agentAnswer },
  ),
  listAgents: read('Agents', 'List agents', agents.listAgentsQuery, answers.agentsAnswer),
  recordHandoff: write(
    'Agents',
    'Hand a session over to another agent',
    { body: agents.recordHandoffBody },
    { 201: answers.handoffAnswer },
  ),
  listHandoffs: read('Agents', 'Handoffs of a session', agents.listHandoffsQuery, answers.handoffsAnswer),
  consolidateMemories: run('Merge memories that say the same', maintenance.consolidateBody),
  reflectOnMemories: run('Conclude habits, trends and the like from memories', maintenance.reflectBody),
  expireMemories: run('Mark what may have changed, and put away what nobody needs', maintenance.expireBody),
  listRuns: read('Maintenance', 'Runs of maintenance', maintenance.listRunsQuery, maintained.runsAnswer),
  getRun: read('Maintenance', 'Read one run', readQuery, maintained.runAnswer, maintenance.runPath),
  revertRun: write(
    'Maintenance',
    'Take a run back',
    { body: maintenance.revertRunBody, params: maintenance.runPath },
    { 200: maintained.revertReport, 202: maintained.revertReport },
  ),
  autoMaintenance: read('Maintenance', 'What is done by itself', readQuery, maintained.settingsAnswer),
  setAutoMaintenance: write(
    'Maintenance',
    'Choose what is done by itself, and when',
    { body: maintenance.setAutoMaintenanceBody },
    { 200: maintained.changedSettingsAnswer },
  ),
  resetAutoMaintenance: write(
    'Maintenance',
    'Do nothing by itself again',
    { body: identityQuery },
    { 200: maintained.changedSettingsAnswer },
  ),
  batchCreate: longWork('Batch', 'Create up to 1,000 memories', { body: jobs.batchCreateBody }),
  batchUpdate: longWork('Batch', 'Change up to 1,000 memories', { body: jobs.batchUpdateBody }),
  batchDelete: longWork('Batch', 'Forget or erase up to 1,000 memories', { body: jobs.batchDeleteBody }),
  embed: longWork('Batch', 'Follow the embedding of what was not embedded yet', { body: jobs.embedBody }),
  embeddings: read('Batch', 'What was not embedded yet', readQuery, jobAnswers.embeddingsAnswer),
  listJobs: read('Jobs', 'List jobs, the latest first', jobs.listJobsQuery, jobAnswers.jobsAnswer),
  getJob: read('Jobs', 'How far a job is, and what came of it', readQuery, jobAnswers.jobAnswer, jobs.jobPath),
  jobResults: read(
    'Jobs',
    'What became of each item, by its place in the request',
    jobs.jobResultsQuery,
    jobAnswers.jobResultsAnswer,
    jobs.jobPath,
  ),
  cancelJob: {
    ...read(
      'Jobs',
      'Begin nothing more of a job; what was done stays',
      identityQuery,
      jobAnswers.jobAnswer,
      jobs.jobPath,
    ),
    body: jobs.jobBody,
  },
  retryJob: longWork('Jobs', 'Do the items of a job again that failed or were not done', {
    body: jobs.jobBody,
    params: jobs.jobPath,
  }),
  stats: read('Account', 'Usage', memories.statsQuery, answers.statsAnswer),
  watchEvents: read(
    'Account',
    'The change stream: one event a line (NDJSON), or as server-sent events',
    account.eventsQuery,
    accountAnswers.eventOnTheWire,
  ),
  createWebhook: {
    ...read('Webhooks', 'Be told of what happens', identityQuery, accountAnswers.createdWebhookAnswer),
    body: account.createWebhookBody,
  },
  listWebhooks: read('Webhooks', 'Who is told', identityQuery, accountAnswers.webhooksAnswer),
  deleteWebhook: read(
    'Webhooks',
    'Tell no more',
    identityQuery,
    accountAnswers.deletedWebhookAnswer,
    account.webhookPath,
  ),
  testWebhook: {
    ...read(
      'Webhooks',
      'Send a test message now',
      identityQuery,
      accountAnswers.testedWebhookAnswer,
      account.webhookPath,
    ),
    body: account.webhookBody,
  },
  replayWebhook: {
    ...read('Webhooks', 'Tell again from a position', identityQuery, accountAnswers.webhookAnswer, account.webhookPath),
    body: account.replayWebhookBody,
  },
  enableWebhook: {
    ...read(
      'Webhooks',
      'Go on after it was disabled',
      identityQuery,
      accountAnswers.webhookAnswer,
      account.webhookPath,
    ),
    body: account.webhookBody,
  },
  graph: read('Account', 'Memories and what connects them', account.graphQuery, accountAnswers.graphAnswer),
} as const;

import type { routes } from '#libs/contracts/rest/routes.js';

/** The files that describe the API, and the package that they are of. */
export const apiFiles = [
  'memories',
  'beliefs',
  'contradictions',
  'search',
  'agents',
  'account',
  'jobs',
  'maintenance',
  'webhooks',
  'transfer',
].map((name) => `memorystack/v1/${name}.proto`);
export const apiPackage = 'memorystack.v1';

/** Which request a call becomes. */
export interface RpcRoute {
  /** The routes that it stands for; it is sent to the first. */
  routes: readonly (keyof typeof routes)[];
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's path; `:id` is the field `id` of the message. */
  path: string;
  /** Where the other fields of the message go. */
  fields: 'query' | 'body';
  /** `messages`: each line of the route's NDJSON is a message of a stream. `bytes`: the body comes in pieces. */
  streams?: 'messages' | 'bytes';
}

const call = (method: RpcRoute['method'], path: string, fields: RpcRoute['fields'], ...names: RpcRoute['routes']) => ({
  ...{ method, path, fields, routes: names },
});

/** Every call of the API by its service. What a call means is said by its route, once. */
export const rpcRoutes: Readonly<Record<string, Readonly<Record<string, RpcRoute>>>> = {
  MemoriesService: {
    CreateMemory: call('POST', '/memories', 'body', 'createMemory'),
    ListMemories: call('GET', '/memories', 'query', 'listMemories'),
    GetMemory: call('GET', '/memories/:id', 'query', 'getMemory'),
    DiffMemories: call('GET', '/memories/diff', 'query', 'diffMemories'),
    UpdateMemory: call('PATCH', '/memories/:id', 'body', 'reviseMemory'),
    DeleteMemory: call('DELETE', '/memories/:id', 'query', 'forgetMemory'),
    DeleteMemories: call('DELETE', '/memories/batch', 'body', 'forgetMemories'),
    GetMemoryHistory: call('GET', '/memories/:id/history', 'query', 'memoryHistory'),
    GetMemoryLineage: call('GET', '/memories/:id/lineage', 'query', 'memoryLineage'),
  },
  ContradictionsService: {
    ListContradictions: call('GET', '/contradictions', 'query', 'listContradictions'),
    GetContradiction: call('GET', '/contradictions/:id', 'query', 'getContradiction'),
    ResolveContradiction: call('POST', '/contradictions/:id/resolve', 'body', 'resolveContradiction'),
  },
  BeliefsService: {
    DetectContradictions: call('POST', '/memories/detect-contradictions', 'body', 'detectContradictions'),
    UpdateBelief: call('POST', '/memories/update-belief', 'body', 'updateBelief'),
    UndoChange: call('POST', '/memories/:id/undo', 'body', 'undoChange'),
    RedoChange: call('POST', '/memories/:id/redo', 'body', 'redoChange'),
    GetBeliefPolicies: call('GET', '/belief-policies', 'query', 'beliefPolicies'),
    SetBeliefPolicies: call('PUT', '/belief-policies', 'body', 'setBeliefPolicies'),
  },
  SearchService: {
    SearchMemories: call('POST', '/memories/search', 'body', 'searchMemoriesByPost', 'searchMemories'),
    GetContext: call('GET', '/context', 'query', 'context'),
  },
  AgentsService: {
    CreateAgentMemory: call('POST', '/memories/agents', 'body', 'createAgentMemory'),
    ListAgentMemories: call('GET', '/memories/agents', 'query', 'listAgentMemories'),
    CreateAgent: call('POST', '/agents', 'body', 'createAgent'),
    ListAgents: call('GET', '/agents', 'query', 'listAgents'),
    RecordHandoff: call('POST', '/handoffs', 'body', 'recordHandoff'),
    ListHandoffs: call('GET', '/handoffs', 'query', 'listHandoffs'),
  },
  MaintenanceService: {
    ConsolidateMemories: call('POST', '/memories/consolidate', 'body', 'consolidateMemories'),
    ReflectOnMemories: call('POST', '/memories/reflect', 'body', 'reflectOnMemories'),
    ExpireMemories: call('POST', '/memories/expire', 'body', 'expireMemories'),
    ListRuns: call('GET', '/maintenance/runs', 'query', 'listRuns'),
    GetRun: call('GET', '/maintenance/runs/:id', 'query', 'getRun'),
    RevertRun: call('POST', '/maintenance/runs/:id/revert', 'body', 'revertRun'),
    GetAutoMaintenance: call('GET', '/auto-maintenance/config', 'query', 'autoMaintenance'),
    SetAutoMaintenance: call('POST', '/auto-maintenance/config', 'body', 'setAutoMaintenance'),
    ResetAutoMaintenance: call('DELETE', '/auto-maintenance/config', 'body', 'resetAutoMaintenance'),
  },
  WebhooksService: {
    CreateWebhook: call('POST', '/webhooks', 'body', 'createWebhook'),
    ListWebhooks: call('GET', '/webhooks', 'query', 'listWebhooks'),
    DeleteWebhook: call('DELETE', '/webhooks/:id', 'query', 'deleteWebhook'),
    TestWebhook: call('POST', '/webhooks/:id/test', 'body', 'testWebhook'),
    ReplayWebhook: call('POST', '/webhooks/:id/replay', 'body', 'replayWebhook'),
    EnableWebhook: call('POST', '/webhooks/:id/enable', 'body', 'enableWebhook'),
  },
  TransferService: {
    ExportMemories: {
      ...call('POST', '/memories/export', 'body', 'exportMemories', 'exportMemoriesInBatch'),
      streams: 'bytes',
    },
    ImportMemories: call('POST', '/memories/import', 'body', 'importMemories'),
  },
  JobsService: {
    BatchCreateMemories: call('POST', '/memories/batch/create', 'body', 'batchCreate'),
    BatchUpdateMemories: call('POST', '/memories/batch/update', 'body', 'batchUpdate'),
    BatchDeleteMemories: call('POST', '/memories/batch/delete', 'body', 'batchDelete'),
    EmbedMemories: call('POST', '/memories/batch/embeddings', 'body', 'embed'),
    GetEmbeddings: call('GET', '/memories/batch/embeddings', 'query', 'embeddings'),
    ListJobs: call('GET', '/batch-jobs', 'query', 'listJobs'),
    GetJob: call('GET', '/batch-jobs/:id', 'query', 'getJob'),
    ListJobResults: call('GET', '/batch-jobs/:id/results', 'query', 'jobResults'),
    CancelJob: call('POST', '/batch-jobs/:id/cancel', 'body', 'cancelJob'),
    RetryJob: call('POST', '/batch-jobs/:id/retry', 'body', 'retryJob'),
  },
  AccountService: {
    GetStats: call('GET', '/stats', 'query', 'stats'),
    WatchEvents: { ...call('GET', '/events', 'query', 'watchEvents'), streams: 'messages' },
    GetGraph: call('GET', '/graph', 'query', 'graph'),
  },
};

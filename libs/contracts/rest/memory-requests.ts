import { limits } from '#libs/domain/limits.js';
import { type Static, Type } from 'typebox';
import {
  confidenceField,
  contentField,
  cursorField,
  freshnessFields,
  identityFields,
  idField,
  instantField,
  metadataField,
  momentField,
  nameField,
  pageLimitField,
  readFields,
  scopeField,
  strictObject,
  timeTravelFields,
  userFilterField,
} from './fields.js';

const messagePart = strictObject({
  type: Type.String({ description: '`text` with `text`, or `image` with `caption`.' }),
  text: Type.Optional(Type.String()),
  caption: Type.Optional(Type.String()),
  data: Type.Optional(Type.String()),
  mimeType: Type.Optional(Type.String()),
});
export type MessagePart = Static<typeof messagePart>;

const message = strictObject({
  role: Type.Enum(['user', 'assistant', 'system', 'tool', 'human', 'ai'], {
    type: 'string',
    description: '`human` and `ai` are other names for `user` and `assistant`.',
  }),
  content: Type.Union([
    Type.String({ maxLength: limits.contentLength }),
    Type.Array(messagePart, { minItems: 1, maxItems: limits.messagesPerRequest }),
    messagePart,
  ]),
  name: Type.Optional(nameField("The speaker's name.")),
  id: Type.Optional(nameField('Your own id of the message; it comes back as `external_id`.')),
  timestamp: Type.Optional(instantField('When it was said.')),
});
export type MessageOnTheWire = Static<typeof message>;

export const createMemoryBody = strictObject({
  messages: Type.Optional(
    Type.Array(message, {
      minItems: 1,
      maxItems: limits.messagesPerRequest,
      description: 'A conversation; what is worth knowing is extracted. Not together with `content`.',
    }),
  ),
  content: Type.Optional({
    ...contentField,
    description: 'One memory, kept word for word. Not together with `messages`.',
  }),
  memory_type: Type.Optional(nameField('Any word; `fact` when left out. Only with `content`.')),
  confidence: Type.Optional({ ...confidenceField, description: '0.8 when left out. Only with `content`.' }),
  scope: Type.Optional(scopeField),
  user_id: Type.Optional(nameField('The end user whom it is about; `self` or left out: none.')),
  metadata: Type.Optional(metadataField),
  agent_id: Type.Optional(nameField('A label to filter by.')),
  team_id: Type.Optional(nameField('A label to filter by.')),
  conversation_id: Type.Optional(nameField('Your own id of the conversation.')),
  ...identityFields,
});
export type CreateMemoryBody = Static<typeof createMemoryBody>;

export const reviseMemoryBody = strictObject({
  content: Type.Optional(contentField),
  memory_type: Type.Optional(nameField('Any word.')),
  confidence: Type.Optional(confidenceField),
  metadata: Type.Optional(metadataField),
  ...identityFields,
});
export type ReviseMemoryBody = Static<typeof reviseMemoryBody>;

export const forgetMemoryBody = strictObject(identityFields);
export const forgetMemoryQuery = strictObject({
  hard: Type.Optional(Type.Boolean({ description: 'Erase it for good instead of forgetting it.', default: false })),
  ...identityFields,
});
export type ForgetMemoryQuery = Static<typeof forgetMemoryQuery>;

export const forgetMemoriesBody = strictObject({
  memory_ids: Type.Array(idField, { minItems: 1, maxItems: limits.idsPerDelete }),
  hard: Type.Optional(Type.Boolean({ default: false })),
  ...identityFields,
});
export type ForgetMemoriesBody = Static<typeof forgetMemoriesBody>;

export const memoryPath = strictObject({ id: Type.String({ description: 'Id of a memory.' }) });

/** Which memories are meant, now. */
export const presentFilterFields = {
  user_id: Type.Optional(userFilterField),
  memory_type: Type.Optional(nameField('Only this type.')),
  min_confidence: Type.Optional(confidenceField),
  scope: Type.Optional(scopeField),
  agent_id: Type.Optional(nameField('Only with this label.')),
  team_id: Type.Optional(nameField('Only with this label.')),
  include_superseded: Type.Optional(
    Type.Boolean({ default: false, description: 'Also what something else took the place of.' }),
  ),
};
/** What lists, searches and exports filter by, the same for all. */
export const filterFields = { ...presentFilterFields, ...timeTravelFields };

export const getMemoryQuery = strictObject({ ...timeTravelFields, ...readFields });
export type GetMemoryQuery = Static<typeof getMemoryQuery>;

export const statsQuery = strictObject({ ...timeTravelFields, ...readFields });
export type StatsQuery = Static<typeof statsQuery>;

/** Only whose a memory is: it never changes, so the answer leads from one state to the other. */
export const diffQuery = strictObject({
  from: momentField('Where to begin.'),
  to: momentField('Where to end; not before `from`.'),
  user_id: Type.Optional(userFilterField),
  scope: Type.Optional(scopeField),
  agent_id: Type.Optional(nameField('Only with this label.')),
  team_id: Type.Optional(nameField('Only with this label.')),
  limit: Type.Optional({ ...pageLimitField, default: 100 }),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type DiffQuery = Static<typeof diffQuery>;

export const listMemoriesQuery = strictObject({
  ...filterFields,
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  order: Type.Optional(Type.Enum(['asc', 'desc'], { type: 'string', default: 'desc', description: 'By creation.' })),
  include_embedding: Type.Optional(Type.Boolean({ description: 'Only `false`: embeddings are not shown.' })),
  ...readFields,
});
export type ListMemoriesQuery = Static<typeof listMemoriesQuery>;

const searchFields = {
  query: Type.Optional(
    Type.String({ maxLength: limits.queryLength, description: 'Empty or left out: the newest first.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.searchResults, default: 10 })),
  mode: Type.Optional(Type.Enum(['hybrid', 'text', 'vector'], { type: 'string', default: 'hybrid' })),
  ...filterFields,
  start_date: Type.Optional(instantField('Said at this time or later.')),
  end_date: Type.Optional(instantField('Said at this time or earlier; a date alone includes that day.')),
  explain: Type.Optional(
    Type.Boolean({ description: 'Add why each result has its score, and how the question was understood.' }),
  ),
  include_episodes: Type.Optional(
    Type.Boolean({ description: 'Whether messages that no memory stands for are results too.' }),
  ),
  ...identityFields,
  ...freshnessFields,
};

const filtersDescription =
  'A tree of {"AND": [...]}, {"OR": [...]}, {"NOT": {...}}, {"field": value} and {"field": {"eq" | "ne" | "in" | "gte" | ' +
  `"lte": ...}}. At most ${limits.filterDepth} levels deep and ${limits.filterWidth} wide. Fields: scope, project_id, ` +
  'team_id, agent_id, user_id, session_id, memory_type, status, confidence, said_at, metadata.<path>.';
const metadataFilterDescription = 'Fields of the metadata that must have these values.';

/** `filters` and `metadata` in a URL are JSON text. */
export const searchMemoriesQuery = strictObject({
  ...searchFields,
  filters: Type.Optional(Type.String({ description: `${filtersDescription} As JSON.` })),
  metadata: Type.Optional(Type.String({ description: `${metadataFilterDescription} As JSON.` })),
});
export type SearchMemoriesQuery = Static<typeof searchMemoriesQuery>;

export const searchMemoriesBody = strictObject({
  ...searchFields,
  as_of: Type.Optional(Type.Union([Type.Integer(), momentField('What was believed at this moment.')])),
  filters: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: filtersDescription,
      examples: [{ AND: [{ memory_type: 'fact' }, { 'metadata.priority': { in: ['high', 'urgent'] } }] }],
    }),
  ),
  metadata: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: metadataFilterDescription,
      examples: [{ priority: 'high' }],
    }),
  ),
});
export type SearchMemoriesBody = Static<typeof searchMemoriesBody>;

export const agentMemoriesQuery = strictObject({
  agent_id: Type.Optional(nameField('Label, or the `agent_id` of an earlier answer; left out, the agent that asks.')),
  include_team: Type.Optional(Type.Boolean({ default: false, description: 'Also what the team shares.' })),
  include_project: Type.Optional(Type.Boolean({ default: false, description: 'Also what the project shares.' })),
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type AgentMemoriesQuery = Static<typeof agentMemoriesQuery>;

export const contextQuery = strictObject({
  query: Type.Optional(
    Type.String({ maxLength: limits.queryLength, description: 'Empty or left out: the newest first.' }),
  ),
  max_tokens: Type.Optional(
    Type.Integer({
      minimum: limits.contextTokensLeast,
      maximum: limits.contextTokens,
      default: 1000,
      description: 'The whole text never has more tokens, counted by the encoding `o200k_base`.',
    }),
  ),
  user_id: Type.Optional(userFilterField),
  ...timeTravelFields,
  ...readFields,
});
export type ContextQuery = Static<typeof contextQuery>;

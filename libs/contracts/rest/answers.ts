import { type Static, type TSchema, Type } from 'typebox';

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
export const text = Type.String();
export const textOrNull = nullable(text);
const anyObject = Type.Record(Type.String(), Type.Unknown());
export const success = Type.Literal(true);

/** RFC 9457, with `error` and `details` for clients that read those. */
export const problem = Type.Object(
  {
    type: text,
    title: text,
    status: Type.Integer(),
    detail: text,
    instance: text,
    error: Type.String({ description: 'Same as `detail`.' }),
    details: Type.Unknown({ description: 'For 400 a list of `{field, message}`; otherwise an object of facts.' }),
    code: Type.String({ description: 'Stable word for the error.' }),
    request_id: text,
  },
  { description: 'What went wrong.' },
);
export type Problem = Static<typeof problem>;

export const memoryFields = {
  id: text,
  owner_id: text,
  owner_clerk_id: Type.String({ description: 'Same as `owner_id`.' }),
  user_id: textOrNull,
  end_user_id: nullable(Type.String({ description: 'Same as `user_id`.' })),
  content: text,
  memory_type: text,
  confidence: Type.Number(),
  importance_score: Type.Number({ description: '0.5 for every memory until importance is learned.' }),
  metadata: anyObject,
  source_type: text,
  agent_id: textOrNull,
  team_id: textOrNull,
  project_id: text,
  session_id: textOrNull,
  scope: text,
  status: text,
  valid_from: textOrNull,
  valid_to: textOrNull,
  superseded_by: textOrNull,
  version: Type.Integer(),
  created_at: text,
  updated_at: text,
};

export const memoryOnTheWire = Type.Object(memoryFields);
export type MemoryOnTheWire = Static<typeof memoryOnTheWire>;

export const sourceOnTheWire = Type.Object({
  message_id: text,
  external_id: textOrNull,
  start: Type.Integer(),
  end: Type.Integer(),
});

export const createdAnswer = Type.Object({
  success,
  memories_created: Type.Integer(),
  memory_ids: Type.Array(text),
  owner_id: text,
  owner_clerk_id: text,
  user_id: textOrNull,
  end_user_id: textOrNull,
  agent_id: textOrNull,
  project_id: text,
  session_id: textOrNull,
  conversation_id: textOrNull,
  message: text,
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
  superseded_ids: Type.Optional(Type.Array(text, { description: 'Memories whose place these took.' })),
  contradiction_ids: Type.Optional(
    Type.Array(text, { description: 'Contradictions that were found; GET /contradictions shows them.' }),
  ),
});
export type CreatedAnswer = Static<typeof createdAnswer>;

export const acceptedAnswer = Type.Object(
  { success, status: Type.Literal('accepted'), message: text, command_id: text },
  { description: 'It takes longer than usual; nothing is lost.' },
);

export const asOf = Type.Optional(Type.Integer({ description: 'Position of the log that `as_of` named.' }));

export const memoryAnswer = Type.Object({
  success,
  memory: memoryOnTheWire,
  event_offset: Type.Optional(Type.Integer()),
});
export const foundMemoryAnswer = Type.Object({ success, as_of: asOf, memory: memoryOnTheWire });
export const memoriesAnswer = Type.Object({
  success,
  count: Type.Integer(),
  results: Type.Array(memoryOnTheWire),
  next_cursor: Type.Optional(text),
});
export const listedMemoriesAnswer = Type.Object({ ...memoriesAnswer.properties, as_of: asOf });
export const agentMemoriesAnswer = Type.Object({
  ...memoriesAnswer.properties,
  data: Type.Array(memoryOnTheWire, { description: 'Same as `results`.' }),
});
export const forgottenAnswer = Type.Object({
  success,
  hard_delete: Type.Boolean(),
  deleted_count: Type.Integer(),
  already_deleted: Type.Optional(Type.Literal(true)),
  event_offset: Type.Integer(),
});

export const versionOnTheWire = Type.Object({
  version: Type.Integer(),
  event: text,
  event_id: text,
  event_offset: Type.Integer(),
  recorded_at: text,
  actor: anyObject,
  reason: textOrNull,
  decision: nullable(anyObject),
  content: text,
  memory_type: text,
  confidence: Type.Number(),
  metadata: anyObject,
  status: text,
});
export type VersionOnTheWire = Static<typeof versionOnTheWire>;
export const historyAnswer = Type.Object({
  success,
  memory_id: text,
  count: Type.Integer(),
  versions: Type.Array(versionOnTheWire),
});

export const relationOnTheWire = Type.Object({
  memory_id: text,
  content: text,
  relation: Type.Enum(['duplicate', 'refines', 'extends', 'contradicts', 'unrelated'], { type: 'string' }),
  kind: nullable(Type.Enum(['update', 'correction', 'conflict'], { type: 'string' })),
  probability: Type.Number({ description: 'How sure the rule is, 0 to 1.' }),
  would_supersede: Type.Boolean({ description: 'Storing the statement would end the memory by itself.' }),
  rule_id: text,
  slot: textOrNull,
  policy: text,
  evidence: Type.Array(text),
});
export type RelationOnTheWire = Static<typeof relationOnTheWire>;

export const contradictionFound = Type.Object({
  id: Type.String({ description: 'Same as `memory_id`: nothing is recorded yet.' }),
  memory_id: text,
  content: text,
  type: Type.Enum(['update', 'correction', 'conflict'], { type: 'string' }),
  score: Type.Number({ description: 'Same as the `probability` of the relation.' }),
  suggested_strategy: Type.Enum(['supersede', 'manual'], { type: 'string' }),
  evidence: Type.Array(text),
});

export const relationsAnswer = Type.Object({
  success,
  has_contradictions: Type.Boolean(),
  contradictions: Type.Array(contradictionFound),
  relations: Type.Array(relationOnTheWire, { description: 'Every memory that the statement was compared with.' }),
  degraded: Type.Optional(
    Type.Literal(true, {
      description: 'The search index was out of reach: only memories of the same slots were compared.',
    }),
  ),
});

export const updatedBeliefAnswer = Type.Object({
  success,
  memory_id: text,
  strategy_applied: Type.Enum(['created', 'supersede', 'merge', 'adjust', 'manual'], { type: 'string' }),
  superseded_ids: Type.Array(text),
  confidence_before: nullable(Type.Number()),
  confidence_after: Type.Number(),
  contradiction_id: textOrNull,
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
});

export const resolvedAnswer = Type.Object({
  success,
  contradiction_id: text,
  resolved: Type.Literal(true),
  strategy: text,
  reason: textOrNull,
  memory_id: text,
  other_id: text,
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
});

export const undoneAnswer = Type.Object({
  success,
  memory: Type.Union([memoryOnTheWire, Type.Null()], { description: 'The belief that is believed again.' }),
  restored_ids: Type.Array(text),
  retired_ids: Type.Array(text),
  undone: Type.Array(Type.Object({ memory_id: text, event_id: text, event: text, recorded_at: text }), {
    description: 'Every event that was taken back.',
  }),
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
});

export const policiesAnswer = Type.Object({
  success,
  policies: Type.Record(Type.String(), text),
  event_offset: Type.Optional(Type.Integer()),
});

/** An event that changed a memory, and why. */
export const reasonOnTheWire = Type.Object({
  version: Type.Integer(),
  event: text,
  event_id: text,
  event_offset: Type.Integer(),
  recorded_at: text,
  actor: anyObject,
  reason: textOrNull,
  decision: nullable(anyObject),
});
export type ReasonOnTheWire = Static<typeof reasonOnTheWire>;

const differenceFields = {
  memory: memoryOnTheWire,
  reasons: Type.Array(reasonOnTheWire, { description: 'The events between, in the order of the log.' }),
  earlier_reasons_left_out: Type.Optional(Type.Literal(true)),
};
export const differenceOnTheWire = Type.Object(differenceFields);
export type DifferenceOnTheWire = Static<typeof differenceOnTheWire>;
export const revisedOnTheWire = Type.Object({
  ...differenceFields,
  before: Type.Record(Type.String(), Type.Unknown(), { description: 'The fields that changed, as they were.' }),
  after: Type.Record(Type.String(), Type.Unknown(), { description: 'The same fields, as they became.' }),
});
export type RevisedOnTheWire = Static<typeof revisedOnTheWire>;
export const retiredOnTheWire = Type.Object({
  ...differenceFields,
  status: Type.Enum(['superseded', 'forgotten'], {
    type: 'string',
    description:
      '`superseded`: it is still there, and `memory` is what it became. `forgotten`: it is gone, and `memory` is what it was.',
  }),
  superseded_by: textOrNull,
});
export type RetiredOnTheWire = Static<typeof retiredOnTheWire>;
export const diffAnswer = Type.Object({
  success,
  from: Type.Integer({ description: 'A position of the log.' }),
  to: Type.Integer({ description: 'A position of the log.' }),
  count: Type.Integer(),
  added: Type.Array(differenceOnTheWire, { description: 'Learned after `from`.' }),
  revised: Type.Array(revisedOnTheWire, { description: 'Believed as before, with other fields.' }),
  retired: Type.Array(retiredOnTheWire, { description: 'No longer believed.' }),
  restored: Type.Array(differenceOnTheWire, { description: 'Believed again.' }),
  next_cursor: Type.Optional(text),
});

export const agentOnTheWire = Type.Object({
  id: text,
  name: text,
  agent_type: textOrNull,
  role: textOrNull,
  personality: textOrNull,
  project_id: text,
  projectId: text,
  project_name: text,
  team_id: textOrNull,
  teamId: textOrNull,
  team_name: textOrNull,
  created_at: Type.Optional(text),
});
export type AgentOnTheWire = Static<typeof agentOnTheWire>;
export const agentAnswer = Type.Object({
  success,
  agent: agentOnTheWire,
  created: Type.Boolean(),
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
});
export const agentsAnswer = Type.Object({
  success,
  count: Type.Integer(),
  agents: Type.Array(agentOnTheWire),
  next_cursor: Type.Optional(text),
});

export const handoffOnTheWire = Type.Object({
  id: text,
  from_agent: text,
  to_agent: text,
  session_id: textOrNull,
  reason: textOrNull,
  context: anyObject,
  created_at: text,
});
export type HandoffOnTheWire = Static<typeof handoffOnTheWire>;
export const handoffAnswer = Type.Object({
  success,
  handoff_id: text,
  event_offset: Type.Integer(),
  deduplicated: Type.Optional(Type.Literal(true)),
});
export const handoffsAnswer = Type.Object({
  success,
  count: Type.Integer(),
  handoffs: Type.Array(handoffOnTheWire),
});

export const statsAnswer = Type.Object({
  success,
  as_of: asOf,
  owner_id: text,
  plan_tier: text,
  totals: Type.Record(Type.String(), Type.Integer()),
  usage: Type.Object({
    api_calls: Type.Integer({ description: 'Of this calendar month (UTC), as the next two.' }),
    api_calls_used: Type.Integer(),
    current_month_api_calls: Type.Integer(),
    monthly_api_limit: nullable(Type.Integer({ description: 'Null: the plan has no such quota.' })),
    searches: Type.Integer(),
    by_day: Type.Array(Type.Object({ day: text, api_calls: Type.Integer(), searches: Type.Integer() }), {
      description: 'The last 30 days (UTC), without those on which nothing was asked.',
    }),
  }),
  storage: Type.Record(Type.String(), Type.Integer()),
  search: Type.Object({
    index: Type.Integer(),
    embedder: text,
    documents: Type.Integer(),
    pending_embeddings: Type.Integer(),
  }),
});
export const healthAnswer = Type.Object({
  success,
  status: Type.Enum(['ok', 'starting', 'stopping'], { type: 'string' }),
  indexed_documents: Type.Optional(Type.Integer()),
  parked_streams: Type.Optional(Type.Integer()),
});

import { type Static, type TSchema, Type } from 'typebox';

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const text = Type.String();
const textOrNull = nullable(text);
const numberOrNull = nullable(Type.Number());
const anyObject = Type.Record(Type.String(), Type.Unknown());
const texts = Type.Array(text);
const visibility = Type.String({
  description: '`visible`; `hidden`: it is there, and not for this caller; `erased`: nothing of it is left.',
});

/** When something came to be, by whom and why. */
const happening = {
  event_id: textOrNull,
  event_offset: Type.Integer({ description: 'Position in the log.' }),
  recorded_at: text,
  actor: nullable(anyObject),
  reason: textOrNull,
  decision: nullable(anyObject),
};

const because = Type.Object(
  {
    contradiction_id: textOrNull,
    kind: textOrNull,
    probability: numberOrNull,
    rule_id: textOrNull,
    evidence: texts,
    strategy: textOrNull,
    reason: textOrNull,
  },
  { description: 'Why a belief gave way, or did not: the contradiction, its rule, how it was settled.' },
);

const messageParts = Type.Object({
  message_id: text,
  external_id: textOrNull,
  start: Type.Integer(),
  end: Type.Integer(),
  quote: textOrNull,
  role: textOrNull,
  speaker: textOrNull,
  said_at: textOrNull,
  visibility,
});
const extractionParts = Type.Object({
  rule_id: text,
  extractor_version: textOrNull,
  model: textOrNull,
  prompt_hash: textOrNull,
});
const versionParts = Type.Object({
  memory_id: text,
  number: Type.Integer(),
  content: text,
  memory_type: text,
  confidence: Type.Number(),
  status: text,
  valid_from: textOrNull,
  valid_to: textOrNull,
  current: Type.Boolean(),
});
const contradictionParts = Type.Object({
  contradiction_id: text,
  memory_id: textOrNull,
  other_id: textOrNull,
  kind: textOrNull,
  probability: numberOrNull,
  rule_id: textOrNull,
  rules_version: textOrNull,
  evidence: texts,
  slot: textOrNull,
  strategy: textOrNull,
  reason: textOrNull,
  resolved_at: textOrNull,
  visibility,
});
const alternativeParts = Type.Object({
  memory_id: text,
  standing: Type.String({
    description:
      '`replaced` by this belief, `replacing` it, `rejected` in favour of it, `preferred` to it, `disputed`, `kept` ' +
      'beside it, or `ended`: forgotten or taken back.',
  }),
  content: textOrNull,
  confidence: numberOrNull,
  status: textOrNull,
  because,
  visibility,
});
const editParts = Type.Object({
  action: Type.String({
    description: '`revise`, `adjust`, `supersede`, `forget`, `undo`, `redo`, `settle`, `reopen`.',
  }),
  fields: texts,
  reason: textOrNull,
});

export const lineageNodeOnTheWire = Type.Object({
  id: Type.String({ description: 'Unique in this answer.' }),
  kind: Type.String({
    description:
      '`message`, `statement`, `import`, `extraction`, `version`, `contradiction`, `alternative` or `edit`; the field ' +
      'of that name says more.',
  }),
  label: Type.String({ description: 'What it is, in a few words for people.' }),
  ...happening,
  message: Type.Optional(messageParts),
  statement: Type.Optional(Type.Object({ key_id: textOrNull })),
  extraction: Type.Optional(extractionParts),
  version: Type.Optional(versionParts),
  contradiction: Type.Optional(contradictionParts),
  alternative: Type.Optional(alternativeParts),
  edit: Type.Optional(editParts),
});
export type LineageNodeOnTheWire = Static<typeof lineageNodeOnTheWire>;

const edgeOnTheWire = Type.Object({
  from: text,
  to: text,
  type: Type.String({
    description:
      'Read as "from type to": `said_in`, `extracted_by`, `led_to`, `supports`, `edited`, `undone_by`, `settled`, ' +
      '`supersedes`, `superseded_by`, `contradicts`.',
  }),
  event_id: textOrNull,
});

const lineageEventOnTheWire = Type.Object({
  ...happening,
  event_id: text,
  event: text,
  sentence: Type.String({ description: 'Who did what, when and why, for people.' }),
  subject_id: Type.String({ description: 'The memory or the contradiction that it happened to.' }),
  node_id: textOrNull,
  version: nullable(Type.Integer()),
});
export type LineageEventOnTheWire = Static<typeof lineageEventOnTheWire>;

const chainLinkOnTheWire = Type.Object({
  memory_id: text,
  visibility,
  content: textOrNull,
  confidence: numberOrNull,
  status: textOrNull,
  valid_from: textOrNull,
  valid_to: textOrNull,
  learned_at: textOrNull,
  superseded_by: textOrNull,
  replaced_at: textOrNull,
  replaced_offset: nullable(Type.Integer()),
  because: nullable(because),
});
export type ChainLinkOnTheWire = Static<typeof chainLinkOnTheWire>;

export const lineageAnswer = Type.Object(
  {
    success: Type.Literal(true),
    memory_id: text,
    format: text,
    as_of: nullable(Type.Integer()),
    nodes: Type.Array(lineageNodeOnTheWire),
    edges: Type.Array(edgeOnTheWire),
    events: Type.Array(lineageEventOnTheWire, { description: 'In the order of the log.' }),
    roots: Type.Array(text, { description: 'Ids of the messages, imports and statements that the belief ends in.' }),
    chain: Type.Array(chainLinkOnTheWire, {
      description: 'The beliefs that replaced one another, each before the one that took its place.',
    }),
    cut: Type.Object(
      { versions: Type.Integer(), chain: Type.Boolean(), contradictions: Type.Boolean() },
      { description: 'What is left out of a long lineage: how many versions, and whether there are more beliefs.' },
    ),
  },
  { description: 'What a format leaves out is an empty list.' },
);
export type LineageAnswer = Static<typeof lineageAnswer>;

export const contradictionOnTheWire = Type.Object({
  id: text,
  memory_id: Type.String({ description: 'The newer statement.' }),
  other_id: Type.String({ description: 'The belief that it contradicts.' }),
  content: nullable(Type.String({ description: 'Null where it is gone, or not for this caller.' })),
  other_content: textOrNull,
  kind: Type.String({ description: '`update`, `correction` or `conflict`.' }),
  probability: Type.Number(),
  rule_id: text,
  rules_version: text,
  evidence: texts,
  slot: textOrNull,
  user_id: textOrNull,
  scope: text,
  resolved: Type.Boolean(),
  strategy: nullable(
    Type.String({ description: 'How it was settled: `superseded`, `rejected`, `kept_both`, `forgotten`, `undone`.' }),
  ),
  reason: textOrNull,
  detected_at: text,
  resolved_at: textOrNull,
});
export type ContradictionOnTheWire = Static<typeof contradictionOnTheWire>;

export const contradictionAnswer = Type.Object({
  success: Type.Literal(true),
  contradiction: contradictionOnTheWire,
});
export const contradictionsAnswer = Type.Object({
  success: Type.Literal(true),
  count: Type.Integer(),
  contradictions: Type.Array(contradictionOnTheWire),
  next_cursor: Type.Optional(text),
});

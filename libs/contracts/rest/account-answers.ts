import { type Static, Type } from 'typebox';
import { memoryOnTheWire, success, text, textOrNull } from './answers.js';

const nodeTypes = ['memory', 'user', 'agent', 'session', 'conversation', 'entity'] as const;
const linkLabels = [
  ...['about', 'said of', 'written by', 'said in', 'derived from'],
  ...['superseded by', 'contradicts'],
] as const;

export const graphNode = Type.Object({
  id: text,
  label: Type.String({ description: 'Short enough to stand beside it.' }),
  type: Type.Enum([...nodeTypes], { type: 'string' }),
  group: Type.String({ description: 'What to colour it by: the type of a memory, otherwise the same as `type`.' }),
  content: Type.String({ description: 'The whole text of a memory; empty for anything else.' }),
});
export type GraphNode = Static<typeof graphNode>;

export const graphLink = Type.Object({
  source: text,
  target: text,
  label: Type.Enum([...linkLabels], { type: 'string' }),
});
export type GraphLink = Static<typeof graphLink>;

export const graphAnswer = Type.Object({ success, nodes: Type.Array(graphNode), links: Type.Array(graphLink) });

export const eventOnTheWire = Type.Object({
  id: Type.String({ description: 'Where it is in the log: ask for what comes after it with Last-Event-ID.' }),
  event_offset: Type.Integer(),
  event_id: text,
  type: text,
  time: Type.String({ description: 'When the log took it.' }),
  reason: Type.Optional(text),
  memory_id: Type.Optional(text),
  memory: Type.Optional(memoryOnTheWire),
  data: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'What an event says that is of no memory.' }),
  ),
});
export type EventOnTheWire = Static<typeof eventOnTheWire>;

export const webhookOnTheWire = Type.Object({
  id: text,
  url: text,
  types: Type.Array(text, { description: 'Empty: every type.' }),
  include_content: Type.Boolean(),
  state: Type.Enum(['active', 'disabled'], { type: 'string' }),
  event_offset: Type.Integer({ description: 'How far the log was told.' }),
  failures: Type.Integer({ description: 'Deliveries that failed since the last that did not.' }),
  last_error: textOrNull,
  last_delivered_at: textOrNull,
  created_at: text,
});
export type WebhookOnTheWire = Static<typeof webhookOnTheWire>;
export const webhookAnswer = Type.Object({ success, webhook: webhookOnTheWire });
export const createdWebhookAnswer = Type.Object({
  success,
  webhook: webhookOnTheWire,
  secret: Type.String({ description: 'What messages are signed with. It is never shown again.' }),
});
export const webhooksAnswer = Type.Object({ success, count: Type.Integer(), webhooks: Type.Array(webhookOnTheWire) });
export const deletedWebhookAnswer = Type.Object({ success, id: text });
export const testedWebhookAnswer = Type.Object({
  success,
  delivered: Type.Boolean(),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'What the receiver answered; null: nothing.' }),
  error: textOrNull,
});

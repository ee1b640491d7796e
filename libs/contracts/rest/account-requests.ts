import { limits } from '#libs/domain/limits.js';
import { type Static, Type } from 'typebox';
import { identityFields, notBlank, readFields, strictObject } from './fields.js';
import { presentFilterFields } from './memory-requests.js';

export const graphQuery = strictObject({
  ...presentFilterFields,
  include_superseded: Type.Optional(
    Type.Boolean({ default: true, description: 'Also what something else took the place of, with what took it.' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: limits.graphMemories, default: 500, description: 'The newest so many.' }),
  ),
  ...readFields,
});
export type GraphQuery = Static<typeof graphQuery>;

/** The position of a commit, and which event of it; without that, all of them. */
export const eventIdPattern = '^\\d{1,15}(\\.\\d{1,3})?$';

export const eventsQuery = strictObject({
  from_offset: Type.Optional(
    Type.Integer({
      ...{ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
      description: 'Begin after this position of the log (`event_offset` of a write).',
    }),
  ),
  last_event_id: Type.Optional(
    Type.String({
      pattern: eventIdPattern,
      description: 'Begin after the event of this `id`, as the header Last-Event-ID; it goes before `from_offset`.',
    }),
  ),
  type: Type.Optional(
    Type.String({ ...{ minLength: 1, maxLength: 1_000 }, description: 'Only these types, separated by commas.' }),
  ),
  follow: Type.Optional(
    Type.Boolean({ description: 'Go on at the end of the log. Left out: server-sent events do, NDJSON does not.' }),
  ),
  user_id: presentFilterFields.user_id,
  scope: presentFilterFields.scope,
  agent_id: presentFilterFields.agent_id,
  team_id: presentFilterFields.team_id,
  memory_type: presentFilterFields.memory_type,
  ...readFields,
});
export type EventsQuery = Static<typeof eventsQuery>;

const offsetField = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

export const webhookPath = strictObject({ id: Type.String({ description: 'Id of a webhook.' }) });
/** Nothing but who asks; the body may be left out. */
export const webhookBody = Type.Optional(strictObject(identityFields));

export const createWebhookBody = strictObject({
  url: Type.String({
    ...{ minLength: 1, maxLength: limits.webhookUrlLength, pattern: notBlank },
    description: 'Where to: https, and a public address.',
  }),
  types: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: limits.nameLength }), {
      ...{ minItems: 1, maxItems: 64 },
      description: 'Types of events; left out: every type.',
    }),
  ),
  include_content: Type.Optional(
    Type.Boolean({ default: false, description: 'Send what memories say too, and not only their ids.' }),
  ),
  from_offset: Type.Optional(
    offsetField('Begin after this position of the log; left out, with what happens from now on.'),
  ),
  ...identityFields,
});
export type CreateWebhookBody = Static<typeof createWebhookBody>;

export const replayWebhookBody = strictObject({
  from_offset: offsetField('Tell again what happened after this position of the log.'),
  ...identityFields,
});
export type ReplayWebhookBody = Static<typeof replayWebhookBody>;

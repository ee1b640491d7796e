import { limits } from '#libs/domain/limits.js';
import { type Static, Type } from 'typebox';
import { readFields, strictObject } from './fields.js';
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

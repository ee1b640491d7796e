import { limits } from '#libs/domain/limits.js';
import { scopes } from '#libs/domain/scope/ownership.js';
import { type Static, type TProperties, Type } from 'typebox';

/** At least one visible character. */
export const notBlank = '\\S';

/** An object that takes these fields and no other, so that a misspelt one is told, not ignored. */
export function strictObject<Fields extends TProperties>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

export function nameField(description: string) {
  return Type.String({ minLength: 1, maxLength: limits.nameLength, pattern: notBlank, description });
}

export const scopeField = Type.Enum([...scopes], {
  type: 'string',
  description:
    'Who may see it: its agent alone, the team, the project, or the session. Left out on a write, it is `session` ' +
    'when there is a session_id and `personal` otherwise.',
});
export const contentField = Type.String({ minLength: 1, maxLength: limits.contentLength, pattern: notBlank });
export const confidenceField = Type.Number({ minimum: 0, maximum: 1 });
export const idField = Type.String({
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  description: 'A UUID.',
});
export const metadataField = Type.Record(Type.String(), Type.Unknown(), {
  description: `Your own fields, at most ${limits.metadataBytes} bytes as JSON.`,
});
export const instantField = (description: string) =>
  Type.String({ minLength: 1, maxLength: 40, description: `${description} ISO 8601; without an offset it is UTC.` });
export const pageLimitField = Type.Integer({ minimum: 1, maximum: limits.pageSize, default: 20 });
export const cursorField = Type.String({
  minLength: 1,
  maxLength: 512,
  description: '`next_cursor` of the page before.',
});
export const userFilterField = Type.String({
  minLength: 1,
  maxLength: limits.nameLength,
  description: '`self`: memories of no end user. `all`, or left out: of every user. Otherwise: of that user.',
});

/** Who asks. A claim: what the API key is bound to overrules it, and a claim outside the binding answers 403. */
export const identityFields = {
  agent_name: Type.Optional(nameField('The agent that asks.')),
  agent_type: Type.Optional(nameField('What kind of agent it is.')),
  project_name: Type.Optional(nameField('Its project; left out, `default`.')),
  team_name: Type.Optional(nameField('Its team inside the project.')),
  session_id: Type.Optional(nameField('The session in which it asks.')),
};

export const freshnessFields = {
  min_position: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Answer with at least what the log held at this position (`event_offset` of a write).',
    }),
  ),
};

export const readFields = { ...identityFields, ...freshnessFields };

/** Query of a write, and of anything that takes nothing else. */
export const identityQuery = strictObject(identityFields);
export const readQuery = strictObject(readFields);
export type ReadQuery = Static<typeof readQuery>;

/** A moment of the log. */
export const momentField = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: 40,
    description: `${description} A position (\`event_offset\` of a write), or a time in ISO 8601 with its zone.`,
  });

export const timeTravelFields = {
  as_of: Type.Optional(momentField('What was believed at this moment.')),
  valid_at: Type.Optional(instantField('What was true in the world at this time, also if something else is true now.')),
};

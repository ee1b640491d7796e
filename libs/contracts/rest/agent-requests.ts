import { type Static, Type } from 'typebox';
import { limits } from '#libs/domain/limits.js';
import {
  cursorField,
  identityFields,
  metadataField,
  nameField,
  pageLimitField,
  readFields,
  strictObject,
} from './fields.js';

const projectDescription = "A project's name, or the id of the project that the request is made in.";
const teamDescription = "A team's name, or the id of the team that the request is made in.";

export const createAgentBody = strictObject({
  name: nameField("The agent's name; one per project."),
  role: Type.Optional(Type.String({ maxLength: limits.nameLength })),
  personality: Type.Optional(Type.String({ maxLength: limits.queryLength })),
  projectId: Type.Optional(nameField(projectDescription)),
  project_id: Type.Optional(nameField(projectDescription)),
  teamId: Type.Optional(nameField(teamDescription)),
  team_id: Type.Optional(nameField(teamDescription)),
  ...identityFields,
});
export type CreateAgentBody = Static<typeof createAgentBody>;

export const listAgentsQuery = strictObject({
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type ListAgentsQuery = Static<typeof listAgentsQuery>;

export const recordHandoffBody = strictObject({
  from_agent: Type.Optional(nameField('Who hands over; left out, the agent that asks.')),
  to_agent: nameField('Who takes over.'),
  reason: Type.Optional(Type.String({ maxLength: limits.queryLength })),
  context: Type.Optional({ ...metadataField, description: 'Whatever the next agent should know.' }),
  ...identityFields,
});
export type RecordHandoffBody = Static<typeof recordHandoffBody>;

export const listHandoffsQuery = strictObject({ limit: Type.Optional(pageLimitField), ...readFields });
export type ListHandoffsQuery = Static<typeof listHandoffsQuery>;

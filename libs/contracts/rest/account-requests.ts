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

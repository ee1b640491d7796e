import { type Static, Type } from 'typebox';
import {
  cursorField,
  momentField,
  pageLimitField,
  readFields,
  scopeField,
  strictObject,
  userFilterField,
} from './fields.js';

/** The forms in which a lineage is answered. */
export const lineageFormats = ['full', 'timeline', 'chain', 'svg'] as const;

export const lineageQuery = strictObject({
  format: Type.Optional(
    Type.Enum([...lineageFormats], {
      type: 'string',
      default: 'full',
      description:
        '`full`: the graph. `timeline`: only its events. `chain`: only the beliefs that replaced one another. ' +
        '`svg`: a picture of the graph, as `image/svg+xml`.',
    }),
  ),
  as_of: Type.Optional(momentField('As it was at this moment.')),
  ...readFields,
});
export type LineageQuery = Static<typeof lineageQuery>;

export const listContradictionsQuery = strictObject({
  resolved: Type.Optional(Type.Boolean({ description: 'Whether somebody, or a rule, decided. Left out: both.' })),
  user_id: Type.Optional(userFilterField),
  scope: Type.Optional(scopeField),
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type ListContradictionsQuery = Static<typeof listContradictionsQuery>;

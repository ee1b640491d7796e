import { limits } from '#libs/domain/limits.js';
import { type Static, Type } from 'typebox';
import {
  confidenceField,
  contentField,
  cursorField,
  identityFields,
  idField,
  metadataField,
  nameField,
  pageLimitField,
  readFields,
  strictObject,
} from './fields.js';

/** Items are checked one by one: what is wrong with one of them is its own result. */
const items = (description: string) =>
  Type.Array(Type.Unknown(), { minItems: 1, maxItems: limits.itemsPerBatch, description });

export const batchCreateBody = strictObject({
  memories: items('Each as the body of `POST /memories`; it succeeds or fails by itself.'),
  generate_embeddings: Type.Optional(
    Type.Boolean({ description: 'For published clients: every memory is embedded in the background anyway.' }),
  ),
  ...identityFields,
});
export type BatchCreateBody = Static<typeof batchCreateBody>;

export const batchUpdateItem = strictObject({
  id: idField,
  content: Type.Optional(contentField),
  memory_type: Type.Optional(nameField('Any word.')),
  confidence: Type.Optional(confidenceField),
  metadata: Type.Optional(metadataField),
  expected_version: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 999_999_999, description: 'Only if this is still its version.' }),
  ),
});
export type BatchUpdateItem = Static<typeof batchUpdateItem>;

export const batchUpdateBody = strictObject({
  updates: items(
    'Each an `id` and the fields of `PATCH /memories/{id}`, with `expected_version` in place of If-Match.',
  ),
  ...identityFields,
});
export type BatchUpdateBody = Static<typeof batchUpdateBody>;

export const batchDeleteBody = strictObject({
  memory_ids: items('Ids of memories.'),
  hard: Type.Optional(Type.Boolean({ default: false, description: 'Erase them for good instead of forgetting them.' })),
  ...identityFields,
});
export type BatchDeleteBody = Static<typeof batchDeleteBody>;

export const embedBody = strictObject(identityFields);

export const jobPath = strictObject({ id: Type.String({ description: '`job_id` of an answer.' }) });

export const listJobsQuery = strictObject({
  type: Type.Optional(nameField('Only this type.')),
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type ListJobsQuery = Static<typeof listJobsQuery>;

export const jobResultsQuery = strictObject({
  after: Type.Optional(
    Type.Integer({ minimum: -1, maximum: 2_147_483_647, description: '`next_after` of the page before.' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: limits.itemsPerBatch, default: 100, description: 'Results of a page.' }),
  ),
  failed_only: Type.Optional(Type.Boolean({ default: false })),
  ...readFields,
});
export type JobResultsQuery = Static<typeof jobResultsQuery>;

export const jobBody = strictObject(identityFields);

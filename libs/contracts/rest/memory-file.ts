import { limits } from '#libs/domain/limits.js';
import { scopes } from '#libs/domain/scope/ownership.js';
import { type Static, Type } from 'typebox';
import { confidenceField, idField, metadataField, nameField, notBlank, strictObject } from './fields.js';

/** Formats of the files that memories are exported to, and imported from. */
export const fileFormats = ['json', 'csv', 'ndjson'] as const;
export type FileFormat = (typeof fileFormats)[number];

export const mediaTypes: Readonly<Record<FileFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
};

const timeOnFile = Type.String({ minLength: 1, maxLength: 40 });
const worldTime = strictObject({ instant: timeOnFile, precision: Type.String({ minLength: 1, maxLength: 40 }) });
const word = Type.String({ minLength: 1, maxLength: limits.nameLength });
const orNull = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const evidenceOnFile = strictObject({
  id: idField,
  source_type: Type.Enum(['message', 'statement', 'reflection'], { type: 'string' }),
  derived_from: Type.Optional(
    Type.Array(
      Type.Object({ memory_id: idField, version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
      {
        maxItems: limits.eventsPerCommit,
        description: 'The memories that it was concluded from.',
      },
    ),
  ),
  rule_id: word,
  extractor_version: orNull(word),
  metadata: metadataField,
  origin: orNull(
    strictObject({
      session: orNull(Type.Integer({ minimum: 1, description: 'Number of its session among those of the memory.' })),
      source: word,
    }),
  ),
  sources: Type.Array(
    strictObject({
      message_id: idField,
      external_id: orNull(Type.String({ maxLength: limits.nameLength })),
      start: Type.Integer({ minimum: 0 }),
      end: Type.Integer({ minimum: 0 }),
    }),
  ),
});
export type EvidenceOnFile = Static<typeof evidenceOnFile>;

const versionOnFile = strictObject({
  event: word,
  recorded_at: timeOnFile,
  reason: orNull(word),
  decision: orNull(Type.Record(Type.String(), Type.Unknown())),
  content: Type.String({ maxLength: limits.contentLength }),
  memory_type: word,
  confidence: confidenceField,
  metadata: metadataField,
  status: word,
  valid_from: orNull(worldTime),
  valid_to: orNull(worldTime),
  superseded_by: orNull(idField),
});
export type VersionOnFile = Static<typeof versionOnFile>;

/** A memory in a file. Nothing in it is bound to a tenant: places are told by name, and ids are UUIDs of their own. */
export const memoryOnFile = strictObject({
  id: idField,
  content: Type.String({ minLength: 1, maxLength: limits.contentLength, pattern: notBlank }),
  memory_type: nameField('Any word.'),
  confidence: confidenceField,
  metadata: metadataField,
  modality: word,
  status: Type.Enum(['active', 'disputed', 'stale', 'superseded', 'archived'], { type: 'string' }),
  superseded_by: orNull(idField),
  scope: Type.Enum([...scopes], { type: 'string' }),
  project_name: word,
  team_name: orNull(word),
  agent_name: orNull(word),
  team_id: orNull({ ...word, description: 'A label of its own; null: that of its team.' }),
  agent_id: orNull({ ...word, description: 'A label of its own; null: that of its agent.' }),
  user_id: orNull(word),
  session_id: orNull(word),
  observed_at: timeOnFile,
  valid_from: orNull(worldTime),
  valid_to: orNull(worldTime),
  created_at: timeOnFile,
  updated_at: timeOnFile,
  evidence: Type.Array(evidenceOnFile),
  history: Type.Optional(Type.Array(versionOnFile)),
});
export type MemoryOnFile = Static<typeof memoryOnFile>;

/** What ends a file, so that one that was cut off can be told. */
export const exportTrailer = strictObject({
  count: Type.Integer(),
  digest: Type.String({ description: '`sha256:` and the SHA-256 over the memories, a line of canonical JSON each.' }),
  position: Type.Integer({ description: 'Position of the log that the export holds.' }),
});
export type ExportTrailer = Static<typeof exportTrailer>;

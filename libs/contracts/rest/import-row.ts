import { type Static, Type } from 'typebox';
import { memoryOnFile } from './memory-file.js';
import { limits } from '#libs/domain/limits.js';

const { properties } = memoryOnFile;
const orNull = Type.Null();
const time = Type.Union([Type.String({ minLength: 1, maxLength: 40 }), orNull]);

/** What a row may say: a memory as an export writes it, or as little of one as its content. Other fields are told, not kept. */
export const importRow = Type.Object({
  ...Type.Partial(memoryOnFile).properties,
  content: properties.content,
  /** A UUID, or the id of another system. */
  id: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: limits.nameLength }), orNull])),
  user_id: Type.Optional(properties.user_id),
  observed_at: Type.Optional(time),
  created_at: Type.Optional(time),
  updated_at: Type.Optional(time),
  valid_from: Type.Optional(Type.Union([time, properties.valid_from])),
  valid_to: Type.Optional(Type.Union([time, properties.valid_to])),
});
export type ImportRowOnFile = Static<typeof importRow>;
export const importRowFields: readonly string[] = Object.keys(importRow.properties);

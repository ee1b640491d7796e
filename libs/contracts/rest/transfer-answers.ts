import { Type } from 'typebox';
import { exportTrailer, fileFormats, memoryOnFile } from './memory-file.js';

/** The envelope; with `Accept: text/csv` or `application/x-ndjson` the answer is the bare file. */
export const exportedAnswer = Type.Object({
  success: Type.Boolean(),
  format: Type.Enum([...fileFormats], { type: 'string' }),
  data: Type.Union([Type.Array(memoryOnFile), Type.String()], {
    description: 'A list for `json`, the text of the file for `csv` and `ndjson`.',
  }),
  ...exportTrailer.properties,
});

const count = Type.Integer();

/** Every row of the file is in one of the counts. */
export const importedAnswer = Type.Object({
  success: Type.Boolean({ description: 'No row was refused.' }),
  dry_run: Type.Boolean(),
  mode: Type.String(),
  import_id: Type.String(),
  total: count,
  created: count,
  skipped: count,
  merged: count,
  replaced: count,
  refused: count,
  memory_ids: Type.Array(Type.String(), { description: 'Of the memories that were created, or would be.' }),
  errors: Type.Array(
    Type.Object({ row: count, memory_id: Type.Union([Type.String(), Type.Null()]), message: Type.String() }),
  ),
  ignored_fields: Type.Array(Type.String(), { description: 'Fields of the rows that nothing is known of.' }),
  event_offset: count,
});

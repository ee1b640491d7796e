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

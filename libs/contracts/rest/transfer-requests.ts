import { type Static, Type } from 'typebox';
import { identityFields, strictObject, freshnessFields, momentField } from './fields.js';
import { filterFields } from './memory-requests.js';
import { fileFormats } from './memory-file.js';

export const exportMemoriesBody = strictObject({
  format: Type.Optional(Type.Enum([...fileFormats], { type: 'string', default: 'json' })),
  ...filterFields,
  as_of: Type.Optional(Type.Union([Type.Integer(), momentField('What was believed at this moment.')])),
  include_history: Type.Optional(
    Type.Boolean({ default: false, description: 'Also every version of each memory, with what happened to it.' }),
  ),
  ...identityFields,
  ...freshnessFields,
});
export type ExportMemoriesBody = Static<typeof exportMemoriesBody>;

import { type Static, Type } from 'typebox';
import { identityFields, strictObject, freshnessFields, momentField } from './fields.js';
import { filterFields } from './memory-requests.js';
import { importModes } from '../commands.js';
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

/** What is read besides our own files. */
export const importSystems = ['memorystack', 'mem0', 'zep', 'letta'] as const;
const formatOrSystem = [...fileFormats, ...importSystems.slice(1)] as const;

const importFields = {
  format: Type.Optional(
    Type.Enum([...formatOrSystem], {
      type: 'string',
      description: 'Of a file: what it is. `mem0`, `zep`, `letta`: an export of that system, as JSON.',
    }),
  ),
  mode: Type.Optional(
    Type.Enum([...importModes], {
      type: 'string',
      default: 'skip',
      description:
        'A memory that is there already is left (skip), supported (merge), or made what the file says (replace).',
    }),
  ),
  dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Only tell what would be done.' })),
};

export const importMemoriesQuery = strictObject({ ...importFields, ...identityFields });
export type ImportMemoriesQuery = Static<typeof importMemoriesQuery>;

/** A list of memories, the document that an export made, or a file as it is. */
export const importMemoriesBody = Type.Object({
  ...importFields,
  memories: Type.Optional(Type.Array(Type.Unknown(), { description: 'Rows of a file, or objects with `content`.' })),
  ...identityFields,
});
export type ImportMemoriesBody = Static<typeof importMemoriesBody>;

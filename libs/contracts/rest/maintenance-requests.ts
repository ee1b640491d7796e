import { limits } from '#libs/domain/limits.js';
import { maintenanceKinds } from '#libs/domain/maintenance/run.js';
import { type Static, type TSchema, Type } from 'typebox';
import {
  cursorField,
  identityFields,
  nameField,
  pageLimitField,
  readFields,
  scopeField,
  strictObject,
} from './fields.js';

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const similarity = share('How alike memories must be to be merged; 0.9 when left out.');
const strength = share('How clear a pattern must be to be kept; 0.7 when left out.');
const retiredShare = share(
  'A run that would retire a greater share of what one believer holds stops and says so; 0.1 when left out.',
);
const windowDays = Type.Integer({ minimum: 1, maximum: 90, description: 'How many days back; 7 when left out.' });
const depth = Type.Enum(['shallow', 'deep'], {
  type: 'string',
  description: '`deep` looks at classes of things, at numbers over time, and at whole sessions too.',
});
const archiveDays = Type.Integer({
  minimum: 1,
  maximum: 3_650,
  description: 'Memories that nobody read for so many days are put away, where they are not important; 180.',
});

/** A field under its name, and as JavaScript writes it. */
function bothCases<Name extends string, Schema extends TSchema>(name: Name, schema: Schema) {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const optional = Type.Optional(schema);
  return { [name]: optional, [camel]: Type.Optional({ ...schema, description: `Same as \`${name}\`.` }) } as Record<
    Name,
    typeof optional
  >;
}

const runFields = {
  ...bothCases('dry_run', Type.Boolean({ description: 'Only show what would be done, and change nothing.' })),
  ...bothCases('max_retired_share', retiredShare),
  user_id: Type.Optional(nameField('Only memories of this end user; `self`: of none.')),
  scope: Type.Optional({ ...scopeField, description: 'Only memories of this scope.' }),
  agent_id: Type.Optional(nameField('Only with this label.')),
  team_id: Type.Optional(nameField('Only with this label.')),
  ...identityFields,
};

export const consolidateBody = strictObject({
  ...bothCases('similarity_threshold', similarity),
  ...bothCases(
    'check_redundancy',
    Type.Boolean({ description: 'False merges only what is said in the same words; true when left out.' }),
  ),
  ...runFields,
});
export type ConsolidateBody = Static<typeof consolidateBody>;

export const reflectBody = strictObject({
  ...bothCases('time_window_days', windowDays),
  ...bothCases('analysis_depth', depth),
  ...bothCases('min_pattern_strength', strength),
  ...runFields,
});
export type ReflectBody = Static<typeof reflectBody>;

export const expireBody = strictObject({ ...bothCases('archive_after_days', archiveDays), ...runFields });
export type ExpireBody = Static<typeof expireBody>;

export const runPath = strictObject({ id: Type.String({ description: 'Id of a run.' }) });
export const listRunsQuery = strictObject({
  kind: Type.Optional(Type.Enum([...maintenanceKinds], { type: 'string' })),
  limit: Type.Optional(pageLimitField),
  cursor: Type.Optional(cursorField),
  ...readFields,
});
export type ListRunsQuery = Static<typeof listRunsQuery>;

export const revertRunBody = strictObject({
  cascade: Type.Optional(
    Type.Boolean({ default: false, description: 'Take back what was built on the run since, too.' }),
  ),
  ...identityFields,
});
export type RevertRunBody = Static<typeof revertRunBody>;

const frequency = Type.String({
  minLength: 1,
  maxLength: limits.nameLength,
  description: '`daily`, `weekly`, `monthly`, or a cron expression of five fields such as `30 4 * * 1-5`.',
});

/** What maintenance does by itself, in flat keys. */
const settingsFields = {
  consolidation_enabled: Type.Boolean(),
  consolidation_frequency: frequency,
  consolidation_similarity_threshold: similarity,
  reflection_enabled: Type.Boolean(),
  reflection_frequency: frequency,
  reflection_time_window_days: windowDays,
  reflection_analysis_depth: depth,
  reflection_min_pattern_strength: strength,
  expiry_enabled: Type.Boolean(),
  expiry_frequency: frequency,
  archive_after_days: archiveDays,
  decay_enabled: Type.Boolean({
    description: 'Whether what wears off gains or loses up to a tenth of its score in searches by its age.',
  }),
  embedding_generation_enabled: Type.Boolean({
    description: 'Vectors follow their texts by themselves; this also looks at a schedule whether any is missing.',
  }),
  embedding_generation_frequency: frequency,
  max_retired_share: retiredShare,
  timezone: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'IANA name, such as `Europe/Berlin`: what the clock of the frequencies shows. UTC when left out.',
  }),
};
export const settingsOnTheWire = Type.Object(settingsFields);
export type SettingsOnTheWire = Static<typeof settingsOnTheWire>;

export const setAutoMaintenanceBody = strictObject({
  ...(Type.Partial(settingsOnTheWire).properties as unknown as {
    [Name in keyof typeof settingsFields]: ReturnType<typeof Type.Optional<(typeof settingsFields)[Name]>>;
  }),
  ...identityFields,
});
export type SetAutoMaintenanceBody = Static<typeof setAutoMaintenanceBody>;

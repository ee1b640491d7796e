import { limits } from '#libs/domain/limits.js';
import { type Static, Type } from 'typebox';
import { beliefStrategies, resolutionStrategies } from '../commands.js';
import {
  confidenceField,
  contentField,
  freshnessFields,
  identityFields,
  idField,
  metadataField,
  nameField,
  scopeField,
  strictObject,
} from './fields.js';

const policyWords = ['latest_wins', 'keep_both_flag', 'highest_confidence', 'source_rank', 'ask'];

/** A statement, and whose belief it would be. */
const statementFields = {
  content: contentField,
  confidence: Type.Optional({ ...confidenceField, description: 'How sure it is; 0.8 when left out.' }),
  scope: Type.Optional(scopeField),
  user_id: Type.Optional(nameField('The end user whom it is about; `self` or left out: none.')),
  agent_id: Type.Optional(nameField('A label, as on a write.')),
  team_id: Type.Optional(nameField('A label, as on a write.')),
  ...identityFields,
};

export const detectContradictionsBody = strictObject({ ...statementFields, ...freshnessFields });
export type DetectContradictionsBody = Static<typeof detectContradictionsBody>;

export const updateBeliefBody = strictObject({
  ...statementFields,
  strategy: Type.Optional(
    Type.Enum([...beliefStrategies], {
      type: 'string',
      default: 'auto',
      description:
        '`auto`: rules and policies decide. `supersede`: the statement takes the place of the belief. `merge`: the belief ' +
        'takes its words and keeps its id. `adjust`: only the confidence changes. `manual`: both stay, disputed.',
    }),
  ),
  contradicting_memory_id: Type.Optional({
    ...idField,
    description: 'The belief that it is about; left out, the rules look for it.',
  }),
  metadata: Type.Optional(metadataField),
});
export type UpdateBeliefBody = Static<typeof updateBeliefBody>;

export const resolveContradictionBody = strictObject({
  strategy: Type.Enum([...resolutionStrategies], {
    type: 'string',
    description:
      '`supersede`: the newer statement stays. `reject`: the older belief stays. `keep_both`: both stay. ' +
      '`highest_confidence`, `source_rank`: the surer one, or the one from the better source.',
  }),
  reason: Type.Optional(
    Type.String({ maxLength: limits.queryLength, description: 'Kept in the log, for whoever asks why.' }),
  ),
  ...identityFields,
});
export type ResolveContradictionBody = Static<typeof resolveContradictionBody>;

export const contradictionPath = strictObject({ id: Type.String({ description: 'Id of a contradiction.' }) });

export const undoBody = strictObject({
  cascade: Type.Optional(
    Type.Boolean({ default: false, description: 'Take back later changes too where they depend on this one.' }),
  ),
  ...identityFields,
});
export type UndoBody = Static<typeof undoBody>;

const policyField = (description: string) => Type.Optional(Type.Enum(policyWords, { type: 'string', description }));

export const beliefPoliciesBody = strictObject({
  state: policyField('What changes now and then: residence, employer, plans, statuses.'),
  volatile: policyField('What changes often.'),
  rare: policyField('What hardly changes: a name.'),
  immutable: policyField('What cannot change: a birth date.'),
  many: policyField('What may be several: allergies, languages, pets.'),
  statistic: policyField('Figures of which every source has its own.'),
  none: policyField('Statements that fill no slot.'),
  ...identityFields,
});
export type BeliefPoliciesBody = Static<typeof beliefPoliciesBody>;

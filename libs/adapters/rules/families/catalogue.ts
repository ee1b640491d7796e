import { EVENT_RULES, HABIT_RULES } from './event.js';
import { GOAL_RULES } from './goal.js';
import { RESIDENCE_RULES, SKILL_RULES, WORK_RULES } from './occupation.js';
import { DECISION_RULES, FACT_RULES, FEEDBACK_RULES, RESEARCH_RULES } from './finding.js';
import { GUIDELINE_RULES } from './guideline.js';
import { ISSUE_RULES, RESOLUTION_RULES, STATUS_RULES } from './support.js';
import { IDENTITY_RULES, POSSESSION_RULES, RELATIONSHIP_RULES } from './person.js';
import { HEALTH_RULES, PREFERENCE_RULES } from './preference.js';
import type { Rule } from './rule.js';

/** Every rule; the first that takes a clause names its type, so the order is from narrow to wide. */
export const RULES: readonly Rule[] = [
  ...GUIDELINE_RULES,
  ...RESEARCH_RULES,
  ...HEALTH_RULES,
  ...IDENTITY_RULES,
  ...RELATIONSHIP_RULES,
  ...PREFERENCE_RULES,
  ...DECISION_RULES,
  ...RESOLUTION_RULES,
  ...ISSUE_RULES,
  ...SKILL_RULES,
  ...POSSESSION_RULES,
  ...RESIDENCE_RULES,
  ...WORK_RULES,
  ...GOAL_RULES,
  ...HABIT_RULES,
  ...EVENT_RULES,
  ...STATUS_RULES,
  ...FEEDBACK_RULES,
  ...FACT_RULES,
];

const ANY_VERB = '*';

/** Rules by the lemma of their verb, in the order of `RULES`, so that a clause meets only the few that could take it. */
const RULES_BY_VERB = indexByVerb();

export function rulesForVerb(lemma: string): readonly Rule[] {
  return RULES_BY_VERB.get(lemma) ?? RULES_BY_VERB.get(ANY_VERB)!;
}

function indexByVerb(): Map<string, Rule[]> {
  const lemmas = new Set([ANY_VERB, ...RULES.flatMap((rule) => rule.verbs)]);
  const takes = (rule: Rule, lemma: string): boolean => rule.verbs.includes(lemma) || rule.verbs.includes(ANY_VERB);
  return new Map([...lemmas].map((lemma) => [lemma, RULES.filter((rule) => takes(rule, lemma))]));
}

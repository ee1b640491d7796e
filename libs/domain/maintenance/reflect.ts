import { habitsIn } from './habits.js';
import { issuesIn } from './issues.js';
import { byText, type MaintainedMemory } from './maintained-memory.js';
import { observationsIn, type Window } from './observation.js';
import type { PatternProposal } from './pattern.js';
import { preferenceClassesIn } from './preference-classes.js';
import { trendsIn } from './trends.js';

export interface ReflectOptions extends Window {
  /** Patterns that are weaker are left out, 0 to 1; three days that nothing contradicts are .8. */
  minPatternStrength: number;
  /** `shallow`: habits, repeated issues and tastes; `deep`: also trends of amounts and habits of a class of things. */
  depth: 'shallow' | 'deep';
}

/**
 * What was told again and again, on three days or more, by one believer: only what was said counts, never what an earlier
 * reflection made of it. The past of a trend are values that newer ones took the place of, so memories that are
 * `superseded` may be given too, but for those that were corrected; forgotten ones never count.
 */
export function reflect(memories: readonly MaintainedMemory[], options: ReflectOptions): PatternProposal[] {
  const sorted = [...memories].sort(
    (one, other) => byText(one.observedAt, other.observedAt) || byText(one.id, other.id),
  );
  const observations = observationsIn(sorted, options);
  const believed = observations.filter(({ memory }) => memory.status !== 'superseded');
  const isDeep = options.depth === 'deep';
  const patterns = [
    ...habitsIn(believed, isDeep),
    ...issuesIn(sorted, options),
    ...preferenceClassesIn(believed),
    ...(isDeep ? trendsIn(observations) : []),
  ];
  return patterns
    .filter(({ strength }) => strength >= options.minPatternStrength)
    .sort((one, other) => byText(one.key, other.key));
}

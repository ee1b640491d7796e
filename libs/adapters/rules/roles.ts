import type { ExtractorMessage } from '#libs/ports/extractor.js';
import type { Clause } from './clauses.js';
import type { Rule } from './families/rule.js';
import type { ClauseView } from './matching.js';

const OF_WEIGHT = new Set([
  'decision',
  'resolution',
  'status',
  'issue',
  'recommendation',
  'research',
  'event',
  'fact',
  'tool',
]);
const ACTING = new Set(['decision', 'resolution', 'recommendation']);

/**
 * An assistant's small talk is not worth keeping: only what it says about the user, what it decided, resolved or
 * recommends, and statements with a figure or an id. An assistant with a name of its own may be a person; it speaks for
 * itself as well.
 */
export function isWorthKeeping(message: ExtractorMessage, clause: Clause, rule: Rule, view: ClauseView): boolean {
  if (message.role !== 'assistant') return true;
  const family = rule.id.slice(0, rule.id.indexOf('.'));
  const { kind } = clause.subject;
  if (kind === 'addressee') return true;
  if (kind === 'speaker' || kind === 'implied') return message.name !== null || ACTING.has(family);
  if (/\d/.test(view.whole) && OF_WEIGHT.has(family)) return true;
  return /^your?\b/.test(view.subject) || (message.name !== null && kind !== 'imperative');
}

const WORK_FAMILIES = new Set(['guideline', 'issue', 'resolution', 'status', 'feedback', 'decision', 'research']);

/** Rules about work are narrow enough to take a sentence that the gate would leave. */
export function isAboutWork(rule: Rule): boolean {
  return WORK_FAMILIES.has(rule.memoryType);
}

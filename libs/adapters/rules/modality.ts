import type { Modality } from '#libs/ports/extractor.js';
import { frameKind } from './clauses.js';
import type { Clause } from './clauses.js';
import type { Rule } from './families/rule.js';

const HEDGES = new Set('maybe perhaps possibly probably'.split(' '));
const HEARSAY = new Set('apparently allegedly supposedly'.split(' '));
const WISHING = new Set('want wish hope dream aspire'.split(' '));

/** How the statement is meant. Only `asserted` and `negated` can contradict another. */
export function modalityOf(clause: Clause, rule: Rule, rest: string): Modality {
  const { predicate, opener, frame } = clause;
  const { modals, adverbs, lemma } = predicate;
  if (frame !== null && frameKind(frame.lemma) === 'reported') return 'reported';
  if (adverbs.some((word) => HEARSAY.has(word))) return 'reported';
  if (opener === 'if' || opener === 'unless') return 'hypothetical';
  const uncertain = modals.includes('might') || modals.includes('may') || modals.includes('could');
  if ((uncertain || adverbs.some((word) => HEDGES.has(word))) && rule.modality !== 'asserted') return 'hypothetical';
  const denied = /^no (?!longer\b|one\b)/.test(rest);
  const negated = (predicate.negated || denied) !== (frame?.negated ?? false);
  if (rule.modality === 'asserted') return 'asserted';
  if (negated) return 'negated';
  if (rule.modality !== undefined) return rule.modality;
  if (modals.includes('would')) return lemma === 'like' || lemma === 'love' ? 'wish' : 'hypothetical';
  if (modals.includes('will') || modals.includes('going to') || modals.includes('shall')) return 'plan';
  return WISHING.has(lemma) ? 'wish' : 'asserted';
}

/** "I think", "maybe", "might": said, but not stood for. */
export function isHedged(clause: Clause): boolean {
  if (clause.frame !== null && frameKind(clause.frame.lemma) === 'thought') return true;
  return (
    clause.predicate.adverbs.some((word) => HEDGES.has(word)) ||
    clause.predicate.modals.some((modal) => modal === 'might' || modal === 'may' || modal === 'could')
  );
}

import type { ClauseTime } from './world-time.js';
import { mentionsFrequency, mentionsTime } from './world-time.js';
import { STANDING } from './clauses.js';
import type { Clause } from './clauses.js';
import { rulesForVerb } from './families/catalogue.js';
import type { Need, Party, Rule } from './families/rule.js';
import type { Subject } from './subject.js';
import type { Token } from './tokens.js';

/** A clause as the rules see it: text pieces in lower case, cut from the message. */
export interface ClauseView {
  clause: Clause;
  tokens: readonly Token[];
  /** The whole clause, the noun phrase before the verb, and what follows the verb. */
  whole: string;
  subject: string;
  rest: string;
  /** Resolved on first use, because it is the dearest step. */
  time(): ClauseTime;
}

const NO_MODAL = /^(?:used to)?$/;
const CONDITIONS = new Set(['if', 'unless', 'once', 'when']);
const FIGURE =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|billion|trillion|half|third)\b/;

/** The first rule that takes the clause. */
export function matchRule(view: ClauseView): Rule | undefined {
  const parties = partiesOfSubject(view.clause.subject);
  if (parties.length === 0) return undefined;
  const { predicate } = view.clause;
  const modals = predicate.modals.join(' ');
  const adverbs = predicate.adverbs.join(' ');
  for (const rule of rulesForVerb(predicate.lemma)) {
    if (!rule.about.some((party) => parties.includes(party))) continue;
    if (!(rule.modals ?? NO_MODAL).test(modals)) continue;
    if (rule.adverbs !== undefined && !rule.adverbs.test(adverbs)) continue;
    if (takes(rule, view)) return rule;
  }
  return undefined;
}

function takes(rule: Rule, view: ClauseView): boolean {
  const { predicate } = view.clause;
  if (rule.tense !== undefined && rule.tense !== predicate.tense) return false;
  if (rule.progressive !== undefined && rule.progressive !== predicate.progressive) return false;
  if (rule.perfect !== undefined && rule.perfect !== predicate.perfect) return false;
  if (rule.negated !== undefined && rule.negated !== predicate.negated) return false;
  if (rule.exceptVerbs?.includes(predicate.lemma)) return false;
  if (rule.subject !== undefined && !rule.subject.test(view.subject)) return false;
  if (rule.rest !== undefined && !rule.rest.test(view.rest)) return false;
  if (rule.unless !== undefined && rule.unless.test(view.rest)) return false;
  return rule.needs === undefined || rule.needs.every((need) => has(need, view));
}

function has(need: Need, view: ClauseView): boolean {
  switch (need) {
    case 'frequency':
      return mentionsFrequency(view.whole);
    case 'figure':
      return FIGURE.test(view.whole);
    case 'name':
      return hasName(view);
    case 'names_only':
      return hasName(view, true);
    case 'standing':
      return view.clause.opener === STANDING;
    case 'condition':
      return view.clause.opener !== null && CONDITIONS.has(view.clause.opener);
    case 'time':
      return mentionsTime(view.whole) && (view.time().validFrom !== null || view.time().validTo !== null);
    case 'future':
      return mentionsTime(view.whole) && view.time().future;
  }
}

function hasName({ clause, tokens }: ClauseView, only = false): boolean {
  let found = false;
  for (let at = clause.predicate.rest; at < clause.to; at += 1) {
    const isName = tokens[at]!.capital && tokens[at]!.word !== 'i';
    if (only && !isName) return false;
    found ||= isName;
  }
  return found;
}

/** A name may be a person or a thing; "it" is nobody. */
function partiesOfSubject({ kind, head }: Subject): readonly Party[] {
  switch (kind) {
    case 'speaker':
    case 'implied':
      return ['speaker'];
    case 'addressee':
      return ['addressee'];
    case 'named':
      return ['person', 'thing'];
    case 'person':
    case 'he':
    case 'she':
    case 'they':
      return ['person'];
    case 'thing':
      return ['thing'];
    case 'activity':
      return ['activity'];
    case 'imperative':
      return ['imperative'];
    case 'it':
      return head === 'this' ? ['this'] : [];
  }
}

import type { Statement } from '#libs/domain/belief/claim.js';
import { relate, wouldSupersede } from '#libs/domain/belief/relate.js';
import type { Relation } from '#libs/domain/belief/relation.js';
import type { StatementReader } from '#libs/ports/statement-reader.js';
import type { LabelledPair } from './labelled-pair.js';

/** The older statement of a pair is said a month before the newer one, in another session. */
const OLDER_SAID_AT = '2026-05-01T10:00:00.000Z';
const NEWER_SAID_AT = '2026-06-10T10:00:00.000Z';

/** How well a reader and the relation rules do on labelled pairs. */
export interface PairScore {
  pairs: number;
  /** Share of the pairs whose relation is accepted. */
  accuracy: number;
  /** Of contradictions: the harmonic mean of precision and recall. */
  contradictionF1: number;
  /** Share of the pairs that do not accept a contradiction whose older statement would be retired. */
  wronglyRetired: number;
  /** Expected relation → answered relation → how often. */
  confusion: Record<string, Record<string, number>>;
  /** `id: expected ≠ answered (rule) | older → newer`. */
  misses: string[];
}

export function readPair(reader: StatementReader, { a, b }: LabelledPair): { older: Statement; newer: Statement } {
  return {
    older: reader.read(a, { observedAt: OLDER_SAID_AT }),
    newer: reader.read(b, { observedAt: NEWER_SAID_AT }),
  };
}

export function scorePairs(reader: StatementReader, pairs: readonly LabelledPair[]): PairScore {
  const tally = { right: 0, found: 0, invented: 0, missed: 0, kept: 0, retired: 0 };
  const confusion: PairScore['confusion'] = {};
  const misses: string[] = [];
  for (const pair of pairs) {
    const { older, newer } = readPair(reader, pair);
    const answer = relate(newer, older, { sameSession: false });
    const isRight = pair.accept.includes(answer.relation);
    const mayContradict = pair.accept.includes('contradicts');
    if (isRight) tally.right += 1;
    if (answer.relation === 'contradicts') tally[mayContradict ? 'found' : 'invented'] += 1;
    else if (pair.relation === 'contradicts' && !isRight) tally.missed += 1;
    if (!mayContradict) tally.kept += 1;
    if (!mayContradict && wouldSupersede(answer)) tally.retired += 1;
    const row = (confusion[pair.relation] ??= {});
    row[answer.relation] = (row[answer.relation] ?? 0) + 1;
    if (!isRight) misses.push(missOf(pair, answer));
  }
  return {
    pairs: pairs.length,
    accuracy: tally.right / pairs.length,
    contradictionF1: (2 * tally.found) / (2 * tally.found + tally.invented + tally.missed),
    wronglyRetired: tally.retired / tally.kept,
    confusion,
    misses,
  };
}

function missOf({ id, a, b, accept }: LabelledPair, { relation, ruleId }: Relation): string {
  return `${id}: ${accept.join(' or ')} ≠ ${relation} (${ruleId}) | ${a} → ${b}`;
}

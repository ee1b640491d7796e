import type { RelationOnTheWire } from '#libs/contracts/rest/answers.js';
import type { RelationsAnswer } from '#libs/ports/memory-queries.js';
import type { Carried } from '../commands/command-sender.js';

export function presentRelations({ relations, isDegraded }: RelationsAnswer) {
  const shown = relations.map(presentRelation);
  const contradictions = shown
    .filter(({ relation }) => relation === 'contradicts')
    .map(({ memory_id: id, content, kind, probability, would_supersede: wouldSupersede, evidence }) => ({
      ...{ id, memory_id: id, content, type: kind, score: probability, evidence },
      suggested_strategy: wouldSupersede ? 'supersede' : 'manual',
    }));
  return {
    success: true,
    has_contradictions: contradictions.length > 0,
    contradictions,
    relations: shown,
    ...(isDegraded && { degraded: true }),
  };
}

function presentRelation({
  memory,
  relation,
  policy,
  wouldSupersede,
}: RelationsAnswer['relations'][number]): RelationOnTheWire {
  return {
    memory_id: memory.id,
    content: memory.content,
    relation: relation.relation,
    kind: relation.kind,
    probability: relation.probability,
    would_supersede: wouldSupersede,
    rule_id: relation.ruleId,
    slot: relation.slot,
    policy,
    evidence: relation.evidence,
  };
}

/** What UpdateBelief left as its outcome. */
export function presentUpdated({ body, position, isRetryInWindow }: Carried) {
  return {
    success: true,
    memory_id: body['memoryId'],
    strategy_applied: body['strategyApplied'],
    superseded_ids: body['supersededIds'],
    confidence_before: body['confidenceBefore'],
    confidence_after: body['confidenceAfter'],
    contradiction_id: body['contradictionId'],
    event_offset: position,
    ...(isRetryInWindow && { deduplicated: true }),
  };
}

/** What ResolveContradiction left as its outcome. */
export function presentResolved({ body, position, isRetryInWindow }: Carried) {
  return {
    success: true,
    contradiction_id: body['contradictionId'],
    resolved: true,
    strategy: body['settlement'],
    reason: body['reason'],
    memory_id: body['memoryId'],
    other_id: body['otherId'],
    event_offset: position,
    ...(isRetryInWindow && { deduplicated: true }),
  };
}

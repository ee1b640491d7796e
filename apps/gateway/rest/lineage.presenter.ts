import type {
  ChainLinkOnTheWire,
  ContradictionOnTheWire,
  LineageAnswer,
  LineageEventOnTheWire,
  LineageNodeOnTheWire,
} from '#libs/contracts/rest/lineage-answers.js';
import type {
  ChainLink,
  Happening,
  LineageEvent,
  LineageGraph,
  LineageNode,
  LineageReason,
} from '#libs/domain/lineage/lineage.js';
import type { ShownContradiction } from '#libs/ports/memory-queries.js';
import { labelOf, sentenceOf, type ToldGraph, toldGraph } from './lineage-sentences.js';

/** A lineage in one of its forms; what the form leaves out is empty. */
export function presentLineage(graph: LineageGraph, format: 'full' | 'timeline' | 'chain'): LineageAnswer {
  const told = toldGraph(graph);
  const isFull = format === 'full';
  return {
    success: true,
    memory_id: graph.memoryId,
    format,
    as_of: graph.asOf,
    nodes: isFull ? graph.nodes.map(presentNode) : [],
    edges: isFull ? graph.edges.map(({ from, to, type, eventId }) => ({ from, to, type, event_id: eventId })) : [],
    events: format === 'chain' ? [] : graph.events.map((event) => presentEvent(told, event)),
    roots: isFull ? graph.roots : [],
    chain: format === 'timeline' ? [] : graph.chain.map(presentLink),
    cut: {
      versions: graph.cut.versions,
      chain: graph.cut.isChainCut,
      contradictions: graph.cut.areContradictionsCut,
    },
  };
}

export function presentContradiction({ contradiction, content, otherContent }: ShownContradiction) {
  const { ownership, settlement, ...found } = contradiction;
  return {
    ...{ id: found.id, memory_id: found.memoryId, other_id: found.otherId, content, other_content: otherContent },
    ...{ kind: found.kind, probability: found.probability, rule_id: found.ruleId, rules_version: found.rulesVersion },
    ...{ evidence: found.evidence, slot: found.slot, user_id: ownership.userId, scope: ownership.scope },
    ...{ resolved: settlement !== null, strategy: settlement, reason: found.reason },
    ...{ detected_at: found.detectedAt, resolved_at: found.settledAt },
  } satisfies ContradictionOnTheWire;
}

function presentEvent(told: ToldGraph, event: LineageEvent): LineageEventOnTheWire {
  const { eventId, type, subjectId, nodeId, version } = event;
  return {
    ...happening(event),
    ...{ event_id: eventId, event: type, subject_id: subjectId, node_id: nodeId, version },
    sentence: sentenceOf(told, event),
  };
}

function presentNode(node: LineageNode): LineageNodeOnTheWire {
  return { id: node.id, kind: node.kind, label: labelOf(node), ...happening(node.told), ...partsOf(node) };
}

function happening({ eventId, position, recordedAt, actor, reason, decision }: Happening) {
  return {
    ...{ event_id: eventId, event_offset: position, recorded_at: recordedAt, reason },
    actor: actor && { ...actor },
    decision: decision && { ...decision },
  };
}

/** The field that says more of a node, by its kind. */
function partsOf(node: LineageNode): Partial<LineageNodeOnTheWire> {
  switch (node.kind) {
    case 'message': {
      const { span, quote, role, speaker, saidAt, visibility } = node;
      const { messageId, externalId, start, end } = span;
      const message = { message_id: messageId, external_id: externalId, start, end, quote, role, speaker };
      return { message: { ...message, said_at: saidAt, visibility } };
    }
    case 'statement':
    case 'import':
      return { statement: { key_id: node.keyId } };
    case 'extraction': {
      const { ruleId, version, model, promptHash } = node;
      return { extraction: { rule_id: ruleId, extractor_version: version, model, prompt_hash: promptHash } };
    }
    case 'version': {
      const { memoryId, number, content, memoryType, confidence, status, validFrom, validTo, isCurrent } = node;
      const version = { memory_id: memoryId, number, content, memory_type: memoryType, confidence, status };
      const valid = { valid_from: validFrom?.instant ?? null, valid_to: validTo?.instant ?? null };
      return { version: { ...version, ...valid, current: isCurrent } };
    }
    case 'contradiction':
      return { contradiction: contradictionParts(node) };
    case 'alternative': {
      const { memoryId, standing, content, confidence, status, because, visibility } = node;
      const alternative = { memory_id: memoryId, standing, content, confidence, status, visibility };
      return { alternative: { ...alternative, because: presentReason(because) } };
    }
    case 'edit':
      return { edit: { action: node.action, fields: node.fields, reason: node.words } };
  }
}

function contradictionParts({ contradictionId, visibility, found }: Extract<LineageNode, { kind: 'contradiction' }>) {
  return {
    contradiction_id: contradictionId,
    memory_id: found?.memoryId ?? null,
    other_id: found?.otherId ?? null,
    kind: found?.kind ?? null,
    probability: found?.probability ?? null,
    rule_id: found?.ruleId ?? null,
    rules_version: found?.rulesVersion ?? null,
    evidence: found?.evidence ?? [],
    slot: found?.slot ?? null,
    strategy: found?.settlement ?? null,
    reason: found?.reason ?? null,
    resolved_at: found?.settledBy?.recordedAt ?? null,
    visibility,
  };
}

function presentReason({ contradictionId, kind, probability, ruleId, evidence, settlement, words }: LineageReason) {
  const rule = { contradiction_id: contradictionId, kind, probability, rule_id: ruleId, evidence };
  return { ...rule, strategy: settlement, reason: words };
}

function presentLink(link: ChainLink): ChainLinkOnTheWire {
  const { memoryId, visibility, content, confidence, status, validFrom, validTo, learned, replaced, because } = link;
  return {
    ...{ memory_id: memoryId, visibility, content, confidence, status },
    ...{ valid_from: validFrom?.instant ?? null, valid_to: validTo?.instant ?? null },
    ...{ learned_at: learned?.recordedAt ?? null, superseded_by: link.supersededBy },
    ...{ replaced_at: replaced?.recordedAt ?? null, replaced_offset: replaced?.position ?? null },
    because: because && presentReason(because),
  };
}

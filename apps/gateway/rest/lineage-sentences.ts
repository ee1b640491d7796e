import type {
  AlternativeNode,
  Happening,
  LineageEvent,
  LineageGraph,
  LineageNode,
  LineageReason,
} from '#libs/domain/lineage/lineage.js';
import { shortened } from './shown-text.js';

const quoteLength = 80;

/** A graph with what its sentences look up. */
export interface ToldGraph {
  graph: LineageGraph;
  nodes: ReadonlyMap<string, LineageNode>;
}

export function toldGraph(graph: LineageGraph): ToldGraph {
  return { graph, nodes: new Map(graph.nodes.map((node) => [node.id, node])) };
}

/** Who did what, when and why. */
export function sentenceOf(told: ToldGraph, event: LineageEvent): string {
  return `${event.recordedAt}: ${whoOf(event)} ${whatOf(told, event)}${whyOf(event)}.`;
}

/** A node in a few words. */
export function labelOf(node: LineageNode): string {
  switch (node.kind) {
    case 'message':
      if (node.visibility !== 'visible') return `a message that is ${node.visibility}`;
      return `${shortened(node.speaker ?? node.role ?? 'somebody', quoteLength)}: ${quoted(node.quote)}`;
    case 'statement':
      return `stated with key ${idText(node.keyId)}`;
    case 'import':
      return `imported with key ${idText(node.keyId)}`;
    case 'extraction':
      return node.model === null
        ? `read by rule ${node.ruleId}`
        : `read by model ${shortened(node.model, quoteLength)}`;
    case 'version':
      return `version ${node.number}: ${quoted(node.content)}`;
    case 'contradiction':
      if (node.found === null) return `a contradiction that is ${node.visibility}`;
      return `${node.found.kind} by rule ${node.found.ruleId}, ${node.found.settlement ?? 'not settled'}`;
    case 'alternative':
      if (node.visibility !== 'visible') return `a belief that is ${node.visibility}, ${node.standing}`;
      return `${node.standing}: ${quoted(node.content)}`;
    case 'edit':
      return node.fields.length === 0 ? node.action : `${node.action} ${node.fields.join(', ')}`;
  }
}

/** Why a belief gave way, or did not. */
export function becauseOf({ kind, ruleId, settlement, words }: LineageReason): string {
  const rule = ruleId === null ? null : `${kind} by rule ${ruleId}`;
  const parts = [rule, settlement, words === null ? null : quoted(words)];
  return parts.filter((part) => part !== null).join(', ');
}

/** @param shown makes ids as short as there is room for */
export function whoOf({ actor, reason }: Happening, shown: (id: string) => string = idText): string {
  if (actor === null) return 'somebody';
  const by = actor.agent === null ? `key ${shown(actor.key)}` : `agent ${shown(actor.agent)}`;
  if (reason === 'user') return by;
  return `${by}, by ${reason === 'llm' ? 'a model' : reason === 'rule' ? 'the rules' : (reason ?? 'itself')},`;
}

function whyOf({ decision, change }: LineageEvent): string {
  const rule = decision?.['rule'];
  const model = decision?.['model'];
  const parts = [
    typeof rule === 'string' && rule !== 'statement' ? `rule ${shortened(rule, quoteLength)}` : null,
    typeof model === 'string' ? `model ${shortened(model, quoteLength)}` : null,
    change.words === null ? null : `because ${quoted(change.words)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function whatOf(told: ToldGraph, event: LineageEvent): string {
  const { change, type, nodeId } = event;
  switch (type) {
    case 'MemoryLearned': {
      const isRead = told.graph.edges.some((edge) => edge.from === nodeId && edge.type === 'extracted_by');
      const verb = event.reason === 'import' ? 'imported' : isRead ? 'read in a message' : 'stated';
      return `${verb} ${quoted(change.contentAfter)}`;
    }
    case 'MemoryImported':
      return `imported ${quoted(change.contentAfter)}`;
    case 'MemoryRevised':
      return `changed ${change.fields.join(', ')}${contentChange(event)}`;
    case 'MemoryReinforced':
      return `heard it again${confidenceChange(event)}`;
    case 'MemoryRefined':
      return `heard it said more exactly${contentChange(event)}`;
    case 'MemorySuperseded':
      return `put ${otherOf(told, change.otherId)} in its place`;
    case 'BeliefAdjusted':
      return `weighed it again${confidenceChange(event)}${statusChange(event)}`;
    case 'MemoryRestored':
      return `${change.action === 'redo' ? 'did again what was undone' : 'took a change back'}${contentChange(event)}${statusChange(event)}`;
    case 'MemoriesConsolidated':
      return `merged others that say the same into it${confidenceChange(event)}`;
    case 'MemoryReflected':
      return `concluded ${quoted(change.contentAfter)} from other memories`;
    case 'MemoryExpired':
      return `let it age${statusChange(event)}`;
    case 'MemoryForgotten':
      return 'forgot it';
    case 'ContradictionDetected':
      return `found that it and ${otherOf(told, change.otherId)} contradict each other${settled(change.settlement)}`;
    case 'ContradictionResolved':
      if (change.action === 'reopen') return `opened the contradiction with ${otherOf(told, change.otherId)} again`;
      return `settled the contradiction with ${otherOf(told, change.otherId)}${settled(change.settlement)}`;
    default:
      return `changed it (${type})`;
  }
}

function otherOf({ nodes }: ToldGraph, memoryId: string | null): string {
  const node = nodes.get(`alternative:${memoryId}`) as AlternativeNode | undefined;
  if (node?.visibility !== 'visible') return `a belief that is ${node?.visibility ?? 'not shown'}`;
  return node.content === null ? 'a belief that is forgotten' : quoted(node.content);
}

function settled(settlement: string | null): string {
  return settlement === null ? '' : `: ${settlement.replace('_', ' ')}`;
}

function contentChange({ change: { contentBefore, contentAfter } }: LineageEvent): string {
  return contentBefore === contentAfter ? '' : `, from ${quoted(contentBefore)} to ${quoted(contentAfter)}`;
}

function confidenceChange({ change: { confidenceBefore, confidenceAfter } }: LineageEvent): string {
  if (confidenceBefore === null || confidenceAfter === null || confidenceBefore === confidenceAfter) return '';
  return `, confidence ${confidenceBefore.toFixed(2)} to ${confidenceAfter.toFixed(2)}`;
}

function statusChange({ change: { statusBefore, statusAfter } }: LineageEvent): string {
  return statusBefore === statusAfter ? '' : `, ${statusBefore} to ${statusAfter}`;
}

function quoted(text: string | null): string {
  return text === null ? 'what is not shown' : `“${shortened(text, quoteLength)}”`;
}

function idText(id: string | null): string {
  return id === null ? 'unknown' : shortened(id, quoteLength);
}

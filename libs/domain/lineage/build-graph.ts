import { limits } from '../limits.js';
import type { Evidence, MemoryEvent } from '../memory/memory.events.js';
import { chainOf } from './chain.js';
import { contradictionIdOf, happeningOf, memoryIn, type MemoryStep } from './history.js';
import { LineageDrawing } from './drawing.js';
import type { Happening, LineageEvent, LineageGraph, LineageSources, MemorySource, TimedEvent } from './lineage.js';
import { addNeighbours } from './neighbours.js';
import { KnownContradictions } from './reasons.js';
import { rootsOf } from './roots.js';

/** Builds the lineage of one memory from what the log recorded of it and of its neighbours. Pure. */
export function buildLineage(sources: LineageSources): LineageGraph {
  const { memoryId, asOf, memories, cut } = sources;
  const own = memories.find((source) => source.memoryId === memoryId);
  if (own === undefined) throw new Error(`the sources of a lineage lack memory ${memoryId} itself`);
  const drawing = new LineageDrawing();
  const shown = shownSteps(own.history.steps);
  shown.forEach((step, index) => addVersion(drawing, sources, own, step, shown[index - 1]));
  const contradictions = new KnownContradictions(sources.contradictions);
  addNeighbours(drawing, sources, own, contradictions);
  const { nodes, edges, events } = drawing.finished();
  return {
    ...{ memoryId, asOf, nodes, edges, events },
    roots: rootsOf({ nodes, edges }),
    chain: chainOf(sources, contradictions),
    cut: { ...cut, versions: own.history.steps.length - shown.length },
  };
}

/** The first version, where it comes from, and the last ones. */
function shownSteps(steps: readonly MemoryStep[]): MemoryStep[] {
  if (steps.length <= limits.lineageVersions) return [...steps];
  return [steps[0]!, ...steps.slice(1 - limits.lineageVersions)];
}

const versionNode = (version: number): string => `version:${version}`;
const editNode = (eventId: string): string => `edit:${eventId}`;

function addVersion(
  drawing: LineageDrawing,
  sources: LineageSources,
  own: MemorySource,
  step: MemoryStep,
  previous: MemoryStep | undefined,
): void {
  const { told, version, after, action } = step;
  const id = versionNode(version);
  const happening = happeningOf(told);
  if (after !== null) {
    const { content, memoryType, confidence, status, validFrom, validTo } = after;
    const isCurrent = version === own.history.steps.length;
    const state = { content, memoryType, confidence, status, validFrom, validTo, isCurrent };
    drawing.node({ kind: 'version', id, told: happening, memoryId: own.memoryId, number: version, ...state });
  }
  drawing.event(eventOf(own.memoryId, step));
  if (after === null) return;
  if (previous?.after) drawing.edge(versionNode(previous.version), id, 'led_to', told.eventId);
  const isOrigin = version === 1;
  if (told.event.type === 'MemoryImported') addImport(drawing, step);
  for (const evidence of evidenceOf(told)) addEvidence(drawing, sources, evidence, { node: id, told, isOrigin });
  if (action !== null) addEdit(drawing, own, step);
  const contradictionId = contradictionIdOf(told);
  const begins = told.event.type === 'MemoryLearned' || told.event.type === 'MemoryImported';
  if (contradictionId !== null && !begins) {
    drawing.edge(`contradiction:${contradictionId}`, id, 'led_to', told.eventId);
  }
}

/** The evidence that an event brought. */
function evidenceOf({ event }: TimedEvent<MemoryEvent>): Evidence[] {
  if (event.data === null) return [];
  const known = event as MemoryEvent;
  switch (known.type) {
    case 'MemoryLearned':
    case 'MemoryReinforced':
    case 'MemoryRefined':
    case 'MemoryReflected':
      return [known.data.evidence];
    case 'MemoriesConsolidated':
      return known.data.evidence;
    default:
      return [];
  }
}

/** What it was read in is not here: the import is where its lineage ends. */
function addImport(drawing: LineageDrawing, { told, version }: MemoryStep): void {
  const id = `import:${told.eventId}`;
  drawing.node({ kind: 'import', id, told: happeningOf(told), keyId: told.actor?.key ?? null });
  drawing.edge(id, versionNode(version), 'led_to', told.eventId);
}

/** What a piece of evidence speaks for: a version, or a belief that this one was concluded from. */
interface Supported {
  node: string;
  told: TimedEvent<MemoryEvent>;
  /** It began with this evidence. */
  isOrigin: boolean;
}

/** What was read, stated or concluded, with the messages and the beliefs that it comes from. */
function addEvidence(
  drawing: LineageDrawing,
  sources: LineageSources,
  { id: evidenceId, sourceType, sources: spans, ruleId, extractorVersion, derivedFrom = [] }: Evidence,
  { node, told, isOrigin }: Supported,
): void {
  const happening = happeningOf(told);
  const { eventId, actor, decision, reason } = told;
  if (sourceType === 'statement') {
    const kind = reason === 'import' ? 'import' : 'statement';
    const id = `${kind}:${evidenceId}`;
    drawing.node({ kind, id, told: happening, keyId: actor?.key ?? null });
    drawing.edge(id, node, isOrigin ? 'led_to' : 'supports', eventId);
    return;
  }
  const id = `extraction:${evidenceId}`;
  const model = textIn(decision, 'model');
  const promptHash = textIn(decision, 'promptHash');
  drawing.node({ kind: 'extraction', id, told: happening, ruleId, version: extractorVersion, model, promptHash });
  if (isOrigin) drawing.edge(node, id, 'extracted_by', eventId);
  else drawing.edge(id, node, 'supports', eventId);
  for (const span of spans) drawing.edge(id, drawing.message(sources, span, happening), 'said_in', eventId);
  for (const { memoryId } of derivedFrom) {
    const premise = addPremise(drawing, sources, memoryId, happening);
    drawing.edge(id, premise, 'concluded_from', eventId);
  }
}

/** A belief that this one was concluded from, with what speaks for it. */
function addPremise(drawing: LineageDrawing, sources: LineageSources, memoryId: string, told: Happening): string {
  const id = `alternative:${memoryId}`;
  if (drawing.has(id)) return id;
  const found = sources.memories.find((one) => one.memoryId === memoryId);
  const memory = found ? memoryIn(found.history.state) : null;
  const visibility = memory === null ? 'erased' : found!.isVisible ? 'visible' : 'hidden';
  const { content, confidence, status } =
    memory !== null && visibility === 'visible' ? memory : { content: null, confidence: null, status: null };
  const because = { contradictionId: null, kind: null, probability: null, ruleId: null, evidence: [] };
  drawing.node({
    ...{ kind: 'alternative', id, told, memoryId, visibility, standing: 'premise', content, confidence, status },
    because: { ...because, settlement: null, words: null },
  });
  if (visibility !== 'visible') return id;
  for (const step of found!.history.steps) {
    for (const evidence of evidenceOf(step.told)) {
      addEvidence(drawing, sources, evidence, { node: id, told: step.told, isOrigin: step.version === 1 });
    }
  }
  return id;
}

function addEdit(drawing: LineageDrawing, own: MemorySource, { told, version, action }: MemoryStep): void {
  const id = editNode(told.eventId);
  const { event } = told;
  const known = event as MemoryEvent;
  drawing.node({ kind: 'edit', id, told: happeningOf(told), action: action!, fields: fieldsOf(known), words: null });
  drawing.edge(id, versionNode(version), 'edited', told.eventId);
  if (known.type !== 'MemoryRestored') return;
  const undone = own.history.steps.filter((step) => known.data.undoes.includes(step.told.eventId));
  for (const step of undone) drawing.edge(versionNode(step.version), id, 'undone_by', told.eventId);
}

/** The fields that a person changed. */
function fieldsOf(event: MemoryEvent): string[] {
  if (event.type !== 'MemoryRevised') return [];
  const { data } = event;
  return (['content', 'memoryType', 'confidence', 'metadata'] as const).filter((field) => data[field] !== undefined);
}

/** One event of the memory, with what a sentence about it needs. */
function eventOf(memoryId: string, { told, version, before, after, action }: MemoryStep): LineageEvent {
  const known = told.event.data === null ? null : (told.event as MemoryEvent);
  const supersededBy = known?.type === 'MemorySuperseded' ? known.data.supersededBy : null;
  const learnedAfter =
    known?.type === 'MemoryLearned' || known?.type === 'MemoryImported' ? (known.data.supersededBy ?? null) : null;
  return {
    ...happeningOf(told),
    ...{ eventId: told.eventId, sequence: told.sequence, type: told.event.type, subjectId: memoryId, version },
    nodeId: versionNode(version),
    change: {
      ...{ contentBefore: before?.content ?? null, contentAfter: after?.content ?? null },
      ...{ confidenceBefore: before?.confidence ?? null, confidenceAfter: after?.confidence ?? null },
      ...{ statusBefore: before?.status ?? null, statusAfter: after?.status ?? null },
      fields: known === null ? [] : fieldsOf(known),
      otherId: supersededBy ?? learnedAfter,
      contradictionId: contradictionIdOf(told),
      ...{ settlement: null, words: null, action },
    },
  };
}

function textIn(decision: Readonly<Record<string, unknown>> | null, field: string): string | null {
  const value = decision?.[field];
  return typeof value === 'string' ? value : null;
}

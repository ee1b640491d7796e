import type { Contradiction, ContradictionEvent } from '../belief/contradiction.js';
import { beliefOf } from './chain.js';
import type { LineageDrawing } from './drawing.js';
import { type ContradictionStep, happeningOf, type Replacement, replacementsOf } from './history.js';
import type {
  AlternativeStanding,
  ContradictionSource,
  EditAction,
  Happening,
  LineageReason,
  LineageSources,
  MemorySource,
} from './lineage.js';
import { type KnownContradictions, reasonOf, standingIn } from './reasons.js';

interface Placed {
  drawing: LineageDrawing;
  sources: LineageSources;
  own: MemorySource;
}

const alternativeNode = (memoryId: string): string => `alternative:${memoryId}`;

/** Adds the beliefs that took a place or lost one, and the contradictions with those beside them. */
export function addNeighbours(
  drawing: LineageDrawing,
  sources: LineageSources,
  own: MemorySource,
  contradictions: KnownContradictions,
): void {
  const placed = { drawing, sources, own };
  const all = sources.memories.flatMap(({ history }) => replacementsOf(history));
  const successors = reached(own.memoryId, all, 'memoryId', 'supersededBy');
  const predecessors = reached(own.memoryId, all, 'supersededBy', 'memoryId');
  const replacements = all.filter(
    ({ memoryId, supersededBy }) => successors.has(memoryId) || predecessors.has(supersededBy),
  );
  // A node is drawn once, so what holds now comes before what was taken back.
  replacements.sort((one, other) => Number(other.isInForce) - Number(one.isInForce));
  for (const replacement of replacements) {
    addReplacement(placed, replacement, contradictions.because(replacement), successors);
  }
  for (const contradiction of sources.contradictions) addContradiction(placed, contradiction);
}

type Side = 'memoryId' | 'supersededBy';

/** The memory, and every other that replacements lead to from it, going from one side of each to the other. */
function reached(memoryId: string, replacements: readonly Replacement[], from: Side, to: Side): Set<string> {
  const found = new Set([memoryId]);
  // A set tells what is added to it while it is walked through.
  for (const id of found) for (const one of replacements) if (one[from] === id) found.add(one[to]);
  return found;
}

function addReplacement(
  placed: Placed,
  { memoryId, supersededBy, told, version, isInForce }: Replacement,
  because: LineageReason,
  successors: ReadonlySet<string>,
): void {
  const { drawing, own } = placed;
  const happening = happeningOf(told);
  const alternative = (id: string): string => {
    const standing = isInForce ? (successors.has(id) ? 'replacing' : 'replaced') : 'ended';
    return addAlternative(placed, id, { standing, told: happening, because });
  };
  if (memoryId === own.memoryId) {
    drawing.edge(`version:${version}`, alternative(supersededBy), 'superseded_by', told.eventId);
  } else if (supersededBy === own.memoryId) {
    drawing.edge(versionAt(placed, told.position), alternative(memoryId), 'supersedes', told.eventId);
  } else {
    drawing.edge(alternative(memoryId), alternative(supersededBy), 'superseded_by', told.eventId);
  }
}

function addAlternative(
  { drawing, sources }: Placed,
  memoryId: string,
  stands: { standing: AlternativeStanding; told: Happening; because: LineageReason },
): string {
  const id = alternativeNode(memoryId);
  const source = sources.memories.find((one) => one.memoryId === memoryId);
  const { visibility, content, confidence, status } = beliefOf(source);
  drawing.node({ kind: 'alternative', id, memoryId, visibility, content, confidence, status, ...stands });
  return id;
}

function addContradiction(placed: Placed, { contradictionId, isVisible, history }: ContradictionSource): void {
  const { drawing, own } = placed;
  const [detected] = history.steps;
  if (detected === undefined) return;
  const { state } = history;
  const isAbout = state !== null && (state.memoryId === own.memoryId || state.otherId === own.memoryId);
  // Those between neighbours are told as the reason of the replacement, in the chain.
  if (state !== null && !isAbout) return;
  const id = `contradiction:${contradictionId}`;
  const told = happeningOf(detected.told);
  if (state === null || !isVisible) {
    const visibility = state === null ? 'erased' : 'hidden';
    drawing.node({ kind: 'contradiction', id, told, contradictionId, visibility, found: null });
    return;
  }
  const { ownership: _ownership, id: _id, version: _version, ...found } = state;
  const settledBy = history.steps.length > 1 ? happeningOf(history.steps.at(-1)!.told) : null;
  drawing.node({
    ...{ kind: 'contradiction', id, told, contradictionId, visibility: 'visible' },
    found: { ...foundIn(found), settledBy },
  });
  joinSides(placed, state, id, settledBy ?? told, detected);
  for (const step of history.steps) addContradictionEvent(placed, contradictionId, step);
}

type Found = Omit<Contradiction, 'id' | 'ownership' | 'version'>;

/** Written out, so that what a later release adds to contradictions does not go out unnoticed. */
function foundIn({ memoryId, otherId, kind, probability, ruleId, rulesVersion, ...more }: Found) {
  const { evidence, slot, settlement, reason } = more;
  return { memoryId, otherId, kind, probability, ruleId, rulesVersion, evidence, slot, settlement, reason };
}

/** The newer belief contradicts the older one, by way of the contradiction. */
function joinSides(
  placed: Placed,
  state: Contradiction,
  id: string,
  decided: Happening,
  { told }: ContradictionStep,
): void {
  const { drawing, own } = placed;
  const isNewer = state.memoryId === own.memoryId;
  const neighbourId = isNewer ? state.otherId : state.memoryId;
  const standing = standingIn(state, own.memoryId);
  const neighbour = addAlternative(placed, neighbourId, { standing, told: decided, because: reasonOf(state) });
  // A memory that was learned with its contradiction has no version before it.
  const self = versionAt(placed, isNewer ? told.position : told.position - 1);
  const [newer, older] = isNewer ? [self, neighbour] : [neighbour, self];
  drawing.edge(newer, id, 'contradicts', told.eventId);
  drawing.edge(id, older, 'contradicts', told.eventId);
}

function addContradictionEvent({ drawing, own }: Placed, contradictionId: string, step: ContradictionStep): void {
  const { told, before, after } = step;
  const event = told.event as ContradictionEvent;
  const isResolved = event.type === 'ContradictionResolved';
  const action: EditAction | null = isResolved ? (after?.settlement === null ? 'reopen' : 'settle') : null;
  const edit = `edit:${told.eventId}`;
  const nodeId = `contradiction:${contradictionId}`;
  if (action !== null) {
    drawing.node({ kind: 'edit', id: edit, told: happeningOf(told), action, fields: [], words: after?.reason ?? null });
    drawing.edge(edit, nodeId, 'settled', told.eventId);
  }
  const otherId = after && (after.memoryId === own.memoryId ? after.otherId : after.memoryId);
  drawing.event({
    ...happeningOf(told),
    ...{ eventId: told.eventId, sequence: told.sequence, type: event.type, subjectId: contradictionId, version: null },
    nodeId: action === null ? nodeId : edit,
    change: {
      ...{ contentBefore: null, contentAfter: null, confidenceBefore: null, confidenceAfter: null },
      ...{ statusBefore: before?.settlement ?? null, statusAfter: after?.settlement ?? null },
      ...{ fields: [], otherId, contradictionId, settlement: after?.settlement ?? null },
      ...{ words: after?.reason ?? null, action },
    },
  });
}

/** The version of the memory that was shown last at `position`; the first one where none was. */
function versionAt({ drawing, own }: Placed, position: number): string {
  const shown = own.history.steps.filter(({ version }) => drawing.has(`version:${version}`));
  const last = shown.filter(({ told }) => told.position <= position).at(-1) ?? shown[0];
  return `version:${last?.version ?? 1}`;
}

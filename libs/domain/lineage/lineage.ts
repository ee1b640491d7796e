import type { Settlement } from '../belief/contradiction.js';
import type { ContradictionKind } from '../belief/relation.js';
import type { SourceSpan, WorldTime } from '../memory/memory.events.js';
import type { ContradictionHistory, MemoryHistory } from './history.js';

/**
 * Why a memory is believed, as a graph: what was said or stated, what read it, each version that this led to, the
 * beliefs and contradictions beside it, and every edit.
 */
export interface LineageGraph {
  memoryId: string;
  /** The position up to which the log was read; null: to its end. */
  asOf: number | null;
  nodes: LineageNode[];
  edges: LineageEdge[];
  /** Everything that the nodes come from, in the order of the log. */
  events: LineageEvent[];
  /** Ids of the messages, imports and statements that it ends in. */
  roots: string[];
  /** The beliefs that replaced one another, each before the one that took its place. */
  chain: ChainLink[];
  cut: LineageCut;
}

/** What a long lineage leaves out. */
export interface LineageCut {
  /** Versions between the first and those that are shown. */
  versions: number;
  /** Beliefs that were replaced, or took a place, further away than is followed. */
  isChainCut: boolean;
  /** Contradictions older than those that are shown. */
  areContradictionsCut: boolean;
}

/** Who acted: ids and keyed hashes, as the log holds them. */
export interface LineageActor {
  key: string;
  agent: string | null;
  session: string | null;
}

/** When something came to be, by whom and why. */
export interface Happening {
  /** Null for what is no event of its own, such as a message. */
  eventId: string | null;
  position: number;
  /** ISO 8601 in UTC. */
  recordedAt: string;
  /** Null where the event that tells it is not part of the lineage. */
  actor: LineageActor | null;
  reason: string | null;
  /** What decided: rule, version, model, as the log recorded it. */
  decision: Readonly<Record<string, unknown>> | null;
}

export interface LineageEvent extends Happening {
  eventId: string;
  /** Its number among all events of the log; several can share a position. */
  sequence: number;
  type: string;
  /** The memory or the contradiction that it happened to. */
  subjectId: string;
  /** The node that it made; null where that was left out. */
  nodeId: string | null;
  /** The version of the memory that it led to; null for a contradiction. */
  version: number | null;
  change: EventChange;
}

/** What an event did, as far as a sentence about it needs. */
export interface EventChange {
  contentBefore: string | null;
  contentAfter: string | null;
  confidenceBefore: number | null;
  confidenceAfter: number | null;
  statusBefore: string | null;
  statusAfter: string | null;
  /** Fields that a person changed. */
  fields: string[];
  /** The memory that took its place, or that it is said to contradict. */
  otherId: string | null;
  contradictionId: string | null;
  settlement: Settlement | null;
  /** What was given as a reason in words. */
  words: string | null;
  action: EditAction | null;
}

/** Who may not see something is told that it is there, and nothing else. */
export type Visibility = 'visible' | 'hidden' | 'erased';

interface NodeBase {
  /** Unique in its graph. */
  id: string;
  told: Happening;
}

/** A place in a message. */
export interface MessageNode extends NodeBase {
  kind: 'message';
  visibility: Visibility;
  span: SourceSpan;
  role: string | null;
  speaker: string | null;
  /** ISO 8601 in UTC. */
  saidAt: string | null;
  quote: string | null;
}

/** A caller's own words. */
export interface StatementNode extends NodeBase {
  kind: 'statement' | 'import';
  keyId: string | null;
}

/** What read a message: a rule, or a model. */
export interface ExtractionNode extends NodeBase {
  kind: 'extraction';
  ruleId: string;
  version: string | null;
  model: string | null;
  promptHash: string | null;
}

export interface VersionNode extends NodeBase {
  kind: 'version';
  memoryId: string;
  number: number;
  content: string;
  memoryType: string;
  confidence: number;
  status: string;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  isCurrent: boolean;
}

export interface ContradictionNode extends NodeBase {
  kind: 'contradiction';
  contradictionId: string;
  visibility: Visibility;
  /** Null where it cannot be seen. */
  found: ContradictionFound | null;
}

export interface ContradictionFound {
  memoryId: string;
  otherId: string;
  kind: ContradictionKind;
  probability: number;
  ruleId: string;
  rulesVersion: string;
  evidence: string[];
  slot: string | null;
  settlement: Settlement | null;
  reason: string | null;
  /** The event that settled it, or opened it again. */
  settledBy: Happening | null;
}

/**
 * How another belief stands to this one. `replaced`: this one, or a belief on the way to it, took its place.
 * `replacing`: it took this one's place, or that of one that did. `rejected`: it contradicted this one and was not
 * believed. `preferred`: this one contradicted it and was not believed. `disputed`: nobody has decided. `kept`: both
 * stay. `ended`: it was forgotten or taken back, and the contradiction with it. `premise`: this one was concluded from it.
 */
export type AlternativeStanding =
  'replaced' | 'replacing' | 'rejected' | 'preferred' | 'disputed' | 'kept' | 'ended' | 'premise';

export interface AlternativeNode extends NodeBase {
  kind: 'alternative';
  memoryId: string;
  visibility: Visibility;
  standing: AlternativeStanding;
  content: string | null;
  confidence: number | null;
  status: string | null;
  because: LineageReason;
}

/** Why a belief gave way, or did not. */
export interface LineageReason {
  contradictionId: string | null;
  kind: ContradictionKind | null;
  probability: number | null;
  ruleId: string | null;
  evidence: string[];
  settlement: Settlement | null;
  /** What was given as a reason in words. */
  words: string | null;
}

export type EditAction = 'revise' | 'adjust' | 'supersede' | 'forget' | 'undo' | 'redo' | 'settle' | 'reopen';

/** Somebody's act. */
export interface EditNode extends NodeBase {
  kind: 'edit';
  action: EditAction;
  /** Names of the fields that it changed. */
  fields: string[];
  words: string | null;
}

export type LineageNode =
  MessageNode | StatementNode | ExtractionNode | VersionNode | ContradictionNode | AlternativeNode | EditNode;

/**
 * Read `from` type `to`: the extraction was `said_in` the message, the version was `extracted_by` the extraction, the
 * version `led_to` the next one, the statement `supports` the version, the edit `edited` the version, the version was
 * `undone_by` the edit, the edit `settled` the contradiction; a belief `supersedes` another or is `superseded_by` it,
 * and the newer one `contradicts` the older one by way of the contradiction between them; what was concluded was
 * `concluded_from` another belief.
 */
export type EdgeType =
  | 'said_in'
  | 'extracted_by'
  | 'led_to'
  | 'supports'
  | 'edited'
  | 'undone_by'
  | 'settled'
  | 'supersedes'
  | 'superseded_by'
  | 'contradicts'
  | 'concluded_from';

export interface LineageEdge {
  from: string;
  to: string;
  type: EdgeType;
  /** The event that made it so. */
  eventId: string | null;
}

/** One belief of those that replaced one another. */
export interface ChainLink {
  memoryId: string;
  visibility: Visibility;
  content: string | null;
  confidence: number | null;
  status: string | null;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  /** When it was learned. */
  learned: Happening | null;
  supersededBy: string | null;
  /** When its place was taken. */
  replaced: Happening | null;
  because: LineageReason | null;
}

/** What the graph is made of. */
export interface LineageSources {
  memoryId: string;
  asOf: number | null;
  /** Of it and of its neighbours. */
  memories: readonly MemorySource[];
  contradictions: readonly ContradictionSource[];
  /** Those of the cited messages that the caller may see. */
  messages: readonly QuotedMessage[];
  /** Ids of cited messages that exist, whether the caller may see them or not. */
  existingMessages: ReadonlySet<string>;
  cut: Pick<LineageCut, 'isChainCut' | 'areContradictionsCut'>;
}

export interface TimedEvent<Event> extends Happening {
  eventId: string;
  sequence: number;
  event: Event | { type: string; data: null };
}

export interface MemorySource {
  memoryId: string;
  isVisible: boolean;
  history: MemoryHistory;
}

export interface ContradictionSource {
  contradictionId: string;
  isVisible: boolean;
  history: ContradictionHistory;
}

export interface QuotedMessage {
  id: string;
  externalId: string | null;
  role: string;
  speaker: string | null;
  content: string;
  saidAt: string;
  createdAt: string;
  createdPosition: number;
}

import { Injectable } from '@nestjs/common';
import type { CommandEnvelope } from '#libs/contracts/commands.js';
import { support } from '#libs/domain/belief/confidence.js';
import type { Settlement } from '#libs/domain/belief/contradiction.js';
import { DISPUTING_PROBABILITY, type Relation, RELATION_RULES_VERSION } from '#libs/domain/belief/relation.js';
import { conflictWeights, type Verdict } from '#libs/domain/belief/verdict.js';
import type { Evidence, MemoryImported, MemoryLearned, WorldTime } from '#libs/domain/memory/memory.events.js';
import { type Memory } from '#libs/domain/memory/memory.evolve.js';
import { derivedId } from '../appending.js';
import { Comparing } from './comparing.js';
import { KnownMemories } from '../known-memories.js';
import type { Candidate } from '../understanding.js';
import type { Draft, Why } from './draft.js';
import { type Judgement } from '#libs/ports/relation-judge.js';
import { Reserving } from './reserving.js';
import { Settling } from './settling.js';

/** What a caller decided about one belief, whatever the rules say. */
export interface CallersWord {
  memoryId: string;
  stays: 'told' | 'both';
}

/** What telling one memory led to. */
export interface Told {
  memoryId: string;
  isNew: boolean;
  supersededIds: string[];
  contradictionIds: string[];
}

/** A belief that contradicts what is told. */
interface Rival {
  memory: Memory;
  verdict: Verdict;
  judgement?: Judgement;
  weights: { told: number; held: number };
}

/** Stands for a rule where a caller decided. */
const CALLER = 'caller';

/** Events that one contradiction takes at most: it, the one that yields or both that are weighed, and what that settles. */
const EVENTS_PER_RIVAL = 3;

/** More beliefs than this that say otherwise add nothing but noise; the holders of the slots come first. */
const RIVALS_MAX = 4;

/** Adds what is told to a draft: a new belief, more evidence for one, or a revision of those that it contradicts. */
@Injectable()
export class Believing {
  constructor(
    private readonly known: KnownMemories,
    private readonly comparing: Comparing,
    private readonly settling: Settling,
    private readonly reserving: Reserving,
  ) {}

  /** @param word what the caller decided about a belief; null leaves all to the rules and the policies */
  async tell(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    word: CallersWord | null = null,
  ): Promise<Told> {
    const owner = draft.holder(candidate.contentKey);
    if (typeof owner === 'string') return this.reinforce(envelope, draft, candidate, owner);
    const { rivals, isDegraded } = await this.rivals(envelope, draft, candidate, word);
    const { memoryId } = candidate.learned.data;
    const yieldsTo = latest(rivals.filter(({ verdict }) => verdict.stays === 'held'));
    this.learn(envelope, draft, candidate, rivals, yieldsTo, isDegraded);
    const supersededIds: string[] = [];
    for (const rival of yieldsTo ? [yieldsTo] : rivals) {
      if (rival.verdict.stays === 'told') {
        await this.supersede(envelope, draft, candidate, rival);
        supersededIds.push(rival.memory.id);
      } else if (rival.verdict.stays === 'both') {
        this.dispute(envelope, draft, candidate, rival);
      } else {
        this.record(envelope, draft, candidate, rival, rival.verdict.isLate ? 'superseded' : 'rejected');
      }
    }
    if (!yieldsTo) reserveSlots(draft, candidate, memoryId);
    const contradictionIds = (yieldsTo ? [yieldsTo] : rivals).map((rival) =>
      contradictionId(envelope, candidate, rival),
    );
    return { memoryId, isNew: true, supersededIds, contradictionIds };
  }

  private async reinforce(envelope: CommandEnvelope, draft: Draft, candidate: Candidate, owner: string): Promise<Told> {
    const { tenantId } = envelope.caller;
    const { evidence, observedAt } = candidate.learned.data;
    const held = draft.memory(owner) ?? (await this.known.ofTenant(tenantId, owner));
    const weight = held ? supportOf(evidence, held.evidence) : 0;
    draft.relyOn(candidate.contentKey, owner);
    draft.append(
      { type: 'MemoryReinforced', data: { memoryId: owner, evidence, weight } },
      candidate.learned.data.ownership.userId,
      candidate.why,
      observedAt,
    );
    return { memoryId: owner, isNew: false, supersededIds: [], contradictionIds: [] };
  }

  private learn(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    rivals: readonly Rival[],
    yieldsTo: Rival | undefined,
    isDegraded: boolean,
  ): void {
    const { data } = candidate.learned;
    const closed = yieldsTo && {
      supersededBy: yieldsTo.memory.id,
      validTo: yieldsTo.verdict.closedFrom ?? data.validTo,
    };
    const found = (yieldsTo ? [yieldsTo] : rivals).map((rival) => contradictionId(envelope, candidate, rival));
    const event = begun(candidate.learned, { ...closed, ...(found.length > 0 && { contradictionIds: found }) });
    const { reason, decision } = candidate.why;
    const degraded = [decision?.degraded, isDegraded ? 'without the search index' : undefined].filter(Boolean).join();
    const why = { reason, decision: { ...decision, ...(degraded !== '' && { degraded }) } };
    draft.append(event, data.ownership.userId, why, data.observedAt);
    if (!yieldsTo) draft.reserve(candidate.contentKey, data.memoryId);
  }

  private async supersede(envelope: CommandEnvelope, draft: Draft, candidate: Candidate, rival: Rival): Promise<void> {
    const { verdict } = rival;
    const memory = draft.know(rival.memory);
    const id = contradictionId(envelope, candidate, rival);
    await this.settling.settleDisputesOf(envelope, draft, memory, 'superseded');
    await this.reserving.free(envelope.caller.tenantId, draft, memory);
    draft.append(
      {
        type: 'MemorySuperseded',
        data: {
          memoryId: memory.id,
          supersededBy: candidate.learned.data.memoryId,
          contradictionId: id,
          validTo: verdict.closedFrom,
        },
      },
      memory.ownership.userId,
      whyOfRival(rival),
    );
    this.record(envelope, draft, candidate, rival, 'superseded');
  }

  private dispute(envelope: CommandEnvelope, draft: Draft, candidate: Candidate, rival: Rival): void {
    const id = contradictionId(envelope, candidate, rival);
    const { weights, memory } = rival;
    // Doubt adds up in any order; that a holder of a slot is still believed, its reservation says.
    if (!candidate.slotKeys.some((key) => draft.holder(key) === memory.id)) draft.know(memory);
    for (const [memoryId, weight] of [
      [memory.id, weights.held],
      [candidate.learned.data.memoryId, weights.told],
    ] as const) {
      const adjusted = { memoryId, evidenceId: `${id}:open`, weight, contradictionId: id, dispute: 'open' as const };
      draft.append({ type: 'BeliefAdjusted', data: adjusted }, memory.ownership.userId, whyOfRival(rival));
    }
    this.record(envelope, draft, candidate, rival, null);
  }

  private record(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    rival: Rival,
    settlement: Settlement | null,
  ): void {
    const { relation } = rival.verdict;
    const { memoryId, ownership } = candidate.learned.data;
    const data = {
      contradictionId: contradictionId(envelope, candidate, rival),
      ...{ ownership, memoryId, otherId: rival.memory.id, settlement },
      kind: relation.kind ?? 'conflict',
      probability: relation.probability,
      ruleId: relation.ruleId,
      rulesVersion: RELATION_RULES_VERSION,
      evidence: relation.evidence,
      slot: relation.slot,
      weights: settlement === null ? rival.weights : { told: 0, held: 0 },
    };
    draft.appendContradiction({ type: 'ContradictionDetected', data }, 0, ownership.userId, whyOfRival(rival));
  }

  /** The beliefs that contradict what is told, as far as one commit has room for them. */
  private async rivals(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    word: CallersWord | null,
  ): Promise<{ rivals: Rival[]; isDegraded: boolean }> {
    const { compared, isDegraded } = await this.comparing.neighbours(
      envelope,
      draft,
      candidate,
      isContradiction,
      word?.memoryId,
    );
    const rivals: Rival[] = [];
    for (const { memory, verdict: found, told, held, judgement } of compared) {
      if (!draft.hasRoomFor(1 + EVENTS_PER_RIVAL * (rivals.length + 1))) break;
      const verdict = word?.memoryId === memory.id ? byWord(found, word, candidate) : found;
      if (!isContradiction(verdict.relation)) continue;
      rivals.push({ memory, verdict, judgement, weights: conflictWeights(told, held, verdict) });
      if (rivals.length === RIVALS_MAX) break;
    }
    return { rivals, isDegraded };
  }
}

type Found = Pick<MemoryLearned['data'], 'supersededBy' | 'contradictionIds'> & { validTo?: WorldTime | null };

/** What begins a memory, with what was found when it was compared. */
function begun(event: MemoryLearned | MemoryImported, found: Found): MemoryLearned | MemoryImported {
  if (event.type === 'MemoryLearned') return { ...event, data: { ...event.data, ...found } };
  const status = found.supersededBy === undefined ? event.data.status : 'superseded';
  return { ...event, data: { ...event.data, ...found, status } };
}

function isContradiction({ relation, probability }: Relation): boolean {
  return relation === 'contradicts' && probability >= DISPUTING_PROBABILITY;
}

/** What the caller said goes, and it is the caller who says it, also where the rules say the same. */
function byWord(found: Verdict, { stays }: CallersWord, { learned, statement }: Candidate): Verdict {
  const { relation: name, kind, ruleId, evidence } = found.relation;
  const isFound = name === 'contradicts';
  const relation = {
    ...found.relation,
    relation: 'contradicts' as const,
    kind: (isFound && kind) || ('update' as const),
    probability: 1,
    ruleId: CALLER,
    evidence: ['the caller says so', ...(isFound ? [...evidence, `the rules agree (${ruleId})`] : [])],
  };
  const beginning = learned.data.validFrom ?? { instant: statement.observedAt, precision: 'instant' };
  const closedFrom = stays === 'told' && relation.kind !== 'correction' ? beginning : null;
  return { ...found, relation, stays, closedFrom, isLate: false };
}

function latest(rivals: readonly Rival[]): Rival | undefined {
  return [...rivals].sort((left, right) => (left.memory.observedAt < right.memory.observedAt ? 1 : -1))[0];
}

/** Its claims' slots are its own from now on, unless a belief that stays holds them. */
function reserveSlots(draft: Draft, { slotKeys }: Candidate, memoryId: string): void {
  for (const key of slotKeys) {
    const holder = draft.holder(key);
    if (typeof holder === 'string') draft.relyOn(key, holder);
    else draft.reserve(key, memoryId);
  }
}

function contradictionId(envelope: CommandEnvelope, candidate: Candidate, { memory }: Rival): string {
  return derivedId(envelope, 'contradiction', candidate.learned.data.memoryId, memory.id);
}

/** How much a repetition supports a belief: see `support`. */
export function supportOf({ origin }: Evidence, others: readonly Evidence[]): number {
  const known = others.flatMap((other) => other.origin ?? []);
  const { session = null, source } = origin ?? {};
  if (known.length > 0 && known.every((other) => other.source !== source)) return support.independentSource;
  const isSameSession = session !== null && known.some((other) => other.session === session);
  return isSameSession ? support.sameSession : support.newSession;
}

function whyOfRival({ verdict: { relation }, judgement }: Rival): Why {
  const isCaller = relation.ruleId === CALLER;
  const byModel = judgement && { ...judgement.model, version: judgement.version };
  const decision = {
    ...{ rule: relation.ruleId, version: RELATION_RULES_VERSION, confidence: relation.probability },
    ...byModel,
  };
  return { reason: isCaller ? 'user' : judgement ? 'llm' : 'rule', decision };
}

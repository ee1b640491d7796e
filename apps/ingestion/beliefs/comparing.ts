import { Injectable } from '@nestjs/common';
import type { CommandEnvelope } from '#libs/contracts/commands.js';
import { BeliefNeighbours, CANDIDATES_BY_SLOT, type Neighbours } from '#libs/beliefs/neighbours.js';
import { Policies } from '#libs/beliefs/policies.js';
import { relate } from '#libs/domain/belief/relate.js';
import { type Relation } from '#libs/domain/belief/relation.js';
import { type Side, type Verdict, verdictOn } from '#libs/domain/belief/verdict.js';
import type { Evidence } from '#libs/domain/memory/memory.events.js';
import { isBelieved, type Memory } from '#libs/domain/memory/memory.evolve.js';
import { believerKey } from '#libs/domain/scope/ownership.js';
import { KnownMemories } from '../known-memories.js';
import type { Candidate } from '../understanding.js';
import type { Draft } from './draft.js';
import type { NearMemory } from '#libs/ports/memory-reader.js';
import { type Judgement, RelationJudge } from '#libs/ports/relation-judge.js';
import { type Recent, RecentClaims } from './recent-claims.js';
import { Statements } from './statements.js';

/** Between these the rules leave open how two statements stand to each other (03, "What stays open"). */
const OPEN = { atLeast: 0.4, atMost: 0.7 };

/** What a model said in the place of the rules. */
interface Judged {
  relation: Relation;
  stays: 'both';
  closedFrom: null;
  judgement: Judgement;
}

/** A belief beside what is told. */
export interface Compared {
  memory: Memory;
  verdict: Verdict;
  told: Side;
  held: Side;
  /** Present when a model decided the relation. */
  judgement?: Judgement;
}

/** Finds the beliefs that what is told is about, and says how it stands to each of them. */
@Injectable()
export class Comparing {
  /** Each is good for one decision: the next one is made on what is there then. */
  private readonly words = new WeakMap<Candidate, Promise<string[] | null>>();
  private readonly ahead = new WeakMap<Candidate, Promise<Neighbours>>();

  constructor(
    private readonly known: KnownMemories,
    private readonly statements: Statements,
    private readonly policies: Policies,
    private readonly near: BeliefNeighbours,
    private readonly recent: RecentClaims,
    private readonly judge: RelationJudge,
  ) {}

  /**
   * Asks what is near by words to all candidates of a command, before any of them is written: what the command itself
   * tells is not among it, wherever it is cut into commits.
   */
  lookAhead(tenantId: string, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const { statement, learned } = candidate;
      this.words.set(candidate, heardLater(this.near.nearestByWords(tenantId, statement, learned.data.ownership)));
    }
  }

  /** Asks for the neighbours of the candidates of a commit at once, while other things are looked up. */
  lookUp(tenantId: string, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) this.ahead.set(candidate, heardLater(this.askedNear(tenantId, candidate)));
  }

  /** How what is told stands to one belief. */
  async compared({ caller }: CommandEnvelope, candidate: Candidate, memory: Memory): Promise<Compared> {
    const [told, held] = [toldSide(candidate), this.heldSide(memory)];
    const session = candidate.learned.data.evidence.origin?.session ?? null;
    const isSameSession = session !== null && memory.evidence.some(({ origin }) => origin?.session === session);
    const verdict = verdictOn(told, held, isSameSession, await this.policies.of(caller.tenantId));
    return { memory, verdict, told, held };
  }

  /** The belief that stands to what is told in one of `relations`, the surest one; null when there is none. */
  async nearest(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    relations: readonly string[],
  ): Promise<Compared | null> {
    const isWanted = ({ relation }: Relation): boolean => relations.includes(relation);
    const { compared } = await this.neighbours(envelope, draft, candidate, isWanted);
    const found = compared.filter(({ verdict }) => isWanted(verdict.relation));
    found.sort((left, right) => right.verdict.relation.probability - left.verdict.relation.probability);
    return found[0] ?? null;
  }

  /**
   * The beliefs to decide on, as the log has them: holders of the slots, and neighbours. What a row says is enough to
   * pass a neighbour over; what is decided is decided on the log.
   */
  async neighbours(
    envelope: CommandEnvelope,
    draft: Draft,
    candidate: Candidate,
    isWanted: (relation: Relation) => boolean,
    named?: string,
  ): Promise<{ compared: Compared[]; isDegraded: boolean }> {
    const { tenantId } = envelope.caller;
    const { ownership } = candidate.learned.data;
    const holders = [candidate.contentKey, ...candidate.slotKeys].flatMap((key) => draft.holder(key) ?? []);
    const [{ near, bySlot, position, isDegraded }, held] = await Promise.all([
      this.nearOf(tenantId, candidate),
      this.undrafted(tenantId, draft, holders),
    ]);
    const { claims } = candidate.statement;
    const stretch = { after: position, upTo: draft.knownTo };
    const recent = await this.recent.memoriesAbout(tenantId, stretch, believerKey(ownership), claims);
    const latest = latestOf(recent, near, bySlot);
    const ids = new Set<string>([...(named === undefined ? [] : [named]), ...holders, ...latest.ids]);
    const related = latest.near.map((row) => ({ row, relation: this.relationTo(candidate, row) }));
    const judged = await this.judgedOpen(tenantId, candidate, related);
    for (const { row, relation } of related) {
      if (isWanted(judged.get(row.id)?.relation ?? relation)) ids.add(row.id);
    }
    const others = await this.undrafted(
      tenantId,
      draft,
      [...ids].filter((id) => !held.has(id)),
    );
    const compared: Compared[] = [];
    for (const id of ids) {
      const memory = draft.memory(id) ?? held.get(id) ?? others.get(id);
      if (!memory || !isBelieved(memory) || believerKey(memory.ownership) !== believerKey(ownership)) continue;
      const found = await this.compared(envelope, candidate, memory);
      const judgement = judged.get(id);
      compared.push(judgement ? { ...found, ...judgement, verdict: { ...found.verdict, ...judgement } } : found);
    }
    return { compared, isDegraded };
  }

  private undrafted(tenantId: string, draft: Draft, ids: readonly string[]): Promise<Map<string, Memory>> {
    return this.known.allOfTenant(
      tenantId,
      ids.filter((id) => !draft.memory(id)),
    );
  }

  private nearOf(tenantId: string, candidate: Candidate): Promise<Neighbours> {
    const asked = this.ahead.get(candidate);
    this.ahead.delete(candidate);
    return asked ?? this.askedNear(tenantId, candidate);
  }

  private askedNear(tenantId: string, candidate: Candidate): Promise<Neighbours> {
    const words = this.words.get(candidate);
    this.words.delete(candidate);
    return this.near.of(tenantId, candidate.statement, candidate.learned.data.ownership, words);
  }

  private relationTo(candidate: Candidate, { content, observedAt, modality }: NearMemory): Relation {
    const statement = this.statements.read(content, observedAt, modality);
    return relate(candidate.statement, statement, { sameSession: false });
  }

  /** What a model makes of the neighbours that the rules leave open; nothing without one. It never ends a belief alone. */
  private async judgedOpen(
    tenantId: string,
    candidate: Candidate,
    related: readonly { row: NearMemory; relation: Relation }[],
  ): Promise<Map<string, Judged>> {
    const open = related.filter(
      ({ relation: { probability } }) => probability >= OPEN.atLeast && probability <= OPEN.atMost,
    );
    if (open.length === 0) return new Map();
    const { content, observedAt } = candidate.learned.data;
    const judgements = await this.judge.judge(
      { text: content, observedAt },
      open.map(({ row }) => ({ text: row.content, observedAt: row.observedAt })),
      { tenantId, urgency: 'interactive' },
    );
    return new Map(
      open.flatMap(({ row, relation }, index) => {
        const judgement = judgements[index];
        return judgement ? [[row.id, judgedBy(judgement, relation)] as const] : [];
      }),
    );
  }

  private heldSide(memory: Memory): Side {
    const statement = this.statements.read(memory.content, memory.observedAt, memory.modality);
    return sideOf(memory, statement, sourceOf(memory.evidence[0]));
  }
}

/** Whoever needs it hears of a failure; if nobody does, that must not end the process. */
function heardLater<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}

/**
 * The latest of a slot, whether the read model has them yet or not, and what is near by words; and the ids of those of
 * which only the log knows what they say now.
 */
function latestOf(
  recent: readonly Recent[],
  near: readonly NearMemory[],
  bySlot: number,
): { ids: string[]; near: NearMemory[] } {
  const some = recent.slice(0, CANDIDATES_BY_SLOT);
  const isRecent = new Set(some.map(({ memoryId }) => memoryId));
  const older = near.slice(0, bySlot).filter(({ id }) => !isRecent.has(id));
  const byWords = near.slice(bySlot).filter(({ id }) => !isRecent.has(id));
  const rows = some.flatMap(({ row }) => row ?? []);
  return {
    ids: some.filter(({ row }) => row === null).map(({ memoryId }) => memoryId),
    near: [...rows, ...older.slice(0, CANDIDATES_BY_SLOT - some.length), ...byWords],
  };
}

function judgedBy(judgement: Judgement, byRules: Relation): Judged {
  const { relation, kind, probability } = judgement;
  const evidence = [...byRules.evidence, `the rules left it open (${byRules.ruleId})`];
  const judged = { relation, kind, probability, ruleId: 'model', evidence, grounds: [], slot: byRules.slot };
  return { relation: judged, stays: 'both', closedFrom: null, judgement };
}

function toldSide({ learned, statement }: Candidate): Side {
  return sideOf(learned.data, statement, sourceOf(learned.data.evidence));
}

function sideOf(
  { confidence, validFrom }: { confidence: number; validFrom: Side['validFrom'] },
  statement: Side['statement'],
  source: string,
): Side {
  return { statement, confidence, source, validFrom };
}

export function sourceOf(evidence: Evidence | undefined): string {
  return evidence?.origin?.source ?? 'user';
}

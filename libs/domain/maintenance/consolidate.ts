import { slotKeyOf } from '../belief/slot-registry.js';
import { byText, type MaintainedMemory, type StatementOf } from './maintained-memory.js';
import { bandsOf } from './minhash.js';
import { type ComparedMemory, comparedMemory, conflicts, type Likeness, likenessOf } from './near-duplicate.js';

/** Memories that tell the same; what the canonical one tells stays word for word, and the others are its sources. */
export interface MergeProposal {
  canonicalId: string;
  /** In the order of their ids. */
  sourceIds: string[];
  /** Of the source that is least like the canonical memory, 0 to 1. */
  similarity: number;
  /** Why they are linked, each reason once. */
  reasons: string[];
}

export interface ConsolidateOptions {
  /** Pairs that are less alike are left alone, 0 to 1. */
  similarityThreshold: number;
  statementOf: StatementOf;
}

/** How far a run is. */
export interface ConsolidateProgress {
  done: number;
  of: number;
}

/** Canonical memories that one memory is compared with: those that share the most blocks with it. */
const COMPARED_MAX = 48;
/** A block with more canonical memories than this tells nothing, such as of a form that everybody fills in. */
const BLOCK_MAX = 256;
/** Sources of one proposal; every pair of them is looked at. More are found by the next run. */
const SOURCES_MAX = 32;

/** As `consolidateInSteps`, at once. */
export function consolidate(memories: readonly MaintainedMemory[], options: ConsolidateOptions): MergeProposal[] {
  const steps = consolidateInSteps(memories, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Which memories of one believer tell the same. A leader clustering (J. A. Hartigan, "Clustering Algorithms", 1975): in
 * the order of who would be canonical, each memory joins the leader it is most like, or becomes one. So every source is
 * like its canonical memory itself and not only like a neighbour, and the order of the input decides nothing. Only
 * memories that share a block (a claim, a slot, a MinHash band of their words) are compared, so the work grows with the
 * memories and not with their pairs. A group in which any two contradict each other is not proposed.
 *
 * Yields after each memory and each group, so that whoever runs it can let others work in between.
 */
export function* consolidateInSteps(
  memories: readonly MaintainedMemory[],
  { similarityThreshold, statementOf }: ConsolidateOptions,
): Generator<ConsolidateProgress, MergeProposal[]> {
  const compared: ComparedMemory[] = [];
  for (const memory of memories) {
    if (memory.disputes.length > 0 || memory.status !== 'active') continue;
    compared.push(comparedMemory(memory, statementOf(memory)));
    yield { done: compared.length, of: 2 * memories.length };
  }
  compared.sort(byRank);
  const blocks = new Map<string, Group[]>();
  const groups: Group[] = [];
  for (const [at, member] of compared.entries()) {
    const keys = blockKeysOf(member);
    if (!joined(member, candidatesOf(keys, blocks), similarityThreshold)) {
      const group: Group = { leader: member, sources: [] };
      groups.push(group);
      for (const key of keys) addToBlock(blocks, key, group);
    }
    yield { done: memories.length + at + 1, of: 2 * memories.length };
  }
  const proposals: MergeProposal[] = [];
  for (const group of groups) {
    proposals.push(...proposalOf(group));
    yield { done: 2 * memories.length, of: 2 * memories.length };
  }
  return proposals.sort((one, other) => byText(one.canonicalId, other.canonicalId));
}

interface Group {
  leader: ComparedMemory;
  sources: { member: ComparedMemory; likeness: Likeness }[];
}

/** Most specific, then most confident, then newest, then by id. */
function byRank(one: ComparedMemory, other: ComparedMemory): number {
  return (
    other.specificity - one.specificity ||
    other.memory.confidence - one.memory.confidence ||
    byText(other.memory.observedAt, one.memory.observedAt) ||
    byText(one.memory.id, other.memory.id)
  );
}

function blockKeysOf({ memory, shingles }: ComparedMemory): string[] {
  const slots = memory.claims.flatMap((claim) => {
    const exact = `claim:${claim.subject}|${claim.slot}|${claim.polarity}|${claim.normal}`;
    const slot = slotKeyOf(claim);
    return slot === null ? [exact] : [exact, `slot:${slot}`];
  });
  return [...new Set([...slots, ...bandsOf(shingles).map((band) => `band:${band}`)])];
}

function addToBlock(blocks: Map<string, Group[]>, key: string, group: Group): void {
  const block = blocks.get(key);
  if (block === undefined) blocks.set(key, [group]);
  else if (block.length < BLOCK_MAX) block.push(group);
  else if (block.some(isFull)) blocks.set(key, [...block.filter((one) => !isFull(one)), group]);
}

const isFull = ({ sources }: Group): boolean => sources.length >= SOURCES_MAX;

function candidatesOf(keys: readonly string[], blocks: ReadonlyMap<string, readonly Group[]>): Group[] {
  const shared = new Map<Group, number>();
  for (const key of keys)
    for (const group of blocks.get(key) ?? []) if (!isFull(group)) shared.set(group, (shared.get(group) ?? 0) + 1);
  // Sorting is stable: equal ones stay in the order of their leaders.
  return [...shared]
    .sort(([, one], [, other]) => other - one)
    .slice(0, COMPARED_MAX)
    .map(([group]) => group);
}

function joined(member: ComparedMemory, candidates: readonly Group[], threshold: number): boolean {
  let best: { group: Group; likeness: Likeness } | null = null;
  for (const group of candidates) {
    const likeness = likenessOf(member, group.leader, threshold);
    if (likeness === null || likeness.similarity < threshold) continue;
    if (best === null || likeness.similarity > best.likeness.similarity) best = { group, likeness };
  }
  best?.group.sources.push({ member, likeness: best.likeness });
  return best !== null;
}

function proposalOf({ leader, sources }: Group): MergeProposal[] {
  if (sources.length === 0) return [];
  const members = sources.map(({ member }) => member);
  const isTorn = members.some((one, at) => members.slice(at + 1).some((other) => conflicts(one, other)));
  if (isTorn) return [];
  return [
    {
      canonicalId: leader.memory.id,
      sourceIds: members.map(({ memory }) => memory.id).sort(byText),
      similarity: Math.min(...sources.map(({ likeness }) => likeness.similarity)),
      reasons: [...new Set(sources.map(({ likeness }) => likeness.reason))].sort(byText),
    },
  ];
}

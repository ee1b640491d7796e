import type { ConsolidateOptions, MergeProposal } from '#libs/domain/maintenance/consolidate.js';
import type { ExpireOptions, ExpiryProposal } from '#libs/domain/maintenance/expire.js';
import type { MaintainedMemory } from '#libs/domain/maintenance/maintained-memory.js';
import type { PatternProposal } from '#libs/domain/maintenance/pattern.js';
import type { ReflectOptions } from '#libs/domain/maintenance/reflect.js';
import type { Conversation } from '#libs/domain/maintenance/session-summaries.js';

/** What is looked for, and among what. Plain data, so that it can go to another thread. */
export type MiningTask =
  | ({ find: 'merges'; memories: readonly MaintainedMemory[] } & Omit<ConsolidateOptions, 'statementOf'>)
  | ({ find: 'patterns'; memories: readonly MaintainedMemory[] } & ReflectOptions)
  | ({ find: 'expiries'; memories: readonly MaintainedMemory[] } & ExpireOptions)
  | { find: 'summaries'; conversations: readonly Conversation[] };

/** What each kind of task finds. */
export interface MiningFinds {
  merges: MergeProposal[];
  patterns: PatternProposal[];
  expiries: ExpiryProposal[];
  summaries: PatternProposal[];
}

/**
 * Port: finds what maintenance could do, among all memories of one believer.
 *
 * Promises:
 * - The same task finds the same, in every process: it is worked out, not guessed.
 * - However much there is to look at, whoever asks goes on answering others meanwhile.
 */
export abstract class MemoryMining {
  abstract mine<Task extends MiningTask>(task: Task): Promise<MiningFinds[Task['find']]>;
}

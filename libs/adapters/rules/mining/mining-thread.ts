import type { Modality } from '#libs/domain/belief/claim.js';
import { consolidate } from '#libs/domain/maintenance/consolidate.js';
import { expire } from '#libs/domain/maintenance/expire.js';
import type { StatementOf } from '#libs/domain/maintenance/maintained-memory.js';
import { reflect } from '#libs/domain/maintenance/reflect.js';
import { sessionSummaries } from '#libs/domain/maintenance/session-summaries.js';
import type { MiningFinds, MiningTask } from '#libs/ports/memory-mining.js';
import { RulesStatementReader } from '../statements/rules-statement-reader.js';

const reader = new RulesStatementReader();
const statementOf: StatementOf = ({ content, observedAt, modality }) =>
  reader.read(content, { observedAt, modality: modality as Modality });

/** What the thread of `ThreadedMining` runs. */
export default function mine(task: MiningTask): MiningFinds[MiningTask['find']] {
  switch (task.find) {
    case 'merges':
      return consolidate(task.memories, { similarityThreshold: task.similarityThreshold, statementOf });
    case 'patterns':
      return reflect(task.memories, task);
    case 'expiries':
      return expire(task.memories, task);
    case 'summaries':
      return sessionSummaries(task.conversations);
  }
}

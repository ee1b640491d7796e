import { LRUCache } from 'lru-cache';
import { CommandOutcomes, type DeliveredOutcome, outcomeKeptMs } from '#libs/ports/command-outcomes.js';

/** Far more than are carried out while a caller takes its answer. */
const mostKept = 10_000;

type Tell = (outcome: DeliveredOutcome) => void;

/** Outcomes by direct call. */
export class InProcessCommandOutcomes extends CommandOutcomes {
  private readonly kept = new LRUCache<string, DeliveredOutcome>({ max: mostKept, ttl: outcomeKeptMs });
  private readonly waiting = new Map<string, Set<Tell>>();

  override async publish(commandId: string, outcome: DeliveredOutcome): Promise<void> {
    this.kept.set(commandId, outcome);
    for (const tell of this.waiting.get(commandId) ?? []) tell(outcome);
  }

  override async waitFor(commandId: string, signal: AbortSignal): Promise<DeliveredOutcome> {
    signal.throwIfAborted();
    const known = this.kept.get(commandId);
    if (known) return known;
    const waiting = this.waiting.get(commandId) ?? new Set();
    this.waiting.set(commandId, waiting);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(tell);
        signal.removeEventListener('abort', giveUp);
        if (waiting.size === 0 && this.waiting.get(commandId) === waiting) this.waiting.delete(commandId);
      };
      const tell = (outcome: DeliveredOutcome): void => (leave(), resolve(outcome));
      const giveUp = (): void => (leave(), reject(signal.reason));
      waiting.add(tell);
      signal.addEventListener('abort', giveUp);
    });
  }
}

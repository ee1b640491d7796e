import type { CommandOutcome } from '#libs/contracts/commands.js';

/** What became of a command: its outcome, or that it failed in a way that no repetition helps. */
export type DeliveredOutcome = CommandOutcome | { kind: 'failed'; message: string };

/** Port: brings the outcome of a command back to the process that waits for it. */
export abstract class CommandOutcomes {
  abstract publish(commandId: string, outcome: DeliveredOutcome): Promise<void>;
  /** Resolves with the outcome, also one that was published before; rejects when `signal` aborts. */
  abstract waitFor(commandId: string, signal: AbortSignal): Promise<DeliveredOutcome>;
}

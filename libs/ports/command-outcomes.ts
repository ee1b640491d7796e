import type { CommandOutcome } from '#libs/contracts/commands.js';

/** What became of a command: its outcome, or that it failed in a way that no repetition helps. */
export type DeliveredOutcome = CommandOutcome | { kind: 'failed'; message: string };

/** How long an outcome that nobody has asked for is kept, in milliseconds. */
export const outcomeKeptMs = 600_000;

/**
 * Port: brings the outcome of a command from ingestion, which carried it out, to the gateway that waits for it.
 *
 * Promises:
 * - Whoever waits is told, also when the outcome was published before the waiting began (up to ten minutes), and
 *   everybody who waits for the same command is told.
 * - An outcome arrives as it was published, under its own command's id and under no other.
 * - Publishing never fails the command, and may be repeated: a command that is delivered twice is published twice.
 * - Whoever gives up stops waiting at once; the outcome is still there for whoever asks next.
 * - Waiting can be over without an outcome only by giving up: start it before the command is sent, and end it in time.
 */
export abstract class CommandOutcomes {
  /** Resolves when the outcome was handed over, or is known to need more tries, which go on by themselves. */
  abstract publish(commandId: string, outcome: DeliveredOutcome): Promise<void>;

  /** Rejects with the signal's reason when it is aborted. */
  abstract waitFor(commandId: string, signal: AbortSignal): Promise<DeliveredOutcome>;
}

import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';

/**
 * Port: takes a command from the gateway to ingestion and brings its outcome back.
 *
 * Promises:
 * - Commands with the same ordering key run one after another, in the order they were executed; others run side by side.
 * - An outcome is told only after its events are durable.
 * - A failing command fails alone; the next one with the same key still runs.
 * - `taken` is called once, before the outcome: from then on the command is carried out even if nobody waits for it.
 */
export abstract class CommandBus {
  /** Rejects only when the command could not be carried out at all; refusals are outcomes. */
  abstract execute(envelope: CommandEnvelope, taken?: () => void): Promise<CommandOutcome>;
}

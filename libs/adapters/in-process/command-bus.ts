import { type CommandEnvelope, type CommandOutcome, orderingKey } from '#libs/contracts/commands.js';
import { CommandBus } from '#libs/ports/command-bus.js';

/** Commands by direct call, one after another per ordering key. */
export class InProcessCommandBus extends CommandBus {
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly handle: (envelope: CommandEnvelope) => Promise<CommandOutcome>) {
    super();
  }

  override execute(envelope: CommandEnvelope, taken: () => void = () => undefined): Promise<CommandOutcome> {
    taken();
    const key = orderingKey(envelope);
    const before = this.last.get(key) ?? Promise.resolve();
    const outcome = before.then(() => this.handle(envelope));
    // The chain only orders: a failure belongs to its own caller.
    const settled = outcome.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(key, settled);
    void settled.then(() => {
      if (this.last.get(key) === settled) this.last.delete(key);
    });
    return outcome;
  }

  /** Resolves when every command taken so far has been answered. */
  async drain(): Promise<void> {
    while (this.last.size > 0) await Promise.all(this.last.values());
  }
}

import { type CommandEnvelope, type CommandOutcome, orderingKey } from '#libs/contracts/commands.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { InTurn } from '#libs/ports/in-turn.js';

/** Commands by direct call, one after another per ordering key. */
export class InProcessCommandBus extends CommandBus {
  private readonly commands = new InTurn();

  constructor(private readonly handle: (envelope: CommandEnvelope) => Promise<CommandOutcome>) {
    super();
  }

  override execute(envelope: CommandEnvelope, taken: () => void = () => undefined): Promise<CommandOutcome> {
    taken();
    return this.commands.run(orderingKey(envelope), () => this.handle(envelope));
  }

  /** Resolves when every command taken so far has been answered. */
  drain(): Promise<void> {
    return this.commands.idle();
  }
}

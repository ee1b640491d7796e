import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { topics } from '#libs/contracts/topics.js';
import { CommandHandler } from './command-handler.js';

/** Commands that came through Kafka. */
@Controller()
export class CommandsController {
  constructor(private readonly handler: CommandHandler) {}

  @MessagePattern(topics.commands.name)
  handle(@Payload() envelope: CommandEnvelope): Promise<CommandOutcome> {
    return this.handler.handle(envelope);
  }
}

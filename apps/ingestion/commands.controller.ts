import { Catch, Controller, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import { topics } from '#libs/contracts/topics.js';
import { CommandHandler } from './command-handler.js';

/** Nest would hide what was thrown behind a sentence of its own, and the transport must see whether it will pass. */
@Catch()
class AsItWasThrown implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Commands that came through Kafka. */
@Controller()
@UseFilters(AsItWasThrown)
export class CommandsController {
  constructor(private readonly handler: CommandHandler) {}

  @MessagePattern(topics.commands.name)
  handle(@Payload() envelope: CommandEnvelope): Promise<CommandOutcome> {
    return this.handler.handle(envelope);
  }
}

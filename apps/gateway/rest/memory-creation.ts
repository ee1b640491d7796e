import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CreateMemoryBody } from '#libs/contracts/rest/memory-requests.js';
import { Callers, keyOf } from '../access/callers.js';
import { CommandSender } from '../commands/command-sender.js';
import { createCommand, liftedText } from './memory-commands.js';
import { presentCreated } from './memory.presenter.js';

/** The write behind `POST /memories` and `POST /memories/agents`: any write that names an agent registers it. */
@Injectable()
export class MemoryCreation {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
  ) {}

  async create(request: FastifyRequest, reply: FastifyReply, body: CreateMemoryBody) {
    const accessKey = keyOf(request);
    const command = createCommand(body, accessKey.binding);
    const sessionId = liftedText(body, 'session_id');
    const caller = await this.callers.of(request, sessionId === null ? {} : { sessionId });
    const carried = await this.commands.send(request, reply, caller, command);
    return carried.kind === 'running' ? carried.answer : presentCreated(carried, accessKey.tenantId);
  }
}
